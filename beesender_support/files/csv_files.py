"""CSV files as people's programs write them, row by row.

Commas, semicolons or tabs, recognised by the header or named in a first line ``sep=;``;
UTF-8, UTF-16 and UTF-32 with a byte order mark, and without one UTF-8 or the encoding
that was named; any line ends, quoted line breaks, cells of any length. A row's number is
the line it starts on, as an editor shows it.
"""

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from io import BufferedReader, TextIOWrapper
from itertools import chain
from typing import NamedTuple

from beesender_support.files.faults import Faults, Place

# Python 3.10 reads no row with a NUL, so until it is reported a NUL looks like a broken
# byte.
NUL, STAND_IN = "\0", "\udc00"

_UTF_8 = "utf-8"
# UTF-32 first: its mark begins like that of UTF-16.
_ENCODING_BY_MARK = {
    BOM_UTF32_LE: "utf-32",
    BOM_UTF32_BE: "utf-32",
    BOM_UTF8: "utf-8-sig",
    BOM_UTF16_LE: "utf-16",
    BOM_UTF16_BE: "utf-16",
}
_DELIMITERS = ",;\t"
_SAYS_NOTHING = re.compile(r'[\s,;"]*')
_SEPARATOR_LINE = re.compile(r'\s*"?sep=([^"\r\n])"?[\s,;]*', re.IGNORECASE)
# The largest that is a C long everywhere.
_LONGEST_CELL = 2**31 - 1


def is_known_encoding(name: str) -> bool:
    """Whether text can be read in an encoding of this name."""
    try:
        "a".encode(name)
    except (LookupError, ValueError):
        return False
    return True


def rows_of_csv(
    file: BufferedReader,
    name: str,
    encoding: str,
    columns: Collection[str],
    faults: Faults,
) -> Iterator[tuple[Place, list[str]]]:
    """Each row of ``file`` and its place.

    ``encoding`` is that of a file without a mark; lines that are valid UTF-8 are still
    read as such. ``columns`` determine a header's delimiter. Bytes that are not text
    become lone surrogates, a NUL ``STAND_IN``.
    """
    try:
        lines = lines_of_csv(file, encoding, columns)
    except UnicodeError as error:
        report_no_text(error, Place(name, 1), faults)
        return
    yield from rows_of_lines(lines, name, faults)


class Lines(NamedTuple):
    """The lines of a CSV file from its header on, read lazily; ``first`` is the number
    that an editor shows for the first."""

    each: Iterable[str]
    delimiter: str
    first: int = 1


def lines_of_csv(
    file: BufferedReader, encoding: str, columns: Collection[str]
) -> Lines:
    """As ``rows_of_csv``, the lines; raises UnicodeError for a start that is no text."""
    lines = _lines(file, encoding)
    first, lines = _up_to_the_first_words(lines)
    if named := _SEPARATOR_LINE.fullmatch(first[-1]):
        return Lines(lines, named[1], 1 + len(first))
    return Lines(chain(first, lines), _delimiter_of(first[-1], columns))


def rows_of_lines(
    lines: Lines, name: str, faults: Faults
) -> Iterator[tuple[Place, list[str]]]:
    """Each row of these lines and its place; no line is read before its row is asked
    for."""
    line = lines.first
    try:
        with _cells_of_any_length():
            reader = csv.reader(lines.each, delimiter=lines.delimiter, strict=True)
            for row in reader:
                if row:
                    yield Place(name, line), row
                line = lines.first + reader.line_num
    except csv.Error as error:
        faults.report(f"not CSV from here on: {error}", Place(name, line))
    except UnicodeError as error:
        report_no_text(error, Place(name, line), faults)


def report_no_text(error: UnicodeError, place: Place, faults: Faults) -> None:
    """Report a place from which on there are no characters any more."""
    faults.report(
        f"no text from here on: {error}. Allowed: UTF-8, or name the encoding, such"
        " as --encoding cp1251.",
        place,
    )


class Chunk(NamedTuple):
    """Lines that make up whole rows; ``first`` is the number of the first.

    ``failure`` is why there is no text behind them. A chunk that is no CSV is the last.
    """

    lines: list[str]
    first: int
    failure: UnicodeError | None = None

    @property
    def each(self) -> Iterator[str]:
        """The lines, then the failure, as they would have been read."""
        yield from self.lines
        if self.failure:
            raise self.failure


def chunks_of(lines: Lines, size: int) -> Iterator[Chunk]:
    """The lines in chunks of about ``size``, none of which ends within a cell."""
    source, number = iter(lines.each), lines.first
    is_sound = True
    while is_sound:
        chunk = Chunk(*_taken(source, size, number))
        if any('"' in line for line in chunk.lines):
            chunk, is_sound = _with_whole_rows(chunk, source, lines.delimiter)
        is_sound = is_sound and len(chunk.lines) >= size and chunk.failure is None
        if chunk.lines or chunk.failure:
            yield chunk
        number += len(chunk.lines)


def _taken(
    source: Iterator[str], size: int, number: int
) -> tuple[list[str], int, UnicodeError | None]:
    taken: list[str] = []
    try:
        for line in source:
            taken.append(line)
            if len(taken) == size:
                break
    except UnicodeError as error:
        return taken, number, error
    return taken, number, None


def _with_whole_rows(
    chunk: Chunk, source: Iterator[str], delimiter: str
) -> tuple[Chunk, bool]:
    """The chunk with the lines that its last row needs, and whether it is CSV."""
    lines, failure = chunk.lines, chunk.failure
    count = len(lines)

    def every_line() -> Iterator[str]:
        nonlocal failure
        yield from lines[:count]
        while failure is None:
            more, _first, failure = _taken(source, 1, 0)
            if not more:
                return
            lines.extend(more)
            yield from more

    is_sound = True
    with _cells_of_any_length():
        reader = csv.reader(every_line(), delimiter=delimiter, strict=True)
        try:
            while reader.line_num < count and next(reader, None) is not None:
                pass
        except csv.Error:
            is_sound = False
    return chunk._replace(failure=failure), is_sound


@contextmanager
def _cells_of_any_length() -> Iterator[None]:
    limit_of_others = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(limit_of_others)


def _lines(file: BufferedReader, encoding: str) -> Iterator[str]:
    start = file.peek(4)
    by_mark = (
        known for mark, known in _ENCODING_BY_MARK.items() if start.startswith(mark)
    )
    marked = next(by_mark, None)
    lines = TextIOWrapper(
        file, encoding=marked or encoding, errors="surrogateescape", newline=""
    )
    try:
        if marked is None and _is_like_ascii(encoding):
            for line in lines:
                yield _as_utf_8(line, encoding).replace(NUL, STAND_IN)
        else:
            for line in lines:
                yield line.replace(NUL, STAND_IN)
    finally:
        # Collected with the file in it, it would close a file that is not its own.
        if not file.closed:
            lines.detach()


def _is_like_ascii(encoding: str) -> bool:
    """Whether it is another encoding than UTF-8, and one whose ASCII is ASCII."""
    return encoding != _UTF_8 and "a,".encode(encoding) == b"a,"


def _as_utf_8(line: str, encoding: str) -> str:
    """``line`` as it reads in UTF-8 if it can be that: its bytes are that by no chance."""
    if line.isascii():
        return line
    try:
        return line.encode(encoding, "surrogateescape").decode(_UTF_8)
    except UnicodeError:
        return line


def _up_to_the_first_words(lines: Iterator[str]) -> tuple[list[str], Iterator[str]]:
    """The lines up to the first that says something, and the others."""
    first = [""]
    for line in lines:
        first.append(line)
        if not _SAYS_NOTHING.fullmatch(line):
            break
    return first[1:] or first, lines


def _delimiter_of(header: str, columns: Collection[str]) -> str:
    """The one that finds most of ``columns``, and if none does, most cells."""

    def findings(delimiter: str) -> tuple[int, int]:
        cells = _cells_of(header, delimiter)
        found = set(map(column_name, cells)).intersection(columns)
        return len(found), len(cells)

    return max(_DELIMITERS, key=findings)


def _cells_of(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


def column_name(cell: str) -> str:
    """What a cell of a header calls its column."""
    return cell.strip("\ufeff\u200b \t\r\n\xa0").casefold()


def names_in(header: Iterable[str]) -> list[str]:
    return list(map(column_name, header))
