"""What was requested on a ticket, and by which channel it came."""

from collections.abc import Mapping

import frappe
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.notices.client_notices import is_told_of
from beesender_support.policy.sold.channels import AGENT, EMAIL, PORTAL
from beesender_support.records.tickets.ticket_context import Requested, context_of


def note_requested(doc: Document) -> None:
    """What a new ticket requests, before Helpdesk fills in its own defaults."""
    context_of(doc).requested = Requested(
        priority=doc.beesender_priority,
        ticket_priority=doc.priority,
        ticket_type=doc.ticket_type,
        contact=doc.contact,
        status=doc.status,
        affected=doc.get("beesender_affected"),
        way_round=doc.get("beesender_way_round"),
    )


def requested_by_script(
    doc: Document,
    requested: Requested,
    changed: set[str],
    decided: Mapping[str, object],
) -> Requested:
    """What a Server Script of the site made of what was requested; ``decided`` are the
    fields as it found them."""
    if "ticket_type" in changed:
        requested = requested._replace(ticket_type=doc.ticket_type)
    if "beesender_priority" in changed:
        return requested._replace(priority=doc.beesender_priority, is_by_script=True)
    if "priority" in changed:
        # Helpdesk fills in an empty one, too.
        is_by_script = bool(decided["priority"]) or not requested.affected
        return requested._replace(
            priority=None, ticket_priority=doc.priority, is_by_script=is_by_script
        )
    return requested


def requested_of(doc: Document) -> Requested:
    """Of a new ticket what its caller requested; of a saved one what stands on it."""
    requested = context_of(doc).requested
    if doc.is_new() and requested:
        return requested
    return Requested(
        priority=doc.beesender_priority,
        ticket_priority=doc.priority,
        ticket_type=doc.ticket_type,
        contact=doc.contact,
    )


def channel_of(doc: Document) -> str:
    """The channel a ticket came by; the intake sets that of the chatbot and the
    widget."""
    if channel := context_of(doc).channel:
        return channel
    if comes_by_mail(doc):
        return EMAIL
    return AGENT if is_agent() else PORTAL


def comes_by_mail(doc: Document) -> bool:
    """Mail intake runs as Administrator, without a body and without mandatory fields."""
    return bool(
        doc.flags.ignore_mandatory
        and not context_of(doc).channel
        and not (doc.via_customer_portal or doc.description)
    )


def tells_client(doc: Document) -> bool:
    """Whether the client of a new ticket gets notices, now and later."""
    return is_told_of(
        is_by_machine=context_of(doc).waits_for_no_answer,
        is_part=bool(doc.ticket_split_from),
        is_import=bool(frappe.flags.in_import),
    )
