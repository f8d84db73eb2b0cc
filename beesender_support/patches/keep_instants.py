"""Instants of promises in columns of their own, in UTC, and terms that say what the
category promised. Nothing that runs is moved."""

import json

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.utils import get_datetime, get_system_timezone

from beesender_support.enforcement.response import ticket_views
from beesender_support.enforcement.response.clock_job import lots_of
from beesender_support.records.site_time import to_column, to_instant
from beesender_support.records.tickets import promise
from beesender_support.setup.copied_fields import stop_copying
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

TICKET, SETTINGS = "HD Ticket", "Beesender Support Settings"
REPLACED = "beesender_at_risk_on"
STAMPS = ("first_responded_on", "resolution_date", "modified")


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    stop_copying()
    for names in lots_of({"beesender_admission": ("is", "set")}):
        fields = [*dict.fromkeys((*promise.FACTS, *STAMPS))]
        for row in frappe.get_all(TICKET, {"name": ("in", names)}, fields):
            frappe.db.set_value(
                TICKET, row.name, instants_of(row), update_modified=False
            )
        frappe.db.commit()
    frappe.db.set_single_value(SETTINGS, "display_time_zone", get_system_timezone())
    leave_closed_out_of_awaiting()
    remove_replaced_field()


def instants_of(row: frappe._dict) -> dict:
    registered = to_instant(row.creation)
    row.beesender_registered_at = row.beesender_registered_at or to_column(registered)
    terms = promise.terms_of(row)
    if row.first_responded_on and terms and not row.beesender_answered_at:
        near = max(registered, terms.started_at)
        row.beesender_answered_at = to_column(
            to_instant(row.first_responded_on, near=near)
        )
    if row.status_category == "Resolved" and not row.beesender_closed_at:
        closed = get_datetime(row.resolution_date or row.modified)
        row.beesender_closed_at = to_column(to_instant(closed))
    written = {
        fieldname: row[fieldname]
        for fieldname in (
            "beesender_registered_at",
            "beesender_answered_at",
            "beesender_closed_at",
        )
    }
    if terms is None:
        return written
    if row.beesender_answered_at:
        terms = terms.settled(row.beesender_priority)
    row.beesender_terms = json.dumps(terms.as_dict())
    response = promise.response_of(row)
    return {
        **written,
        "beesender_terms": row.beesender_terms,
        "beesender_due_at": to_column(response.due),
        "beesender_at_risk_at": to_column(response.at_risk_from),
    }


def leave_closed_out_of_awaiting() -> None:
    """The shipped view, where nobody changed it: who waits is open."""
    name = ticket_views.PREFIX + "AWAITING-ADMISSION"
    stored = frappe.db.get_value("HD View", name, "filters")
    if stored and frappe.parse_json(stored) == {"beesender_admission": "Held"}:
        filters = json.dumps({**ticket_views.OPEN, "beesender_admission": "Held"})
        frappe.db.set_value("HD View", name, "filters", filters)


def remove_replaced_field() -> None:
    frappe.delete_doc(
        "Custom Field", f"{TICKET}-{REPLACED}", force=True, ignore_missing=True
    )
    if frappe.db.has_column(TICKET, REPLACED):
        frappe.db.sql_ddl(f"ALTER TABLE `tab{TICKET}` DROP COLUMN `{REPLACED}`")
