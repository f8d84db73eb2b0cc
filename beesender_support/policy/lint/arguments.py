"""The values of a finding's sentence as plain values for JSON, and back: it is stored in
no language, and rendered in that of whoever reads it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from beesender_support.policy.calendar.windows import Window
from beesender_support.policy.sentences import (
    Contact,
    Elapsed,
    Field,
    Given,
    Name,
    Sentence,
    TierName,
)

Plain = Any
_PLAIN = (str, int, bool, type(None))


def as_plain(values: Mapping[str, Any]) -> dict[str, Plain]:
    """A value of another type than text or a whole number is a list: the name of its
    type, and what it is made of. What is unknown is written as its text."""
    return {name: _plain(value) for name, value in values.items()}


def from_plain(stored: Mapping[str, Plain]) -> dict[str, Any]:
    """The reverse; raises KeyError, TypeError or ValueError on other data."""
    return {name: _value(each) for name, each in stored.items()}


def _plain(value: Any) -> Plain:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind.__name__ not in _PARTS:
        return str(value)
    taken_apart, _made = _PARTS[kind.__name__]
    return [kind.__name__, taken_apart(value)]


def _value(stored: Plain) -> Any:
    if not isinstance(stored, list):
        return stored
    name, parts = stored
    return _PARTS[name][1](parts)


def _listed(values: tuple[Any, ...]) -> list[Plain]:
    return [_plain(each) for each in values]


def _from_listed(stored: list[Plain]) -> tuple[Any, ...]:
    return tuple(map(_value, stored))


# By the name of a type: what it is taken apart into, and made of again.
_PARTS: Mapping[str, tuple[Callable[[Any], Plain], Callable[[Any], Any]]] = {
    "TierName": (str, TierName),
    "Name": (str, Name),
    "Contact": (str, Contact),
    "Field": (
        lambda field: [field.name, field.row],
        lambda parts: Field(*parts),
    ),
    "Given": (
        lambda given: _plain(given.value),
        lambda stored: Given(_value(stored)),
    ),
    "date": (date.isoformat, date.fromisoformat),
    "datetime": (datetime.isoformat, datetime.fromisoformat),
    "Elapsed": (
        timedelta.total_seconds,
        lambda seconds: Elapsed(seconds=seconds),
    ),
    "Window": (
        lambda window: [window.weekday, window.start, window.end],
        lambda parts: Window(*parts),
    ),
    "tuple": (_listed, _from_listed),
    "Sentence": (
        lambda sentence: [sentence.template, as_plain(sentence.context)],
        lambda parts: Sentence(parts[0], from_plain(parts[1])),
    ),
}
