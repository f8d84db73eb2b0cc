"""Indexes on HD Ticket of several columns: of Helpdesk's own, for the shipped views, and
of deadlines, which are looked at every minute.

A field of this app says itself that it has one, see ``custom_fields``.
"""

import frappe

from beesender_support.records.tickets.promise import FIELDS_OF_TARGET

TICKET = "HD Ticket"
INDEXES = {
    # Open tickets, those due soonest first; paid requests.
    "beesender_open_by_due": ["status_category", "response_by"],
    # All requests of a customer, the newest first.
    "beesender_of_customer": ["customer", "creation"],
    # Promises of a period, as reports count them.
    "beesender_by_start": ["service_level_agreement_creation"],
    "beesender_open_by_type": ["ticket_type", "status_category"],
    # Promises that are not settled, by their deadlines.
    **{
        f"{fields.due_at}_by_state": [fields.state, fields.due_at]
        for fields in FIELDS_OF_TARGET.values()
    },
}


def add_indexes() -> None:
    for name, fields in INDEXES.items():
        frappe.db.add_index(TICKET, fields, name)


def remove_indexes() -> None:
    for name in INDEXES:
        if frappe.db.has_index(f"tab{TICKET}", name):
            frappe.db.sql_ddl(f"ALTER TABLE `tab{TICKET}` DROP INDEX `{name}`")
