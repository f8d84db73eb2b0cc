"""Writes the Beesender Admission Log: what happened, to what, by whom and why."""

import frappe


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
    # Nobody may write the log by hand; whoever causes an event leaves a row.
    log.insert(ignore_permissions=True)
