"""What stops the response clock: the first answer of a human agent, and nothing else."""

from datetime import datetime

import frappe
from frappe.model.document import Document
from frappe.utils import get_datetime
from helpdesk.utils import is_agent

from beesender_support.enforcement import promise


def is_human_answer(communication: Document) -> bool:
    """Sent to the customer on a ticket, by an agent, not by an automatism."""
    return (
        communication.reference_doctype == "HD Ticket"
        and communication.sent_or_received == "Sent"
        and communication.communication_type == "Communication"
        and is_agent(communication.owner)
    )


def note_answer(communication: Document) -> None:
    """Remember an answer until the ticket is saved for it, within this transaction."""
    noted = frappe.flags.setdefault("beesender_answers", {})
    noted[str(communication.reference_name)] = communication.creation


def stop_clock(ticket: str, answered_on: datetime) -> None:
    """An answer that is no Communication, such as a call, at site time."""
    doc = frappe.get_doc("HD Ticket", ticket)
    if doc.beesender_admission and _is_first(answered_on, doc.first_responded_on):
        doc.first_responded_on = answered_on
        frappe.flags.setdefault("beesender_answers", {})[str(ticket)] = answered_on
        # Whoever may log a call on the ticket may stop its clock; webhooks are guests.
        doc.flags.beesender_is_trusted = True
        doc.save(ignore_permissions=True)


def _is_first(answered_on: datetime, known: datetime | None) -> bool:
    """A call may be logged after an answer that came later than the call."""
    return not known or get_datetime(answered_on) < get_datetime(known)


def keep_first_response_honest(doc: Document) -> None:
    """Helpdesk takes a pause, a resolution or a client's own mail for a first response."""
    before = doc.get_doc_before_save()
    answered_on = frappe.flags.get("beesender_answers", {}).pop(str(doc.name), None)
    if before.first_responded_on or not doc.first_responded_on:
        return
    if answered_on:
        doc.first_responded_on = answered_on
    elif is_stamped_by_status(doc, before) or not is_agent():
        doc.first_responded_on = None


def is_stamped_by_status(doc: Document, before: Document) -> bool:
    return doc.status_category == "Paused" or (
        before.status_category == "Open" and doc.status_category == "Resolved"
    )


def forget_copied_answers(merged: Document) -> None:
    """A merge copies the answers of one ticket to another; they answered the first only.

    Helpdesk has given the copies the times of their originals by now.
    """
    answers = frappe.get_all(
        "Communication",
        filters={
            "reference_doctype": "HD Ticket",
            "reference_name": ("in", [merged.name, merged.merged_with]),
            "sent_or_received": "Sent",
            "communication_type": "Communication",
        },
        fields=["reference_name", "creation"],
        order_by="creation",
    )
    copied = {each.creation for each in answers if each.reference_name == merged.name}
    own = [
        each.creation
        for each in answers
        if each.reference_name != merged.name and each.creation not in copied
    ]
    target = frappe.get_doc("HD Ticket", merged.merged_with)
    if target.beesender_admission:
        target.first_responded_on = own[0] if own else None
        promise.store_results(target)
