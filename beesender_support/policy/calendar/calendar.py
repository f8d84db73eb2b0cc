"""Working time: when support is open, and how much of it has passed.

A ``Calendar`` answers five questions and explains one of them:

* ``is_open(t)``: is ``t`` inside a support window?
* ``next_open(t)``: the first working instant at or after ``t``.
* ``add(t, d)``: the earliest instant by which ``d`` of working time has passed.
* ``between(a, b)``: how much working time passes from ``a`` to ``b``.
* ``open_intervals(a, b)``: when support is open from ``a`` to ``b``.
* ``explain(t, d)``: what ``add`` counted, what it skipped and why.

Instants are aware datetimes; results are in UTC, where subtracting and comparing two of
them is always right (Python compares two datetimes of one zone by their wall clocks,
which is wrong across a change of offset). Durations are real elapsed time
(``timedelta``). Internally an instant is a whole number of microseconds since 1970, so
no sum is rounded.

How it counts: a calendar lays its open intervals out in stretches of 28 days, each with
running totals. A question is then a search in one or two sorted lists instead of a walk
from window to window. Stretches are laid out when first needed and cached in the
calendar; they hold only UTC, so daylight saving is handled in one place,
``zones.constant_offsets``.
"""

from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from beesender_support.policy.calendar.holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    Holiday,
    WorkingDay,
    YearlyHoliday,
)
from beesender_support.policy.calendar.windows import (
    DAY,
    SupportHours,
    Window,
    refuse_overlaps,
    week_of,
)
from beesender_support.policy.calendar.zones import constant_offsets, time_zone
from beesender_support.policy.errors import (
    InvalidDuration,
    NaiveInstant,
    NoWorkingTime,
    OutOfReach,
)

COUNTED, NIGHT, BREAK, WEEKEND, HOLIDAY = (
    "counted",
    "night",
    "break",
    "weekend",
    "holiday",
)

_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_EPOCH_ORDINAL = _EPOCH.toordinal()
_EPOCH_WEEKDAY = _EPOCH.weekday()
_MICROSECOND = timedelta(microseconds=1)
_PER_SECOND = 1_000_000
_STRETCH_SECONDS = 28 * DAY
_STRETCH = _STRETCH_SECONDS * _PER_SECOND
# Every weekday falls on every date of a leap and of a common year within 28 years.
_ONE_CYCLE_OF_YEARS = range(2000, 2028)


class Span(NamedTuple):
    """A piece of time in an explanation: ``[start, end)``, in UTC.

    ``reason`` is one of counted, night, break, weekend, holiday; ``description`` names
    the holiday, or the working day without which it would not be counted:
    ``is_worked`` says that there is one.
    """

    start: datetime
    end: datetime
    reason: str
    description: str = ""
    is_worked: bool = False


class _Stretch(NamedTuple):
    """The open intervals of 28 days, in microseconds since 1970, and running totals."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int

    def elapsed(self, position: int) -> int:
        """Open time from the start of the stretch to ``position``."""
        index = bisect_right(self.starts, position) - 1
        if index < 0:
            return 0
        end = self.ends[index]
        return (
            self.before[index]
            + (position if position < end else end)
            - self.starts[index]
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """Weekly support windows in a zone, less its holidays, and its working days.

    ``support_hours`` is the week in one line. Raises UnknownTimeZone,
    OverlappingWindows, or NoWorkingTime if some year would pass without an open minute.
    """

    time_zone: str
    windows: tuple[Window, ...]
    holidays: tuple[Holiday, ...] = ()
    yearly_holidays: tuple[YearlyHoliday, ...] = ()
    working_days: tuple[WorkingDay, ...] = ()

    support_hours: SupportHours = field(init=False, repr=False, compare=False)
    _zone: tzinfo = field(init=False, repr=False, compare=False)
    _week: tuple[list[tuple[int, int]], ...] = field(
        init=False, repr=False, compare=False
    )
    _holidays_by_day: dict[int, list[Holiday]] = field(
        init=False, repr=False, compare=False
    )
    _yearly: dict[tuple[int, int], YearlyHoliday] = field(
        init=False, repr=False, compare=False
    )
    _working_by_day: dict[int, list[WorkingDay]] = field(
        init=False, repr=False, compare=False
    )
    _stretches: dict[int, _Stretch] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        derive = object.__setattr__
        derive(self, "windows", tuple(sorted(self.windows)))
        derive(self, "holidays", tuple(sorted(self.holidays)))
        derive(self, "yearly_holidays", tuple(sorted(self.yearly_holidays)))
        working_days = sorted(self.working_days, key=lambda each: each.order)
        derive(self, "working_days", tuple(working_days))
        derive(self, "_zone", time_zone(self.time_zone))
        refuse_overlaps(self.windows)
        derive(self, "support_hours", SupportHours(self.windows))
        derive(self, "_week", week_of(self.windows))
        by_day: dict[int, list[Holiday]] = {}
        for holiday in self.holidays:
            by_day.setdefault(holiday.day.toordinal() - _EPOCH_ORDINAL, []).append(
                holiday
            )
        derive(self, "_holidays_by_day", by_day)
        yearly = {(each.month, each.day): each for each in self.yearly_holidays}
        derive(self, "_yearly", yearly)
        working_by_day: dict[int, list[WorkingDay]] = {}
        for working in self.working_days:
            day = working.day.toordinal() - _EPOCH_ORDINAL
            working_by_day.setdefault(day, []).append(working)
        derive(self, "_working_by_day", working_by_day)
        derive(self, "_stretches", {})
        self._refuse_a_year_without_working_time()

    @property
    def zone(self) -> tzinfo:
        return self._zone

    # Questions

    def is_open(self, instant: datetime) -> bool:
        """Whether ``instant`` lies inside a support window."""
        position = _position(instant)
        stretch = self._stretch(position // _STRETCH)
        index = bisect_right(stretch.starts, position) - 1
        return index >= 0 and position < stretch.ends[index]

    def next_open(self, instant: datetime) -> datetime:
        """The first working instant at or after ``instant``."""
        position = _position(instant)
        number = position // _STRETCH
        while True:
            stretch = self._stretch(number)
            index = bisect_right(stretch.ends, position)
            if index < len(stretch.ends):
                return _instant(max(position, stretch.starts[index]))
            number += 1

    def add(self, start: datetime, duration: timedelta) -> datetime:
        """The earliest instant by which ``duration`` of working time has passed.

        A deadline exactly at closing stays on that day; adding nothing gives the next
        working instant. Raises InvalidDuration, OutOfReach.
        """
        needed = duration // _MICROSECOND
        if needed <= 0:
            if needed:
                raise InvalidDuration("duration", duration)
            return self.next_open(start)
        position = _position(start)
        number = position // _STRETCH
        stretch = self._stretch(number)
        needed += stretch.elapsed(position)
        while needed > stretch.total:
            needed -= stretch.total
            number += 1
            stretch = self._stretch(number)
        index = bisect_left(stretch.before, needed) - 1
        return _instant(stretch.starts[index] + needed - stretch.before[index])

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Working time from ``start`` to ``end``: real elapsed time inside windows.

        Zero if ``end`` is not after ``start``.
        """
        first, last = _position(start), _position(end)
        if last <= first:
            return timedelta()
        number, last_number = first // _STRETCH, last // _STRETCH
        stretch = self._stretch(number)
        passed = -stretch.elapsed(first)
        while number < last_number:
            passed += stretch.total
            number += 1
            stretch = self._stretch(number)
        return (passed + stretch.elapsed(last)) * _MICROSECOND

    def add_and_between(
        self, start: datetime, duration: timedelta, end: datetime
    ) -> tuple[datetime, timedelta]:
        """``add(start, duration)`` and ``between(start, end)``, of which each looks for
        ``start``: of a long list of requests that is much of the work."""
        needed = duration // _MICROSECOND
        first, last = _position(start), _position(end)
        if needed <= 0 or last <= first:
            return self.add(start, duration), self.between(start, end)
        number, last_number = first // _STRETCH, last // _STRETCH
        stretch = following = self._stretch(number)
        before = stretch.elapsed(first)
        needed += before
        reached = number
        while needed > stretch.total:
            needed -= stretch.total
            reached += 1
            stretch = self._stretch(reached)
        index = bisect_left(stretch.before, needed) - 1
        due = stretch.starts[index] + needed - stretch.before[index]
        passed = -before
        while number < last_number:
            passed += following.total
            number += 1
            following = self._stretch(number)
        passed += following.elapsed(last)
        return _instant(due), passed * _MICROSECOND

    def open_intervals(
        self, start: datetime, end: datetime
    ) -> tuple[tuple[datetime, datetime], ...]:
        """When support is open from ``start`` to ``end``: ``[opening, closing)``, in
        order, none touching the next. Empty if ``end`` is not after ``start``.
        """
        first, last = _position(start), _position(end)
        intervals: list[list[int]] = []
        for number in range(first // _STRETCH, -(-last // _STRETCH)):
            stretch = self._stretch(number)
            for opening, closing in zip(stretch.starts, stretch.ends, strict=True):
                opening, closing = max(opening, first), min(closing, last)
                if opening >= closing:
                    continue
                if intervals and intervals[-1][1] == opening:
                    intervals[-1][1] = closing
                else:
                    intervals.append([opening, closing])
        return tuple(
            (_instant(opening), _instant(closing)) for opening, closing in intervals
        )

    def closed_on(self, day: date) -> tuple[Holiday, ...]:
        """The dated holidays that close a local date, or what a working day leaves of
        them."""
        number = day.toordinal() - _EPOCH_ORDINAL
        holidays = self._holidays_by_day.get(number, [])
        return tuple(_opened([], holidays, self._worked_on(number))[1])

    def explain(self, start: datetime, duration: timedelta) -> tuple[Span, ...]:
        """What ``add(start, duration)`` counts and skips, in order, without a gap.

        The last span ends at the same instant as ``add``.
        """
        return self.spans(start, self.add(start, duration))

    def spans(self, start: datetime, end: datetime) -> tuple[Span, ...]:
        """What counts from ``start`` to ``end`` and what does not, in order, without a
        gap. Empty if ``end`` is not after ``start``.
        """
        first, last = _position(start), _position(end)
        spans: list[tuple[int, int, str, str, bool]] = []
        for piece_start, piece_end, *label in self._timeline(
            first // _PER_SECOND, -(-last // _PER_SECOND), self._labelled_day
        ):
            piece_start = max(piece_start * _PER_SECOND, first)
            piece_end = min(piece_end * _PER_SECOND, last)
            if piece_start >= piece_end:
                continue
            reason, description, is_worked = label
            if spans and spans[-1][2:] == (reason, description, is_worked):
                piece_start = spans.pop()[0]
            spans.append((piece_start, piece_end, reason, description, is_worked))
        return tuple(
            Span(_instant(piece_start), _instant(piece_end), reason, name, is_worked)
            for piece_start, piece_end, reason, name, is_worked in spans
        )

    # Laying out the timeline. Seconds since 1970 from here on; days count from 1970-01-01.

    def _stretch(self, number: int) -> _Stretch:
        try:
            return self._stretches[number]
        except KeyError:
            return self._lay_out(number)

    def _lay_out(self, number: int) -> _Stretch:
        start = number * _STRETCH_SECONDS
        _refuse_out_of_reach(start // DAY)
        starts: list[int] = []
        ends: list[int] = []
        for opening, closing in self._timeline(
            start, start + _STRETCH_SECONDS, self._open_on
        ):
            if ends and ends[-1] == opening * _PER_SECOND:
                ends[-1] = closing * _PER_SECOND
            else:
                starts.append(opening * _PER_SECOND)
                ends.append(closing * _PER_SECOND)
        before, total = [], 0
        for opening, closing in zip(starts, ends, strict=True):
            before.append(total)
            total += closing - opening
        stretch = self._stretches[number] = _Stretch(starts, ends, before, total)
        return stretch

    def _timeline(
        self,
        start: int,
        end: int,
        pieces_of_day: Callable[[int], Iterable[tuple[Any, ...]]],
    ) -> Iterator[tuple[Any, ...]]:
        """The pieces of every local day from ``start`` to ``end``, in order, in UTC.

        ``pieces_of_day(day)`` gives them as ``(start, end, *label)`` in seconds after
        local midnight. Going through the offsets one by one makes a repeated hour count
        twice and a skipped one not at all.
        """
        for piece_start, piece_end, offset in constant_offsets(self._zone, start, end):
            local_start, local_end = piece_start + offset, piece_end + offset
            for day in range(local_start // DAY, -(-local_end // DAY)):
                midnight = day * DAY
                for opening, closing, *label in pieces_of_day(day):
                    opening = max(midnight + opening, local_start)
                    closing = min(midnight + closing, local_end)
                    if opening < closing:
                        yield opening - offset, closing - offset, *label

    def _holidays_on(self, day: int) -> list[Holiday]:
        dated = self._holidays_by_day.get(day, [])
        if not self._yearly:
            return dated
        local = date.fromordinal(day + _EPOCH_ORDINAL)
        yearly = self._yearly.get((local.month, local.day))
        return [*dated, Holiday(local, yearly.description)] if yearly else dated

    def _open_on(self, day: int) -> list[tuple[int, int]]:
        windows = self._week[(day + _EPOCH_WEEKDAY) % 7]
        holidays = self._holidays_on(day)
        if self._working_by_day and (extra := self._worked_on(day)):
            windows, holidays = _opened(windows, holidays, extra)
        for holiday in holidays:
            windows = _subtract(windows, holiday.start, holiday.end)
        return windows

    def _worked_on(self, day: int) -> list["_Worked"]:
        """What working days open on a local date, that of the day before included."""
        worked = [
            _Worked(each, [(0, end - DAY)], is_of_the_day=False)
            for each in self._working_by_day.get(day - 1, ())
            if each.hours is None
            for _start, end in self._borrowed(day - 1)
            if end > DAY
        ]
        for each in self._working_by_day.get(day, ()):
            pieces = (
                [each.hours]
                if each.hours
                else [(start, min(end, DAY)) for start, end in self._borrowed(day)]
            )
            worked.append(_Worked(each, pieces))
        return worked

    def _borrowed(self, day: int) -> list[tuple[int, int]]:
        """The windows that a working day without times has beside its weekday's own,
        which end past ``DAY`` across midnight: none where its weekday has some."""
        weekday = (day + _EPOCH_WEEKDAY) % 7
        working = {window.weekday for window in self.windows}
        nearest = next(
            each
            for each in ((weekday - back) % 7 for back in range(7))
            if each in working
        )
        if nearest == weekday:
            return []
        return [
            (each.start, each.end) for each in self.windows if each.weekday == nearest
        ]

    def _labelled_day(self, day: int) -> list[tuple[int, int, str, str, bool]]:
        """The whole local day in pieces, each with the reason why it counts or does
        not, the name of the day that makes it so, and whether that is a working day."""
        weekday = (day + _EPOCH_WEEKDAY) % 7
        weekly, holidays = self._week[weekday], self._holidays_on(day)
        worked = self._worked_on(day)
        is_working_day = any(
            window.weekday == weekday for window in self.windows
        ) or any(each.is_of_the_day for each in worked)
        windows, holidays = _opened(weekly, holidays, worked)
        whole = [each for each in holidays if each.is_whole_day]
        if whole and is_working_day:
            return [(0, DAY, HOLIDAY, whole[0].description, False)]
        pieces, left = [], windows
        for holiday in holidays:
            outside = _subtract(left, holiday.start, holiday.end)
            pieces += [
                (*each, HOLIDAY, holiday.description, False)
                for each in _subtract_all(left, outside)
            ]
            left = outside
        for each in worked:
            inside = _subtract_all(each.pieces, weekly)
            rest = _subtract_all(left, inside)
            pieces += [
                (*piece, COUNTED, each.day.description, True)
                for piece in _subtract_all(left, rest)
            ]
            left = rest
        pieces += [(*piece, COUNTED, "", False) for piece in left]
        for start, end in _subtract_all([(0, DAY)], windows):
            is_between = windows and windows[0][0] < start and end < windows[-1][1]
            closed = (BREAK if is_between else NIGHT) if is_working_day else WEEKEND
            pieces.append((start, end, closed, "", False))
        return sorted(pieces)

    def _refuse_a_year_without_working_time(self) -> None:
        # Working days only add to a year.
        years = {*_ONE_CYCLE_OF_YEARS, *(each.day.year for each in self.holidays)}
        for year in sorted(years):
            first = date(year, 1, 1).toordinal() - _EPOCH_ORDINAL
            days = range(first, first + 365 + isleap(year))
            if not any(map(self._open_on, days)):
                raise NoWorkingTime("support_windows", year)


@lru_cache(maxsize=1024)
def calendar_of(
    time_zone: str,
    windows: tuple[Window, ...],
    holidays: tuple[Holiday, ...] = (),
    working_days: tuple[WorkingDay, ...] = (),
) -> Calendar:
    """The calendar of these terms; equal terms share one and its laid out timeline."""
    return Calendar(time_zone, windows, holidays, working_days=working_days)


class _Worked(NamedTuple):
    """What a working day opens on one local date: its own, or that of its windows across
    midnight."""

    day: WorkingDay
    pieces: list[tuple[int, int]]
    is_of_the_day: bool = True


def _opened(
    windows: list[tuple[int, int]],
    holidays: list[Holiday],
    worked: Sequence[_Worked],
) -> tuple[list[tuple[int, int]], list[Holiday]]:
    """The windows of a date, in order, and the holidays that count on it, with what is
    worked on it."""
    for each in worked:
        windows = _joined(windows, each.pieces)
    if own := [each.day.hours for each in worked if each.is_of_the_day]:
        # Where its weekday says when support is open, nothing of a whole day is left.
        hours = [each or (0, DAY) for each in own]
        holidays = [
            replace(holiday, start=start, end=end)
            for holiday in holidays
            for start, end in (
                _subtract_all([(0, DAY)], hours)
                if holiday.is_whole_day
                else [(holiday.start, holiday.end)]
            )
        ]
    return windows, holidays


def _position(instant: datetime) -> int:
    """Microseconds since 1970 in UTC; raises NaiveInstant."""
    try:
        return (instant - _EPOCH) // _MICROSECOND
    except TypeError:
        raise NaiveInstant("instant", instant) from None


def _instant(position: int) -> datetime:
    return _EPOCH + position * _MICROSECOND


def _refuse_out_of_reach(first_day: int) -> None:
    day = date.fromordinal(max(first_day + _EPOCH_ORDINAL, 1))
    stretch = timedelta(seconds=_STRETCH_SECONDS)
    if day.year > LAST_YEAR or (day + stretch).year < FIRST_YEAR:
        raise OutOfReach("instant", day.year, first=FIRST_YEAR, last=LAST_YEAR)


def _subtract(
    intervals: list[tuple[int, int]], start: int, end: int
) -> list[tuple[int, int]]:
    return [
        piece
        for opening, closing in intervals
        for piece in (
            (opening, min(closing, start)),
            (max(opening, end), closing),
        )
        if piece[0] < piece[1]
    ]


def _joined(
    intervals: list[tuple[int, int]], more: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    """The intervals and what ``more`` adds to them, in order; none overlap."""
    return sorted([*intervals, *_subtract_all(list(more), intervals)])


def _subtract_all(
    intervals: list[tuple[int, int]], cuts: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    for start, end in cuts:
        intervals = _subtract(intervals, start, end)
    return intervals
