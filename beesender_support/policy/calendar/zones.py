"""Time zones by name, and where the offset of one changes."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

import tzdata

from beesender_support.policy.calendar.windows import DAY
from beesender_support.policy.errors import UnknownTimeZone

_GMT_FORM = re.compile(
    r"(?:GMT|UTC)([+-])([0-9]{1,2})(?::([0-5][0-9]))?", re.IGNORECASE | re.ASCII
)


@lru_cache(maxsize=256)
def time_zone(name: str) -> tzinfo:
    """The zone called ``name``: an IANA name, or ``GMT+3`` (three hours AHEAD of UTC).

    The rules always come from the ``tzdata`` package, never from the machine, so that
    every machine counts the same and ``time_zone_database_version`` says by which
    rules. Raises UnknownTimeZone.
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


# Since when, in seconds since 1970, the local time is how many seconds ahead of UTC.
Offsets = tuple[tuple[int, int], ...]


@lru_cache(maxsize=1024)
def offsets_of(name: str, first_year: int) -> Offsets:
    """The offsets of a zone in two years, by UTC: those at their start, and each change.

    Empty for a form such as ``GMT+3``, whose rules no release of the tz database changes,
    and for years in which nothing is counted. Raises UnknownTimeZone.
    """
    zone = time_zone(name)
    if _GMT_FORM.fullmatch(name.strip()) or not 1900 <= first_year <= 9000:
        return ()
    start, end = (
        int(datetime(year, 1, 1, tzinfo=timezone.utc).timestamp())
        for year in (first_year, first_year + 2)
    )
    return tuple(
        (since, offset) for since, _until, offset in constant_offsets(zone, start, end)
    )


def _first_with_another_offset(seconds: range, offset_at: Callable[[int], int]) -> int:
    """The change of offset, found by bisection; the end if it changes only there."""
    before = offset_at(seconds.start)
    return seconds.start + bisect_left(
        seconds, True, key=lambda second: offset_at(second) != before
    )


def constant_offsets(
    zone: tzinfo, start: int, end: int
) -> Iterator[tuple[int, int, int]]:
    """``[start, end)`` cut where the zone's offset changes: ``(start, end, offset)``."""

    def offset_at(seconds: int) -> int:
        offset = datetime.fromtimestamp(seconds, zone).utcoffset()
        # Only a naive time has none.
        return offset // timedelta(seconds=1)  # type: ignore[operator]

    piece_start, offset = start, offset_at(start)
    for day_start in range(start, end, DAY):
        day_end = min(day_start + DAY, end)
        if (next_offset := offset_at(day_end)) == offset:
            continue
        change = _first_with_another_offset(range(day_start, day_end), offset_at)
        yield piece_start, change, offset
        piece_start, offset = change, next_offset
    yield piece_start, end, offset
