"""What was asked for on a ticket, and by which channel it came."""

from typing import NamedTuple

from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.plans.tiers import AGENT, EMAIL, PORTAL


class Asked(NamedTuple):
    """What the caller of a new ticket gave, as opposed to Helpdesk's defaults."""

    priority: str | None = None
    ticket_priority: str | None = None
    ticket_type: str | None = None
    contact: str | None = None
    status: str | None = None


def asked_by_script(doc: Document, changed: set[str]) -> Asked:
    asked = doc.flags.beesender_asked
    if "ticket_type" in changed:
        asked = asked._replace(ticket_type=doc.ticket_type)
    if "beesender_priority" in changed:
        return asked._replace(priority=doc.beesender_priority)
    if "priority" in changed:
        return asked._replace(priority=None, ticket_priority=doc.priority)
    return asked


def asked_of(doc: Document) -> Asked:
    """Of a new ticket what its caller gave; of a saved one what stands on it."""
    if doc.is_new() and doc.flags.beesender_asked:
        return doc.flags.beesender_asked
    return Asked(
        priority=doc.beesender_priority,
        ticket_priority=doc.priority,
        ticket_type=doc.ticket_type,
        contact=doc.contact,
    )


def channel_of(doc: Document) -> str:
    """The channel a ticket came by; that of the chatbot is said in a flag."""
    if doc.flags.beesender_channel:
        return doc.flags.beesender_channel
    if comes_by_mail(doc):
        return EMAIL
    return AGENT if is_agent() else PORTAL


def comes_by_mail(doc: Document) -> bool:
    """Mail intake runs as Administrator, without a body and without mandatory fields."""
    return bool(
        doc.flags.ignore_mandatory
        and not doc.flags.beesender_channel
        and not (doc.via_customer_portal or doc.description)
    )
