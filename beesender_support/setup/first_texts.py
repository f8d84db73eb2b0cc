"""Texts that a new site starts with, in records of Helpdesk's own DocTypes.

They are created once and belong to the site from then on: no edit is overwritten, and
deleted texts do not come back. Uninstalling removes those that were never edited.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import frappe
from frappe.model.document import Document

from beesender_support.setup.first_data import (
    added_records,
    drop_note_of_added,
    note_added,
)


def text(folder: str, name: str, language: str) -> str:
    return (
        Path(__file__).parent / "texts" / folder / f"{name}.{language}.html"
    ).read_text()


# Noted while the texts of a DocType are being added: a site on which that was cut short
# gets the rest when it is installed again.
BEGUN = "(begun)"


def was_added(doctype: str) -> bool:
    """Whether all texts were added once, so that missing ones were deleted by
    somebody."""
    added = [name for each, name in added_records() if each == doctype]
    return bool(added) and BEGUN not in added


@contextmanager
def adding(doctype: str) -> Iterator[None]:
    note_added(doctype, BEGUN)
    yield
    drop_note_of_added(doctype, BEGUN)


def add(doctype: str, **values: object) -> Document:
    doc = frappe.get_doc({"doctype": doctype, **values})
    doc.insert(ignore_permissions=True)
    note_added(doctype, doc.name)
    return doc


def untouched(doctype: str) -> list[str]:
    """Of the records that this app added, those that nobody has saved since."""
    added = [name for each, name in added_records() if each == doctype]
    rows = frappe.get_all(
        doctype, {"name": ("in", added)}, ["name", "creation", "modified"]
    )
    return [row.name for row in rows if row.modified == row.creation]


def remove(doctype: str, name: str) -> None:
    frappe.delete_doc(
        doctype, name, force=True, ignore_missing=True, ignore_on_trash=True
    )
