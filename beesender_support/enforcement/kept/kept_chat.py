"""A kept request of the chatbot or the site widget becomes a ticket as its program would
have made it, and the program finds it if it tries again."""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.chat import requests
from beesender_support.enforcement.chat.caller import acting_as_intake
from beesender_support.enforcement.chat.payloads import KEPT, Registration
from beesender_support.enforcement.conversation import kept as conversations
from beesender_support.enforcement.safety.dead_letters import ACCESS


def obstacle(kept: Document) -> str | None:
    """Why no ticket can be made of a payload that is no whole request."""
    given = frappe.parse_json(kept.raw_content)
    if "file_name" in given:
        return _(
            "It is a file of ticket {0} that could not be attached. Ask the client to send"
            " it another way, and dismiss this row."
        ).format(kept.ticket or "?")
    if "message_id" in given and kept.ticket:
        return _(
            "It is a message to ticket {0}: “{1}” Write it on that ticket, and dismiss"
            " this row."
        ).format(kept.ticket, given.get("text") or "")
    if "message_id" in given:
        return _(
            "It is a message of a chat: “{0}” Write it on the ticket of that chat, and"
            " dismiss this row."
        ).format(given.get("text") or "")
    return None


def registered_as(kept: Document) -> str | None:
    """The ticket that a later attempt of the program made."""
    ticket = requests.ticket_of(kept.source) if kept.event == "Fault" else None
    if ticket:
        payload, _access = _payload_of(kept)
        with acting_as_intake():
            requests.complete(ticket, payload)
    return ticket


def register(kept: Document, account: None, arrived_at: object) -> str:
    payload, access = _payload_of(kept)
    with acting_as_intake():
        access = access or conversations.access_of(kept.source)
        return str(
            requests.insert_ticket(payload, kept.source, arrived_at, access=access)
        )


def without_access(kept: Document) -> dict[str, str]:
    """The row's content without access details, if it has any: once it is decided they
    are with the ticket, or nobody needs them."""
    if ACCESS not in (kept.raw_content or "") or kept.event != "Fault":
        return {}
    given = frappe.parse_json(kept.raw_content)
    given.pop(ACCESS, None)
    return {"raw_content": frappe.as_json(given)}


def _payload_of(kept: Document) -> tuple[Registration, str | None]:
    """What was sent, and its access details, encrypted."""
    given = frappe.parse_json(kept.raw_content)
    access = given.pop(ACCESS, None)
    raw = frappe.as_json(given)
    return Registration.model_validate_json(raw, context=KEPT), access
