"""A second opinion on working time: asks every tick of the clock whether it counts.

Slow and plain on purpose. It shares no arithmetic with ``policy.calendar.calendar``: it has
its own zones, looks at one local wall time after another and adds up what it saw.

A tick is a number of seconds in which nothing changes. It must divide every edge of a
window or holiday, every offset and every change of offset that the timeline meets; one
minute does for zones of our days. The questions may fall anywhere inside a tick.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from functools import cached_property, lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

from beesender_support.policy.calendar.calendar import Calendar

SECONDS_OF_DAY = 24 * 60 * 60
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)


@lru_cache
def zone_called(name: str) -> tzinfo:
    """``GMT+5:45`` is ahead of UTC; any other name is one of the tz database."""
    if ahead := re.fullmatch(r"GMT([+-])(\d+)(?::(\d+))?", name):
        offset = timedelta(hours=int(ahead[2]), minutes=int(ahead[3] or 0))
        return timezone(offset if ahead[1] == "+" else -offset)
    with resources.files("tzdata").joinpath(f"zoneinfo/{name}").open("rb") as rules:
        return ZoneInfo.from_file(rules, key=name)


def why_not_open(calendar: Calendar, local: datetime) -> tuple[str, set[str]]:
    """The reason a wall time counts or not, and the descriptions that may go with it."""
    second = _second_of_day(local)
    starts_a_window = any(each.weekday == local.weekday() for each in calendar.windows)
    is_weekly_open = _is_weekly_open(calendar, local.weekday(), second)
    holidays = [
        (end - start, description)
        for start, end, description in _holidays_on(calendar, local.date())
        if start <= second < end
    ]
    is_whole_day_off = any(length == SECONDS_OF_DAY for length, _ in holidays)
    if holidays and (is_weekly_open or (starts_a_window and is_whole_day_off)):
        return "holiday", {description for _, description in holidays}
    if is_weekly_open:
        return "counted", {""}
    if not starts_a_window:
        return "weekend", {""}
    open_times = list(_weekly_open_times(calendar, local.weekday()))
    is_between = any(start > second for start, _ in open_times) and any(
        end <= second for _, end in open_times
    )
    return ("break" if is_between else "night"), {""}


def is_open_at(calendar: Calendar, local: datetime) -> bool:
    """Whether a wall time lies in a weekly window and on no holiday."""
    second = _second_of_day(local)
    return _is_weekly_open(calendar, local.weekday(), second) and not any(
        start <= second < end for start, end, _ in _holidays_on(calendar, local.date())
    )


def _second_of_day(local: datetime) -> int:
    return local.hour * 3600 + local.minute * 60 + local.second


def _is_weekly_open(calendar: Calendar, weekday: int, second: int) -> bool:
    return any(
        start <= second < end for start, end in _weekly_open_times(calendar, weekday)
    )


def _weekly_open_times(calendar: Calendar, weekday: int) -> Iterator[tuple[int, int]]:
    for window in calendar.windows:
        if window.weekday == weekday:
            yield window.start, min(window.end, SECONDS_OF_DAY)
        if window.weekday == (weekday - 1) % 7 and window.end > SECONDS_OF_DAY:
            yield 0, window.end - SECONDS_OF_DAY


def _holidays_on(calendar: Calendar, day: date) -> Iterator[tuple[int, int, str]]:
    for holiday in calendar.holidays:
        if holiday.day == day:
            yield holiday.start, holiday.end, holiday.description
    for yearly in calendar.yearly_holidays:
        if (yearly.month, yearly.day) == (day.month, day.day):
            yield 0, SECONDS_OF_DAY, yearly.description


@dataclass(frozen=True)
class Oracle:
    """What ``calendar`` does from ``start``, in UTC, for ``ticks`` of ``tick`` seconds."""

    calendar: Calendar
    start: datetime
    tick: int
    ticks: int

    @property
    def end(self) -> datetime:
        return self._first + self.ticks * self._tick

    @property
    def _first(self) -> datetime:
        return self.start - (self.start - EPOCH) % self._tick

    @property
    def _tick(self) -> timedelta:
        return timedelta(seconds=self.tick)

    @cached_property
    def _open_ticks(self) -> list[tuple[datetime, datetime]]:
        """The ticks that count, in UTC, the first one cut where the timeline starts."""
        zone = zone_called(self.calendar.time_zone)
        instants = (self._first + index * self._tick for index in range(self.ticks))
        return [
            (max(instant, self.start), instant + self._tick)
            for instant in instants
            if is_open_at(self.calendar, instant.astimezone(zone))
        ]

    def is_open(self, instant: datetime) -> bool:
        local = instant.astimezone(zone_called(self.calendar.time_zone))
        return is_open_at(self.calendar, local)

    def next_open(self) -> datetime | None:
        """The first working instant at or after the start; None if not in sight."""
        return next((opening for opening, _ in self._open_ticks), None)

    def add(self, duration: timedelta) -> datetime | None:
        """The earliest instant with ``duration`` of working time since the start."""
        if not duration:
            return self.next_open()
        for opening, closing in self._open_ticks:
            if duration <= closing - opening:
                return opening + duration
            duration -= closing - opening
        return None

    def between(self, end: datetime) -> timedelta:
        """Working time from the start to ``end``, which must be in sight."""
        assert end <= self.end
        counted = (
            min(closing, end) - opening
            for opening, closing in self._open_ticks
            if opening < end
        )
        return sum(counted, timedelta())
