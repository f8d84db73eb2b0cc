"""Instants of a decision record, always UTC, always with Z, and lengths, in seconds."""

from datetime import datetime, timedelta, timezone
from typing import Any

from beesender_support.policy.calendar.stamps import read_stamp

_OFFSET, _ZULU = "+00:00", "Z"


def as_text(at: datetime) -> str:
    return f"{at.astimezone(timezone.utc).isoformat().removesuffix(_OFFSET)}{_ZULU}"


def instant(text: str) -> datetime:
    """The reverse; ``text`` has an offset."""
    return read_stamp(text).astimezone(timezone.utc)


def maybe_text(at: datetime | None) -> str | None:
    return None if at is None else as_text(at)


def maybe_instant(text: str | None) -> datetime | None:
    return None if text is None else instant(text)


def maybe_seconds(length: timedelta | None) -> float | None:
    return None if length is None else length.total_seconds()


def maybe_length(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)


def in_utc(stored: Any) -> Any:
    """The same plain values, each instant among them as ``as_text`` writes it."""
    return _each_instant(stored, as_text)


def with_offsets(stored: Any) -> Any:
    """The same, each instant as the rest of the policy stores it."""
    return _each_instant(stored, datetime.isoformat)


def _each_instant(stored: Any, write: Any) -> Any:
    if isinstance(stored, dict):
        return {name: _each_instant(each, write) for name, each in stored.items()}
    if isinstance(stored, (list, tuple)):
        return [_each_instant(each, write) for each in stored]
    if isinstance(stored, str) and (at := _read(stored)):
        return write(at)
    return stored


def _read(text: str) -> datetime | None:
    """The instant that ``text`` is; None of any other text."""
    try:
        at = read_stamp(text)
    except ValueError:
        return None
    return None if at.utcoffset() is None else at
