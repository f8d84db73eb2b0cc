"""Keeps a Beesender Tier within what can be promised."""

import frappe
from frappe.model.document import Document

from beesender_support.policy.notices.warnings import shares_of
from beesender_support.policy.plans.limits import check_tier
from beesender_support.records.sold import policy_values


def check(doc: Document) -> None:
    """Raise PolicyError for a tier that the policy refuses."""
    shares_of("warning_percents", doc.get("warning_percents"))
    ranks = frappe.get_all("Beesender Tier", fields=["name", "rank"], as_list=True)
    check_tier(policy_values.checked_tier_of(doc), dict(ranks))
