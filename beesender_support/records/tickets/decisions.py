"""By what a ticket was decided: kept on it, by the save that writes the decision.

Nothing is asked of the database for it. The facts are those that the decision was made
of, so that it can be made again when plans and seats have changed. They are for whoever
checks: what was decided for one customer leaves the ticket with it, for the log.
"""

import json
from typing import Any

import frappe
from frappe.model.document import Document

from beesender_support.policy.audit.facts import Decided
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.admission_log import LOG

DECISIONS = "beesender_decisions"
# In no answer to whoever reads or saves a ticket.
KEPT_FOR_CHECKS = (DECISIONS, promise.AT_RISK_PERCENT)
# Whoever changes the contact of a held ticket to and fro does not fill the row.
MOST_KEPT = 50


def decisions_of(doc: Document) -> tuple[Decided, ...]:
    """Those on the ticket, in order; none of one from before they were kept."""
    return _read(doc.get(DECISIONS))


def left_decisions_of(ticket: str) -> list[tuple[Decided, ...]]:
    """Those that left a ticket with its former customers, in order."""
    stored = frappe.get_all(
        LOG,
        {"ticket": ticket, "decisions": ("is", "set")},
        pluck="decisions",
        order_by="creation",
    )
    return [_read(each) for each in stored]


def note(doc: Document, decided: Decided) -> None:
    """Keep a decision that is being written. A ticket that is decided twice in one save
    was decided once."""
    before = None if doc.is_new() else doc.get_doc_before_save()
    kept = []
    if before and not _has_another_customer(doc, before):
        kept = _plain(before.get(DECISIONS))
    kept = [*kept, decided.as_dict()]
    # As people write it, so that what is erased is found in it.
    doc.set(DECISIONS, json.dumps(kept[-MOST_KEPT:], ensure_ascii=False))


def leave(doc: Document) -> None:
    """A ticket that is about to be written under another customer, or none of the
    policy, does not take along what was decided before."""
    before = doc.get_doc_before_save()
    if before and _is_left(doc, before) and doc.get(DECISIONS) == before.get(DECISIONS):
        doc.set(DECISIONS, None)


def left_by(doc: Document) -> str | None:
    """What a ticket that was just written left so, as it was stored."""
    before = doc.get_doc_before_save()
    if not before or not _is_left(doc, before):
        return None
    stored = before.get(DECISIONS)
    if not stored or doc.get(DECISIONS) == stored:
        return None
    return stored if isinstance(stored, str) else json.dumps(stored, ensure_ascii=False)


def hide(doc: Document) -> None:
    """From an answer that holds the whole ticket, once it is written."""
    doc.update(dict.fromkeys(KEPT_FOR_CHECKS))


def _is_left(doc: Document, before: Document) -> bool:
    return _has_another_customer(doc, before) or not doc.beesender_admission


def _has_another_customer(doc: Document, before: Document) -> bool:
    return (doc.customer or None) != (before.customer or None)


def _read(stored: Any) -> tuple[Decided, ...]:
    return tuple(map(Decided.from_dict, _plain(stored)))


def _plain(stored: Any) -> list[dict[str, Any]]:
    if not stored:
        return []
    return json.loads(stored) if isinstance(stored, str) else stored
