"""Helpdesk's own acknowledgement of a ticket, which says nothing of the promise.

Under the policy the app's notices say that a request has come, or that it is held; with
both the sender would hear it twice. Helpdesk sends this mail while a mail is registered,
so nothing here may raise, and nothing is left behind that somebody could send again.
"""

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.notices.client_notices import (
    REQUEST_CONFIRMED,
    REQUEST_HELD,
)
from beesender_support.records.notices.notice_kinds import settings_of

QUEUE, RECIPIENT = "Email Queue", "Email Queue Recipient"
HEADER = "X-Auto-Generated: hd-acknowledgement"


@log_and_carry_on
def hold_back(doc: Document, method: str | None = None) -> None:
    """Helpdesk sends it at once; what counts as sent is not."""
    if _is_replaced(doc):
        doc.status = "Sent"
        doc.flags.beesender_replaced = True


@log_and_carry_on
def discard(doc: Document, method: str | None = None) -> None:
    if doc.flags.beesender_replaced:
        frappe.db.delete(RECIPIENT, {"parent": doc.name})
        frappe.db.delete(QUEUE, {"name": doc.name})


def _is_replaced(doc: Document) -> bool:
    """Of other mail nothing is read but its header."""
    if doc.reference_doctype != "HD Ticket" or not doc.reference_name:
        return False
    header, _blank, _body = (doc.message or "").replace("\r\n", "\n").partition("\n\n")
    if HEADER not in header.splitlines():
        return False
    ticket = frappe.db.get_value(
        "HD Ticket",
        doc.reference_name,
        ["beesender_admission", "beesender_tells_client", "beesender_tier"],
        as_dict=True,
    )
    if not (ticket and ticket.beesender_admission):
        return False
    # A machine is told nothing; whoever else is told by nobody hears Helpdesk's.
    kind = REQUEST_HELD if ticket.beesender_admission == "Held" else REQUEST_CONFIRMED
    return not ticket.beesender_tells_client or settings_of(kind).sends(
        ticket.beesender_tier
    )
