"""Several held requests are decided in one action, each for itself.

What one of them refuses, or a fault that it meets, is reported of it and undoes nothing
of the others. A fault after which the database dropped the transaction is raised: then
none was decided.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.requests import held_requests
from beesender_support.enforcement.safety import dead_letters
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction

# What one request decides within a few seconds, and without locking too much.
MOST = 100
SAVEPOINT = "beesender_one_of_several"
MAY_DECIDE = ("Agent", "Agent Manager", "System Manager")


class Outcome(TypedDict):
    """What became of one ticket; ``words`` say why it was not decided, and are empty
    where it was."""

    ticket: str
    is_decided: bool
    words: str


def admit_several(tickets: Iterable[str], why: str = "") -> list[Outcome]:
    """Take each of these requests, whatever it was held for. Their clocks start now."""
    return decide_several(tickets, partial(held_requests.admit_once, why=why))


def admit_what_is_taken(tickets: Iterable[str], why: str = "") -> list[Outcome]:
    """Take those of these requests that a plan would accept today."""
    return decide_several(tickets, partial(held_requests.admit_if_taken, why=why))


def seat_several(tickets: Iterable[str], why: str = "") -> list[Outcome]:
    """Take each of these requests and seat its contact, as long as seats are free."""
    return decide_several(tickets, partial(held_requests.admit_with_seat, why=why))


def decline_several(tickets: Iterable[str], reply: str, why: str = "") -> list[Outcome]:
    """Answer each sender, in plain text, and close the requests; without a ``reply`` each
    is told why theirs was not taken."""

    def decline(doc: Document) -> None:
        held_requests.refuse_unless_held(doc)
        own = reply.strip() or held_requests.default_decline_reply(doc)
        held_requests.decline(doc, own, why)

    return decide_several(tickets, decline)


def decide_several(
    tickets: Iterable[str], decide: Callable[[Document], None]
) -> list[Outcome]:
    """``decide`` each ticket that the session's user may write, locked while it is
    decided; a ticket named twice is decided once.

    They are locked in one order, so that two users who decide the same ones wait for
    each other, and each reads of every ticket who decided it.
    """
    names = sorted(
        {str(ticket) for ticket in tickets}, key=lambda name: (len(name), name)
    )
    refuse_too_many(names)
    return [_decided(name, decide) for name in names]


def refuse_too_many(names: Sequence[str]) -> None:
    if len(names) > MOST:
        frappe.throw(_("Decide at most {0} requests at once.").format(MOST))


def _decided(ticket: str, decide: Callable[[Document], None]) -> Outcome:
    said = len(frappe.local.message_log)
    frappe.db.savepoint(SAVEPOINT)
    try:
        decide(_to_decide(ticket))
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point=SAVEPOINT)
        # It is reported of this ticket, and not said once more by itself.
        del frappe.local.message_log[said:]
        return {"ticket": ticket, "is_decided": False, "words": _why_not(ticket, fault)}
    return {"ticket": ticket, "is_decided": True, "words": ""}


def _to_decide(ticket: str) -> Document:
    """Only users who may decide lock the ticket, and only one that is there."""
    if not frappe.db.exists("HD Ticket", ticket):
        raise frappe.PermissionError
    frappe.get_doc("HD Ticket", ticket).check_permission("write")
    return held_requests.locked(ticket)


def _why_not(ticket: str, fault: Exception) -> str:
    if isinstance(fault, frappe.PermissionError):
        return _("You may not decide on ticket {0}.").format(ticket)
    if isinstance(fault, frappe.ValidationError):
        return str(fault)
    dead_letters.log_fault("Beesender Support: a held request was not decided", fault)
    return _(
        "Ticket {0} was not decided because of a fault, which is in the Error Log."
    ).format(ticket)
