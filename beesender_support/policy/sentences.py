"""Sentences people read: a template to translate, and the values that fill it.

A sentence holds only values, no finished text: the renderer decides how a channel, a
date, a duration or a list is written for its reader. One class, ``Renderer``, does so
by the types of the values. ``ENGLISH`` is that of the command; a site has one for each
language.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

_STOP = "."

Format = Callable[[Any], str]


# Values that are more than the text, number or time they look like


class Name(str):
    """A name that a site may have in the reader's language, such as a category's."""


class Channel(str):
    """The code of a channel, such as ``email``."""


class Channels(frozenset[str]):
    """Codes of channels. The renderer decides their order."""


class TierName(str):
    """The name of a tier, which a site may show by a title."""


class Contact(str):
    """A contact: an address, or on a site the name of the record that has the full name."""


class SupportTime(timedelta):
    """Support time that passed, or is left: in whole minutes, however few."""

    @classmethod
    def of(cls, length: timedelta) -> "SupportTime":
        return cls(length.days, length.seconds, length.microseconds)


class Elapsed(SupportTime):
    """Time between two instants, whether support was open or not."""


class Field(str):
    """A field by its code, and the row of a table where it stands in one."""

    name: str
    row: str

    def __new__(cls, name: str, row: str = "") -> "Field":
        field = super().__new__(cls, f"{name} {row}".rstrip())
        field.name, field.row = name, row
        return field


class Given(NamedTuple):
    """A value as it was given, which a reader's language may put in quotes."""

    value: object


# Sentences


def marked(template: str) -> str:
    """Mark a template for translation without translating it here."""
    return template


class Sentence(NamedTuple):
    """``str()`` gives it in English; a ``Renderer`` in any language.

    ``context`` holds the values by the names, or the numbers, of the template's fields.
    """

    template: str
    context: Mapping[Any, Any] = {}

    def __str__(self) -> str:
        return ENGLISH.render(self)


@dataclass(frozen=True, slots=True)
class Renderer:
    """How sentences are written for a reader.

    ``formats`` says by type how a value is written; a type without a format is written
    like the nearest type above it, and in the end as ``str`` writes it. ``translate``
    takes a template and ``join`` the texts of a list.
    """

    formats: Mapping[type, Format]
    translate: Callable[[str], str] = str
    join: Callable[[Sequence[str]], str] = ", ".join
    _format_by_type: dict[type, Format] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def render(self, sentence: Sentence) -> str:
        return self._filled(self.translate(sentence.template), sentence.context)

    def fill(self, template: str, /, *values: object, **named: object) -> str:
        """``template.format(...)`` without a second full stop behind a value that ends
        in one, such as "Acme Inc." or a date in Russian.

        ``template`` is translated already. Only plain fields such as ``{0}``, ``{}`` and
        ``{name}`` are filled.
        """
        return self._filled(template, {**dict(enumerate(values)), **named})

    def show(self, value: object) -> str:
        """A value as the reader writes it; text is what it is."""
        kind = type(value)
        write = self._format_by_type.get(kind)
        if write is None:
            write = self._format_by_type[kind] = self._format_of(kind)
        return write(value)

    def _filled(self, template: str, values: Mapping[Any, object]) -> str:
        text = []
        for literal, key, is_last_word in _parts_of(template):
            text.append(literal)
            if key is None:
                continue
            value = self.show(values[key])
            ends_twice = is_last_word and value.endswith(_STOP) and value != _STOP
            text.append(value[:-1] if ends_twice else value)
        return "".join(text)

    def _format_of(self, kind: type) -> Format:
        for each in kind.__mro__:
            if each in self.formats:
                return self.formats[each]
        if issubclass(kind, Sentence):
            return self.render
        if issubclass(kind, Given):
            return lambda given: self.show(given.value)
        if issubclass(kind, tuple):
            return lambda values: self.join([self.show(each) for each in values])
        return str

    def showing(self, formats: Mapping[type, Format]) -> "Renderer":
        """The same, but for values of the types that ``formats`` names."""
        return replace(self, formats={**self.formats, **formats})


@lru_cache(maxsize=512)
def _parts_of(template: str) -> tuple[tuple[str, int | str | None, bool], ...]:
    """Each literal, the field behind it, and whether a full stop follows the field."""
    parsed = list(Formatter().parse(template))
    following = [literal for literal, *_rest in parsed[1:]] + [""]
    counted = iter(range(len(parsed)))
    parts = []
    for (literal, name, *_rest), after in zip(parsed, following, strict=True):
        key: int | str | None = name
        if name == "":
            key = next(counted)
        elif name is not None and name.isdecimal():
            key = int(name)
        parts.append((literal, key, after.startswith(_STOP)))
    return tuple(parts)


# English, as the command prints it


_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_WITH_SECONDS = len("2026-11-23 12:30:00")


def _moment(at: datetime) -> str:
    text = at.isoformat(" ", "seconds")[:_WITH_SECONDS].removesuffix(":00")
    return f"{_WEEKDAYS[at.weekday()]} {text}"


def _length(length: timedelta) -> str:
    """``4 h``, ``1 h 30 min`` or ``15 min``: nobody reads a quarter of an hour as 0.25."""
    minutes, seconds = divmod(round(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    units = ((hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in units if number) or "0 min"


ENGLISH = Renderer(
    {
        datetime: _moment,
        timedelta: _length,
        float: "{:g}".format,
        Decimal: lambda number: f"{number.normalize():f}",
        Channels: lambda channels: ", ".join(sorted(channels)),
    }
)
