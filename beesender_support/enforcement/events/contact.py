"""Contact: what clients may not write, and whose seats follow a merge."""

from frappe.model.document import Document

from beesender_support.enforcement.clients import identity_writes
from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.readiness import sample_records
from beesender_support.records.people import phones


def validate(doc: Document, method: str | None = None) -> None:
    identity_writes.validate_contact(doc)
    for row in doc.phone_nos:
        phones.note_last_digits(row)


def validate_phone(doc: Document, method: str | None = None) -> None:
    """Of a row that is written by itself."""
    identity_writes.refuse_row(doc, method)
    if doc.parenttype == "Contact":
        phones.note_last_digits(doc)


def before_rename(doc: Document, method: str | None = None, *args: object) -> None:
    identity_writes.refuse_to_clients(doc, method)


def after_rename(
    doc: Document,
    method: str | None = None,
    old: str = "",
    new: str = "",
    merge: bool = False,
) -> None:
    if merge:
        seats.follow_merged_contact(new)
        sample_records.forget_merged(doc.doctype, new)


def on_trash(doc: Document, method: str | None = None) -> None:
    identity_writes.refuse_to_clients(doc, method)
