"""Holidays: what they refuse, and how they are written."""

from datetime import date

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday, YearlyHoliday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.policy.errors import InvalidHoliday
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
