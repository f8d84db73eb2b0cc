"""Conversations as they are kept: one row each, which a turn locks, and its files.

A row holds personal data of somebody who has not sent anything yet. No role reads it,
nothing but a turn writes it, and it is deleted once it has been quiet for long enough.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import frappe
from frappe.utils import now_datetime
from frappe.utils.response import json_handler

from beesender_support.enforcement.chat.payloads import Attachment
from beesender_support.policy.conversation.answers import (
    Conversation,
    FileGiven,
)
from beesender_support.policy.errors import PolicyError
from beesender_support.records import settings

CONVERSATION, FILE = "Beesender Conversation", "Beesender Conversation File"
# Answers to messages that may be asked for again, and messages that are known.
ANSWERS_KEPT, MESSAGES_KEPT = 20, 500
_FIELDS = (
    *("channel", "contact_email", "contact_phone", "language", "ticket"),
    *("request_number", "state", "heard", "sealed"),
)


@dataclass
class Kept:
    """A row while a turn holds it. ``heard`` are messages by their keys, in order, with
    the answer that each got, or None for one of long ago. ``sealed`` are access details,
    encrypted."""

    name: str
    channel: str
    contact_email: str | None
    contact_phone: str | None
    language: str
    ticket: str | None = None
    request_number: int = 1
    said: Conversation = field(default_factory=Conversation)
    heard: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    sealed: str | None = None
    is_new: bool = False


def locked(name: str) -> Kept | None:
    """The conversation of a key, for this transaction alone; None if there is none."""
    if not frappe.db.exists(CONVERSATION, name):
        return None
    row = frappe.db.get_value(
        CONVERSATION, name, _FIELDS, as_dict=True, for_update=True
    )
    if row is None:
        return None
    said, heard = row.pop("state"), row.pop("heard")
    return Kept(
        name=name, said=_said(said), heard=frappe.parse_json(heard or "{}"), **row
    )


def insert(kept: Kept) -> None:
    """Raises DuplicateEntryError where another message began it meanwhile."""
    frappe.get_doc(
        {
            "doctype": CONVERSATION,
            "user": frappe.session.user,
            "channel": kept.channel,
        }
    ).insert(ignore_permissions=True, set_name=kept.name)


def save(kept: Kept, request_key: str) -> None:
    """By key: Frappe would clean texts of what looks like HTML. ``request_key`` is that
    by which the ticket of the request is found."""
    forgotten = list(kept.heard)[:-MESSAGES_KEPT]
    for key in forgotten:
        del kept.heard[key]
    for key in list(kept.heard)[:-ANSWERS_KEPT]:
        kept.heard[key] = None
    frappe.db.set_value(
        CONVERSATION,
        kept.name,
        {
            "channel": kept.channel,
            "contact_email": kept.contact_email,
            "contact_phone": kept.contact_phone,
            "language": kept.language,
            "ticket": kept.ticket,
            "request_number": kept.request_number,
            "request_key": request_key,
            "state": frappe.as_json(kept.said.as_dict(), indent=None),
            # In their order, which Frappe's own form of JSON would lose.
            "heard": json.dumps(kept.heard, default=json_handler),
            "sealed": kept.sealed,
            "expires_at": expiry(),
        },
    )


def access_of(request_key: str) -> str | None:
    """The access details of a request that is not registered yet, encrypted."""
    return frappe.db.get_value(CONVERSATION, {"request_key": request_key}, "sealed")


def expiry() -> datetime:
    """Until when a conversation in which something was just said is kept."""
    return now_datetime() + timedelta(days=settings.current().conversation_days)


def _said(stored: str | None) -> Conversation:
    """What a newer version has left is begun anew after a step back."""
    try:
        return Conversation.from_dict(frappe.parse_json(stored))
    except (PolicyError, TypeError, KeyError):
        return Conversation()


# Files


def add_files(name: str, attachments: Iterable[Attachment]) -> tuple[FileGiven, ...]:
    return tuple(_add(name, each) for each in attachments)


def _add(name: str, attachment: Attachment) -> FileGiven:
    row = frappe.get_doc(
        {
            "doctype": FILE,
            "conversation": name,
            "file_name": attachment.file_name,
            "content": base64.b64encode(attachment.content_base64).decode(),
        }
    ).insert(ignore_permissions=True)
    return FileGiven(row.name, attachment.file_name, len(attachment.content_base64))


def files_of(name: str, said: Conversation) -> list[dict[str, str]]:
    """As a program would send them, in the order in which they were sent."""
    rows = frappe.get_all(
        FILE, {"conversation": name}, ["name", "file_name", "content"]
    )
    found = {row.name: row for row in rows}
    return [
        {
            "file_name": found[each.key].file_name,
            "content_base64": found[each.key].content,
        }
        for each in said.files
        if each.key in found
    ]


def remove_other_files(name: str, said: Conversation) -> None:
    """Those that the conversation has no more."""
    names = [each.key for each in said.files]
    frappe.db.delete(FILE, {"conversation": name, "name": ("not in", names or [""])})


# Their end


def remove(names: list[str]) -> None:
    """Not by deleting documents, of which Frappe would keep copies."""
    if names:
        frappe.db.delete(FILE, {"conversation": ("in", names)})
        frappe.db.delete(CONVERSATION, {"name": ("in", names)})
