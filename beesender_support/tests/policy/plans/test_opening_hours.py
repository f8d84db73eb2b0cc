"""Open intervals of a calendar, and a week of them as a client reads it."""

from datetime import date, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.policy.errors import NaiveInstant
from beesender_support.policy.plans.opening_hours import closes_at, week_of
from beesender_support.tests.policy.factories import at, make_plan, make_tier

WEEKDAYS = tuple(Window(day, 9 * HOUR, 18 * HOUR) for day in range(5))
NIGHTS = tuple(Window(day, 22 * HOUR, 30 * HOUR) for day in range(5))
SECOND = timedelta(seconds=1)


def utc(text: str) -> datetime:
    return at(text).astimezone(timezone.utc)


def hours(plan, day) -> list[str]:
    zone = plan.calendar.zone
    return [
        f"{opening.astimezone(zone):%a %H:%M} {closing.astimezone(zone):%a %H:%M}"
        for opening, closing in day.open
    ]


# Open intervals


def test_open_intervals_are_those_between_two_instants_cut_at_both():
    calendar = Calendar("GMT+3", WEEKDAYS, (Holiday(date(2026, 11, 24)),))
    assert calendar.open_intervals(
        at("2026-11-23T12:00+03:00"), at("2026-11-26T10:30+03:00")
    ) == (
        (utc("2026-11-23T12:00+03:00"), utc("2026-11-23T18:00+03:00")),
        (utc("2026-11-25T09:00+03:00"), utc("2026-11-25T18:00+03:00")),
        (utc("2026-11-26T09:00+03:00"), utc("2026-11-26T10:30+03:00")),
    )


def test_windows_that_touch_at_midnight_are_one_interval_however_long():
    calendar = Calendar("GMT+3", AROUND_THE_CLOCK)
    start, end = at("2026-01-01T00:00+00:00"), at("2026-12-31T00:00+00:00")
    assert calendar.open_intervals(start, end) == ((start, end),)


@pytest.mark.parametrize("minutes", [0, -1, -100_000])
def test_nothing_is_open_until_an_instant_that_is_not_later(minutes):
    start = at("2026-11-23T12:00+03:00")
    end = start + timedelta(minutes=minutes)
    assert Calendar("GMT+3", WEEKDAYS).open_intervals(start, end) == ()


def test_open_intervals_refuse_an_instant_without_an_offset():
    with pytest.raises(NaiveInstant):
        Calendar("GMT+3", WEEKDAYS).open_intervals(
            datetime(2026, 1, 1), at("2026-01-02T00:00+00:00")
        )


@given(
    zone=st.sampled_from(["GMT+3", "Europe/Berlin", "America/Sao_Paulo"]),
    windows=st.sampled_from([WEEKDAYS, NIGHTS, AROUND_THE_CLOCK]),
    holidays=st.lists(
        st.dates(date(2018, 10, 1), date(2019, 3, 31)), unique=True, max_size=9
    ),
    # Over the days on which both places change their clocks.
    start=st.datetimes(
        datetime(2018, 10, 20), datetime(2019, 4, 5), timezones=st.just(timezone.utc)
    ),
    length=st.timedeltas(timedelta(), timedelta(days=70)),
)
def test_open_intervals_say_the_same_as_the_other_questions(
    zone, windows, holidays, start, length
):
    calendar = Calendar(zone, windows, tuple(map(Holiday, holidays)))
    intervals = calendar.open_intervals(start, start + length)
    total = sum((closing - opening for opening, closing in intervals), timedelta())
    assert total == calendar.between(start, start + length)
    for opening, closing in intervals:
        assert start <= opening < closing <= start + length
        assert calendar.is_open(opening)
        assert closing == start + length or not calendar.is_open(closing)
    for (_, closing), (opening, _) in pairwise(intervals):
        assert calendar.next_open(closing) == opening > closing


# A week


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
    weekdays = Calendar("GMT+3", WEEKDAYS)
    assert closes_at(weekdays, noon) == utc("2026-11-23T18:00+03:00")
    feast = Holiday(date(2026, 11, 26))
    around_the_clock = Calendar("GMT+3", AROUND_THE_CLOCK, (feast,))
    assert closes_at(around_the_clock, noon) == utc("2026-11-26T00:00+03:00")


def test_support_around_the_clock_does_not_close():
    calendar = Calendar("GMT+3", AROUND_THE_CLOCK)
    assert closes_at(calendar, at("2026-11-23T12:00+03:00")) is None
