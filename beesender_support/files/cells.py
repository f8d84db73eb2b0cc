"""What a cell or an option may contain, and the value it stands for.

A reader takes a text and returns its value. It raises a PolicyError that names the
column and what is allowed there.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

from beesender_support.policy.calendar.holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    Holiday,
    WorkingDay,
)
from beesender_support.policy.calendar.stamps import (
    is_usual_stamp,
    read_date,
    read_stamp,
)
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    SHORT_WEEKDAYS,
    WEEKDAYS,
    Window,
    clock_seconds,
    hours_between,
)
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import (
    InvalidValue,
    NaiveInstant,
    OutOfReach,
    UnknownName,
    UnknownTimeZone,
)
from beesender_support.policy.mail.addresses import (
    address_of,
    mailboxes_in,
    normalize_address,
)
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.plan_state import PLAN_STATUSES
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import CHANNELS
from beesender_support.policy.sold.targets import Lengths

_AN_INSTANT = (
    "a date and time such as 2026-11-20T17:30:00+03:00, 2026-11-20 17:30 +0300"
    " or 2026-11-20T14:30:00Z"
)
_A_HOLIDAY = "a date such as 2026-12-31, or a part of one: 2026-12-31 14:00-24:00"
_A_WORKING_DAY = "a date such as 2026-12-26, or one with hours: 2026-12-26 09:00-18:00"
_ADDRESSES = (
    "addresses such as anna@acme.example, separated by semicolons, commas or lines"
)
_A_PAUSE = (
    "a start and an end such as 2026-11-20T10:00:00+03:00/2026-11-20T14:30:00+03:00;"
    " the end of the last may be empty"
)
_LENGTHS = "a priority and support hours such as P1=8, separated by semicolons"
_WINDOWS = "24/7, or days with their hours such as Mon-Fri 09:00-18:00, separated by semicolons"
_YES_OR_NO = {"yes": True, "no": False, "1": True, "0": False}
_DAYS_AND_HOURS = re.compile(
    r"([a-z]+)(?:\s*[-\u2013]\s*([a-z]+))?\s+([0-9:]+)\s*[-\u2013]\s*([0-9:]+)"
)
_HOLIDAY = re.compile(r"(\S+)(?:\s+([0-9:]+)\s*[-\u2013]\s*([0-9:]+))?")


class Names(dict[str, Any]):
    """A reader of names known to ``column``, without regard to case and blanks around.

    A dictionary, so that a name in its usual spelling costs one look-up.
    """

    def __init__(self, column: str, values: dict[str, Any]) -> None:
        super().__init__(values)
        self._column = column
        self._folded = {name.casefold(): value for name, value in values.items()}

    def __missing__(self, text: str) -> Any:
        try:
            return self._folded[text.strip().casefold()]
        except KeyError:
            raise UnknownName(self._column, text, allowed=tuple(self)) from None

    @property
    def reader(self) -> Callable[[str], Any]:
        return self.__getitem__


read_tier = Names("tier", {each.name: each for each in CATALOGUE.tiers}).reader
read_category = Names(
    "category", {each.name: each for each in CATALOGUE.categories}
).reader
read_priority = Names(
    "priority", {each.code: each.code for each in CATALOGUE.priorities}
).reader
read_status = Names("status", {each: each for each in PLAN_STATUSES}).reader


def channel_of(column: str, codes: Iterable[str] = CHANNELS) -> Callable[[str], str]:
    """A reader of the code of one of these channels."""
    return Names(column, {each: each for each in codes}).reader


def channels_of(column: str, codes: Iterable[str]) -> Callable[[str], frozenset[str]]:
    """A reader of a list of codes of these channels; it may be empty."""
    read = several(channel_of(column, codes))
    return lambda text: frozenset(read(text))


def yes_or_no(column: str) -> Callable[[str], bool]:
    """A reader of yes and no, or 1 and 0."""
    return Names(column, _YES_OR_NO).reader


def text_of(column: str) -> Callable[[str], str]:
    """A reader of any text but an empty one; blanks around it do not count."""

    def read(text: str) -> str:
        if text := text.strip():
            return text
        raise InvalidValue(column, text, allowed="any text, but not empty")

    return read


class DateCell(str):
    """The date and time of a spreadsheet's cell as text; ``moment`` is the value."""

    moment: datetime

    @classmethod
    def of(cls, moment: datetime, *, shows_time: bool) -> "DateCell":
        """The text has the time only if the cell shows it."""
        cell = cls(moment.isoformat() if shows_time else moment.date().isoformat())
        cell.moment = moment
        return cell


def instant_of(column: str, zone: tzinfo | None) -> Callable[[str], datetime]:
    """A reader of instants; those without an offset are read in ``zone`` if given.

    Fractions of a second are cut off: promises are exact to the second.
    """

    def read(text: str) -> datetime:
        if is_usual_stamp(text):
            instant = _usual_instant(column, text)
            if FIRST_YEAR <= instant.year <= LAST_YEAR:
                return instant
        instant = _instant(column, zone, text)
        return instant.replace(microsecond=0) if instant.microsecond else instant

    return read


def _usual_instant(column: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(column, text, allowed=_AN_INSTANT) from None


def exact_instant_of(column: str, zone: tzinfo | None) -> Callable[[str], datetime]:
    """As ``instant_of``, to the microsecond."""
    return partial(_instant, column, zone)


def _instant(column: str, zone: tzinfo | None, text: str) -> datetime:
    try:
        instant = read_stamp(text.strip())
    except ValueError:
        raise InvalidValue(column, text.strip(), allowed=_AN_INSTANT) from None
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise OutOfReach(column, text, first=FIRST_YEAR, last=LAST_YEAR)
    if instant.tzinfo is None:
        if zone is None:
            raise NaiveInstant(column, text)
        # In UTC, because two instants of one zone are compared by their wall clocks.
        return instant.replace(tzinfo=zone).astimezone(timezone.utc)
    return instant


def date_of(column: str) -> Callable[[str], date]:
    """A reader of dates as in 2026-12-31."""

    def read(text: str) -> date:
        if isinstance(text, DateCell) and text.moment.time() == time.min:
            return text.moment.date()
        try:
            return read_date(text.strip())
        except ValueError:
            raise InvalidValue(
                column, text, allowed="a date such as 2026-12-31"
            ) from None

    return read


def holiday_of(column: str) -> Callable[[str], Holiday]:
    """A reader of whole dates and of parts of one: 2026-12-31 14:00-24:00."""

    def read(text: str) -> Holiday:
        match = _HOLIDAY.fullmatch(text.strip())
        if match is None:
            raise InvalidValue(column, text, allowed=_A_HOLIDAY)
        day, start, end = match.groups()
        try:
            if start is None:
                return Holiday(_reachable(read_date(day)))
            hours = clock_seconds(start), clock_seconds(end)
            return Holiday(_reachable(read_date(day)), "", *hours)
        except ValueError:
            raise InvalidValue(column, text, allowed=_A_HOLIDAY) from None

    return read


def working_day_of(column: str) -> Callable[[str], WorkingDay]:
    """A reader of dates that are worked, with hours or without: 2026-12-26 09:00-18:00."""

    def read(text: str) -> WorkingDay:
        match = _HOLIDAY.fullmatch(text.strip())
        if match is None:
            raise InvalidValue(column, text, allowed=_A_WORKING_DAY)
        day, start, end = match.groups()
        try:
            if start is None:
                return WorkingDay(_reachable(read_date(day)))
            hours = clock_seconds(start), clock_seconds(end)
            return WorkingDay(_reachable(read_date(day)), "", *hours)
        except ValueError:
            raise InvalidValue(column, text, allowed=_A_WORKING_DAY) from None

    return read


def _reachable(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{day} is in no year that a calendar knows")
    return day


def asker_of(column: str) -> Callable[[str], str | None]:
    """A reader of who asks: the one address in the cell, None for an empty cell.

    A text without an address is returned as it is, for the caller to check.
    """
    only_one = "one address such as anna@acme.example"

    def read(text: str) -> str | None:
        parts = mailboxes_in(text)
        addresses = [address for address in map(address_of, parts) if address]
        if not addresses:
            return text.strip() if parts else None
        is_one = len(set(map(normalize_address, addresses))) == 1
        if len(addresses) < len(parts) or not is_one:
            raise InvalidValue(column, text, allowed=only_one)
        return addresses[0]

    # Who asks once asks again.
    @lru_cache(maxsize=4_096)
    def read_fast(text: str) -> str | None:
        return address_of(text) or read(text)

    return read_fast


def addresses_of(column: str) -> Callable[[str], tuple[str, ...]]:
    """A reader of lists of addresses, with or without names; it may be empty."""

    def read(text: str) -> tuple[str, ...]:
        return tuple(map(read_one, mailboxes_in(text)))

    def read_one(text: str) -> str:
        if address := address_of(text):
            return address
        raise InvalidValue(column, text, allowed=_ADDRESSES)

    return read


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader that takes an empty text for None."""

    def read_if_given(text: str) -> Any:
        return read(text) if text and not text.isspace() else None

    return read_if_given


class Pause(NamedTuple):
    """When support waited: ``[start, end)``; ``end`` is None while it still does."""

    start: datetime
    end: datetime | None

    def __str__(self) -> str:
        return "/".join(each.isoformat() if each else "" for each in self)


def pause_of(column: str, zone: tzinfo | None) -> Callable[[str], Pause]:
    """A reader of pauses: two instants, as ``instant_of`` reads them, with a stroke
    between; the second may be empty."""
    read_instant = instant_of(column, zone)
    read_end = optional(read_instant)

    def read(text: str) -> Pause:
        start, stroke, end = text.partition("/")
        if not stroke:
            raise InvalidValue(column, text, allowed=_A_PAUSE)
        pause = Pause(read_instant(start), read_end(end))
        if pause.end and pause.end < pause.start:
            raise InvalidValue(
                column, text, allowed="an end that is not before its start"
            )
        return pause

    return read


def pauses_of(column: str, zone: tzinfo | None) -> Callable[[str], tuple[Pause, ...]]:
    """A reader of lists of pauses, returned in order; they may touch, not overlap."""
    read_each = several(pause_of(column, zone))

    def read(text: str) -> tuple[Pause, ...]:
        if not text:
            return ()
        return in_order(column, read_each(text))

    return read


def in_order(column: str, pauses: Iterable[Pause]) -> tuple[Pause, ...]:
    """Raises InvalidValue for a pause that begins in another."""
    ordered = tuple(sorted(pauses, key=_start_and_length))
    for one, other in pairwise(ordered):
        if one.end is None or other.start < one.end:
            raise InvalidValue(
                column, other, allowed=f"a pause that does not overlap {one}"
            )
    return ordered


def _start_and_length(pause: Pause) -> tuple[datetime, bool, timedelta]:
    # An empty pause stands before one that begins with it.
    length = pause.end - pause.start if pause.end else timedelta()
    return pause.start, pause.end is None, length


def lengths_of(column: str) -> Callable[[str], Lengths]:
    """A reader of support hours by priority: ``P1=8;P2=16``; it may be empty."""
    read_one = Names(column, {each.code: each.code for each in CATALOGUE.priorities})

    def read_hours(text: str) -> tuple[str, str]:
        priority, _equal, hours = text.partition("=")
        if not hours.strip():
            raise InvalidValue(column, text, allowed=_LENGTHS)
        return read_one.reader(priority), hours.strip()

    read_each = several(read_hours)

    def read(text: str) -> Lengths:
        return limits.lengths_of(column, read_each(text))

    return read


def hours_of(column: str) -> Callable[[str], timedelta]:
    """A reader of support hours: ``16``."""
    return lambda text: limits.length_of(column, text)


def number_of(column: str, most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 0 on."""
    return lambda text: limits.whole_number(column, text, 0, most)


def windows_of(column: str) -> Callable[[str], tuple[Window, ...]]:
    """A reader of the hours of a week: ``24/7``, or ``Mon-Fri 09:00-18:00;Sat
    10:00-14:00``. Hours that end before they begin end on the next day; counted on past
    midnight, ``22:00-30:00``, they say the same."""

    def read_days(text: str) -> tuple[Window, ...]:
        match = _DAYS_AND_HOURS.fullmatch(text.casefold())
        if match is None:
            raise InvalidValue(column, text, allowed=_WINDOWS)
        first, last, opening, closing = match.groups()
        try:
            days = _weekdays(first, last or first)
            hours = hours_between(opening, closing)
        except ValueError:
            raise InvalidValue(column, text, allowed=_WINDOWS) from None
        return tuple(Window.on_the_clock(day, *hours) for day in days)

    read_each = several(read_days)

    def read(text: str) -> tuple[Window, ...]:
        if text.strip() == "24/7":
            return AROUND_THE_CLOCK
        return tuple(window for windows in read_each(text) for window in windows)

    return read


def _weekdays(first: str, last: str) -> Iterable[int]:
    """The days from one to the other, over the end of the week if need be."""
    one, other = _weekday(first), _weekday(last)
    return (day % 7 for day in range(one, other + 1 + (7 if other < one else 0)))


def _weekday(name: str) -> int:
    for names in (SHORT_WEEKDAYS, WEEKDAYS):
        folded = [each.casefold() for each in names]
        if name in folded:
            return folded.index(name)
    raise ValueError(f"{name!r} is no day of the week")


def several(read: Callable[[str], Any]) -> Callable[[str], tuple[Any, ...]]:
    """A reader of a list separated by semicolons, commas or lines; it may be empty."""

    def read_each(text: str) -> tuple[Any, ...]:
        return tuple(read(each) for each in _parts(text))

    return read_each


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in re.split("[;,\r\n]", text) if part.strip())


def zone_of(column: str) -> Callable[[str], tzinfo]:
    """A reader of time zones: Europe/Berlin or GMT+3."""

    def read(text: str) -> tzinfo:
        try:
            return time_zone(text.strip())
        except UnknownTimeZone:
            raise UnknownTimeZone(column, text) from None

    return read


def zone_name_of(column: str) -> Callable[[str], str]:
    """A reader of the names of time zones, as they were written."""
    read_zone = zone_of(column)

    def read(text: str) -> str:
        read_zone(text)
        return text.strip()

    return read
