"""What was made to be looked at or to test with: each record is marked, so that it is
known whatever it is called by then.

A mark follows a record that is renamed. One that was deleted, or merged into another, is
known by when it was made: another record of its name is not taken for it.
"""

from collections import defaultdict
from collections.abc import Collection

import frappe
from frappe.model.document import Document

MARK = "Beesender Sample Record"
SAMPLE_DATA, TEST_REQUEST = "Sample data", "Test request"
MAY_TRY = ("System Manager", "Agent Manager")


def lock() -> None:
    """Of two who put in or take away at once the second waits, and reads what the first
    did."""
    frappe.db.get_value("DocType", MARK, "name", for_update=True)


def mark(doc: Document, purpose: str) -> None:
    """Once it is stored as it stays: by when it was made it is known."""
    frappe.get_doc(
        {
            "doctype": MARK,
            "purpose": purpose,
            "record_doctype": doc.doctype,
            "record": doc.name,
            "record_made_at": frappe.db.get_value(doc.doctype, doc.name, "creation"),
        }
    ).insert(ignore_permissions=True)


def is_any(purpose: str) -> bool:
    """Also of what others committed since this transaction began."""
    return bool(
        frappe.db.get_value(MARK, {"purpose": purpose}, "name", for_update=True)
    )


def marked(purpose: str | None = None) -> dict[str, list[str]]:
    """By DocType, the names of the records that are still there."""
    filters = {"purpose": purpose} if purpose else {}
    rows = frappe.get_all(
        MARK, filters, ["record_doctype", "record", "record_made_at"], order_by="name"
    )
    made_at: dict[str, dict[str, object]] = defaultdict(dict)
    for row in rows:
        made_at[row.record_doctype][row.record] = row.record_made_at
    return {
        doctype: [
            str(each.name)
            for each in frappe.get_all(
                doctype, {"name": ("in", list(names))}, ["name", "creation"]
            )
            if each.creation == names[str(each.name)]
        ]
        for doctype, names in made_at.items()
    }


def among(doctype: str, names: Collection[str]) -> set[str]:
    """Those of these records that are marked, by name alone: for what costs nothing if
    it is wrong."""
    found = frappe.get_all(
        MARK, {"record_doctype": doctype, "record": ("in", list(names))}, pluck="record"
    )
    return set(found)


def forget(purpose: str) -> None:
    frappe.db.delete(MARK, {"purpose": purpose})
