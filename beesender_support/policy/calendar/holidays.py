"""Holidays: dates, whole or in part, on which support is closed."""

from dataclasses import dataclass
from datetime import date

from beesender_support.policy.calendar.windows import DAY, clock_text
from beesender_support.policy.errors import InvalidHoliday

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
