"""What Helpdesk's form of a new ticket asks agents besides its own fields: for whom.

The template is this app's, so the one that a site edits stays as it is; a site that edits
or deletes this one is not given it again.
"""

import frappe

from beesender_support.screens.callers.agents_form import TEMPLATE

DOCTYPE = "HD Ticket Template"
FIELDS = ("customer", "contact")


def add_agents_form() -> None:
    if frappe.db.exists(DOCTYPE, TEMPLATE):
        return
    rows = [{"fieldname": each, "hide_from_customer": 1} for each in FIELDS]
    frappe.get_doc(
        {"doctype": DOCTYPE, "template_name": TEMPLATE, "fields": rows}
    ).insert(ignore_permissions=True)


def remove_agents_form() -> None:
    frappe.delete_doc(DOCTYPE, TEMPLATE, force=True, ignore_missing=True)
