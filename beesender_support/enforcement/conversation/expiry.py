"""The end of conversations: quiet ones are deleted, those of an open request stay."""

from collections.abc import Collection, Iterable

import frappe
from frappe.utils import now_datetime

from beesender_support.enforcement.conversation.kept import (
    CONVERSATION,
    expiry,
    remove,
)
from beesender_support.records.people.phones import written_otherwise

LOT = 200


def delete_quiet() -> None:
    """Safe to run twice, and at once: rows are found by reading and deleted by key.

    What a person writes after the answer belongs to the request for as long as that is
    open, so its conversation is kept on.
    """
    while rows := _quiet():
        still_open = _open_among({row.ticket for row in rows if row.ticket})
        kept = [row.name for row in rows if row.ticket in still_open]
        _remove_quiet([row.name for row in rows if row.ticket not in still_open])
        if kept:
            later = {"expires_at": expiry()}
            frappe.db.set_value(
                CONVERSATION, {"name": ("in", kept)}, later, update_modified=False
            )
        frappe.db.commit()


def _remove_quiet(names: list[str]) -> None:
    """Not one in which something was said since it was looked at."""
    if not names:
        return
    is_quiet = {"expires_at": ("<=", now_datetime())}
    frappe.db.delete(CONVERSATION, {"name": ("in", names), **is_quiet})
    spoken = frappe.get_all(
        CONVERSATION, {"name": ("in", names)}, pluck="name", order_by="name"
    )
    remove([each for each in names if each not in set(spoken)])


def _quiet() -> list[frappe._dict]:
    return frappe.get_all(
        CONVERSATION,
        {"expires_at": ("<=", now_datetime())},
        ["name", "ticket"],
        order_by="expires_at",
        limit=LOT,
    )


def _open_among(tickets: Collection[str]) -> set[str]:
    if not tickets:
        return set()
    asked = {"name": ("in", list(tickets)), "status_category": ("!=", "Resolved")}
    return set(map(str, frappe.get_all("HD Ticket", asked, pluck="name")))


def of_person(
    addresses: Iterable[str], phones: Iterable[str], tickets: Iterable[str]
) -> list[str]:
    """Conversations with somebody, by all that identifies them."""
    sought = {
        "contact_email": list(addresses),
        "contact_phone": _phones_like(phones),
        "ticket": list(tickets),
    }
    found = [
        name
        for field, values in sought.items()
        if values
        for name in frappe.get_all(CONVERSATION, {field: ("in", values)}, pluck="name")
    ]
    return list(dict.fromkeys(found))


def _phones_like(phones: Iterable[str]) -> list[str]:
    """As they are written in conversations."""
    phones = list(phones)
    if not phones:
        return []
    written = frappe.get_all(
        CONVERSATION,
        {"contact_phone": ("is", "set")},
        pluck="contact_phone",
        distinct=True,
    )
    return written_otherwise(phones, written)
