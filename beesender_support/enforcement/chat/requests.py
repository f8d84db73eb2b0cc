"""Requests of the chatbot and the site widget: registered once, continued, asked about.

Everything is written as mail intake writes it, so that Helpdesk treats both the same:
first a ticket without a body, then a Communication from the customer.
"""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from html import escape

import frappe
from frappe import _
from frappe.model.document import Document
from typing_extensions import TypedDict

from beesender_support.enforcement.chat import replies
from beesender_support.enforcement.chat.caller import UnknownRequest, acting_as_intake
from beesender_support.enforcement.chat.payloads import (
    Attachment,
    Message,
    Question,
    Registration,
)
from beesender_support.enforcement.safety.dead_letters import (
    CONFLICTS,
    is_kept,
    keep,
    register_or_keep,
    undo,
)
from beesender_support.enforcement.safety.rate_limit import refuse
from beesender_support.policy.sold.impact_matrix import NO, YES
from beesender_support.records.people.contacts import contact_with
from beesender_support.records.people.phones import address_of_nobody
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.ticket_context import context_of


class RegistrationAnswer(replies.Registered):
    """``created`` is whether this very call made the ticket."""

    created: bool


class MessageAnswer(TypedDict):
    """``created`` is whether this very call added the message; ``ticket`` is null while
    the request is stored for an agent."""

    ticket: str | None
    created: bool


def register(
    payload: Registration, access: str | None = None, key: str | None = None
) -> RegistrationAnswer:
    """Register a request, or find it: ``key`` names it once and for all, by default the
    session user's for its ``external_id``. ``access`` are access details, encrypted."""
    key = key or key_of(payload.external_id)
    with acting_as_intake():
        created = register_or_keep(
            lambda: register_once(payload, key, access),
            payload,
            key,
            access=access,
        )
        frappe.clear_messages()
        answer = replies.registered(ticket_of(key), payload)
    return {**answer, "created": bool(created)}


def register_once(
    payload: Registration, key: str, access: str | None = None
) -> str | None:
    """The ticket, if this made it."""
    if ticket := ticket_of(key):
        complete(ticket, payload)
        return None
    return insert_ticket(payload, key, access=access)


def complete(ticket: str, payload: Registration) -> None:
    """An attempt that failed halfway may have left a ticket without what was asked."""
    on_ticket = {"reference_doctype": "HD Ticket", "reference_name": ticket}
    if frappe.db.exists("Communication", on_ticket):
        return
    # Of two who try again at once the second waits, and reads what the first wrote.
    doc = frappe.get_doc("HD Ticket", ticket, for_update=True)
    if not frappe.db.get_value("Communication", on_ticket, for_update=True):
        add_message(doc, description_of(payload), payload.attachments)


def append(payload: Message) -> MessageAnswer:
    """Add a message to a request, once for each ``message_id``."""
    key, speaker = key_of(payload.external_id), address_of_channel()
    ticket = registered_ticket(key)
    name = key_of(payload.external_id, payload.message_id)
    with acting_as_intake():
        created = register_or_keep(
            lambda: append_once(payload, key, name, speaker), payload, name
        )
        frappe.clear_messages()
    return {"ticket": ticket, "created": bool(created)}


def status(payload: Question) -> replies.Standing:
    """How a request stands, and whether support has answered."""
    ticket = registered_ticket(key_of(payload.external_id))
    with acting_as_intake():
        return replies.standing(ticket, payload.language)


def key_of(*ids: str) -> str:
    """A key for what this user names by these ids.

    Hashed, as the database would take two ids that differ in case for one.
    """
    parts = (frappe.session.user, *ids)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def ticket_of(key: str, for_update: bool = False) -> str | None:
    return frappe.db.get_value(
        "HD Ticket", {"beesender_external_id": key}, for_update=for_update
    )


def registered_ticket(key: str) -> str | None:
    """The ticket of a request; None if only the admission log has it."""
    ticket = ticket_of(key)
    if not ticket and not is_kept(key):
        message = _("No request of yours has this external_id")
        refuse(
            UnknownRequest,
            {"field": "external_id", "rule": "unknown", "message": message},
        )
    return ticket


def address_of_channel() -> str:
    return frappe.db.get_value("User", frappe.session.user, "email")


def insert_ticket(
    payload: Registration,
    key: str,
    arrived_at: datetime | None = None,
    access: str | None = None,
) -> str:
    """``arrived_at``, in site time, is when its clock starts, by default now; ``access``
    are access details, encrypted."""
    contact = contact_with(payload.contact_email, payload.contact_phone)
    address = payload.contact_email or (
        contact and frappe.db.get_value("Contact", contact, "email_id")
    )
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": payload.subject,
            "raised_by": address or address_of_nobody(payload.contact_phone or ""),
            "contact": contact,
            "ticket_type": payload.category,
            "beesender_priority": payload.priority,
            "beesender_affected": payload.affected,
            "beesender_way_round": {True: YES, False: NO}.get(payload.way_round),
            "priority": catalogue.ticket_priority_of(payload.priority),
            "service_level_agreement_creation": arrived_at,
        }
    )
    context = context_of(ticket)
    context.channel, context.external_id = payload.channel, key
    context.found_contact, context.sealed_access_details = contact, access
    ticket.insert(ignore_permissions=True, ignore_mandatory=True)
    add_message(ticket, description_of(payload), payload.attachments)
    return ticket.name


def append_once(payload: Message, key: str, name: str, speaker: str) -> bool:
    """Whether the message is new."""
    # Locked first: messages of one chat come close together, and each saves the ticket.
    ticket = frappe.get_doc("HD Ticket", ticket_of(key, for_update=True))
    if frappe.db.exists("Communication", name):
        return False
    said_by_bot = {
        "communication_type": "Automated Message",
        "sent_or_received": "Sent",
        "sender": speaker,
    }
    add_message(
        ticket,
        payload.text,
        payload.attachments,
        name=name,
        **(said_by_bot if payload.from_bot else {}),
    )
    return True


def add_message(
    ticket: Document,
    text: str,
    attachments: Sequence[Attachment],
    name: str | None = None,
    **overrides: object,
) -> None:
    """Write a message from the customer, or from the sender in ``overrides``."""
    message = frappe.get_doc(
        {
            "doctype": "Communication",
            "communication_type": "Communication",
            "communication_medium": "Chat",
            "sent_or_received": "Received",
            "subject": f"Re: {ticket.subject}",
            "sender": ticket.raised_by,
            "content": in_paragraphs(text),
            "reference_doctype": "HD Ticket",
            "reference_name": ticket.name,
            **overrides,
        }
    )
    message.insert(ignore_permissions=True, set_name=name)
    if name and message.name != name:
        # Frappe gives a taken name of this kind up for another one.
        raise frappe.DuplicateEntryError(message.doctype, name)
    for attachment in attachments:
        attach(attachment, message, ticket)


def attach(attachment: Attachment, message: Document, ticket: Document) -> None:
    """Attach a file to message and ticket; one that Frappe refuses costs no request."""
    savepoint = "beesender_attachment"
    frappe.db.savepoint(savepoint)
    try:
        file = frappe.get_doc(
            {
                "doctype": "File",
                "file_name": attachment.file_name,
                "content": attachment.content_base64,
                "is_private": 1,
                "attached_to_doctype": message.doctype,
                "attached_to_name": message.name,
            }
        ).insert(ignore_permissions=True)
        ticket.attach_file_with_doc("HD Ticket", ticket.name, file.file_url)
    except CONFLICTS:
        raise
    except Exception as fault:
        undo(savepoint)
        keep(attachment, frappe.generate_hash(), fault, ticket=ticket.name)


def description_of(payload: Registration) -> str:
    """With the phone, for which a ticket has no field."""
    if not payload.contact_phone:
        return payload.description
    return f"{payload.description}\n\n{_('Phone')}: {payload.contact_phone}"


def in_paragraphs(text: str) -> str:
    """Plain text as HTML: an empty line ends a paragraph."""
    paragraphs = re.split(r"\n\s*\n", text.strip())
    return "".join(
        "<p>{}</p>".format(escape(each).replace("\n", "<br>")) for each in paragraphs
    )
