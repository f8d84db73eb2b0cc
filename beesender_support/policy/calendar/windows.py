"""Support windows: the hours of a week in which support is open, by the local clock."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from beesender_support.policy.errors import (
    InvalidWindow,
    NoWorkingTime,
    OverlappingWindows,
)
from beesender_support.policy.sentences import Name
from beesender_support.policy.sentences import marked as _

MINUTE = 60
HOUR = 3_600
DAY = 86_400
WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
SHORT_WEEKDAYS = tuple(day[:3] for day in WEEKDAYS)


def clock_seconds(text: str) -> int:
    """Seconds after midnight of ``HH:MM`` or ``HH:MM:SS``; ``24:00`` is a day's end.

    Raises ValueError.
    """
    return _seconds_up_to(DAY, text)


def hours_between(opening: str, closing: str) -> tuple[int, int]:
    """Both in seconds after midnight; ``closing`` may be counted on, as ``clock_text``
    does, up to the end of the next day: ``30:00``. Raises ValueError."""
    return clock_seconds(opening), _seconds_up_to(2 * DAY, closing)


def _seconds_up_to(most: int, text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,2}):([0-5][0-9])(?::([0-5][0-9]))?", text.strip())
    seconds = (
        int(match[1]) * HOUR + int(match[2]) * MINUTE + int(match[3] or 0)
        if match
        else most + 1
    )
    if seconds > most:
        raise ValueError(f"{text!r} is not a time of day such as 09:00 or 24:00")
    return seconds


def clock_text(seconds: int) -> str:
    """``09:00`` for 32400; past midnight it continues to count: ``30:00``."""
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
        return self.described(WEEKDAYS)

    def described(self, weekdays: Sequence[str]) -> str:
        """``Monday 09:00-18:00``, with the names of ``weekdays``."""
        day = weekdays[self.weekday] if 0 <= self.weekday < 7 else self.weekday
        return f"{day} {self.hours}"

    @property
    def hours(self) -> str:
        """``09:00-18:00``."""
        return f"{clock_text(self.start)}-{clock_text(self.end)}"


AROUND_THE_CLOCK = tuple(Window(weekday, 0, DAY) for weekday in range(7))


@dataclass(frozen=True, slots=True)
class SupportHours:
    """The windows of a week, formatted as one line."""

    windows: tuple[Window, ...]
    _in_english: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_in_english", describe_windows(self.windows))

    def __str__(self) -> str:
        return self._in_english


def describe_windows(
    windows: Iterable[Window],
    weekdays: Sequence[str] = SHORT_WEEKDAYS,
    join_hours: Callable[[Sequence[str]], str] = " and ".join,
) -> str:
    """A week in one line: ``24/7``, or ``Mon-Fri 09:00-18:00, Sat 10:00-14:00``.

    ``weekdays`` are the names of the days, ``join_hours`` joins the hours of one day.
    """
    windows = tuple(sorted(windows))
    if windows == AROUND_THE_CLOCK:
        return "24/7"
    hours_of_day = {
        day: join_hours([each.hours for each in windows if each.weekday == day])
        for day in range(7)
    }
    runs: list[list[int]] = []
    for day, hours in hours_of_day.items():
        if runs and hours == hours_of_day[runs[-1][-1]]:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        "-".join(weekdays[day] for day in dict.fromkeys((run[0], run[-1])))
        + f" {hours_of_day[run[0]]}"
        for run in runs
        if hours_of_day[run[0]]
    )


def refuse_overlaps(windows: Iterable[Window]) -> None:
    """Windows may touch but not overlap, also across midnight and the end of the
    week."""
    ordered = sorted(windows)
    if not ordered:
        raise NoWorkingTime("support_windows", Name(_("any week")))
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


def week_of(windows: Iterable[Window]) -> tuple[list[tuple[int, int]], ...]:
    """For each weekday the open pieces of that date, including windows from the day
    before."""
    week: tuple[list[tuple[int, int]], ...] = tuple([] for _day in range(7))
    for window in windows:
        week[window.weekday].append((window.start, min(window.end, DAY)))
        if window.end > DAY:
            week[(window.weekday + 1) % 7].append((0, window.end - DAY))
    for pieces in week:
        pieces.sort()
    return week
