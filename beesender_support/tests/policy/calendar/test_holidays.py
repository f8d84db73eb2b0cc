"""Holidays: what they refuse, and how they are written."""

from datetime import date

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import (
    Days,
    Holiday,
    WorkingDay,
    YearlyHoliday,
    merged,
)
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.policy.errors import InvalidHoliday, InvalidWorkingDay
from beesender_support.tests.policy.factories import MONDAY, at


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (12 * HOUR, 9 * HOUR), (0, DAY + 1), (-1, DAY)]
)
def test_a_holiday_that_is_no_part_of_a_day_is_refused(start, end):
    with pytest.raises(InvalidHoliday) as refusal:
        Holiday(date(2026, 12, 31), "Early closing", start, end)
    assert refusal.value.field == "holidays"
    assert "2026-12-31" in str(refusal.value)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (13, 1), (0, 1), (4, 31)])
def test_a_yearly_holiday_on_no_date_is_refused(month, day):
    with pytest.raises(InvalidHoliday) as refusal:
        YearlyHoliday(month, day)
    assert refusal.value.field == "yearly_holidays"
    assert f"{month:02}-{day:02}" in str(refusal.value)


def test_a_yearly_holiday_may_be_29_february():
    calendar = Calendar("UTC", AROUND_THE_CLOCK, (), (YearlyHoliday(2, 29, "Leap"),))
    assert not calendar.is_open(at("2028-02-29T12:00+00:00"))
    assert calendar.is_open(at("2027-03-01T00:00+00:00"))
    assert calendar.is_open(at("2027-02-28T23:59+00:00"))


def test_holidays_and_windows_are_written_as_people_say_them():
    assert str(Holiday(date(2026, 12, 31))) == "2026-12-31"
    early = Holiday(date(2026, 12, 31), "", 14 * HOUR, DAY)
    assert str(early) == "2026-12-31 14:00-24:00"
    assert str(YearlyHoliday(1, 7)) == "01-07"
    assert str(Window(MONDAY, 9 * HOUR, 18 * HOUR)) == "Monday 09:00-18:00"


# Working days

EVE = date(2026, 12, 31)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (0, 0),
        (12 * HOUR, 9 * HOUR),
        (0, DAY + 1),
        (-1, DAY),
        (9 * HOUR, None),
        (None, 1),
    ],
)
def test_a_working_day_that_is_open_at_no_time_of_it_is_refused(start, end):
    with pytest.raises(InvalidWorkingDay) as refusal:
        WorkingDay(EVE, "", start, end)
    assert refusal.value.field == "working_days"
    assert "2026-12-31" in str(refusal.value)


def test_a_working_day_is_written_as_people_say_it():
    assert str(WorkingDay(EVE)) == "2026-12-31"
    assert str(WorkingDay(EVE, "", 10 * HOUR, DAY)) == "2026-12-31 10:00-24:00"


# Calendars

FEAST, AGAIN = Holiday(EVE, "Feast"), Holiday(EVE, "The feast again")


def test_a_date_that_two_calendars_name_counts_once_by_its_first_name():
    assert merged(Days(), [Days((FEAST,)), Days((AGAIN,))]) == Days((FEAST,))
    worked, again = WorkingDay(EVE, "Worked"), WorkingDay(EVE, "Worked again")
    days = merged(Days(), [Days((), (worked,)), Days((), (again,))])
    assert days == Days((), (worked,))


def test_a_date_that_the_plan_lists_itself_is_taken_from_the_plan_alone():
    own = Holiday(EVE, "Early closing", 14 * HOUR, DAY)
    calendar = Days((FEAST, Holiday(date(2027, 1, 1))), (WorkingDay(EVE),))
    assert merged(Days((own,)), [calendar]) == Days((own, Holiday(date(2027, 1, 1))))
    worked = WorkingDay(EVE, "We work")
    days = merged(Days((), (worked,)), [calendar])
    assert days == Days((Holiday(date(2027, 1, 1)),), (worked,))


def test_parts_of_a_date_from_two_calendars_both_count():
    parts = (Holiday(EVE, "", 0, HOUR), Holiday(EVE, "", 0, 2 * HOUR))
    assert merged(Days(), [Days(parts[:1]), Days(parts[1:])]) == Days(parts)


def test_the_dates_of_both_kinds_are_known_together():
    assert Days((FEAST,), (WorkingDay(date(2027, 1, 2)),)).dates == (
        EVE,
        date(2027, 1, 2),
    )
