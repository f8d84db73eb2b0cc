"""Keeps a Beesender Tier within what can be promised."""

import frappe
from frappe.model.document import Document

from beesender_support.policy.notices.warnings import shares_of
from beesender_support.policy.plans import limits
from beesender_support.policy.sold.channels import check_offered
from beesender_support.policy.sold.entitlements import (
    FIELD_OF_ENTITLEMENT,
    Amounts,
    as_field,
)
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import catalogue, policy_values

TIER, PLAN = "Beesender Tier", "Beesender Support Plan"


def check(doc: Document) -> None:
    """Write what follows from the tier; raise PolicyError for one that the policy
    refuses."""
    shares_of("warning_percents", doc.get("warning_percents"))
    policy_values.write_end_of_day(doc.support_windows)
    doc.title = limits.title_of("title", _own_title(doc), doc.name)
    ranks = frappe.get_all(TIER, fields=["name", "rank"], as_list=True)
    tier = policy_values.checked_tier_of(
        doc, doc.get_doc_before_save(), catalogue.entitlements()
    )
    limits.check_tier(tier, dict(ranks))
    _check_channels(doc, tier)
    _write_amounts(doc, tier.entitlements)


def _check_channels(doc: Document, tier: Tier) -> None:
    """Raise ChannelNotOffered for one that is retired, or not for this, and that the
    tier did not have."""
    if doc.flags.beesender_as_shipped:
        return
    before = doc.get_doc_before_save()
    known = catalogue.channels().values()
    for field, offered in (
        ("registration_channels", [x.code for x in known if x.takes_requests_now]),
        ("answer_channels", [x.code for x in known if x.is_offered_for_answers]),
    ):
        had = {row.channel for row in before.get(field)} if before else ()
        check_offered(field, getattr(tier, field), offered, had)


def _own_title(doc: Document) -> str | None:
    """A new tier that was copied from another carries the other's title."""
    title = doc.get("title")
    is_copied = doc.is_new() and title in catalogue.tier_titles().values()
    return None if is_copied else title


def _write_amounts(doc: Document, amounts: Amounts) -> None:
    """The table and the fields say the same."""
    listed = {row.entitlement for row in doc.entitlements}
    for row in doc.entitlements:
        row.amount = float(amounts.get(row.entitlement, 0))
    for code, amount in amounts.items():
        if code not in listed:
            doc.append("entitlements", {"entitlement": code, "amount": float(amount)})
    for code, field in FIELD_OF_ENTITLEMENT.items():
        doc.set(field, as_field(code, amounts.get(code, 0)))


def refuse_removal(doc: Document) -> None:
    """Raise PolicyError for a tier that plans have, drafts too."""
    plans = frappe.get_all(
        PLAN, {"tier": doc.name}, pluck="name", order_by="name", limit=limits.FEW + 1
    )
    limits.check_unused("name", catalogue.tier_title(doc.name), plans)
