"""What was decided on tickets, for managers: as a timeline, and as files to check."""

import re

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.audit import exports
from beesender_support.screens.audit.timeline import Timeline
from beesender_support.screens.audit.timeline import timeline as timeline_of


@frappe.whitelist()
def timeline(ticket: str) -> Timeline:
    """All decisions on a ticket, and whether what is stored counts to the same."""
    return timeline_of(_readable(ticket))


@frappe.whitelist(methods=["GET"])
def export_decisions(ticket: str) -> None:
    """The decision record of a ticket, a JSON file."""
    doc = _readable(ticket)
    frappe.response.filename = (
        f"decisions-{re.sub('[^0-9A-Za-z_-]', '-', str(doc.name))}.json"
    )
    frappe.response.filecontent = exports.text_of(doc)
    frappe.response.type = "download"


@frappe.whitelist(methods=["POST"])
def export_of_customer(customer: str, from_date: str, to_date: str) -> str:
    """Decision records of the tickets that were registered on these days, made in the
    background; the name of the Beesender Decision Export."""
    frappe.only_for(exports.MAY_EXPORT)
    frappe.get_doc("HD Customer", customer).check_permission("read")
    return exports.start(customer, from_date, to_date)


def _readable(ticket: str) -> Document:
    frappe.only_for(exports.MAY_EXPORT)
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("read")
    return doc
