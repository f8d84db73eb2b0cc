"""A week as the tier form draws it."""

from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    MINUTE,
    Window,
)
from beesender_support.screens.desk.week_layout import Piece, lay_out


def hours(start, end, overlaps=False):
    return Piece(start * HOUR, end * HOUR, overlaps)


def test_a_week_without_windows_is_closed():
    assert lay_out(()) == ((),) * 7


def test_around_the_clock_has_no_hole():
    assert lay_out(AROUND_THE_CLOCK) == ((hours(0, 24),),) * 7


def test_a_window_across_midnight_goes_on_the_next_day():
    week = lay_out((Window(4, 22 * HOUR, 30 * HOUR),))
    assert week[4] == (hours(22, 24),)
    assert week[5] == (hours(0, 6),)


def test_a_window_of_sunday_night_goes_on_on_monday():
    week = lay_out((Window(6, 22 * HOUR, 26 * HOUR),))
    assert week[0] == (hours(0, 2),)


def test_a_break_stays_open_on_both_sides_and_touching_windows_are_one_piece():
    day = lay_out(
        (
            Window(0, 9 * HOUR, 13 * HOUR),
            Window(0, 14 * HOUR, 16 * HOUR),
            Window(0, 16 * HOUR, 18 * HOUR),
        )
    )[0]
    assert day == (hours(9, 13), hours(14, 18))


def test_what_two_windows_claim_is_marked():
    day = lay_out((Window(0, 9 * HOUR, 18 * HOUR), Window(0, 17 * HOUR, 20 * HOUR)))[0]
    assert day == (hours(9, 17), hours(17, 18, overlaps=True), hours(18, 20))


def test_an_overlap_across_midnight_is_marked_on_the_next_day():
    week = lay_out((Window(0, 20 * HOUR, 34 * HOUR), Window(1, 9 * HOUR, 18 * HOUR)))
    assert week[1] == (hours(0, 9), hours(9, 10, overlaps=True), hours(10, 18))


WINDOWS = st.builds(
    lambda weekday, start, length: Window(
        weekday, start * MINUTE, (start + length) * MINUTE
    ),
    st.integers(0, 6),
    st.integers(0, 1_439),
    st.integers(1, 1_440),
)


@given(st.lists(WINDOWS, max_size=8), st.integers(0, 7 * 1_440 - 1))
def test_every_minute_is_drawn_as_often_as_it_is_claimed(windows, minute):
    weekday, second = divmod(minute * MINUTE, DAY)
    claims = sum(
        window.start <= second + days * DAY < window.end
        for window in windows
        for days in (0, 1)
        if window.weekday == (weekday - days) % 7
    )
    drawn = [
        each for each in lay_out(windows)[weekday] if each.start <= second < each.end
    ]
    assert len(drawn) == bool(claims)
    assert all(each.overlaps == (claims > 1) for each in drawn)
