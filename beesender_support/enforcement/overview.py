"""What admins see of tiers and plans at a glance."""

from importlib import resources

import frappe
from frappe.model.document import Document

from beesender_support.enforcement import loaders
from beesender_support.enforcement.site_time import now, to_site_time
from beesender_support.policy.tiers import OFFERED_TIME_ZONES


def time_zones() -> list[str]:
    """The offered zones, then every place. The ``Etc`` zones are left out: they count
    westwards, so that Etc/GMT+3 is GMT-3."""
    places = resources.files("tzdata").joinpath("zones").read_text().split()
    return [
        *OFFERED_TIME_ZONES,
        *sorted(place for place in places if not place.startswith("Etc/")),
    ]


def tier_concern(tier: str) -> dict[str, int]:
    return {
        "plans": frappe.db.count(
            "Beesender Support Plan", {"tier": tier, "status": "Active"}
        ),
        "open_tickets": frappe.db.count(
            "HD Ticket", {"beesender_tier": tier, "status_category": "Open"}
        ),
    }


def plan_overview(doc: Document) -> dict:
    """Both times are naive: of the site, and ``local`` of the plan's zone."""
    plan, instant = loaders.plan_of(doc), now()
    seated = [seat.contact for seat in plan.active_seats(plan.today(instant))]
    next_open = plan.calendar.next_open(instant)
    return {
        "is_in_force": plan.is_in_force(instant),
        "is_open": plan.calendar.is_open(instant),
        "next_open": to_site_time(next_open),
        "next_open_local": next_open.astimezone(plan.calendar.zone).replace(
            tzinfo=None
        ),
        "seats_used": len(seated),
        "seats_included": plan.tier.authorized_contact_limit,
        "without_portal_access": frappe.get_all(
            "Contact",
            {"name": ("in", seated), "user": ("is", "not set")},
            pluck="name",
            order_by="name",
        ),
    }
