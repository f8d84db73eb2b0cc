"""Writes the Beesender Admission Log: what happened, to what, by whom and why."""

from typing import Any

import frappe
from frappe.utils import now


def record(event: str, **fields: object) -> None:
    """Log ``event``; ``fields`` are fields of the log, the actor is the session's user.

    With a ``source`` that was logged before, nothing happens.
    """
    source = fields.get("source")
    if source and frappe.db.exists("Beesender Admission Log", {"source": source}):
        return
    log = frappe.get_doc(
        {
            "doctype": "Beesender Admission Log",
            "event": event,
            "actor": frappe.session.user,
            **fields,
        }
    )
    # Nobody may write the log by hand; everyone who causes an event leaves a row.
    log.insert(ignore_permissions=True)


def record_all(event: str, rows: list[dict[str, Any]]) -> None:
    """Log ``event`` once for each of ``rows``, all with the same fields, in one query."""
    insert_all(
        "Beesender Admission Log",
        [{"event": event, "actor": frappe.session.user, **row} for row in rows],
    )


def insert_all(doctype: str, rows: list[dict[str, Any]]) -> None:
    """Insert rows of a doctype that nobody edits, in one query and without its hooks."""
    if not rows:
        return
    moment, user = now(), frappe.session.user
    complete = [
        {
            "name": frappe.generate_hash(length=10),
            "creation": moment,
            "modified": moment,
            "owner": user,
            "modified_by": user,
            **row,
        }
        for row in rows
    ]
    frappe.db.bulk_insert(
        doctype, list(complete[0]), [tuple(row.values()) for row in complete]
    )
