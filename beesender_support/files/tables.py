"""Tables in files: rows of values from CSV files and workbooks, with every fault
reported."""

from codecs import BOM_UTF8
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from io import BufferedReader
from operator import itemgetter
from typing import Any, NamedTuple

from beesender_support.files.csv_files import (
    NUL,
    STAND_IN,
    Lines,
    is_known_encoding,
    lines_of_csv,
    names_in,
    rows_of_csv,
)
from beesender_support.files.faults import Faults, Place, quoted
from beesender_support.files.formulas import APOSTROPHE, as_it_was
from beesender_support.files.workbooks import (
    WORKBOOK_START,
    is_whole_workbook,
    rows_of_workbook,
)
from beesender_support.policy.errors import InvalidValue, PolicyError

Readers = Mapping[str, Callable[[str], Any]]
DEFAULT_ENCODING = "utf-8"

_LONGEST_MARK = 64
_SHOWN_COLUMNS = 12
_OLD_OFFICE_START = b"\xd0\xcf\x11\xe0"
_WEB_PAGE_STARTS = (b"<!doctype", b"<html", b"<table", b"<?xml")


def read_encoding(name: str) -> str:
    """The encoding called ``name``; UTF-8 for an empty name."""
    name = name.strip() or DEFAULT_ENCODING
    if is_known_encoding(name):
        return name
    raise InvalidValue("--encoding", name, allowed="utf-8, utf-16, cp1251 and others")


class Rows(NamedTuple):
    """The sound rows of a table: each its place and its values, read lazily.

    ``has_optional`` says whether the table has a column of those that it may lack.
    """

    has_optional: bool
    values: Iterator[tuple[Place, list[Any]]]


def read_rows(
    file: BufferedReader,
    name: str,
    encoding: str,
    readers: Readers,
    faults: Faults,
    may_lack: Collection[str] = (),
) -> Rows:
    """The values of ``readers``' columns in each row of ``file``, whose header is read
    at once.

    Columns may be in any order; others are ignored, and so are rows without text. Cells
    missing at the end of a row are empty, where a column may be. A column of
    ``may_lack``, which ``readers`` has last, is empty in each row if it is not there; if
    none of them is, rows have no values for them.
    """
    reported_before = faults.count
    rows = iter(_rows(file, name, encoding, readers, faults))
    if faults.count > reported_before:
        return Rows(False, iter(()))
    header = read_header(rows, name, readers, faults, may_lack)
    if header is None:
        return Rows(False, iter(()))
    return Rows(
        header.has_optional, sound_rows(rows, header, readers, faults, may_lack)
    )


class Header(NamedTuple):
    """The names of a table's columns, and whether one of those that it may lack is
    there."""

    columns: list[str]
    has_optional: bool


def read_header(
    rows: Iterator[tuple[Place, list[str]]],
    name: str,
    readers: Readers,
    faults: Faults,
    may_lack: Collection[str] = (),
) -> Header | None:
    """The first of ``rows`` that says anything; None after reporting what is wrong."""
    reported_before = faults.count
    place, header = next((each for each in rows if _is_said(each[1])), (name, []))
    if not header and faults.count > reported_before:
        return None
    columns = names_in(header)
    needed = [each for each in readers if each not in may_lack]
    if not _header_is_sound(columns, place, readers, needed, faults):
        return None
    return Header(columns, any(each in columns for each in may_lack))


def sound_rows(
    rows: Iterable[tuple[Place, list[str]]],
    header: Header,
    readers: Readers,
    faults: Faults,
    may_lack: Collection[str] = (),
) -> Iterator[tuple[Place, list[Any]]]:
    """As ``read_rows``, of the rows below ``header``."""
    if not header.has_optional:
        readers = {each: readers[each] for each in readers if each not in may_lack}
    return _sound_rows(rows, header.columns, readers, faults)


def csv_lines(
    file: BufferedReader, name: str, encoding: str, columns: Collection[str]
) -> Lines | None:
    """The lines of a CSV file; None of any other, and of one that starts with no text."""
    start = file.peek(_LONGEST_MARK)
    if start.startswith(WORKBOOK_START) and is_whole_workbook(file):
        return None
    if _refusal_of(start):
        return None
    return lines_of_csv(file, encoding, columns)


class Table(NamedTuple):
    """A table as it is: the names of its columns, and its rows, read lazily."""

    columns: list[str]
    rows: Iterator[tuple[Place, list[str]]]


def read_table(
    file: BufferedReader,
    name: str,
    encoding: str,
    columns: Collection[str],
    faults: Faults,
) -> Table:
    """The columns of ``file`` as its first row names them, and every row of text.

    ``columns`` are names that may be expected; there may be others, and two of one name.
    A row that is no text is reported and left out.
    """
    rows = iter(_rows(file, name, encoding, columns, faults))
    place, header = next((each for each in rows if _is_said(each[1])), (name, []))
    names = names_in(header)
    if not header:
        if not faults.count:
            faults.report("has no rows.", name)
    elif not _can_be_written("".join(header)):
        faults.report(f"no header. Found: {_found(names)}", place)
    return Table(names, _rows_of_text(rows, names, faults))


def _rows_of_text(
    rows: Iterable[tuple[Place, list[str]]], columns: list[str], faults: Faults
) -> Iterator[tuple[Place, list[str]]]:
    for place, row in rows:
        if not _is_said(row):
            continue
        named = [*columns, *([""] * (len(row) - len(columns)))][: len(row)]
        if _is_text(row, named, place, faults):
            yield place, list(map(as_it_was, row))


def _sound_rows(
    rows: Iterable[tuple[Place, list[str]]],
    columns: list[str],
    readers: Readers,
    faults: Faults,
) -> Iterator[tuple[Place, list[Any]]]:
    width = len(columns)
    columns = [*columns, *(each for each in readers if each not in columns)]
    fewest = _fewest_cells(columns, readers)
    cells_of = itemgetter(*map(columns.index, readers))
    for place, row in rows:
        text = "".join(row)
        if not text or text.isspace():
            continue
        if len(row) < fewest or _is_said(row[width:]):
            cells = f"{len(row)} cell{'' if len(row) == 1 else 's'}"
            what = f"{cells}. Allowed: {width}, as on top"
            faults.report(what, place, kind="cells")
            continue
        row = _filled(row, width, len(columns))
        if APOSTROPHE in text:
            row = list(map(as_it_was, row))
        if text.isascii() or _is_text(row, columns, place, faults):
            values = _values(cells_of(row), place, readers, faults)
            if values is not None:
                yield place, values


def _filled(row: list[str], width: int, count: int) -> list[str]:
    """The first ``width`` cells of ``row``, and empty ones up to ``count``."""
    if len(row) == width == count:
        return row
    cells = row[:width]
    return cells + [""] * (count - len(cells))


def _rows(
    file: BufferedReader,
    name: str,
    encoding: str,
    columns: Collection[str],
    faults: Faults,
) -> Iterable[tuple[Place, list[str]]]:
    start = file.peek(_LONGEST_MARK)
    if start.startswith(WORKBOOK_START) and is_whole_workbook(file):
        return rows_of_workbook(file, name, faults)
    if refusal := _refusal_of(start):
        faults.report(refusal, name)
        return iter(())
    return rows_of_csv(file, name, encoding, columns, faults)


def _refusal_of(start: bytes) -> str | None:
    """Why a file that begins like this is not a readable table."""
    if start.startswith(_OLD_OFFICE_START):
        return (
            "is an old Excel workbook (.xls) or one with a password. Save it in Excel as"
            " .xlsx without a password, or as CSV UTF-8."
        )
    if start.removeprefix(BOM_UTF8).lstrip().lower().startswith(_WEB_PAGE_STARTS):
        return (
            "is a web page, whatever its name says. Open it in Excel and save it as .xlsx"
            " or CSV UTF-8."
        )
    return None


def _is_said(row: list[str]) -> bool:
    if not row:
        return False
    text = "".join(row)
    return bool(text) and not text.isspace()


def _header_is_sound(
    columns: list[str],
    place: str | Place,
    readers: Readers,
    needed: Collection[str],
    faults: Faults,
) -> bool:
    names = f"Needed: {', '.join(needed)}"
    if not any(each in columns for each in needed):
        faults.report(f"no header. {names}. Found: {_found(columns)}", place)
        return False
    missing = [each for each in needed if each not in columns]
    twice = [each for each in readers if columns.count(each) > 1]
    for column in readers:
        if column in missing or column in twice:
            what = "missing" if column in missing else "there twice"
            faults.report(f"column {column} is {what}. {names}", place)
    return not missing and not twice


def _found(columns: list[str]) -> str:
    if columns and columns[0].encode(errors="ignore").startswith(
        WORKBOOK_START.lower()
    ):
        return "a workbook that is broken or cut short"
    if not _can_be_written("".join(columns)):
        return (
            "what is not UTF-8. If it is text, name its encoding, such as"
            " --encoding cp1251 or --encoding utf-16"
        )
    names = [quoted(each) for each in columns[:_SHOWN_COLUMNS] if each]
    return ", ".join(names) or "nothing"


def _fewest_cells(columns: list[str], readers: Readers) -> int:
    """How many cells a row must have so that those which must not be empty are there."""
    return 1 + max(
        columns.index(column)
        for column, read in readers.items()
        if not _takes_nothing(read)
    )


def _takes_nothing(read: Callable[[str], Any]) -> bool:
    try:
        read("")
    except PolicyError:
        return False
    return True


def _is_text(row: list[str], columns: list[str], place: Place, faults: Faults) -> bool:
    """Whether every cell of ``row`` is text; reports those that are not."""
    is_text = True
    for column, cell in zip(columns, row, strict=True):
        if not _can_be_written(cell):
            is_text = False
            faults.report(
                f"{column}: {quoted(cell.replace(STAND_IN, NUL))} is not valid. Allowed:"
                " UTF-8 text without NUL. If the file is in another encoding, name it,"
                " such as --encoding cp1251.",
                place,
                kind=f"{column} is no text",
            )
    return is_text


def _can_be_written(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _values(
    cells: tuple[str, ...], place: Place, readers: Readers, faults: Faults
) -> list[Any] | None:
    """What ``readers`` make of ``cells``; None, after reporting every fault, if one is
    wrong."""
    try:
        return [read(cell) for read, cell in zip(readers.values(), cells, strict=True)]
    except PolicyError:
        for read, cell in zip(readers.values(), cells, strict=True):
            faults.read(read, cell, place)
        return None
