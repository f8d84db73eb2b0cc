"""Dates and times as other systems export them.

Besides the strict form of ``calendar.stamps``: ``20.11.2026 17:30``, the day first as
everywhere with dots; ``20/Nov/26 5:30 PM`` with the name of a month in English or
Russian; and ``11/20/2026``, of which it has to be said whether the day or the month
comes first, unless only one of the two is possible. A year of two digits is of this
century.
"""

import re
from datetime import date, datetime, time, tzinfo
from enum import Enum

from beesender_support.policy.calendar.holidays import FIRST_YEAR, LAST_YEAR
from beesender_support.policy.calendar.stamps import read_date, read_stamp
from beesender_support.policy.errors import (
    AmbiguousDate,
    InvalidValue,
    NaiveInstant,
    OutOfReach,
)

_FORM = re.compile(
    r"(?P<first>[0-9]{1,2})(?P<stroke>[./-])(?P<second>[0-9]{1,2}|[^\W\d_]{3,10})\.?"
    r"(?P=stroke)(?P<year>[0-9]{4}|[0-9]{2})"
    r"(?:,?[ T]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second_of_minute>[0-9]{2}))?"
    r"(?: ?(?P<half>[AaPp])\.?[Mm]\.?)?)?"
)
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "янв фев мар апр май июн июл авг сен окт ноя дек",
        "янв фев мар апр мая июн июл авг сен окт ноя дек",
    )
    for number, name in enumerate(names.split(), start=1)
}
_LETTERS_OF_A_MONTH = 3
_MONTHS_OF_A_YEAR = 12
_THIS_CENTURY = 2000
_NOON = 12
_ALLOWED = "a date such as 2026-11-20, 20.11.2026 or 20/Nov/2026"


class DateOrder(str, Enum):
    """What comes first in a date such as 03/04/2026."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"

    __str__ = str.__str__


def read_day(field: str, text: str, order: DateOrder | None = None) -> date:
    """The date ``text``; a time behind it does not count.

    Raises InvalidValue, and AmbiguousDate where ``order`` is needed to tell.
    """
    return _moment(field, text, order).date()


def read_instant(
    field: str, text: str, zone: tzinfo | None, order: DateOrder | None = None
) -> datetime:
    """The instant ``text``, to the second; without an offset it is in ``zone``.

    Raises as ``read_day``, and NaiveInstant where a zone is needed. A date alone is its
    first moment, which is all that such an export knows.
    """
    moment = _moment(field, text, order).replace(microsecond=0)
    if moment.tzinfo is not None:
        return moment
    if zone is None:
        raise NaiveInstant(field, text.strip())
    return moment.replace(tzinfo=zone)


def _moment(field: str, text: str, order: DateOrder | None) -> datetime:
    text = text.strip()
    moment = _strictly(text) or _loosely(field, text, order)
    if moment is None:
        raise InvalidValue(field, text, allowed=_ALLOWED)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise OutOfReach(field, text, first=FIRST_YEAR, last=LAST_YEAR)
    return moment


def _strictly(text: str) -> datetime | None:
    for read in (read_stamp, _first_moment):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _first_moment(text: str) -> datetime:
    return datetime.combine(read_date(text), time.min)


def _loosely(field: str, text: str, order: DateOrder | None) -> datetime | None:
    found = _FORM.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"])
    year += _THIS_CENTURY if len(found["year"]) < len("2026") else 0
    try:
        day, month = _day_and_month(field, text, found, order)
        return datetime.combine(date(year, month, day), _clock(found))
    except AmbiguousDate:
        raise
    except (KeyError, ValueError):
        return None


def _day_and_month(
    field: str, text: str, found: re.Match[str], order: DateOrder | None
) -> tuple[int, int]:
    first, second = int(found["first"]), found["second"]
    if not second.isdecimal():
        return first, _MONTHS[second[:_LETTERS_OF_A_MONTH].casefold()]
    other = int(second)
    if found["stroke"] == "." or other == first or first > _MONTHS_OF_A_YEAR:
        return first, other
    if other > _MONTHS_OF_A_YEAR or order is DateOrder.MONTH_FIRST:
        return other, first
    if order is None:
        raise AmbiguousDate(field, text)
    return first, other


def _clock(found: re.Match[str]) -> time:
    if found["hour"] is None:
        return time.min
    hour, half = int(found["hour"]), found["half"]
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError(f"{hour} is no hour of half a day")
        hour = hour % _NOON + (_NOON if half in "Pp" else 0)
    return time(hour, int(found["minute"]), int(found["second_of_minute"] or 0))
