"""Listens to TP Call Log: calls the plan includes, and calls that answer a request."""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement import admission_log, answers, loaders
from beesender_support.enforcement.never_lose import log_and_carry_on, refuse
from beesender_support.enforcement.wording import in_words
from beesender_support.policy.admission import refuse_answer_by

OVERRIDDEN = "Answer channel overridden"
PHONE, SKYPE = "phone", "skype"


@log_and_carry_on
def before_insert(doc: Document, method: str | None = None) -> None:
    """We do not call where the plan has no calls. A client's own call is always taken."""
    if doc.type == "Outgoing":
        for ticket in tickets_of(doc):
            refuse_channel(ticket, PHONE)


@log_and_carry_on
def on_update(doc: Document, method: str | None = None) -> None:
    """A call that was completed is an answer."""
    if doc.status == "Completed":
        for ticket in tickets_of(doc):
            answers.stop_clock(ticket, doc.start_time or doc.creation)


def tickets_of(call: Document) -> list[str]:
    return [row.link_name for row in call.links if row.link_doctype == "HD Ticket"]


def refuse_channel(ticket: str, channel: str) -> None:
    """Refuse an answer by a channel that the ticket's tier does not include, unless a
    manager allowed it for this ticket."""
    tier = frappe.db.get_value("HD Ticket", ticket, "beesender_tier")
    if not tier:
        return
    value = loaders.tier_of(frappe.get_doc("Beesender Tier", tier))
    refusal = refuse_answer_by(value, channel)
    if refusal and not is_overridden(ticket, channel):
        refuse(in_words(refusal))


def is_overridden(ticket: str, channel: str) -> bool:
    return bool(
        frappe.db.exists(
            "Beesender Admission Log",
            {"ticket": ticket, "event": OVERRIDDEN, "channel": channel},
        )
    )


def override(ticket: Document, channel: str, why: str) -> None:
    """An agent manager allows a channel for one ticket, and says why."""
    if not why.strip():
        frappe.throw(
            _("Say why this ticket may be answered by {0}.").format(_(channel))
        )
    admission_log.record(
        OVERRIDDEN,
        ticket=ticket.name,
        customer=ticket.customer,
        plan=ticket.beesender_plan,
        channel=channel,
        details=why,
    )


def log_skype_answer(ticket: Document, text: str) -> None:
    """Keep what was answered by Skype; it stops the clock like any answer."""
    refuse_channel(ticket.name, SKYPE)
    frappe.get_doc(
        {
            "doctype": "Communication",
            "communication_type": "Communication",
            "communication_medium": "Chat",
            "sent_or_received": "Sent",
            "subject": _("Answer by Skype"),
            "content": text,
            "sender": frappe.session.user,
            "reference_doctype": "HD Ticket",
            "reference_name": ticket.name,
        }
    ).insert(ignore_permissions=True)
