"""Support windows: what they refuse, and how a week is said and a time of day read."""

from datetime import timedelta

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    MINUTE,
    Window,
    clock_seconds,
    clock_text,
    describe_windows,
)
from beesender_support.policy.errors import InvalidWindow, OverlappingWindows
from beesender_support.tests.policy.factories import (
    FRIDAY,
    MONDAY,
    OFFICE_HOURS,
    SATURDAY,
    SUNDAY,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    at,
    weekly,
)


@pytest.mark.parametrize(
    ("weekday", "start", "end"),
    [
        (MONDAY, 18 * HOUR, 9 * HOUR),
        (MONDAY, 9 * HOUR, 9 * HOUR),
        (MONDAY, 0, DAY + 1),
        (MONDAY, DAY, DAY + HOUR),
        (MONDAY, -HOUR, HOUR),
        (7, 9 * HOUR, 18 * HOUR),
        (-1, 9 * HOUR, 18 * HOUR),
    ],
)
def test_a_window_that_cannot_be_kept_is_refused(weekday, start, end):
    with pytest.raises(InvalidWindow) as refusal:
        Window(weekday, start, end)
    assert refusal.value.field == "support_windows"
    assert f"{clock_text(start)}-{clock_text(end)}" in str(refusal.value)


@pytest.mark.parametrize("weekday", [-1, 7])
def test_a_day_that_is_none_is_named_by_its_number(weekday):
    with pytest.raises(InvalidWindow, match=f"{weekday} 09:00-18:00"):
        Window(weekday, 9 * HOUR, 18 * HOUR)


def test_a_window_on_the_clock_that_ends_before_it_starts_crosses_midnight():
    night = Window.on_the_clock(MONDAY, 22 * HOUR, 6 * HOUR)
    assert night == Window(MONDAY, 22 * HOUR, 30 * HOUR)
    assert Window.on_the_clock(MONDAY, 18 * HOUR, 0).end == DAY
    assert Window.on_the_clock(MONDAY, 0, DAY).end == DAY
    with pytest.raises(InvalidWindow):
        Window.on_the_clock(MONDAY, 9 * HOUR, 9 * HOUR)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            Window(MONDAY, 9 * HOUR, 18 * HOUR),
            Window(MONDAY, 9 * HOUR, 18 * HOUR),
            id="twice the same",
        ),
        pytest.param(
            Window(MONDAY, 9 * HOUR, 13 * HOUR),
            Window(MONDAY, 12 * HOUR, 18 * HOUR),
            id="on one day",
        ),
        pytest.param(
            Window(MONDAY, 22 * HOUR, 30 * HOUR),
            Window(TUESDAY, 5 * HOUR, 9 * HOUR),
            id="across midnight",
        ),
        pytest.param(
            Window(SUNDAY, 22 * HOUR, 30 * HOUR),
            Window(MONDAY, 5 * HOUR, 9 * HOUR),
            id="across the turn of the week",
        ),
        pytest.param(
            Window(SUNDAY, 12 * HOUR, 36 * HOUR),
            Window(MONDAY, 0, DAY),
            id="a whole day across the turn of the week",
        ),
    ],
)
@pytest.mark.parametrize("others", [(), weekly([WEDNESDAY, THURSDAY])])
def test_overlapping_windows_are_refused_and_both_named(one, other, others):
    with pytest.raises(OverlappingWindows) as refusal:
        Calendar("UTC", (one, *others, other))
    assert refusal.value.field == "support_windows"
    assert str(one) in str(refusal.value)
    assert str(other) in str(refusal.value)


@pytest.mark.parametrize("weekday", range(7))
@pytest.mark.parametrize("others", [0, 1, 2, 3, 4, 5])
def test_every_night_of_the_week_may_touch_the_next_morning_but_not_reach_into_it(
    weekday, others
):
    """``others`` is how many more days have a window, so that each stands at any place
    among those that are compared."""
    night = Window(weekday, 22 * HOUR, 30 * HOUR)
    next_day = (weekday + 1) % 7
    more = weekly([(next_day + 1 + number) % 7 for number in range(others)], 10, 12)
    Calendar("UTC", (night, Window(next_day, 6 * HOUR, 9 * HOUR), *more))
    with pytest.raises(OverlappingWindows) as refusal:
        Calendar("UTC", (night, Window(next_day, 6 * HOUR - 1, 9 * HOUR), *more))
    assert str(night) in str(refusal.value)


@pytest.mark.parametrize(
    "windows",
    [
        (Window(MONDAY, 9 * HOUR, 12 * HOUR), Window(MONDAY, 12 * HOUR, 18 * HOUR)),
        (Window(MONDAY, 22 * HOUR, 30 * HOUR), Window(TUESDAY, 6 * HOUR, 9 * HOUR)),
        (Window(SUNDAY, 22 * HOUR, 30 * HOUR), Window(MONDAY, 6 * HOUR, 9 * HOUR)),
        (Window(SUNDAY, 0, DAY),),
        (Window(SUNDAY, 12 * HOUR, 36 * HOUR),),
    ],
)
def test_windows_may_touch(windows):
    week = sum(window.end - window.start for window in windows)
    start = at("2026-11-23T00:00+00:00")
    calendar = Calendar("UTC", windows)
    assert calendar.between(start, start + timedelta(days=7)) == timedelta(seconds=week)


@pytest.mark.parametrize(
    ("windows", "text"),
    [
        (AROUND_THE_CLOCK, "24/7"),
        (AROUND_THE_CLOCK[::-1], "24/7"),
        (OFFICE_HOURS, "Mon-Fri 09:00-18:00"),
        (weekly(range(7)), "Mon-Sun 09:00-18:00"),
        (weekly([SUNDAY]), "Sun 09:00-18:00"),
        (
            OFFICE_HOURS + weekly([SATURDAY], 10, 14),
            "Mon-Fri 09:00-18:00, Sat 10:00-14:00",
        ),
        (
            weekly([MONDAY, WEDNESDAY, THURSDAY]),
            "Mon 09:00-18:00, Wed-Thu 09:00-18:00",
        ),
        (
            weekly([MONDAY], 14, 18) + weekly([MONDAY], 9, 13),
            "Mon 09:00-13:00 and 14:00-18:00",
        ),
        ((Window(FRIDAY, 22 * HOUR, 30 * HOUR),), "Fri 22:00-30:00"),
        ((Window(SUNDAY, 18 * HOUR, DAY),), "Sun 18:00-24:00"),
    ],
)
def test_a_week_in_one_line(windows, text):
    assert describe_windows(windows) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("9:00", 9 * HOUR),
        ("09:00", 9 * HOUR),
        (" 09:30 ", 9 * HOUR + 30 * MINUTE),
        ("23:59:59", DAY - 1),
        ("24:00", DAY),
        ("24:00:00", DAY),
    ],
)
def test_a_time_of_day_is_read(text, seconds):
    assert clock_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "9", "24:01", "25:00", "12:60", "12:00:60", "-1:00", "9am", "09:00Z"]
)
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match="not a time of day") as refusal:
        clock_seconds(text)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (9 * HOUR, "09:00"),
        (DAY, "24:00"),
        (30 * HOUR, "30:00"),
        (9 * HOUR + 30, "09:00:30"),
    ],
)
def test_a_time_of_day_is_written(seconds, text):
    assert clock_text(seconds) == text
