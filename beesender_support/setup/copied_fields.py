"""A copy of a ticket is a new request: the clock and results of the original are not
copied.

Helpdesk lets Duplicate, Auto Repeat and ``copy_doc`` copy its clock and result fields,
which would make a copy answered from the start.
"""

import frappe
from frappe.custom.doctype.property_setter.property_setter import make_property_setter

TICKET = "HD Ticket"
NOT_COPIED = (
    "agreement_status",
    "feedback",
    "feedback_extra",
    "feedback_rating",
    "first_responded_on",
    "first_response_failed_by",
    "first_response_time",
    "is_merged",
    "last_agent_response",
    "last_customer_response",
    "merged_with",
    "on_hold_since",
    "opening_date",
    "opening_time",
    "raised_outside_working_hours",
    "resolution_by",
    "resolution_date",
    "resolution_failed_by",
    "resolution_time",
    "response_by",
    "service_level_agreement_creation",
    "status_category",
    "ticket_split_from",
    "total_hold_time",
    "user_resolution_time",
)


def stop_copying() -> None:
    """A site's own setting stays."""
    meta = frappe.get_meta(TICKET)
    for fieldname in NOT_COPIED:
        if meta.has_field(fieldname) and not _is_set(fieldname):
            setter = make_property_setter(
                TICKET,
                fieldname,
                "no_copy",
                "1",
                "Check",
                validate_fields_for_doctype=False,
            )
            setter.db_set("module", "Beesender Support", update_modified=False)
    frappe.clear_cache(doctype=TICKET)


def copy_again() -> None:
    frappe.db.delete(
        "Property Setter",
        {
            "doc_type": TICKET,
            "property": "no_copy",
            "field_name": ("in", NOT_COPIED),
            "module": "Beesender Support",
        },
    )
    frappe.clear_cache(doctype=TICKET)


def _is_set(fieldname: str) -> bool:
    setter = {"doc_type": TICKET, "field_name": fieldname, "property": "no_copy"}
    return bool(frappe.db.exists("Property Setter", setter))
