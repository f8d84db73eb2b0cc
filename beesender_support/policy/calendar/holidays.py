"""Holidays: dates, whole or in part, on which support is closed; and working days, on
which it is open beside its weekly windows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from beesender_support.policy.calendar.windows import DAY, clock_text
from beesender_support.policy.errors import InvalidHoliday, InvalidWorkingDay

FIRST_YEAR, LAST_YEAR = 1900, 2999


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

    @property
    def is_whole_day(self) -> bool:
        return (self.start, self.end) == (0, DAY)

    def __str__(self) -> str:
        part = f" {clock_text(self.start)}-{clock_text(self.end)}"
        return f"{self.day}{'' if self.is_whole_day else part}"


@dataclass(frozen=True, slots=True)
class WorkingDay:
    """Support works on a local date on which the week or a holiday closes it, such as a
    Saturday in exchange for a Monday.

    With times it is open in ``[start, end)`` seconds of that date as well. Without, a
    holiday of the whole date does not count, and the date has the windows of its own
    weekday; if none starts on that, those of the nearest weekday before it on which one
    does. A holiday of a part of the date closes that part either way.
    """

    day: date
    description: str = ""
    start: int | None = None
    end: int | None = None

    def __post_init__(self) -> None:
        hours = (self.start, self.end)
        if hours == (None, None):
            return
        if (
            self.start is None
            or self.end is None
            or not 0 <= self.start < self.end <= DAY
        ):
            raise InvalidWorkingDay("working_days", self)

    @property
    def hours(self) -> tuple[int, int] | None:
        """``[start, end)``; None where its weekday says when support is open."""
        if self.start is None or self.end is None:
            return None
        return self.start, self.end

    @property
    def order(self) -> tuple[date, str, int, int]:
        return self.day, self.description, self.start or 0, self.end or 0

    def __str__(self) -> str:
        hours = [each for each in (self.start, self.end) if each is not None]
        return f"{self.day} {'-'.join(map(clock_text, hours))}".strip()


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


class Days(NamedTuple):
    """The dates of a plan, or of one calendar, that differ from its week."""

    holidays: tuple[Holiday, ...] = ()
    working_days: tuple[WorkingDay, ...] = ()

    @property
    def dates(self) -> tuple[date, ...]:
        """Those of the holidays, then those of the working days."""
        return (
            *(each.day for each in self.holidays),
            *(each.day for each in self.working_days),
        )


def merged(own: Days, calendars: Iterable[Days]) -> Days:
    """The dates of a plan that takes some calendars beside its ``own`` dates.

    A date that the plan lists itself is taken from the plan alone. What two calendars
    list alike counts once, by the name that the first of them gives it.
    """
    listed = set(own.dates)
    holidays: dict[object, Holiday] = {}
    working_days: dict[object, WorkingDay] = {}
    for calendar in calendars:
        for holiday in calendar.holidays:
            if holiday.day not in listed:
                holidays.setdefault((holiday.day, holiday.start, holiday.end), holiday)
        for working in calendar.working_days:
            if working.day not in listed:
                working_days.setdefault((working.day, working.hours), working)
    return Days(
        (*own.holidays, *holidays.values()),
        (*own.working_days, *working_days.values()),
    )
