"""What was made to be looked at or to test with: each record is marked, so that it is
known whatever it is called by then.

A mark follows a record that is renamed. One that was deleted, or merged into another, is
known by when it was made: another record of its name is not taken for it.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

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
    """Whether a marked record is still there. Also of what others committed since this
    transaction began."""
    return bool(marked(purpose, for_update=True))


def marked(
    purpose: str | None = None, for_update: bool = False
) -> dict[str, list[str]]:
    """By DocType, the names of the records that are still there; ``for_update`` also
    finds what was committed since this transaction began."""
    filters = {"purpose": purpose} if purpose else {"name": ("is", "set")}
    made_at = _made_at(filters, for_update)
    there = {
        doctype: _still_there(doctype, moments, for_update)
        for doctype, moments in made_at.items()
    }
    return {doctype: names for doctype, names in there.items() if names}


def among(doctype: str, names: Collection[str]) -> set[str]:
    """Those of these records that are marked."""
    if not names:
        return set()
    filters = {"record_doctype": doctype, "record": ("in", list(names))}
    return {
        name
        for moments in _made_at(filters).values()
        for name in _still_there(doctype, moments)
    }


# By DocType and name, when the records of that name were made that are marked.
_Moments = dict[str, set[datetime]]


def _made_at(
    filters: dict[str, object], for_update: bool = False
) -> dict[str, _Moments]:
    rows = frappe.db.get_values(
        MARK,
        filters,
        ["record_doctype", "record", "record_made_at"],
        as_dict=True,
        order_by="name",
        for_update=for_update,
    )
    found: dict[str, _Moments] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        found[row.record_doctype][row.record].add(row.record_made_at)
    return found


def _still_there(
    doctype: str, moments: _Moments, for_update: bool = False
) -> list[str]:
    """The database takes names that differ in case or accents for the same; nobody marked
    a record of such a name."""
    rows = frappe.db.get_values(
        doctype,
        {"name": ("in", list(moments))},
        ["name", "creation"],
        as_dict=True,
        for_update=for_update,
    )
    return [
        str(row.name) for row in rows if row.creation in moments.get(str(row.name), ())
    ]


def let_go_of(doctype: str, name: str | int) -> None:
    """A record goes. The number of the last ticket is given to the next one."""
    of_record = {"record_doctype": doctype, "record": str(name)}
    if names := frappe.get_all(MARK, of_record, pluck="name"):
        frappe.db.delete(MARK, {"name": ("in", names)})


def forget_merged(doctype: str, name: str) -> None:
    """What was merged, whichever of the two was a sample, is somebody's now."""
    frappe.db.delete(MARK, {"record_doctype": doctype, "record": name})


def forget(purpose: str) -> None:
    frappe.db.delete(MARK, {"purpose": purpose})
