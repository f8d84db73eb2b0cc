"""Sentences people read: a template to translate first, and what fills it afterwards.

What fills a template are values: who reads it decides how a length of time, an instant or
a week of support hours is written.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

_STOP = "."


class Name(str):
    """A name that a site may have in the reader's language, such as a category's."""


class SupportHours(str):
    """A week in one line, in English: ``Mon-Fri 09:00-18:00``."""


def marked(template: str) -> str:
    """Mark a template for translation without translating it here."""
    return template


class Sentence(NamedTuple):
    """``str()`` gives it in English; a site translates ``template`` and fills it in."""

    template: str
    context: Mapping[str, Any] = {}

    def __str__(self) -> str:
        named = {name: in_english(value) for name, value in self.context.items()}
        return fill(self.template, **named)


def fill(template: str, *values: object, **named: object) -> str:
    """``template.format(...)`` without a second full stop behind a name that ends in one,
    such as "Acme Inc." or a date in Russian.

    Only plain fields such as ``{0}``, ``{}`` and ``{name}`` are filled.
    """
    text = []
    for literal, key, is_last_word in _parts_of(template):
        text.append(literal)
        if key is None:
            continue
        value = str(values[key] if isinstance(key, int) else named[key])
        ends_twice = is_last_word and value.endswith(_STOP) and value != _STOP
        text.append(value[:-1] if ends_twice else value)
    return "".join(text)


def in_english(value: object) -> object:
    """A value as the command prints it."""
    if isinstance(value, str):
        return value
    if isinstance(value, timedelta):
        return _length(value)
    if isinstance(value, datetime):
        return f"{value:%a %Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return value


@lru_cache(maxsize=512)
def _parts_of(template: str) -> tuple[tuple[str, int | str | None, bool], ...]:
    """Each literal, the field behind it, and whether a full stop follows the field."""
    parsed = list(Formatter().parse(template))
    following = [literal for literal, *_rest in parsed[1:]] + [""]
    counted = iter(range(len(parsed)))
    parts = []
    for (literal, field, *_rest), after in zip(parsed, following, strict=True):
        key: int | str | None = field
        if field == "":
            key = next(counted)
        elif field is not None and field.isdecimal():
            key = int(field)
        parts.append((literal, key, after.startswith(_STOP)))
    return tuple(parts)


def _length(length: timedelta) -> str:
    """``4 h``, ``1 h 30 min`` or ``15 min``: nobody reads a quarter of an hour as 0.25."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    units = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in units if number) or "0 min"
