"""By what a ticket was decided: a row for each decision, with the facts of then, so that it
can be made again when plans and seats have changed.

They name plans, seats and people of whoever was the customer then, so they are in a table of
their own, which only managers read: nothing of them is on a ticket. Rows are written once.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import frappe
from frappe.model.document import Document

from beesender_support.policy.audit.facts import Decided
from beesender_support.policy.audit.stamps import instant
from beesender_support.records.site_time import to_column
from beesender_support.records.tickets.admission_log import insert_all
from beesender_support.records.tickets.ticket_context import context_of

DECISION = "Beesender Decision"


class Kept(NamedTuple):
    """A decision and the name of its row."""

    name: str
    decided: Decided


def kept_of(ticket: str, most: int) -> tuple[Kept, ...]:
    """The last ``most`` decisions on a ticket, in order; none from before they were kept."""
    rows = frappe.get_all(
        DECISION,
        {"ticket": ticket},
        ["name", "contact", "facts"],
        # In UTC, to the second. Of one second, as they were written.
        order_by="decided_at desc, creation desc",
        limit=most,
    )
    return tuple(
        Kept(row.name, _decided(row.facts, row.contact)) for row in reversed(rows)
    )


def note(doc: Document, decided: Decided | None) -> None:
    """The decision that the save under way writes, or that it writes none. A ticket that is
    decided twice in one save was decided once."""
    context_of(doc).decision = decided


@contextmanager
def undone_by_a_fault(doc: Document) -> Iterator[None]:
    """A step that decides: if it fails, the ticket is as it was, and so is what was
    noted."""
    context = context_of(doc)
    before = context.decision
    try:
        yield
    except Exception:
        context.decision = before
        raise


def write(doc: Document) -> None:
    """What was noted, once the ticket is stored; nothing is asked where nothing was."""
    context = context_of(doc)
    decided, context.decision = context.decision, None
    if decided is None:
        return
    insert_all(DECISION, [row_of(str(doc.name), doc.customer, decided.as_dict())])


def row_of(
    ticket: str, customer: str | None, decided: dict[str, Any]
) -> dict[str, Any]:
    """The row of a decision in its plain form. Who asked is a link of the row alone, which
    follows when the contact is renamed, merged or erased."""
    asked = decided["asked"]
    facts = {**decided, "asked": asked and {**asked, "contact": None}}
    return {
        "ticket": ticket,
        "customer": customer or None,
        "contact": asked and asked["contact"],
        "decided_at": to_column(instant(decided["at"])),
        # As people write it, so that what is erased is found in it.
        "facts": json.dumps(facts, ensure_ascii=False),
    }


def _decided(facts: str, contact: str | None) -> Decided:
    stored = json.loads(facts)
    if stored["asked"]:
        stored["asked"]["contact"] = contact
    return Decided.from_dict(stored)


def let_go_of(ticket: str) -> None:
    """Of a ticket that is deleted: Frappe gives the number of the last one to the next."""
    frappe.db.delete(DECISION, {"ticket": str(ticket)})
