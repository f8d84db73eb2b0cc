"""How promises stand, for lists to filter: on tickets registered before it was noted."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.enforcement.response import ticket_fields
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

SETTLED = {"Fulfilled": "Met", "Failed": "Breached"}
PLAN, TICKET = "Beesender Support Plan", "HD Ticket"


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    for agreement_status, state in SETTLED.items():
        frappe.db.set_value(
            TICKET,
            {
                "beesender_admission": ("is", "set"),
                "agreement_status": agreement_status,
            },
            "beesender_response_state",
            state,
            update_modified=False,
        )
    for name in frappe.get_all(TICKET, unanswered(), pluck="name"):
        ticket_fields.store_results(frappe.get_doc(TICKET, name))
    for plan, manager in frappe.get_all(
        PLAN,
        {"success_manager": ("is", "set")},
        ["name", "success_manager"],
        as_list=True,
    ):
        frappe.db.set_value(
            TICKET,
            {"beesender_plan": plan},
            "beesender_success_manager",
            manager,
            update_modified=False,
        )


def unanswered() -> dict:
    return {
        "beesender_admission": "Accepted",
        "beesender_terms": ("is", "set"),
        "first_responded_on": ("is", "not set"),
    }
