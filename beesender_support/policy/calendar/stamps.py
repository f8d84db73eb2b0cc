"""Dates and times as text: one strict form, read the same by every version of Python.

Accepted are ``2026-11-20T17:30:00+03:00`` and its shorter forms: a blank for the ``T``,
no seconds, a fraction of a second, ``Z``, ``+03`` or ``+0300`` for the offset, a blank
before it. Python's own parser accepts much more, and more with each version: any letter
for the ``T``, an offset for a time of day, weeks for dates. A stamp misread as another
instant is worse than a refusal.
"""

import re
from datetime import date, datetime, timedelta, timezone

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_STAMP = re.compile(
    f"({_DAY})[T ]((?:[01][0-9]|2[0-3]):[0-5][0-9])(?:(:[0-5][0-9])([.][0-9]+)?)?"
    "(?: ?([Zz]|([+-])([0-9]{2})(?::?([0-5][0-9]))?))?"
)
# The form that programs write, which every Python parses fast: most stamps of a long
# file.
_USUAL = f"{_DAY}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_USUAL_OFFSET = "[+-](?:0[0-9]|1[0-3]):[0-5][0-9]"
_USUAL_STAMP = re.compile(f"{_USUAL}(?:{_USUAL_OFFSET})?")
_USUAL_STAMP_WITH_OFFSET = re.compile(_USUAL + _USUAL_OFFSET)
_DATE = re.compile(_DAY)
# No clock on earth is further from UTC.
_LARGEST_OFFSET = timedelta(hours=14)
_UTC = {"Z", "z", "+00:00"}
_MICROSECOND_DIGITS = 6


def is_usual_stamp(text: str) -> bool:
    """Whether it is of the form that programs write, with an offset: such a one
    ``datetime.fromisoformat`` reads as ``read_stamp`` does."""
    return _USUAL_STAMP_WITH_OFFSET.fullmatch(text) is not None


def read_stamp(text: str) -> datetime:
    """The date and time ``text``; naive if it has no offset. Raises ValueError.

    Digits beyond the microsecond are cut off.
    """
    if _USUAL_STAMP.fullmatch(text):
        return datetime.fromisoformat(text)
    stamp = _STAMP.fullmatch(text)
    if stamp is None:
        raise ValueError(f"{text!r} is not a date and time")
    day, clock, seconds, fraction, zone, sign, hours, minutes = stamp.groups()
    moment = datetime.fromisoformat(f"{day}T{clock}{seconds or ':00'}")
    if fraction:
        digits = fraction[1 : _MICROSECOND_DIGITS + 1].ljust(_MICROSECOND_DIGITS, "0")
        moment = moment.replace(microsecond=int(digits))
    if zone is None:
        return moment
    if zone in _UTC:
        return moment.replace(tzinfo=timezone.utc)
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    if offset > _LARGEST_OFFSET:
        raise ValueError(f"{text!r} has an offset of more than 14 hours")
    return moment.replace(tzinfo=timezone(-offset if sign == "-" else offset))


def read_date(text: str) -> date:
    """The date ``text``, as in 2026-12-31. Raises ValueError."""
    if _DATE.fullmatch(text):
        return date.fromisoformat(text)
    raise ValueError(f"{text!r} is not a date")
