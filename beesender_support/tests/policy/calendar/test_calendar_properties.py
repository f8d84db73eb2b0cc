"""The calendar against the oracle, and against itself, for calendars nobody thought of."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import (
    Holiday,
    WorkingDay,
    YearlyHoliday,
)
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    Window,
)
from beesender_support.tests.policy.calendar.oracle import (
    EPOCH,
    Oracle,
    why_not_open,
    zone_called,
)
from beesender_support.tests.policy.factories import MICROSECOND, NIGHTS, OFFICE_HOURS

WEEK = 7 * DAY
# Where each zone's offset changes, in UTC. A guard below checks that it does.
CHANGES_OF_OFFSET = {
    "Europe/Berlin": ["2026-03-29T01:00", "2026-10-25T01:00"],
    # Midnight itself is skipped, and the last hour before midnight repeated.
    "America/Sao_Paulo": ["2018-11-04T03:00", "2019-02-17T02:00"],
    "Asia/Tehran": ["2022-03-21T20:30", "2022-09-21T19:30"],
    # Half an hour of daylight saving.
    "Australia/Lord_Howe": ["2026-04-04T15:00", "2026-10-03T15:30"],
    # From half-hour to 45-minute offset.
    "Asia/Kathmandu": ["1985-12-31T18:30"],
    # Turned back for Ramadan.
    "Africa/Casablanca": ["2025-02-23T02:00", "2025-04-06T02:00"],
    "America/St_Johns": ["2026-03-08T05:30", "2026-11-01T04:30"],
    # A whole date is skipped.
    "Pacific/Apia": ["2011-12-30T10:00"],
}
FIXED_OFFSETS = ["UTC", "GMT+3", "GMT-2", "GMT+10", "GMT+5:45"]
# Changes that only a fine tick can follow: zone, change, tick in seconds.
ODD_CHANGES = [
    ("America/St_Johns", "2010-11-07T02:31", 60),  # one minute past midnight
    ("Africa/Monrovia", "1972-01-07T00:44:30", 30),  # from 44 minutes and 30 seconds
]
WELL_KNOWN_WEEKS = [
    tuple(Window(day, 9 * HOUR, 18 * HOUR) for day in range(5)),
    tuple(Window(day, 9 * HOUR, 18 * HOUR) for day in range(7)),
    AROUND_THE_CLOCK,
    tuple(Window(day, 22 * HOUR, 30 * HOUR) for day in range(7)),
    tuple(
        Window(day, *hours)
        for day in range(5)
        for hours in [(8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)]
    ),
    tuple(
        Window(day, *hours)
        for day in range(7)
        for hours in [(0, 12 * HOUR), (12 * HOUR, DAY)]
    ),
    (Window(6, 12 * HOUR, 12 * HOUR + DAY), Window(2, 20 * HOUR, DAY)),
    (Window(6, HOUR, 4 * HOUR),),
]


@dataclass(frozen=True)
class Case:
    """A calendar, an instant to start from and how far, in ticks, the oracle looks."""

    calendar: Calendar
    start: datetime
    tick: int
    ticks: int

    @cached_property
    def oracle(self) -> Oracle:
        return Oracle(
            self.calendar, self.start.astimezone(timezone.utc), self.tick, self.ticks
        )

    @property
    def reach(self) -> timedelta:
        return self.oracle.end - self.start.astimezone(timezone.utc)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@st.composite
def weeks(draw, tick):
    """Windows cut from a week at random: several a day, across midnight and Sunday."""
    if draw(st.booleans()):
        return draw(st.sampled_from(WELL_KNOWN_WEEKS))
    edge = st.integers(0, WEEK // tick - 1).map(lambda number: number * tick)
    edges = sorted(draw(st.sets(edge, min_size=2, max_size=40)))
    if draw(st.booleans()):
        edges = [*edges[1:], edges[0] + WEEK]
    windows = []
    for start, end in zip(edges[::2], edges[1::2], strict=False):
        length = min(end - start, DAY)
        weekday, opening = divmod(start, DAY)
        windows.append(Window(weekday, opening, opening + length))
    return tuple(windows)


@st.composite
def holidays(draw, tick, first_day, days):
    day = first_day + timedelta(days=draw(st.integers(-1, days)))
    description = draw(st.sampled_from(["Feast", "Stocktaking", ""]))
    if draw(st.booleans()):
        return Holiday(day, description)
    edge = st.integers(0, DAY // tick).map(lambda number: number * tick)
    start, end = sorted(draw(st.sets(edge, min_size=2, max_size=2)))
    return Holiday(day, description, start, end)


@st.composite
def working_days(draw, tick, first_day, days):
    day = first_day + timedelta(days=draw(st.integers(-1, days)))
    description = draw(st.sampled_from(["In exchange", ""]))
    if draw(st.booleans()):
        return WorkingDay(day, description)
    edge = st.integers(0, DAY // tick).map(lambda number: number * tick)
    return WorkingDay(
        day, description, *sorted(draw(st.sets(edge, min_size=2, max_size=2)))
    )


@st.composite
def yearly_holidays(draw, first_day, days):
    day = first_day + timedelta(days=draw(st.integers(-1, days)))
    return YearlyHoliday(day.month, day.day, "Yearly")


@st.composite
def moments(draw):
    """A zone, an instant worth starting near, and the tick that does for both."""
    if draw(st.integers(0, 9)) == 0:
        zone, change, tick = draw(st.sampled_from(ODD_CHANGES))
        return zone, at(change), tick
    zone = draw(st.sampled_from([*CHANGES_OF_OFFSET, *FIXED_OFFSETS]))
    tick = draw(st.sampled_from([60, 900]))
    start_of_a_stretch = st.integers(550, 850).map(
        lambda number: EPOCH + number * timedelta(days=28)
    )
    any_instant = st.integers(
        at("2012-01-01").timestamp(), at("2037-01-01").timestamp()
    )
    moment = draw(
        st.one_of(
            (
                st.sampled_from([at(each) for each in CHANGES_OF_OFFSET.get(zone, [])])
                if zone in CHANGES_OF_OFFSET
                else st.nothing()
            ),
            start_of_a_stretch,
            any_instant.map(lambda seconds: EPOCH + timedelta(seconds=seconds)),
        )
    )
    return zone, moment, tick


@st.composite
def cases(draw):
    zone, moment, tick = draw(moments())
    ticks = 1_000
    reach = tick * ticks
    start = moment - timedelta(seconds=draw(st.integers(-HOUR, reach * 3 // 4)))
    start += draw(st.sampled_from([0, 0, 1, 999_999])) * MICROSECOND
    first_day = start.astimezone(zone_called(zone)).date()
    days = reach // DAY + 1
    calendar = Calendar(
        zone,
        draw(weeks(tick)),
        tuple(draw(st.lists(holidays(tick, first_day, days), max_size=4))),
        tuple(draw(st.lists(yearly_holidays(first_day, days), max_size=2))),
        tuple(draw(st.lists(working_days(tick, first_day, days), max_size=3))),
    )
    if draw(st.booleans()):
        start = start.astimezone(zone_called(zone))
    return Case(calendar, start, tick, ticks)


def durations(longest: timedelta):
    whole_minutes = st.integers(0, longest // timedelta(minutes=1))
    return st.one_of(
        st.timedeltas(timedelta(), longest),
        whole_minutes.map(lambda number: timedelta(minutes=number)),
    )


@st.composite
def cases_with_duration(draw):
    case = draw(cases())
    return case, draw(durations(case.reach * 2 / 3))


@st.composite
def cases_with_instant(draw):
    case = draw(cases())
    later = draw(durations(case.reach))
    return case, case.start.astimezone(timezone.utc) + later


@st.composite
def cases_with_a_year(draw, spans=1):
    """A case and durations of up to a year of its working time, far beyond the oracle."""
    case = draw(cases())
    open_in_a_week = sum(each.end - each.start for each in case.calendar.windows)
    longest = timedelta(seconds=52 * open_in_a_week)
    return case, *(draw(durations(longest)) for _ in range(spans))


spans_of_time = durations(timedelta(days=400))


@pytest.mark.parametrize(
    ("zone", "change"),
    [
        *((zone, each) for zone, all_ in CHANGES_OF_OFFSET.items() for each in all_),
        *((zone, change) for zone, change, _ in ODD_CHANGES),
    ],
)
def test_the_offset_changes_where_the_table_says(zone, change):
    before, after = (
        (at(change) + distance).astimezone(zone_called(zone)).utcoffset()
        for distance in (-MICROSECOND, timedelta())
    )
    assert before != after


# The oracle


@given(cases_with_duration())
def test_add_agrees_with_the_oracle(question):
    case, duration = question
    expected = case.oracle.add(duration)
    found = case.calendar.add(case.start, duration)
    if expected is None:
        assert found >= case.oracle.end
        assert case.oracle.between(case.oracle.end) <= duration
    else:
        assert found == expected
    assert found.tzinfo is timezone.utc


@given(cases_with_instant())
def test_between_agrees_with_the_oracle(question):
    case, end = question
    assert case.calendar.between(case.start, end) == case.oracle.between(end)


@given(cases_with_instant())
def test_add_goes_no_further_than_the_working_time_before_an_instant(question):
    case, end = question
    passed = case.oracle.between(end)
    deadline = case.calendar.add(case.start, passed)
    if passed:
        assert deadline == case.oracle.add(passed)
        assert deadline <= end
    else:
        assert deadline >= end


@given(cases_with_instant())
def test_is_open_agrees_with_the_oracle(question):
    case, instant = question
    assert case.calendar.is_open(instant) == case.oracle.is_open(instant)
    assert case.calendar.is_open(case.start) == case.oracle.is_open(case.start)


@given(cases())
def test_next_open_agrees_with_the_oracle(case):
    expected = case.oracle.next_open()
    found = case.calendar.next_open(case.start)
    if expected is None:
        assert found >= case.oracle.end
    else:
        assert found == expected
    assert found.tzinfo is timezone.utc


@given(cases_with_instant())
def test_every_span_of_an_explanation_has_the_right_reason(question):
    case, end = question
    duration = case.calendar.between(case.start, end)
    zone = zone_called(case.calendar.time_zone)
    tick = timedelta(seconds=case.tick)
    for span in case.calendar.explain(case.start, duration):
        instant = span.start
        while instant < min(span.end, case.oracle.end):
            local = instant.astimezone(zone)
            reason, descriptions = why_not_open(case.calendar, local)
            assert span.reason == reason, local
            assert span.description in descriptions, local
            instant += tick - (instant - EPOCH) % tick


# The calendar against itself


@given(cases_with_a_year())
def test_an_explanation_has_no_gap_and_ends_where_add_ends(question):
    case, duration = question
    spans = case.calendar.explain(case.start, duration)
    deadline = case.calendar.add(case.start, duration)
    edges = [case.start.astimezone(timezone.utc), *(span.end for span in spans)]
    assert [span.start for span in spans] == edges[:-1]
    assert edges[-1] == deadline
    counted = [span.end - span.start for span in spans if span.reason == "counted"]
    assert sum(counted, timedelta()) == duration
    assert all(span.start < span.end for span in spans)
    labels = [(span.reason, span.description, span.is_worked) for span in spans]
    assert all(one != other for one, other in pairwise(labels))


@given(cases_with_a_year())
def test_between_undoes_add(question):
    case, duration = question
    deadline = case.calendar.add(case.start, duration)
    assert case.calendar.between(case.start, deadline) == duration


@given(cases(), spans_of_time)
def test_add_undoes_between_up_to_closed_time(case, elapsed):
    end = case.start.astimezone(timezone.utc) + elapsed
    passed = case.calendar.between(case.start, end)
    assert passed <= elapsed
    deadline = case.calendar.add(case.start, passed)
    assert deadline <= end if passed else deadline >= end
    assert case.calendar.between(deadline, end) == timedelta()
    # The deadline is often a closing time here, where support is no longer open.
    assert case.calendar.is_open(case.calendar.next_open(deadline))


@given(cases_with_a_year(spans=2))
def test_a_later_start_or_a_longer_duration_never_ends_earlier(question):
    case, one, other = question
    calendar, start = case.calendar, case.start.astimezone(timezone.utc)
    shorter, longer = sorted([one, other])
    assert calendar.add(start, shorter) <= calendar.add(start, longer)
    assert calendar.add(start, one) <= calendar.add(start + other, one)
    assert calendar.between(start, start + shorter) <= calendar.between(
        start, start + longer
    )


@given(cases_with_a_year(spans=2))
def test_two_parts_make_the_whole(question):
    case, one, other = question
    calendar, start = case.calendar, case.start.astimezone(timezone.utc)
    middle, end = start + one, start + one + other
    assert calendar.between(start, end) == (
        calendar.between(start, middle) + calendar.between(middle, end)
    )
    assume(other)
    assert calendar.add(calendar.add(start, one), other) == calendar.add(
        start, one + other
    )


@given(cases_with_a_year())
def test_add_ends_inside_a_window_or_as_one_closes(question):
    case, duration = question
    deadline = case.calendar.add(case.start, duration)
    is_open_now = case.calendar.is_open(deadline)
    closes_now = case.calendar.is_open(deadline - MICROSECOND)
    assert is_open_now or (closes_now and duration)


@given(cases())
def test_add_nothing_is_the_next_working_instant(case):
    found = case.calendar.add(case.start, timedelta())
    assert found == case.calendar.next_open(case.start)
    assert case.calendar.is_open(found)
    assert case.calendar.between(case.start, found) == timedelta()


@given(cases(), spans_of_time)
def test_nothing_passes_backwards(case, elapsed):
    end = case.start.astimezone(timezone.utc) + elapsed
    assert case.calendar.between(end, case.start) == timedelta()


@given(cases_with_a_year(spans=3))
def test_an_answer_does_not_depend_on_the_questions_before(question):
    case, *asked = question
    used = case.calendar
    for duration in asked:
        used.add(case.start, duration)
    fresh = replace(case.calendar)
    assert fresh == used
    assert [fresh.add(case.start, each) for each in reversed(asked)] == [
        used.add(case.start, each) for each in reversed(asked)
    ]


@given(cases_with_a_year())
def test_cutting_a_window_in_two_changes_nothing(question):
    case, duration = question
    windows = list(case.calendar.windows)
    longest = max(windows, key=lambda window: window.end - window.start)
    windows.remove(longest)
    middle = min((longest.start + longest.end) // 2, DAY - 1)
    assume(longest.start < middle)
    windows += [replace(longest, end=middle), replace(longest, start=middle)]
    in_two = replace(case.calendar, windows=tuple(windows))
    assert in_two.add(case.start, duration) == case.calendar.add(case.start, duration)


@given(
    zone=st.sampled_from(["GMT+3", "Europe/Berlin", "America/Sao_Paulo"]),
    windows=st.sampled_from([OFFICE_HOURS, NIGHTS, AROUND_THE_CLOCK]),
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


@given(cases_with_duration(), st.timedeltas(timedelta(days=-9), timedelta(days=70)))
def test_adding_and_counting_at_once_is_doing_both(question, length):
    case, duration = question
    calendar, start = case.calendar, case.start
    end = start + length
    expected = calendar.add(start, duration), calendar.between(start, end)
    assert calendar.add_and_between(start, duration, end) == expected
