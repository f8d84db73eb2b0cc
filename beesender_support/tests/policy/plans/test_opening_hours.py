"""A week of support hours as a client reads it, and when support closes."""

from datetime import date, timedelta

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, DAY, HOUR
from beesender_support.policy.plans.opening_hours import (
    closes_at,
    hours_between,
    week_of,
)
from beesender_support.tests.policy.factories import (
    NIGHTS,
    OFFICE_HOURS,
    at,
    make_plan,
    make_tier,
    utc,
)


def hours(plan, day) -> list[str]:
    zone = plan.calendar.zone
    return [
        f"{opening.astimezone(zone):%a %H:%M} {closing.astimezone(zone):%a %H:%M}"
        for opening, closing in day.open
    ]


def test_a_week_is_monday_to_sunday_of_the_plan_s_zone():
    plan = make_plan(time_zone="GMT+10")
    # Sunday evening in Greenwich is Monday morning there.
    week = week_of(plan, at("2026-11-22T20:00+00:00"))
    assert [each.day for each in week] == [
        date(2026, 11, 23) + timedelta(days=number) for number in range(7)
    ]
    assert [bool(each.open) for each in week] == [True] * 5 + [False] * 2
    assert week[0].open == (
        (utc("2026-11-23T09:00+10:00"), utc("2026-11-23T18:00+10:00")),
    )


def test_a_day_names_its_holidays_and_what_they_leave_open():
    short = Holiday(date(2026, 11, 25), "Eve", 14 * HOUR, DAY)
    whole = Holiday(date(2026, 11, 26), "Feast")
    next_week = Holiday(date(2026, 11, 30), "Another")
    plan = make_plan(holidays=(short, whole, next_week))
    week = week_of(plan, at("2026-11-23T12:00+03:00"))
    assert [each.holidays for each in week] == [(), (), (short,), (whole,), (), (), ()]
    assert hours(plan, week[2]) == ["Wed 09:00 Wed 14:00"]
    assert hours(plan, week[3]) == []


def test_a_day_names_what_opens_it():
    saturday = WorkingDay(date(2026, 11, 28), "For Monday")
    feast = Holiday(date(2026, 11, 26), "Feast")
    worked = WorkingDay(date(2026, 11, 26), "We work")
    plan = make_plan(holidays=(feast,), working_days=(saturday, worked))
    week = week_of(plan, at("2026-11-23T12:00+03:00"))
    assert hours(plan, week[3]) == ["Thu 09:00 Thu 18:00"]
    assert (week[3].holidays, week[3].working_days) == ((), (worked,))
    assert hours(plan, week[5]) == ["Sat 09:00 Sat 18:00"]
    assert week[5].working_days == (saturday,)


def test_hours_across_midnight_are_given_with_both_days():
    plan = make_plan(make_tier(windows=NIGHTS))
    week = week_of(plan, at("2026-11-25T12:00+03:00"))
    assert hours(plan, week[0]) == ["Mon 22:00 Tue 00:00"]
    assert hours(plan, week[1]) == ["Tue 00:00 Tue 06:00", "Tue 22:00 Wed 00:00"]
    assert hours(plan, week[5]) == ["Sat 00:00 Sat 06:00"]
    assert hours(plan, week[6]) == []


@pytest.mark.parametrize(
    ("zone", "instant", "lengths"),
    [
        # Midnight itself is skipped on a Sunday, and repeated on a Saturday.
        ("America/Sao_Paulo", "2018-11-01T12:00+00:00", [24] * 6 + [23]),
        ("America/Sao_Paulo", "2019-02-13T12:00+00:00", [24] * 5 + [25, 24]),
        ("Europe/Berlin", "2026-10-22T12:00+00:00", [24] * 6 + [25]),
    ],
)
def test_a_day_on_which_the_clocks_change_is_as_long_as_it_is(zone, instant, lengths):
    plan = make_plan("Premium", time_zone=zone)
    week = week_of(plan, at(instant))
    assert [
        sum((closing - opening for opening, closing in each.open), timedelta())
        for each in week
    ] == [timedelta(hours=hours) for hours in lengths]


def test_support_closes_at_the_end_of_the_window_or_where_a_holiday_begins():
    noon = at("2026-11-23T12:00+03:00")
    weekdays = Calendar("GMT+3", OFFICE_HOURS)
    assert closes_at(weekdays, noon) == utc("2026-11-23T18:00+03:00")
    feast = Holiday(date(2026, 11, 26))
    around_the_clock = Calendar("GMT+3", AROUND_THE_CLOCK, (feast,))
    assert closes_at(around_the_clock, noon) == utc("2026-11-26T00:00+03:00")


def test_support_around_the_clock_does_not_close():
    calendar = Calendar("GMT+3", AROUND_THE_CLOCK)
    assert closes_at(calendar, at("2026-11-23T12:00+03:00")) is None


def test_hours_between_two_dates_are_those_of_both_whole_in_the_plan_s_zone():
    plan = make_plan(time_zone="GMT+10")
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    assert hours_between(plan, friday, monday) == (
        (utc("2026-11-20T09:00+10:00"), utc("2026-11-20T18:00+10:00")),
        (utc("2026-11-23T09:00+10:00"), utc("2026-11-23T18:00+10:00")),
    )
    saturday = date(2026, 11, 21)
    assert hours_between(plan, saturday, saturday) == ()


def test_hours_between_dates_are_one_piece_across_midnight():
    plan = make_plan(tier=make_tier(windows=AROUND_THE_CLOCK), time_zone="GMT+3")
    first = date(2026, 11, 20)
    assert hours_between(plan, first, first + timedelta(days=1)) == (
        (utc("2026-11-20T00:00+03:00"), utc("2026-11-22T00:00+03:00")),
    )
