"""CSV files as people's programs write them: rows of values, and every fault told.

UTF-8 with or without a byte order mark, any line ends, quoted line breaks. A row's
number is the line it starts on, as an editor shows it.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import itemgetter
from typing import Any

from beesender_support.cli.faults import Faults, quoted
from beesender_support.policy.errors import PolicyError

# How to open a file to read here: bytes that are no UTF-8 must survive to be told.
OPEN_OPTIONS = {
    "encoding": "utf-8-sig",
    "errors": "surrogateescape",
    "newline": "",
}
# Python 3.10 reads no row with a NUL, so until it is told a NUL looks like a broken byte.
_NUL, _STAND_IN = "\0", "\udc00"
Readers = Mapping[str, Callable[[str], Any]]


def read_rows(
    lines: Iterable[str], name: str, readers: Readers, faults: Faults
) -> Iterator[tuple[str, list]]:
    """Each sound row of ``lines`` as its place and the values of ``readers``' columns.

    Columns may be in any order; others are ignored, and so are blank lines.
    """
    rows = _rows(lines, name, faults)
    place, header = next(rows, (name, []))
    header = [column.strip().casefold() for column in header]
    if not _header_is_sound(header, place, readers, faults):
        return
    cells_of = itemgetter(*map(header.index, readers))
    for place, row in rows:
        if _is_sound(row, header, place, faults):
            values = _values(cells_of(row), place, readers, faults)
            if values is not None:
                yield place, values


def _rows(
    lines: Iterable[str], name: str, faults: Faults
) -> Iterator[tuple[str, list[str]]]:
    readable = (line.replace(_NUL, _STAND_IN) for line in lines)
    reader = csv.reader(readable, strict=True)
    line = 1
    try:
        for row in reader:
            if row:
                yield f"{name}, row {line}", row
            line = reader.line_num + 1
    except csv.Error as error:
        faults.tell(f"not CSV from here on: {error}", f"{name}, row {line}")


def _header_is_sound(
    header: list[str], place: str, readers: Readers, faults: Faults
) -> bool:
    needed = f"Needed: {', '.join(readers)}"
    counts = [header.count(column) for column in readers]
    if not any(counts):
        faults.tell(f"no header. {needed}", place)
        return False
    for column, count in zip(readers, counts, strict=True):
        if count != 1:
            what = "there twice" if count else "missing"
            faults.tell(f"column {column} is {what}. {needed}", place)
    return set(counts) == {1}


def _is_sound(row: list[str], header: list[str], place: str, faults: Faults) -> bool:
    """Whether ``row`` has a cell of text for each column; tells it if not."""
    whole = "".join(row)
    if len(row) != len(header):
        if len(row) > 1 or whole.strip():
            faults.tell(f"{len(row)} cells. Allowed: {len(header)}, as on top", place)
        return False
    if _is_text(whole):
        return True
    for column, cell in zip(header, row, strict=True):
        if not _is_text(cell):
            faults.tell(
                f"{column}: {quoted(cell.replace(_STAND_IN, _NUL))} is not valid."
                " Allowed: UTF-8 text without NUL.",
                place,
            )
    return False


def _is_text(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _values(
    cells: tuple[str, ...], place: str, readers: Readers, faults: Faults
) -> list | None:
    """What ``readers`` make of ``cells``; None, and every fault told, if one is wrong."""
    try:
        return [read(cell) for read, cell in zip(readers.values(), cells, strict=True)]
    except PolicyError:
        for read, cell in zip(readers.values(), cells, strict=True):
            faults.read(read, cell, place)
        return None
