"""Updates by Frappe's Data Import, which replaces a table by the rows of its file.

A file with next year's holidays would take this year's away, and one with two seats all
others, without a word. So rows that a file does not have stay; those it has are found by
their id, else by what tells one row of such a table from another.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from frappe.model.document import Document

DATA_IMPORT = "Data Import"
# What tells rows with the same required values apart, where a table has it.
_FINER = ("start_time", "from_date")
_TELLING = ("Link", "Select", "Date", "Data")


def keep_rows(doc: Document, method: str | None = None) -> None:
    """Before a record is validated: put back the rows that the file left out."""
    by = doc.flags.updater_reference or {}
    before = doc.get_doc_before_save()
    if before is None or by.get("doctype") != DATA_IMPORT:
        return
    for field in doc.meta.get_table_fields():
        stored, sent = before.get(field.fieldname), doc.get(field.fieldname)
        doc.set(field.fieldname, list(_merged(stored, sent)))
        for number, row in enumerate(doc.get(field.fieldname), start=1):
            row.idx = number


def _merged(stored: list[Document], sent: list[Document]) -> Iterator[Document]:
    """The stored rows, with what was sent for them, and then the new ones."""
    found = {}
    left = list(stored)
    new = []
    for row in sent:
        match = _match(row, left)
        if match is None:
            new.append(row)
        else:
            left.remove(match)
            found[match.name] = row
    for row in stored:
        if row.name in found:
            _take(row, found[row.name])
        yield row
    yield from new


def _match(row: Document, left: list[Document]) -> Document | None:
    for each in left:
        if each.name == row.name:
            return each
    alike = [each for each in left if _key(each) == _key(row)]
    exact = [each for each in alike if _finer(each) == _finer(row)]
    if exact:
        return exact[0]
    # A file without those columns means the one row there is.
    says_no_more = not any(_finer(row))
    return alike[0] if len(alike) == 1 and says_no_more else None


def _key(row: Document) -> tuple[str, ...]:
    fields = (each for each in row.meta.fields if each.reqd)
    return tuple(
        _comparable(row.get(each.fieldname))
        for each in fields
        if each.fieldtype in _TELLING
    )


def _finer(row: Document) -> tuple[str, ...]:
    return tuple(
        _comparable(row.get(each)) for each in _FINER if row.meta.has_field(each)
    )


def _comparable(value: Any) -> str:
    if isinstance(value, datetime):
        # A day of a file, of which version 15 makes its midnight.
        value = value.date()
    text = "" if value is None else str(value)
    # A time of day as the database and as a file has it.
    return text.removeprefix("0").partition(".")[0] if ":" in text else text.casefold()


def _take(row: Document, sent: Document) -> None:
    """An empty cell changes nothing."""
    for field in row.meta.fields:
        value = sent.get(field.fieldname)
        if value not in (None, ""):
            row.set(field.fieldname, value)
