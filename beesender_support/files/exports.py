"""Exports of another system: files of customers, contacts, plans and tickets.

What a file holds is told by its header. Files are read in the order of what refers to
what, whatever order they are given in, and each row is decided by ``policy.imports``.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from io import BufferedReader
from typing import NamedTuple

from beesender_support.files.faults import Faults, KeptFaults, Place
from beesender_support.files.tables import Table, read_table
from beesender_support.policy.imports.doubts import Finding
from beesender_support.policy.imports.mappings import ImportMapping, Layout
from beesender_support.policy.imports.rows import Decided, Imported, Importing
from beesender_support.policy.imports.sources import CUSTOMERS, KINDS
from beesender_support.policy.sentences import Sentence

MADE, SKIPPED, IN_DOUBT = "made", "skipped", "in doubt"
# What a report of an import has for each finding.
REPORT_FIELDS = ("file", "row", "kind", "outcome", "reason", "said")
UNREADABLE = "unreadable"


class ExportFile(NamedTuple):
    """A file that is open; ``kind`` is what it holds, None to be told by its header."""

    name: str
    file: BufferedReader
    kind: str | None = None


class Export(NamedTuple):
    """A file whose header has been read."""

    name: str
    layout: Layout
    table: Table
    faults: KeptFaults


class RowDecided(NamedTuple):
    """A row of an export and what became of it."""

    place: Place
    kind: str
    value: Imported | None
    findings: tuple[Finding, ...]

    @property
    def outcome(self) -> str:
        if any(each.is_doubt for each in self.findings):
            return IN_DOUBT
        return SKIPPED if self.value is None else MADE


def open_exports(
    files: Sequence[ExportFile],
    mapping: ImportMapping,
    encoding: str,
    faults: Faults,
) -> list[Export]:
    """The files in the order in which they are to be read; those that are no export of
    the source are reported."""
    exports = []
    for name, file, kind in files:
        kept = KeptFaults()
        table = read_table(file, name, encoding, mapping.column_names, kept)
        for place, _kind, line in kept.kept:
            faults.report(line, place)
        if kept.count:
            continue
        layout = faults.attempt(partial(mapping.layout_of, table.columns, kind), name)
        if layout is not None:
            exports.append(Export(name, layout, table, kept))
    return sorted(exports, key=lambda each: KINDS.index(each.layout.kind))


def lists_customers(exports: Iterable[Export]) -> bool:
    """Whether there is a file of customers, so that others are not known."""
    return any(each.layout.kind == CUSTOMERS for each in exports)


def decided_rows(
    exports: Iterable[Export], importing: Importing
) -> Iterator[RowDecided]:
    """Each row of each file, decided; those that cannot be read are in doubt."""
    for export in exports:
        kind, layout = export.layout.kind, export.layout
        for place, row in export.table.rows:
            yield from _unreadable(export)
            decided: Decided = importing.decide(kind, layout.cells_of(row))
            yield RowDecided(place, kind, decided.value, decided.findings)
        yield from _unreadable(export)


def _unreadable(export: Export) -> Iterator[RowDecided]:
    kept, export.faults.kept = export.faults.kept, []
    for place, _kind, line in kept:
        at = place if isinstance(place, Place) else Place(place, 0)
        finding = Finding(UNREADABLE, Sentence("{line}", {"line": line}), True)
        yield RowDecided(at, export.layout.kind, None, (finding,))
