"""The requests of a person who proved their address, and what was said in them.

Of a message only text and links are shown, and only what ``policy.widget.shown`` says.
"""

from datetime import datetime

import frappe
from frappe import _
from frappe.email.email_body import split_emails
from frappe.utils import get_fullname
from typing_extensions import TypedDict

from beesender_support.enforcement.chat import replies
from beesender_support.enforcement.chat.caller import acting_as_intake
from beesender_support.enforcement.widget.requests import (
    refuse_unknown,
    ticket_of_person,
)
from beesender_support.enforcement.widget.sessions import Person
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.widget.plain_text import Paragraphs, text_with_links
from beesender_support.policy.widget.shown import Message, is_shown, is_theirs
from beesender_support.records.site_time import iso_text, to_instant

TICKET = "HD Ticket"
MOST_REQUESTS, MOST_MESSAGES = 20, 200


class RequestInList(TypedDict):
    """``status`` is what clients read for it; ``answered`` is when support last wrote to
    the person."""

    ticket: str
    subject: str
    status: str
    is_closed: bool
    changed: str | None
    answered: str | None


class FileShown(TypedDict):
    file: str
    name: str
    size: int


class MessageShown(TypedDict):
    """``author`` is empty for the person themselves; ``paragraphs`` are lists of runs of
    a text and the address that it leads to, or None."""

    id: str
    author: str
    at: str | None
    paragraphs: Paragraphs
    files: list[FileShown]


class RequestShown(RequestInList):
    """``sentence`` says how it stands."""

    sentence: str
    response_due: str | None
    messages: list[MessageShown]


class FileGiven(TypedDict):
    name: str
    content: bytes


def requests_of(person: Person) -> list[RequestInList]:
    """The last ones, what changed last first."""
    rows = frappe.get_all(
        TICKET,
        {"raised_by": person.address},
        [*_FIELDS, "raised_by"],
        order_by="modified desc",
        limit=MOST_REQUESTS,
    )
    theirs = [
        row
        for row in rows
        if is_theirs(normalize_address(row.raised_by), person.address)
    ]
    statuses = _statuses()
    answered = _answered([str(row.name) for row in theirs], person)
    return [_in_list(row, statuses, answered.get(str(row.name))) for row in theirs]


def request_of(person: Person, ticket: str, language: str) -> RequestShown:
    """Raises NotYours."""
    name = ticket_of_person(person, ticket)
    row = frappe.db.get_value(TICKET, name, _FIELDS, as_dict=True)
    with acting_as_intake():
        standing = replies.standing(name, language)
    messages = _messages_of(name, person)
    files = _files_of([each.name for each in messages])
    answers = [each.creation for each in messages if _as_value(each).is_from_support]
    return {
        **_in_list(row, _statuses(), max(answers, default=None)),
        "sentence": standing["sentence"],
        "response_due": standing["response_due"],
        "messages": [_message(each, files.get(each.name, [])) for each in messages],
    }


def file_of(person: Person, ticket: str, file: str) -> FileGiven:
    """A file of a message that the person is shown. Raises NotYours."""
    name = ticket_of_person(person, ticket)
    shown = [each.name for each in _messages_of(name, person)]
    for files in _files_of(shown).values():
        for each in files:
            if each["file"] == file:
                doc = frappe.get_doc("File", file)
                with acting_as_intake():
                    content = doc.get_content()
                is_text = isinstance(content, str)
                return {
                    "name": each["name"],
                    "content": content.encode() if is_text else content,
                }
    refuse_unknown("file")


# By which it is decided who is shown a message.
_OF_MESSAGE = ("communication_type", "sent_or_received", "sender", "recipients", "cc")
_FIELDS = ["name", "subject", "status", "status_category", "modified"]


def _in_list(
    row: frappe._dict, statuses: dict[str, str], answered: datetime | None
) -> RequestInList:
    return {
        "ticket": str(row.name),
        # Shown as text: brackets in it are what somebody typed.
        "subject": row.subject or "",
        "status": _(statuses.get(row.status, row.status)),
        "is_closed": row.status_category == "Resolved",
        "changed": iso_text(to_instant(row.modified)),
        "answered": iso_text(to_instant(answered)) if answered else None,
    }


def _statuses() -> dict[str, str]:
    """What clients read for those that they are shown otherwise."""
    rows = frappe.get_all(
        "HD Ticket Status", {"different_view": 1}, ["name", "label_customer"]
    )
    return {row.name: row.label_customer for row in rows if row.label_customer}


def _answered(tickets: list[str], person: Person) -> dict[str, datetime]:
    """When support last wrote to the person, by ticket; in one query."""
    if not tickets:
        return {}
    rows = frappe.get_all(
        "Communication",
        {
            "reference_doctype": TICKET,
            "reference_name": ("in", tickets),
            "communication_type": "Communication",
            "sent_or_received": "Sent",
        },
        ["reference_name", "creation", *_OF_MESSAGE],
        order_by="creation",
    )
    return {
        row.reference_name: row.creation
        for row in rows
        if is_shown(_as_value(row), person.address)
    }


def _messages_of(ticket: str, person: Person) -> list[frappe._dict]:
    rows = frappe.get_all(
        "Communication",
        {"reference_doctype": TICKET, "reference_name": ticket},
        [
            *("name", "sender_full_name", "content", "creation", *_OF_MESSAGE),
        ],
        order_by="creation desc, name",
        limit=MOST_MESSAGES,
    )
    shown = [row for row in rows if is_shown(_as_value(row), person.address)]
    return shown[::-1]


def _as_value(row: frappe._dict) -> Message:
    openly = (*split_emails(row.recipients or ""), *split_emails(row.cc or ""))
    return Message(
        is_conversation=row.communication_type == "Communication",
        is_from_support=row.sent_or_received == "Sent",
        sender=_address_in(row.sender or ""),
        openly_to=frozenset(map(_address_in, openly)),
    )


def _address_in(text: str) -> str:
    return normalize_address(frappe.utils.parse_addr(text)[1] or text)


def _message(row: frappe._dict, files: list[FileShown]) -> MessageShown:
    is_from_support = row.sent_or_received == "Sent"
    author = row.sender_full_name or get_fullname(row.sender)
    return {
        "id": row.name,
        "author": author if is_from_support else "",
        "at": iso_text(to_instant(row.creation)),
        "paragraphs": text_with_links(row.content or ""),
        "files": files,
    }


def _files_of(messages: list[str]) -> dict[str, list[FileShown]]:
    if not messages:
        return {}
    rows = frappe.get_all(
        "File",
        {
            "attached_to_doctype": "Communication",
            "attached_to_name": ("in", messages),
            "is_folder": 0,
        },
        ["name", "file_name", "file_size", "attached_to_name"],
        order_by="creation, name",
    )
    files: dict[str, list[FileShown]] = {}
    for row in rows:
        files.setdefault(row.attached_to_name, []).append(
            {"file": row.name, "name": row.file_name or "", "size": row.file_size or 0}
        )
    return files
