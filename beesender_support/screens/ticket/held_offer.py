"""The offer to admit what waits: held requests of a customer that would be accepted now."""

from datetime import datetime
from typing import TypedDict

from frappe import _

from beesender_support.enforcement.held import taken_now
from beesender_support.enforcement.held.several_held import MOST


class HeldRequest(TypedDict):
    """``held_since`` is a naive site time."""

    ticket: str
    subject: str
    contact: str
    held_since: datetime


class HeldOffer(TypedDict):
    """``waiting`` is how many are held; ``requests`` are those that would be accepted
    now, at most as many as are admitted at once. ``words`` are None where there are
    none."""

    waiting: int
    requests: list[HeldRequest]
    words: str | None


def held_offer(customer: str) -> HeldOffer:
    held = taken_now.held_of(customer)
    taken = taken_now.taken(held)[:MOST]
    return {
        "waiting": len(held),
        "requests": [
            {
                "ticket": str(row.name),
                "subject": row.subject,
                "contact": row.contact or row.raised_by or "",
                "held_since": row.creation,
            }
            for row in taken
        ],
        "words": offer_in_words(len(taken)) if taken else None,
    }


def offer_in_words(count: int) -> str:
    if count == 1:
        return _("1 held request would be accepted now.")
    return _("{0} held requests would be accepted now.").format(count)


def others_in_words(ticket: str, customer: str | None) -> str | None:
    """Of an agent's held ticket: how many others of its customer wait, and how many of
    them would be accepted now."""
    if not customer:
        return None
    others = [
        row for row in taken_now.held_of(customer) if str(row.name) != str(ticket)
    ]
    if not others:
        return None
    waiting = (
        _("1 other of this customer waits.")
        if len(others) == 1
        else _("{0} others of this customer wait.").format(len(others))
    )
    taken = taken_now.taken(others)
    if not taken:
        return waiting
    return f"{waiting} {offer_in_words(len(taken))}"


def taken_with(ticket: str, customer: str | None) -> list[str]:
    """The requests that one action on a held ticket admits: those of its customer that
    would be accepted now, where others than this ticket are among them."""
    held = taken_now.held_of(customer) if customer else []
    taken = [str(row.name) for row in taken_now.taken(held)][:MOST]
    return taken if set(taken) - {str(ticket)} else []
