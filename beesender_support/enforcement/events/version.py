"""Version: what Frappe keeps of how a ticket was changed, and shows to all who read the
ticket, whatever fields of it they may read."""

import json

import frappe
from frappe.model.document import Document

TICKET, PREFIX = "HD Ticket", "beesender_"


def before_insert(doc: Document, method: str | None = None) -> None:
    """Without those fields of this app that clients may not read; a site's own are its
    own matter. What is decided on a ticket is kept in
    records of this app, for those who may."""
    if doc.ref_doctype != TICKET:
        return
    data = json.loads(doc.data or "{}")
    changed = data.get("changed") or []
    hidden = {
        field.fieldname
        for field in frappe.get_meta(TICKET).fields
        if field.permlevel and field.fieldname.startswith(PREFIX)
    }
    shown = [change for change in changed if change[0] not in hidden]
    if len(shown) < len(changed):
        # As Frappe writes it.
        data["changed"] = shown
        doc.data = frappe.as_json(data, indent=None, separators=(",", ":"))
