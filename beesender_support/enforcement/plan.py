"""Keeps a Beesender Support Plan within what its tier and the calendar allow."""

from decimal import Decimal

from frappe.model.document import Document

from beesender_support.enforcement import loaders
from beesender_support.enforcement.site_time import now
from beesender_support.policy.allowances import support_fee
from beesender_support.policy.tiers import check_overlap, check_seats


def check(doc: Document) -> None:
    """Write what follows from the plan; raise PolicyError for one the policy refuses."""
    plan = loaders.plan_of(doc)
    before = doc.get_doc_before_save()
    check_seats(plan, before and loaders.plan_of(before), plan.today(now()))
    check_overlap(plan, loaders.plans_of(doc.customer))
    doc.fee = float(
        support_fee(Decimal(str(doc.licence_price or 0)), plan.tier.fee_percent)
    )
