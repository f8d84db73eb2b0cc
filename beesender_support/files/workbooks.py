"""Excel workbooks (.xlsx), read through openpyxl where that is installed.

The first sheet is read. A date is what its cell shows: a cell formatted as a date alone
has no time. A formula is the value that Excel last computed.
"""

import re
import warnings
from collections.abc import Iterator
from datetime import datetime, time
from io import BufferedReader, BytesIO
from typing import Any
from zipfile import is_zipfile

from beesender_support.files.cells import DateCell
from beesender_support.files.faults import Faults, Place

WORKBOOK_START = b"PK\x03\x04"
_SAVE_AS_CSV = "save it in Excel as CSV UTF-8"
_NOT_SHOWN_AS_IT_IS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def is_whole_workbook(file: BufferedReader) -> bool:
    """Whether a file that begins like a workbook also ends like one, as far as that can
    be seen before it is read."""
    if not file.seekable():
        return True
    is_whole = is_zipfile(file)
    file.seek(0)
    return is_whole


def rows_of_workbook(
    file: BufferedReader, name: str, faults: Faults
) -> Iterator[tuple[Place, list[str]]]:
    """Each row of the first sheet and its place, its cells as text."""
    try:
        from openpyxl import load_workbook
    except ImportError:
        faults.report(
            "is an Excel workbook. To read it, install beesender_support[excel]; or"
            f" {_SAVE_AS_CSV}.",
            name,
        )
        return
    source = file if file.seekable() else BytesIO(file.read())
    try:
        with warnings.catch_warnings():
            # Of styles and data validation, which do not matter here.
            warnings.simplefilter("ignore")
            book = load_workbook(source, read_only=True, data_only=True)
            sheet = book.worksheets[0]
            # Some programs write a size that is none.
            sheet.reset_dimensions()
            for number, row in enumerate(sheet.iter_rows(), start=1):
                yield Place(name, number), [_text_of(cell) for cell in row]
    except OSError:
        raise
    except Exception as error:
        # Broken files raise whatever the first layer that notices raises.
        faults.report(
            f"cannot be read as an Excel workbook: {error or type(error).__name__}."
            f" Open it in Excel and {_SAVE_AS_CSV}.",
            name,
        )


def _text_of(cell: Any) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return DateCell.of(value, shows_time=_shows_time(cell, value))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


def _shows_time(cell: Any, value: datetime) -> bool:
    shown = _NOT_SHOWN_AS_IT_IS.sub("", cell.number_format).casefold()
    return value.time() != time.min or "h" in shown or "s" in shown
