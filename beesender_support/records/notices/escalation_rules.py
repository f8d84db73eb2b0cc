"""Beesender Escalation Rule as a policy value."""

from contextlib import suppress
from datetime import datetime, timezone

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.notices.escalation import (
    HELD_LONGER,
    OF_A_PROMISE,
    WARNING,
    WHOM,
    Rule,
    in_order,
)
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.records.cache import in_this_snapshot
from beesender_support.records.site_time import from_column
from beesender_support.records.tables import with_rows

RULE, USERS = "Beesender Escalation Rule", "users"
TARGET_OF = {
    "First answer": FIRST_ANSWER,
    "Next answer": NEXT_ANSWER,
    "Solution": SOLUTION,
}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)


def enabled() -> tuple[Rule, ...]:
    """The rules that are switched on, in order; their categories as ticket types. Read
    once in a transaction."""
    return in_this_snapshot("escalation rules", _enabled)


def _enabled() -> tuple[Rule, ...]:
    docs = with_rows(RULE, {"enabled": 1})
    if not docs:
        return ()
    ticket_types = dict(
        frappe.get_all(
            "Beesender Category", fields=["name", "ticket_type"], as_list=True
        )
    )
    rules = []
    for doc in docs:
        # One that was stored before a rule of today, or past its form, asks for nothing.
        with suppress(PolicyError):
            rules.append((cint(doc.sequence), rule_of(doc, ticket_types)))
    return in_order(rules)


def rule_of(doc: Document, ticket_types: dict[str, str] | None = None) -> Rule:
    """The rule of a record; raises PolicyError for one that cannot be.

    Numbers and targets that its event does not use are left out.
    """
    category = doc.category or None
    return Rule(
        name=doc.name or "",
        title=doc.title or "",
        event=doc.event or "",
        since=from_column(doc.enabled_at) or _LONG_AGO,
        share=doc.share if doc.event == WARNING else None,
        support_hours=doc.support_hours if doc.event == HELD_LONGER else None,
        tier=doc.tier or None,
        priority=doc.priority or None,
        category=(ticket_types or {}).get(category or "", category),
        target=TARGET_OF.get(doc.target or "") if doc.event in OF_A_PROMISE else None,
        tells=frozenset(each for each in WHOM if doc.get(f"tell_{each}")),
        users=tuple(row.user for row in doc.get(USERS) or () if row.user),
        team=doc.team or None,
        assign_to=doc.assign_to or None,
        tag=(doc.tag or "").strip() or None,
    )
