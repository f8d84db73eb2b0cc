"""Requests and messages of people who proved their address in the widget.

Registered as the intake registers those of programs; keys are of the proved address, so
that nobody reaches another's request by sending its key.
"""

import hashlib
from collections.abc import Sequence
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.chat import requests
from beesender_support.enforcement.chat.caller import acting_as_intake
from beesender_support.enforcement.chat.payloads import MEGABYTE, Attachment, Message
from beesender_support.enforcement.chat.requests import (
    MessageAnswer,
    RegistrationAnswer,
    add_message,
)
from beesender_support.enforcement.requests import access_details
from beesender_support.enforcement.safety.dead_letters import register_or_keep
from beesender_support.enforcement.safety.rate_limit import refuse
from beesender_support.enforcement.widget.payloads import (
    MessageWritten,
    RequestWritten,
)
from beesender_support.enforcement.widget.sessions import Person
from beesender_support.enforcement.widget.visits import (
    DAY,
    HOUR,
    Visit,
    limit,
    limit_amount,
)
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.sold.channels import WIDGET
from beesender_support.policy.widget.shown import is_theirs
from beesender_support.records.people.contacts import is_stranger

# New requests and messages of one person in an hour.
MOST_REQUESTS, MOST_MESSAGES = 20, 120
# Bytes a day, of texts and decoded files: of a person, and by one widget. What strangers
# send does not use up what is there for contacts.
MOST_BYTES_OF_STRANGER, MOST_BYTES_OF_STRANGERS = 50 * MEGABYTE, 500 * MEGABYTE
MOST_BYTES_OF_CONTACT, MOST_BYTES_OF_CONTACTS = 200 * MEGABYTE, 2000 * MEGABYTE


class NotYours(frappe.ValidationError):
    http_status_code = 404


class NotTaken(frappe.ValidationError):
    http_status_code = 403


def is_taken_from(visit: Visit, person: Person) -> bool:
    """Whether this person may register requests here; the site decides what of them."""
    return visit.widget.takes_strangers or not is_stranger(person.contact)


def register(
    visit: Visit, person: Person, written: RequestWritten
) -> RegistrationAnswer:
    """Register a request, or find it: ``external_id`` names it once and for all."""
    if not is_taken_from(visit, person):
        refuse(
            NotTaken,
            {
                "field": "",
                "rule": "stranger",
                "message": _(
                    "Requests are taken here from clients only. Please write us a mail."
                ),
            },
        )
    limit(f"requests:{person.address}", MOST_REQUESTS, HOUR)
    payload = written.registration_by(person.address)
    _limit_bytes(visit, person, payload.description, payload.attachments)
    secret = (written.secret or "").strip()
    # Refused now, if this site cannot encrypt, and not after there is a request.
    sealed = access_details.seal(secret) if secret else None
    key = key_of(person.address, written.external_id)
    return requests.register(payload, sealed, key)


def append(visit: Visit, person: Person, written: MessageWritten) -> MessageAnswer:
    """Add a message to a request of theirs, once for each ``message_id``."""
    ticket = ticket_of_person(person, written.ticket)
    limit(f"messages:{person.address}", MOST_MESSAGES, HOUR)
    _limit_bytes(visit, person, written.text, written.attachments)
    name = key_of(person.address, ticket, written.message_id)
    payload = Message(
        external_id=ticket,
        message_id=written.message_id,
        text=written.text,
        attachments=[each.model_dump(mode="json") for each in written.attachments],
    )
    with acting_as_intake():
        created = register_or_keep(
            lambda: _append_once(payload, ticket, name, person.address),
            payload,
            name,
            ticket=ticket,
            contact=person.address,
            channel=WIDGET,
        )
        frappe.clear_messages()
    return {"ticket": ticket, "created": bool(created)}


def ticket_of_person(person: Person, ticket: str) -> str:
    """The name of a request of theirs. Raises NotYours, also where there is none."""
    row = frappe.db.get_value("HD Ticket", ticket, ["name", "raised_by"], as_dict=True)
    if row and is_theirs(normalize_address(row.raised_by or ""), person.address):
        return str(row.name)
    refuse_unknown("ticket")


def refuse_unknown(field: str) -> NoReturn:
    """One answer for what is another's and what is not there. Raises NotYours."""
    message = _("You have no such request.")
    refuse(NotYours, {"field": field, "rule": "unknown", "message": message})


def key_of(*ids: str) -> str:
    """A key for what this person names by these ids; no program's is ever the same."""
    parts = ("widget", *ids, "")
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _limit_bytes(
    visit: Visit, person: Person, text: str, attachments: Sequence[Attachment]
) -> None:
    size = len(text.encode()) + sum(len(each.content_base64) for each in attachments)
    widget = visit.widget.name
    limits = (
        {
            f"bytes:{person.address}": MOST_BYTES_OF_STRANGER,
            f"bytes_of_strangers:{widget}": MOST_BYTES_OF_STRANGERS,
        }
        if is_stranger(person.contact)
        else {
            f"bytes:{person.address}": MOST_BYTES_OF_CONTACT,
            f"bytes_of_contacts:{widget}": MOST_BYTES_OF_CONTACTS,
        }
    )
    limit_amount(size, limits, DAY)


def _append_once(payload: Message, ticket: str, name: str, sender: str) -> bool:
    """Whether the message is new."""
    doc: Document = frappe.get_doc("HD Ticket", ticket, for_update=True)
    if frappe.db.exists("Communication", name):
        return False
    add_message(doc, payload.text, payload.attachments, name=name, sender=sender)
    return True
