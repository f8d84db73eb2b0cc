"""Working time: when support is open, and how much of it has passed.

A ``Calendar`` answers five questions and explains one of them:

* ``is_open(t)``: is ``t`` inside a support window?
* ``next_open(t)``: the first working instant at or after ``t``.
* ``add(t, d)``: the earliest instant by which ``d`` of working time has passed.
* ``between(a, b)``: how much working time passes from ``a`` to ``b``.
* ``open_intervals(a, b)``: when support is open from ``a`` to ``b``.
* ``explain(t, d)``: what ``add`` counted, what it skipped and why.

Instants are aware datetimes; results are in UTC, where subtracting and comparing two of
them is always right (two datetimes of one zone are compared by their wall clocks, which
is wrong across a change of offset). Durations are real elapsed time (``timedelta``).
Inside, an instant is a whole number of microseconds since 1970, so no sum is rounded.

How it counts: a calendar lays its open intervals out in stretches of 28 days, each with
running totals. A question is then a search in one or two sorted lists instead of a walk
from window to window. Stretches are laid out when first asked for and kept with the
calendar; they hold UTC only, so daylight saving is handled in one place,
``_constant_offsets``.
"""

import re
from bisect import bisect_left, bisect_right
from calendar import isleap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

import tzdata

from beesender_support.policy.errors import (
    InvalidDuration,
    InvalidHoliday,
    InvalidWindow,
    NaiveInstant,
    NoWorkingTime,
    OutOfReach,
    OverlappingWindows,
    UnknownTimeZone,
)

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEK = 7 * DAY
WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
FIRST_YEAR, LAST_YEAR = 1900, 2999

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
_GMT_FORM = re.compile(
    r"(?:GMT|UTC)([+-])([0-9]{1,2})(?::([0-5][0-9]))?", re.IGNORECASE | re.ASCII
)
# Every weekday falls on every date of a leap and of a common year within 28 years.
_ONE_CYCLE_OF_YEARS = range(2000, 2028)


class Span(NamedTuple):
    """A piece of time in an explanation: ``[start, end)``, in UTC.

    ``reason`` is one of counted, night, break, weekend, holiday; ``description`` names
    the holiday.
    """

    start: datetime
    end: datetime
    reason: str
    description: str = ""


@lru_cache(maxsize=256)
def time_zone(name: str) -> tzinfo:
    """The zone called ``name``: an IANA name, or ``GMT+3`` (three hours AHEAD of UTC).

    The rules always come from the ``tzdata`` package, never from the machine, so that
    every machine counts alike and ``time_zone_database_version`` tells by which rules.
    Raises UnknownTimeZone.
    """
    if form := _GMT_FORM.fullmatch(name.strip()):
        sign, hours, minutes = form.groups()
        offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if offset > timedelta(hours=14):
            raise UnknownTimeZone("time_zone", name)
        if not minutes and offset <= timedelta(hours=12):
            # Etc names count westwards: GMT+3 is Etc/GMT-3.
            return time_zone(f"Etc/GMT{'-' if sign == '+' else '+'}{int(hours)}")
        return timezone(offset if sign == "+" else -offset, name.strip())
    if not re.fullmatch(r"[A-Za-z][\w+-]*(?:/[A-Za-z][\w+-]*)*", name):
        raise UnknownTimeZone("time_zone", name)
    try:
        source = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
        with source.open("rb") as rules:
            return ZoneInfo.from_file(rules, key=name)
    except (OSError, ValueError):
        raise UnknownTimeZone("time_zone", name) from None


def time_zone_database_version() -> str:
    """The release of the tz database in use, such as ``2026a``."""
    return tzdata.IANA_VERSION


def clock_seconds(text: str) -> int:
    """Seconds after midnight of ``HH:MM`` or ``HH:MM:SS``; ``24:00`` is a day's end.

    Raises ValueError.
    """
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?", text.strip())
    seconds = (
        int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0)
        if match
        else DAY + 1
    )
    if seconds > DAY:
        raise ValueError(f"{text!r} is not a time of day such as 09:00 or 24:00")
    return seconds


def clock_text(seconds: int) -> str:
    """``09:00`` for 32400; past midnight it goes on counting: ``30:00``."""
    hours, rest = divmod(seconds, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    return f"{hours:02}:{minutes:02}" + (f":{rest:02}" if rest else "")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Support is open on ``weekday`` (0 is Monday) in ``[start, end)``, local wall time.

    Both are seconds after that day's midnight. A window across midnight ends past
    24:00 (``DAY``) and belongs to the day it starts.
    """

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not (
            0 <= self.weekday < 7
            and 0 <= self.start < DAY
            and 0 < self.end - self.start <= DAY
        ):
            raise InvalidWindow("support_windows", self)

    @classmethod
    def on_the_clock(cls, weekday: int, start: int, end: int) -> "Window":
        """A window as a clock shows it: one that ends earlier than it starts crosses midnight."""
        return cls(weekday, start, end if end >= start else end + DAY)

    def __str__(self) -> str:
        day = WEEKDAYS[self.weekday] if 0 <= self.weekday < 7 else self.weekday
        return f"{day} {clock_text(self.start)}-{clock_text(self.end)}"


AROUND_THE_CLOCK = tuple(Window(weekday, 0, DAY) for weekday in range(7))


def describe_windows(windows: Iterable[Window]) -> str:
    """A week in one line: ``24/7``, or ``Mon-Fri 09:00-18:00, Sat 10:00-14:00``."""
    windows = tuple(sorted(windows))
    if windows == AROUND_THE_CLOCK:
        return "24/7"
    hours_of_day = {
        day: " and ".join(
            f"{clock_text(each.start)}-{clock_text(each.end)}"
            for each in windows
            if each.weekday == day
        )
        for day in range(7)
    }
    runs: list[list[int]] = []
    for day, hours in hours_of_day.items():
        if runs and hours == hours_of_day[runs[-1][-1]]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        "-".join(WEEKDAYS[day][:3] for day in dict.fromkeys((run[0], run[-1])))
        + f" {hours_of_day[run[0]]}"
        for run in runs
        if hours_of_day[run[0]]
    )


@dataclass(frozen=True, slots=True, order=True)
class Holiday:
    """Support is closed on a local date, the whole of it or ``[start, end)`` seconds.

    It closes that date whichever day's window is running: a window across midnight is
    cut where the holiday begins.
    """

    day: date
    description: str = ""
    start: int = 0
    end: int = DAY

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY:
            raise InvalidHoliday("holidays", self)

    def __str__(self) -> str:
        part = f" {clock_text(self.start)}-{clock_text(self.end)}"
        whole = (self.start, self.end) == (0, DAY)
        return f"{self.day}{'' if whole else part}"


@dataclass(frozen=True, slots=True, order=True)
class YearlyHoliday:
    """Support is closed on this month and day of every year that has it."""

    month: int
    day: int
    description: str = ""

    def __post_init__(self) -> None:
        try:
            date(2000, self.month, self.day)
        except ValueError:
            raise InvalidHoliday("yearly_holidays", self) from None

    def __str__(self) -> str:
        return f"{self.month:02}-{self.day:02}"


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
    """Weekly support windows in a zone, less its holidays.

    ``description`` is the week in one line. Raises UnknownTimeZone, OverlappingWindows,
    or NoWorkingTime if some year would pass without an open minute.
    """

    time_zone: str
    windows: tuple[Window, ...]
    holidays: tuple[Holiday, ...] = ()
    yearly_holidays: tuple[YearlyHoliday, ...] = ()

    description: str = field(init=False, repr=False, compare=False)
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
    _stretches: dict[int, _Stretch] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        derive = object.__setattr__
        derive(self, "windows", tuple(sorted(self.windows)))
        derive(self, "holidays", tuple(sorted(self.holidays)))
        derive(self, "yearly_holidays", tuple(sorted(self.yearly_holidays)))
        derive(self, "_zone", time_zone(self.time_zone))
        _refuse_overlaps(self.windows)
        derive(self, "description", describe_windows(self.windows))
        derive(self, "_week", _week_of(self.windows))
        by_day: dict[int, list[Holiday]] = {}
        for holiday in self.holidays:
            by_day.setdefault(holiday.day.toordinal() - _EPOCH_ORDINAL, []).append(
                holiday
            )
        derive(self, "_holidays_by_day", by_day)
        yearly = {(each.month, each.day): each for each in self.yearly_holidays}
        derive(self, "_yearly", yearly)
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

    def explain(self, start: datetime, duration: timedelta) -> tuple[Span, ...]:
        """What ``add(start, duration)`` counts and skips, in order, without a gap.

        The last span ends at the same instant as ``add``.
        """
        first, last = _position(start), _position(self.add(start, duration))
        spans: list[list] = []
        for piece_start, piece_end, reason, description in self._timeline(
            first // _PER_SECOND, -(-last // _PER_SECOND), self._labelled_day
        ):
            piece_start = max(piece_start * _PER_SECOND, first)
            piece_end = min(piece_end * _PER_SECOND, last)
            if piece_start >= piece_end:
                continue
            if spans and spans[-1][2:] == [reason, description]:
                spans[-1][1] = piece_end
            else:
                spans.append([piece_start, piece_end, reason, description])
        return tuple(
            Span(_instant(piece_start), _instant(piece_end), *why)
            for piece_start, piece_end, *why in spans
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

    def _timeline(self, start: int, end: int, pieces_of_day) -> Iterator[tuple]:
        """The pieces of every local day from ``start`` to ``end``, in order, in UTC.

        ``pieces_of_day(day)`` gives them as ``(start, end, *label)`` in seconds after
        local midnight. Going through the offsets one by one makes a repeated hour count
        twice and a skipped one not at all.
        """
        for piece_start, piece_end, offset in _constant_offsets(self._zone, start, end):
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
        for holiday in self._holidays_on(day):
            windows = _subtract(windows, holiday.start, holiday.end)
        return windows

    def _labelled_day(self, day: int) -> list[tuple[int, int, str, str]]:
        """The whole local day in pieces that say why they count or do not."""
        weekday = (day + _EPOCH_WEEKDAY) % 7
        weekly, holidays = self._week[weekday], self._holidays_on(day)
        is_working_day = any(window.weekday == weekday for window in self.windows)
        whole = [each for each in holidays if (each.start, each.end) == (0, DAY)]
        if whole and is_working_day:
            return [(0, DAY, HOLIDAY, whole[0].description)]
        pieces, left = [], weekly
        for holiday in holidays:
            outside = _subtract(left, holiday.start, holiday.end)
            pieces += [
                (*each, HOLIDAY, holiday.description)
                for each in _subtract_all(left, outside)
            ]
            left = outside
        pieces += [(*each, COUNTED, "") for each in left]
        for start, end in _subtract_all([(0, DAY)], weekly):
            inside = weekly and weekly[0][0] < start and end < weekly[-1][1]
            closed = (BREAK if inside else NIGHT) if is_working_day else WEEKEND
            pieces.append((start, end, closed, ""))
        return sorted(pieces)

    def _refuse_a_year_without_working_time(self) -> None:
        years = {*_ONE_CYCLE_OF_YEARS, *(each.day.year for each in self.holidays)}
        for year in sorted(years):
            first = date(year, 1, 1).toordinal() - _EPOCH_ORDINAL
            days = range(first, first + 365 + isleap(year))
            if not any(map(self._open_on, days)):
                raise NoWorkingTime("support_windows", year)


@lru_cache(maxsize=1024)
def calendar_of(
    time_zone: str, windows: tuple[Window, ...], holidays: tuple[Holiday, ...] = ()
) -> Calendar:
    """The calendar of these terms; equal terms share one and its laid out timeline."""
    return Calendar(time_zone, windows, holidays)


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


def _constant_offsets(
    zone: tzinfo, start: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """``[start, end)`` cut where the zone's offset changes: ``(start, end, offset)``."""

    def offset_at(seconds: int) -> int:
        return datetime.fromtimestamp(seconds, zone).utcoffset() // timedelta(seconds=1)

    piece_start, offset = start, offset_at(start)
    for day_start in range(start, end, DAY):
        day_end = min(day_start + DAY, end)
        if (next_offset := offset_at(day_end)) == offset:
            continue
        # The first second with another offset, found by halving the day.
        change = bisect_left(
            range(day_start, day_end),
            True,
            key=lambda second, before=offset: offset_at(second) != before,
        )
        yield piece_start, day_start + change, offset
        piece_start, offset = day_start + change, next_offset
    yield piece_start, end, offset


def _refuse_overlaps(windows: Iterable[Window]) -> None:
    """Windows may touch but not overlap, across midnight and the turn of the week too."""
    ordered = sorted(windows)
    if not ordered:
        raise NoWorkingTime("support_windows", "any week")
    neighbours = [
        (one, other, (other.weekday - one.weekday) * DAY)
        for one, other in pairwise(ordered)
    ]
    if len(ordered) > 1:
        one, other = ordered[-1], ordered[0]
        turn_of_week = (7 + other.weekday - one.weekday) * DAY
        neighbours.append((one, other, turn_of_week))
    for one, other, apart in neighbours:
        if one.end > apart + other.start:
            raise OverlappingWindows("support_windows", other, other=one)


def _week_of(windows: Iterable[Window]) -> tuple[list[tuple[int, int]], ...]:
    """For each weekday the open pieces of that date, with what crossed its midnight."""
    week: tuple[list[tuple[int, int]], ...] = tuple([] for _ in range(7))
    for window in windows:
        week[window.weekday].append((window.start, min(window.end, DAY)))
        if window.end > DAY:
            week[(window.weekday + 1) % 7].append((0, window.end - DAY))
    for pieces in week:
        pieces.sort()
    return week


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


def _subtract_all(
    intervals: list[tuple[int, int]], cuts: Iterable[tuple[int, int]]
) -> list[tuple[int, int]]:
    for start, end in cuts:
        intervals = _subtract(intervals, start, end)
    return intervals
