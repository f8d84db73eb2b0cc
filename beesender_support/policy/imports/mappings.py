"""How a site's exports differ from what their system is known to write.

A mapping is plain data, such as a JSON file has, and every part of it may be left out::

    {
      "columns": {"tickets": {"opened_at": "Created", "customer": ["Client", "Account"]}},
      "words": {"tier": {"Gold": "Premium"}, "category": {"*": "Incident"}},
      "defaults": {"time_zone": "GMT+3", "channel": "email"},
      "dates": "day first"
    }

``columns`` go before those that are known of the source; ``words`` say what a word of
the other system means here, ``*`` standing for every other; ``defaults`` fill cells
that are empty or not there. ``contacts`` of a plan may be ``*``: all of the customer.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from beesender_support.policy.errors import InvalidValue, UnknownName
from beesender_support.policy.imports.dates import DateOrder
from beesender_support.policy.imports.sources import (
    FIELDS,
    KINDS,
    NEEDED,
    SOURCES,
    WORDED,
    Columns,
    Words,
)

EVERY_OTHER = "*"
_PARTS = ("columns", "words", "defaults", "dates")
_DEFAULTED = (
    "tier",
    "time_zone",
    "contacts",
    "category",
    "priority",
    "channel",
    "status",
)
# What an export says of a cell that is empty.
_NOTHING = ("", "-", "—")


@dataclass(frozen=True, slots=True)
class Layout:
    """What a file holds: its kind, and in which of its columns each field may be."""

    kind: str
    positions: Mapping[str, tuple[int, ...]]

    def cells_of(self, row: Sequence[str]) -> dict[str, str]:
        """The text of each field: the first of its columns that says something."""
        return {
            field: next(filter(None, (_cell(row, each) for each in positions)), "")
            for field, positions in self.positions.items()
        }


def _cell(row: Sequence[str], position: int) -> str:
    text = row[position].strip() if position < len(row) else ""
    return "" if text in _NOTHING else text


@dataclass(frozen=True, slots=True)
class ImportMapping:
    """What the columns and the words of a source mean; ``order`` is that of its dates."""

    columns: Columns
    words: Words
    defaults: Mapping[str, str]
    order: DateOrder | None = None

    @property
    def column_names(self) -> frozenset[str]:
        """Every name that a header may have."""
        return frozenset(
            name
            for fields in self.columns.values()
            for names in fields.values()
            for name in names
        )

    def layout_of(self, header: Sequence[str], kind: str | None = None) -> Layout:
        """What a file with this header holds, ``kind`` if that was said.

        ``header`` has its names in lower case. The kind is the one of which most fields
        are there. Raises InvalidValue if none or several could be meant, or if what a
        row cannot do without is missing.
        """
        layouts = [self._laid_out(each, header) for each in KINDS]
        if kind is None:
            most = max(len(each.positions) for each in layouts)
            likely = [each for each in layouts if len(each.positions) == most]
            sound = [each for each in likely if not _missing(each)]
            likely = sound or likely
        else:
            likely = [each for each in layouts if each.kind == kind]
        layout, *others = likely
        if not layout.positions:
            raise InvalidValue("columns", _listed(header), allowed=self._names(kind))
        if others:
            kinds = ", ".join(each.kind for each in likely)
            allowed = f"a kind before the name of the file, one of {kinds}"
            raise InvalidValue("columns", _listed(header), allowed=allowed)
        if missing := _missing(layout):
            wanted = "; ".join(self._wanted(layout.kind, each) for each in missing)
            allowed = f"{layout.kind} with {wanted}"
            raise InvalidValue("columns", _listed(header), allowed=allowed)
        return layout

    def word(self, field: str, text: str) -> str:
        """What the word of the source means here; itself if nothing is said of it."""
        words = self.words.get(field, {})
        return words.get(text.casefold()) or words.get(EVERY_OTHER) or text

    def _laid_out(self, kind: str, header: Sequence[str]) -> Layout:
        positions = {
            field: tuple(
                position
                for name in names
                for position, each in enumerate(header)
                if each == name
            )
            for field, names in self.columns[kind].items()
        }
        return Layout(kind, {field: at for field, at in positions.items() if at})

    def _wanted(self, kind: str, field: str) -> str:
        names = self.columns[kind].get(field)
        return f"{field} ({' or '.join(names)})" if names else field

    def _names(self, kind: str | None) -> str:
        kinds = [kind] if kind else KINDS
        return "; ".join(
            f"{each} by {', '.join(self._wanted(each, field) for field in NEEDED[each])}"
            for each in kinds
        )


def _missing(layout: Layout) -> list[str]:
    return [each for each in NEEDED[layout.kind] if each not in layout.positions]


def _listed(header: Sequence[str]) -> str:
    return ", ".join(filter(None, header)) or "nothing"


def mapping_of(source: str, stored: object = None) -> ImportMapping:
    """The mapping of a source, with what ``stored`` says first.

    Raises UnknownName and InvalidValue for what means nothing here.
    """
    if source not in SOURCES:
        raise UnknownName("source", source, allowed=tuple(SOURCES))
    known = SOURCES[source]
    said = _part("mapping", {} if stored is None else stored, _PARTS)
    columns = _part("columns", said.get("columns", {}), KINDS)
    words = _part("words", said.get("words", {}), WORDED)
    defaults = _part("defaults", said.get("defaults", {}), _DEFAULTED)
    return ImportMapping(
        columns={
            kind: _columns_of(kind, columns.get(kind, {}), known.columns[kind])
            for kind in KINDS
        },
        words={
            field: {
                **known.words.get(field, {}),
                **_words_of(field, words.get(field, {})),
            }
            for field in WORDED
        },
        defaults={field: _text(field, text) for field, text in defaults.items()},
        order=_order(said.get("dates")),
    )


def _columns_of(
    kind: str, stored: object, known: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    said = _part(kind, stored, FIELDS[kind])
    return {
        field: _names(field, said.get(field, ())) + known.get(field, ())
        for field in FIELDS[kind]
        if field in said or field in known
    }


def _names(field: str, stored: object) -> tuple[str, ...]:
    names = [stored] if isinstance(stored, str) else stored
    if not isinstance(names, (list, tuple)):
        raise InvalidValue(field, stored, allowed="the name of a column, or a list")
    return tuple(_text(field, each).casefold() for each in names)


def _words_of(field: str, stored: object) -> dict[str, str]:
    said = _part(field, stored, None)
    return {str(word).casefold(): _text(field, text) for word, text in said.items()}


def _part(
    name: str, stored: object, allowed: Collection[str] | None
) -> Mapping[str, Any]:
    if not isinstance(stored, Mapping):
        raise InvalidValue(name, stored, allowed="names and what they stand for")
    for each in stored:
        if allowed is not None and each not in allowed:
            raise UnknownName(name, each, allowed=tuple(allowed))
    return stored


def _text(field: str, stored: object) -> str:
    if isinstance(stored, str) and stored.strip():
        return stored.strip()
    raise InvalidValue(field, stored, allowed="any text, but not empty")


def _order(stored: object) -> DateOrder | None:
    if stored is None:
        return None
    try:
        return DateOrder(stored)
    except ValueError:
        orders = tuple(each.value for each in DateOrder)
        raise UnknownName("dates", stored, allowed=orders) from None
