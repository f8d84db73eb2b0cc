"""The draft of a Beesender Replay as a policy value."""

import frappe
from frappe.model.document import Document

from beesender_support.policy.errors import NothingListed, UnknownName
from beesender_support.policy.replay.drafts import Draft
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.exceptions import (
    NO_EXCEPTIONS,
    RESPONSE_TARGET,
    SUPPORT_HOURS,
    Exceptions,
)
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import calendars, catalogue, plan_exceptions
from beesender_support.records.sold.plan_values import plan_of

PLAN = "Beesender Support Plan"
CHANGEABLE = (RESPONSE_TARGET, SUPPORT_HOURS)


def draft_of(doc: Document) -> Draft:
    """What the record says would be sold, by the records it names as they are now;
    raises PolicyError for what cannot be, and where it changes nothing."""
    tier = catalogue.tier_named(doc.draft_tier) if doc.draft_tier else None
    plan = plan_of(frappe.get_doc(PLAN, doc.draft_plan)) if doc.draft_plan else None
    days = None
    if doc.holiday_calendar:
        named = calendars.days_of_calendars([doc.holiday_calendar])
        days = named.get(doc.holiday_calendar)
    draft = Draft(
        plan=plan,
        tier=tier,
        exceptions=_changes(doc, tier or (plan.tier if plan else None)),
        days=days,
        add_days=bool(doc.add_days),
    )
    if not draft:
        raise NothingListed("draft_tier", "-")
    return draft


def _changes(doc: Document, tier: Tier | None) -> Exceptions:
    for row in doc.changes:
        if row.kind not in CHANGEABLE:
            raise UnknownName(
                "kind", row.kind or "", allowed=tuple(map(Name, CHANGEABLE))
            )
    # Whether a target can be reached depends on the hours that are sold with it.
    checked = NO_EXCEPTIONS
    for each in (tier,) if tier else catalogue.tiers():
        checked = plan_exceptions.checked(doc.changes, each)
    return checked
