"""Held requests that an agent decides together: what each needs to be decided."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.held import several_held
from beesender_support.enforcement.requests import held_requests
from beesender_support.screens.ticket import labels


class Held(TypedDict):
    """One that waits: ``reason`` is why, in words, ``free_seats`` those that its sender
    may be given."""

    ticket: str
    subject: str
    sender: str
    customer: str | None
    reason: str
    free_seats: int


class SeveralHeld(TypedDict):
    """``labels`` are the words around them, by name."""

    held: list[Held]
    labels: dict[str, str]


def waiting_among(names: Iterable[str]) -> SeveralHeld:
    """Those of the tickets that wait, and on which the reader may decide."""
    chosen = sorted(set(names))
    several_held.refuse_too_many(chosen)
    return {
        "held": [_held(doc) for doc in _to_decide(chosen)],
        "labels": labels.of_several_held(),
    }


def _to_decide(names: list[str]) -> Iterator[Document]:
    waiting = frappe.get_list(
        "HD Ticket",
        {"name": ("in", names), "beesender_admission": "Held"},
        pluck="name",
        order_by="creation",
        page_length=several_held.MOST,
    )
    for name in waiting:
        doc = frappe.get_doc("HD Ticket", name)
        if doc.has_permission("write"):
            yield doc


def _held(doc: Document) -> Held:
    overview = held_requests.overview(doc)
    return {
        "ticket": str(doc.name),
        "subject": doc.subject,
        "sender": doc.raised_by,
        "customer": doc.customer,
        "reason": overview["reason"],
        "free_seats": overview["free_seats"],
    }
