"""What a cell or an option may contain, and the value it stands for.

A reader takes a text and returns its value. It raises a PolicyError that names the
column and what is allowed there.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timezone, tzinfo
from functools import partial
from typing import Any

from beesender_support.policy.errors import (
    InvalidValue,
    NaiveInstant,
    OutOfReach,
    UnknownName,
    UnknownTimeZone,
)
from beesender_support.policy.tiers import CATALOGUE, CHANNELS
from beesender_support.policy.working_time import FIRST_YEAR, LAST_YEAR, time_zone

_AN_INSTANT = "a date and time such as 2026-11-20T17:30:00+03:00"
_SHORTEST_INSTANT = len("2026-11-20T17")


class Names(dict):
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
            raise UnknownName(self._column, text, allowed=", ".join(self)) from None

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
read_channel = Names("channel", {each: each for each in CHANNELS}).reader


def text_of(column: str) -> Callable[[str], str]:
    """A reader of any text but an empty one; blanks around it do not count."""

    def read(text: str) -> str:
        if text := text.strip():
            return text
        raise InvalidValue(column, text, allowed="any text, but not empty")

    return read


def instant_of(column: str, zone: tzinfo | None) -> Callable[[str], datetime]:
    """A reader of instants; those without an offset are read in ``zone`` if given."""
    return partial(_instant, column, zone)


def _instant(column: str, zone: tzinfo | None, text: str) -> datetime:
    instant = _date_and_time(column, text.strip())
    if not FIRST_YEAR <= instant.year <= LAST_YEAR:
        raise OutOfReach(column, text, first=FIRST_YEAR, last=LAST_YEAR)
    if instant.tzinfo is None:
        if zone is None:
            raise NaiveInstant(column, text)
        # In UTC, because two instants of one zone are compared by their wall clocks.
        return instant.replace(tzinfo=zone).astimezone(timezone.utc)
    return instant


def _date_and_time(column: str, text: str) -> datetime:
    try:
        if len(text) < _SHORTEST_INSTANT:
            raise ValueError("a date without a time")
        if text[-1] in "Zz":
            # Python 3.10 does not know this spelling of the offset.
            return datetime.fromisoformat(f"{text[:-1]}+00:00")
        return datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValue(column, text, allowed=_AN_INSTANT) from None


def date_of(column: str) -> Callable[[str], date]:
    """A reader of dates as in 2026-12-31."""

    def read(text: str) -> date:
        try:
            return date.fromisoformat(text.strip())
        except ValueError:
            raise InvalidValue(
                column, text, allowed="a date such as 2026-12-31"
            ) from None

    return read


def optional(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """A reader that takes an empty text for None."""

    def read_if_given(text: str) -> Any:
        return read(text) if text and not text.isspace() else None

    return read_if_given


def several(read: Callable[[str], Any]) -> Callable[[str], tuple]:
    """A reader of a list separated by semicolons; it may be empty."""

    def read_each(text: str) -> tuple:
        return tuple(read(each) for each in _parts(text))

    return read_each


def _parts(text: str) -> Iterable[str]:
    return (part.strip() for part in text.split(";") if part.strip())


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
