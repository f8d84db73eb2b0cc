"""Keeps an escalation rule within what it can mean, and has open tickets looked at when
one is switched on."""

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.response.waking import wake_up_where
from beesender_support.policy.notices.escalation import check_team
from beesender_support.policy.notices.staff import check_of_support
from beesender_support.records.cache import invalidate
from beesender_support.records.notices.escalation_rules import rule_of
from beesender_support.records.people import staff
from beesender_support.records.site_time import now, to_column


def check(doc: Document) -> None:
    """Raise PolicyError for a rule that can do nothing, or not what it says.

    One that is switched off is not held to people and teams, so that it can be switched
    off when they are gone.
    """
    rule = rule_of(doc)
    doc.tag = rule.tag
    if not doc.enabled:
        doc.enabled_at = None
        return
    named = [rule.assign_to, *rule.users]
    working = staff.members_named(named)
    check_of_support("assign_to", [rule.assign_to], working)
    check_of_support("users", rule.users, working)
    check_team(
        rule.team,
        is_disabled=bool(frappe.db.get_value("HD Team", rule.team, "disabled")),
    )
    before = doc.get_doc_before_save()
    if not (before and before.enabled and before.enabled_at):
        doc.enabled_at = to_column(now())
    else:
        doc.enabled_at = before.enabled_at


def follow(doc: Document) -> None:
    """Tickets of which nothing else is owed sleep: a rule may have something to say."""
    invalidate()
    if doc.enabled:
        wake_up_where({})


def forget() -> None:
    """It is gone from this transaction on."""
    invalidate()
