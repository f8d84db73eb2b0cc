"""Indexes on tables of others: on HD Ticket for the shipped views, reports, and deadlines,
which are looked at every minute; and by which contacts are found.

A field of this app says itself that it has one, see ``custom_fields``. These have two
columns at least: Frappe drops an index of one column that its DocType does not ask for.
"""

from collections.abc import Iterator

import frappe

from beesender_support.records.tickets.promise import FIELDS_OF_TARGET

TICKET = "HD Ticket"
INDEXES = {
    # Open tickets, those due soonest first; paid requests.
    "beesender_open_by_due": ["status_category", "response_by"],
    # All requests of a customer, the newest first.
    "beesender_of_customer": ["customer", "creation"],
    # All requests of a person, as the site widget lists them.
    "beesender_of_person": ["raised_by", "creation"],
    # Promises of a period, as reports count them.
    "beesender_by_start": ["service_level_agreement_creation", "beesender_tier"],
    "beesender_open_by_type": ["ticket_type", "status_category"],
    # Promises that are not settled, by their deadlines.
    **{
        f"{fields.due_at}_by_state": [fields.state, fields.due_at]
        for fields in FIELDS_OF_TARGET.values()
    },
}


# Whose a contact or an address is: asked for each ticket and mail.
OF_OTHERS = {
    "HD Customer Member": {"beesender_of_contact": ["contact_name", "parent"]},
    "Contact Email": {"beesender_by_address": ["email_id", "parent"]},
    "Contact Phone": {"beesender_by_digits": ["beesender_last_digits", "parent"]},
}


def add_indexes() -> None:
    """Those that are not there, or have other columns than today. Patches of earlier
    versions come before fields of later ones: an index of these is added after the
    migration."""
    for doctype, indexes in _all():
        for name, fields in indexes.items():
            if _columns_of(doctype, name) == fields:
                continue
            if not all(_has_column(doctype, field) for field in fields):
                continue
            _remove_index(doctype, name)
            frappe.db.add_index(doctype, fields, name)


def _has_column(doctype: str, field: str) -> bool:
    """Asked anew: what Frappe remembers may be older than a patch."""
    return bool(frappe.db.sql(f"show columns from `tab{doctype}` like %s", field))


def _columns_of(doctype: str, name: str) -> list[str]:
    rows = frappe.db.sql(
        f"show index from `tab{doctype}` where key_name = %s", name, as_dict=True
    )
    return [row.Column_name for row in sorted(rows, key=lambda row: row.Seq_in_index)]


def remove_indexes() -> None:
    for doctype, indexes in _all():
        for name in indexes:
            _remove_index(doctype, name)


def _remove_index(doctype: str, name: str) -> None:
    if frappe.db.has_index(f"tab{doctype}", name):
        frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` DROP INDEX `{name}`")


def _all() -> Iterator[tuple[str, dict[str, list[str]]]]:
    yield TICKET, INDEXES
    yield from OF_OTHERS.items()
