"""What a JSON text must look like: checked with all faults found, and told as a schema.

A form is declared once. ``faults`` says what of a text is not of that form, and
``schema`` is the same as JSON Schema, for whoever reads such files with other tools.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from beesender_support.policy.calendar.holidays import FIRST_YEAR, LAST_YEAR
from beesender_support.policy.calendar.stamps import read_date, read_stamp
from beesender_support.policy.errors import InvalidValue, PolicyError

Schema = dict[str, Any]
_NOTHING = "nothing"
# No support time is as long, in seconds or otherwise.
_BEYOND = 10**12
_INSTANT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]+)?Z$"


class Form(Protocol):
    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        """What is wrong with ``value``, which stands at ``place``; each fault once."""

    def schema(self) -> Schema:
        """The same as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Plain:
    """A value by itself; ``allowed`` names what it may be."""

    allowed: str
    is_one: Callable[[Any], bool]
    said: Mapping[str, Any]

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        if not self.is_one(value):
            yield InvalidValue(place, value, allowed=self.allowed)

    def schema(self) -> Schema:
        return dict(self.said)


def _is_number(value: object) -> bool:
    # Python calls True a number; JSON does not.
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return abs(value) < _BEYOND


def _is_instant(value: object) -> bool:
    if not (isinstance(value, str) and "T" in value and value.endswith("Z")):
        return False
    return _reads(read_stamp, value)


def _is_day(value: object) -> bool:
    return isinstance(value, str) and _reads(read_date, value)


def _reads(read: Callable[[str], date], text: str) -> bool:
    """Whether it is a date of the years that calendars know."""
    try:
        return FIRST_YEAR <= read(text).year <= LAST_YEAR
    except ValueError:
        return False


TEXT = Plain("text", lambda value: isinstance(value, str), {"type": "string"})
FLAG = Plain(
    "true or false", lambda value: isinstance(value, bool), {"type": "boolean"}
)
NUMBER = Plain("a number", _is_number, {"type": "number"})
WHOLE = Plain(
    "a whole number, zero or more",
    lambda value: _is_number(value) and value == int(value) >= 0,
    {"type": "integer", "minimum": 0},
)
INSTANT = Plain(
    "an instant in UTC, such as 2026-11-20T14:30:00Z",
    _is_instant,
    {"type": "string", "pattern": _INSTANT},
)
DAY = Plain("a date, such as 2026-11-20", _is_day, {"type": "string", "format": "date"})
ANYTHING = Plain("anything", lambda _value: True, {})


def exactly(value: object) -> Plain:
    return Plain(repr(value), lambda given: _is_same(given, value), {"const": value})


def one_of(*codes: str) -> Plain:
    return Plain(", ".join(codes), lambda value: value in codes, {"enum": [*codes]})


def _is_same(given: object, value: object) -> bool:
    return type(given) is type(value) and given == value


@dataclass(frozen=True, slots=True)
class Maybe:
    """The same, or null."""

    form: Form

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        if value is not None:
            yield from self.form.faults(value, place)

    def schema(self) -> Schema:
        return {"anyOf": [self.form.schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class ListOf:
    form: Form

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        if not isinstance(value, list):
            yield InvalidValue(place, value, allowed="a list")
            return
        for number, each in enumerate(value):
            yield from self.form.faults(each, f"{place}[{number}]")

    def schema(self) -> Schema:
        return {"type": "array", "items": self.form.schema()}


class Row(tuple[Form, ...]):
    """A list with a value of its own form at each position."""

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        if not (isinstance(value, list) and len(value) == len(self)):
            yield InvalidValue(place, value, allowed=f"a list of {len(self)} values")
            return
        for number, (form, each) in enumerate(zip(self, value, strict=True)):
            yield from form.faults(each, f"{place}[{number}]")

    def schema(self) -> Schema:
        return {
            "type": "array",
            "prefixItems": [each.schema() for each in self],
            "minItems": len(self),
            "maxItems": len(self),
        }


@dataclass(frozen=True, slots=True)
class ByName:
    """Values of one form by names that the form does not know."""

    form: Form

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        if not isinstance(value, dict):
            yield InvalidValue(place, value, allowed="an object")
            return
        for name, each in value.items():
            yield from self.form.faults(each, f"{place}.{name}")

    def schema(self) -> Schema:
        return {"type": "object", "additionalProperties": self.form.schema()}


@dataclass(frozen=True, slots=True)
class Record:
    """Values by name: all of ``fields``, perhaps some of ``more``, and no others."""

    fields: Mapping[str, Form]
    more: Mapping[str, Form]

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        if not isinstance(value, dict):
            yield InvalidValue(place or "-", value, allowed="an object")
            return
        known = {**self.fields, **self.more}
        for name, form in known.items():
            where = f"{place}.{name}" if place else name
            if name in value:
                yield from form.faults(value[name], where)
            elif name in self.fields:
                yield InvalidValue(where, _NOTHING, allowed="a value")
        for name in value:
            if name not in known:
                where = f"{place}.{name}" if place else str(name)
                yield InvalidValue(where, value[name], allowed=_NOTHING)

    def schema(self) -> Schema:
        known = {**self.fields, **self.more}
        return {
            "type": "object",
            "properties": {name: form.schema() for name, form in known.items()},
            "required": [*self.fields],
            "additionalProperties": False,
        }


def record(**fields: Form) -> Record:
    return Record(fields, {})


@dataclass(frozen=True, slots=True)
class Named:
    """A form that is said once, under ``name`` in the definitions of a schema, so that it
    may hold itself."""

    name: str
    form: Callable[[], Form]

    def faults(self, value: object, place: str) -> Iterator[PolicyError]:
        yield from self.form().faults(value, place)

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}
