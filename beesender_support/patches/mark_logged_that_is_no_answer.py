"""What was logged by a channel that does not count as an answer was told by its medium,
which is Frappe's own; it gets a field for that. The medium stays as it is."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS

MEDIUM_BEFORE = "Other"
LOGGED = {
    "reference_doctype": "HD Ticket",
    "communication_type": "Communication",
    "sent_or_received": "Sent",
    "communication_medium": MEDIUM_BEFORE,
}


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    frappe.db.set_value(
        "Communication",
        LOGGED,
        "beesender_is_no_answer",
        1,
        update_modified=False,
    )
