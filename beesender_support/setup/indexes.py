"""Indexes on HD Ticket of Helpdesk's own columns, for the shipped views.

A field of this app says itself that it has one, see ``custom_fields``.
"""

import frappe

TICKET = "HD Ticket"
INDEXES = {
    # Open tickets, those due soonest first; paid requests.
    "beesender_open_by_due": ["status_category", "response_by"],
    "beesender_open_by_type": ["ticket_type", "status_category"],
}


def add_indexes() -> None:
    for name, fields in INDEXES.items():
        frappe.db.add_index(TICKET, fields, name)


def remove_indexes() -> None:
    for name in INDEXES:
        if frappe.db.has_index(f"tab{TICKET}", name):
            frappe.db.sql_ddl(f"ALTER TABLE `tab{TICKET}` DROP INDEX `{name}`")
