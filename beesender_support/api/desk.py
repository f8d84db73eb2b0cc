"""What the forms in Desk ask."""

import frappe

from beesender_support.enforcement import overview


@frappe.whitelist()
def time_zones() -> list[str]:
    """Zones for a plan: the offered ones first, then every IANA name."""
    frappe.has_permission("Beesender Support Plan", "read", throw=True)
    return overview.time_zones()


@frappe.whitelist()
def tier_concern(tier: str) -> dict[str, int]:
    """How many plans in force and open tickets a tier concerns."""
    frappe.get_doc("Beesender Tier", tier).check_permission("read")
    return overview.tier_concern(tier)


@frappe.whitelist()
def plan_overview(plan: str) -> dict:
    """Whether a plan is in force, its seats, and when its support opens next."""
    doc = frappe.get_doc("Beesender Support Plan", plan)
    doc.check_permission("read")
    return overview.plan_overview(doc)
