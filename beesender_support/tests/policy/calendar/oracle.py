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
    second, day = _second_of_day(local), local.date()
    is_working_day = any(
        each.weekday == local.weekday() for each in calendar.windows
    ) or any(each.day == day for each in calendar.working_days)
    is_weekly_open = _is_weekly_open(calendar, local.weekday(), second)
    working = _working_days_at(calendar, day, second)
    closing = _closing_at(calendar, day, second)
    is_whole_day_off = any(
        length == SECONDS_OF_DAY for length, _ in closing
    ) and not any(each.day == day for each in calendar.working_days)
    if closing and (is_weekly_open or working or (is_working_day and is_whole_day_off)):
        return "holiday", {description for _, description in closing}
    if is_weekly_open:
        return "counted", {""}
    if working:
        return "counted", working
    if not is_working_day:
        return "weekend", {""}
    open_times = [
        *_weekly_open_times(calendar, local.weekday()),
        *((start, end) for start, end, _ in _worked_times(calendar, day)),
    ]
    is_between = any(start > second for start, _ in open_times) and any(
        end <= second for _, end in open_times
    )
    return ("break" if is_between else "night"), {""}


def is_open_at(calendar: Calendar, local: datetime) -> bool:
    """Whether a wall time lies in a weekly window or on a working day, and on no
    holiday."""
    second, day = _second_of_day(local), local.date()
    is_open = _is_weekly_open(calendar, local.weekday(), second) or bool(
        _working_days_at(calendar, day, second)
    )
    return is_open and not _closing_at(calendar, day, second)


def _closing_at(calendar: Calendar, day: date, second: int) -> list[tuple[int, str]]:
    """Length and description of the holidays that close a second of a day."""
    of_the_day = [each for each in calendar.working_days if each.day == day]
    outweighs_whole_days = any(
        each.start is None or each.start <= second < each.end for each in of_the_day
    )
    return [
        (end - start, description)
        for start, end, description in _holidays_on(calendar, day)
        if start <= second < end
        and not (end - start == SECONDS_OF_DAY and outweighs_whole_days)
    ]


def _working_days_at(calendar: Calendar, day: date, second: int) -> set[str]:
    """The descriptions of the working days that open a second of a day."""
    return {
        description
        for start, end, description in _worked_times(calendar, day)
        if start <= second < end
    }


def _worked_times(calendar: Calendar, day: date) -> Iterator[tuple[int, int, str]]:
    """What working days open on a day, in its seconds, by description."""
    for each in calendar.working_days:
        later = (day - each.day).days * SECONDS_OF_DAY
        if each.start is not None:
            windows = [(each.start, each.end)]
        else:
            windows = _windows_of_nearest_weekday(calendar, each.day)
        for start, end in windows:
            start, end = max(start - later, 0), min(end - later, SECONDS_OF_DAY)
            if later >= 0 and start < end:
                yield start, end, each.description


def _windows_of_nearest_weekday(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    """Those a working day without times takes: none where its weekday has its own."""
    back = 0
    while True:
        nearest = (day - timedelta(days=back)).weekday()
        windows = [
            (each.start, each.end)
            for each in calendar.windows
            if each.weekday == nearest
        ]
        if windows:
            return windows if back else []
        back += 1


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
