"""When a ticket owes something next, in a column of its own, by which the views sort.

What an admin made of a shipped view stays.
"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.enforcement.response import ticket_fields, ticket_views
from beesender_support.enforcement.response.clock_job import (
    TICKET,
    lots_of,
    update_in_lots,
)
from beesender_support.records.tickets import promise
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

UNKNOWN = {"beesender_admission": ("is", "set"), promise.NEXT_DUE: ("is", "not set")}


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    update_in_lots(
        {**UNKNOWN, "status_category": "Resolved"},
        {promise.NEXT_DUE: promise.NOTHING_DUE},
    )
    for names in lots_of(UNKNOWN):
        for row in frappe.get_all(TICKET, {"name": ("in", names)}, list(promise.FACTS)):
            due = ticket_fields.next_due_of(row, promise.promises_of(row))
            frappe.db.set_value(
                TICKET, row.name, promise.NEXT_DUE, due, update_modified=False
            )
        frappe.db.commit()
    ticket_views.sort_by_what_is_due()
