"""Writes the Beesender Admission Log: what happened, to what, by whom and why."""

from datetime import datetime
from typing import Any, NamedTuple

import frappe
from frappe.utils import now

LOG = "Beesender Admission Log"
# What changes the promise of a ticket after it was registered, or what was requested.
CORRECTED = "Priority corrected"
CHANGES_OF_PROMISE = (CORRECTED, "Re-rated", "Clock corrected")


class Change(NamedTuple):
    """What changed the promise of a ticket, when, as naive site time, and why.

    ``before`` and ``after`` name the category and the priority, where these changed;
    ``asked`` is the priority that was requested where the category did not allow it.
    """

    event: str
    at: datetime
    details: str | None
    before: dict[str, Any]
    after: dict[str, Any]

    @property
    def asked(self) -> str | None:
        return self.before.get("asked")


def changes_of_promise(ticket: str) -> list[Change]:
    """The last one first."""
    rows = frappe.get_all(
        LOG,
        {"ticket": ticket, "event": ("in", CHANGES_OF_PROMISE)},
        ["event", "creation", "details", "before", "after"],
        order_by="creation desc",
    )
    return [
        Change(
            row.event,
            row.creation,
            row.details,
            *(
                frappe.parse_json(text) if row.event == CORRECTED and text else {}
                for text in (row.before, row.after)
            ),
        )
        for row in rows
    ]


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
