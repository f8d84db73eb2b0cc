"""HD Customer: what clients may not write, and whose plans follow a merge."""

from frappe.model.document import Document

from beesender_support.enforcement.clients import identity_writes
from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.readiness import sample_records


def validate(doc: Document, method: str | None = None) -> None:
    identity_writes.validate_customer(doc)


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
        seats.follow_merged_customer(new)
        sample_records.forget_merged(doc.doctype, new)


def on_trash(doc: Document, method: str | None = None) -> None:
    identity_writes.refuse_to_clients(doc, method)
