"""Keeps a Beesender Support Plan within what its tier and the calendar allow."""

from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement import loaders
from beesender_support.enforcement.site_time import now
from beesender_support.policy.allowances import support_fee
from beesender_support.policy.seats import check_seats, over_quota_since
from beesender_support.policy.tiers import check_overlap


def check(doc: Document) -> None:
    """Write what follows from the plan; raise PolicyError for one the policy refuses."""
    plan = loaders.plan_of(doc)
    before = doc.get_doc_before_save()
    today = plan.today(now())
    check_seats(plan, before and loaders.plan_of(before), today)
    check_overlap(plan, loaders.plans_of(doc.customer))
    since = getdate(doc.over_quota_since) if doc.over_quota_since else None
    doc.over_quota_since = over_quota_since(plan, since, today)
    doc.fee = float(
        support_fee(Decimal(str(doc.licence_price or 0)), plan.tier.fee_percent)
    )


def hand_over(doc: Document) -> None:
    """Another success manager takes over the unresolved tickets of the plan, too."""
    if doc.has_value_changed("success_manager"):
        frappe.db.set_value(
            "HD Ticket",
            {"beesender_plan": doc.name, "status_category": ("!=", "Resolved")},
            "beesender_success_manager",
            doc.success_manager,
            update_modified=False,
        )
