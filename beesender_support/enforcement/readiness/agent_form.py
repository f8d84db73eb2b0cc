"""The fields of this app that agents see beside a ticket: rows of Helpdesk's default
template."""

import frappe
from frappe.model.document import Document
from helpdesk.consts import DEFAULT_TICKET_TEMPLATE

TEMPLATE = "HD Ticket Template"
SIDEBAR_FIELDS = (
    "beesender_tier",
    "beesender_priority",
    "beesender_admission",
    "beesender_admission_reason",
)


def lacking() -> list[str]:
    """The fields that somebody has taken out of the template."""
    present = frappe.get_all(
        "HD Ticket Template Field",
        {"parent": DEFAULT_TICKET_TEMPLATE, "parenttype": TEMPLATE},
        pluck="fieldname",
    )
    return [each for each in SIDEBAR_FIELDS if each not in present]


def add_sidebar_fields() -> None:
    """Add them, as fields that clients do not see; the others stay as they are."""
    template: Document = frappe.get_doc(TEMPLATE, DEFAULT_TICKET_TEMPLATE)
    present = {row.fieldname for row in template.fields}
    for fieldname in SIDEBAR_FIELDS:
        if fieldname not in present:
            template.append("fields", {"fieldname": fieldname, "hide_from_customer": 1})
    template.save()
