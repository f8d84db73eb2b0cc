"""What admins see of tiers and plans at a glance, before and after saving them.

Times are naive: of the site, and ``local`` ones of the zone they are about.
"""

from datetime import date
from decimal import Decimal
from importlib import resources

import frappe
from frappe.model.document import Document
from frappe.utils import flt, getdate

from beesender_support.policy.plans.catalogue import OFFERED_TIME_ZONES
from beesender_support.policy.plans.contract_years import support_fee
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.plans.seats import (
    check_seated_once,
    check_seats,
    seat_warnings,
    seats_over_limit,
)
from beesender_support.records.site_time import now, to_site_time
from beesender_support.records.sold import plan_values
from beesender_support.screens.desk import form_values, timeline
from beesender_support.screens.workspace.first_steps import contacts_with_access

PLAN = "Beesender Support Plan"
# Plans that a tier's form lists by name.
MOST_NAMED_PLANS = 20


def time_zones() -> list[str]:
    """The offered zones, then every place. The ``Etc`` zones are left out: they count
    westwards, so that Etc/GMT+3 is GMT-3."""
    places = resources.files("tzdata").joinpath("zones").read_text().split()
    return [
        *OFFERED_TIME_ZONES,
        *sorted(place for place in places if not place.startswith("Etc/")),
    ]


def tier_concern(tier: str) -> dict:
    """Whom a change of a tier concerns: active plans that have not ended, by name the
    first of them, and open tickets that were promised by it."""
    plans = frappe.get_list(
        PLAN,
        filters={"tier": tier, "status": "Active"},
        or_filters=[["ends_on", "is", "not set"], ["ends_on", ">=", getdate()]],
        fields=["name", "customer"],
        order_by="customer",
    )
    return {
        "plans": len(plans),
        "named_plans": plans[:MOST_NAMED_PLANS],
        "open_tickets": frappe.db.count(
            "HD Ticket", {"beesender_tier": tier, "status_category": ("!=", "Resolved")}
        ),
    }


# Plans


def plan_overview(doc: Document) -> dict:
    """What an unsaved plan is worth, and what is off with it."""
    plan, refusal = form_values.plan_in(doc)
    overview = {"refusal": refusal, "fee": fee_of(doc)}
    if plan is None:
        return overview
    return {
        **overview,
        **opening_of(plan),
        **seats_of(doc, plan),
        "timeline": timeline.of(doc, plan),
    }


def fee_of(doc: Document) -> dict | None:
    """The support fee as it would be saved; None while price or tier are missing."""
    percent = doc.tier and frappe.db.get_value(
        "Beesender Tier", doc.tier, "fee_percent"
    )
    price = Decimal(str(flt(doc.licence_price)))
    if percent is None or price < 0:
        return None
    return {
        "percent": percent,
        "amount": float(support_fee(price, Decimal(str(percent)))),
    }


def opening_of(plan: Plan) -> dict:
    """Whether the plan is in force, whether support is open, and when it opens next."""
    instant = now()
    next_open = plan.calendar.next_open(instant)
    return {
        "is_in_force": plan.is_in_force(instant),
        "is_open": plan.calendar.is_open(instant),
        "next_open": to_site_time(next_open),
        "next_open_local": next_open.astimezone(plan.calendar.zone).replace(
            tzinfo=None
        ),
    }


def seats_of(doc: Document, plan: Plan) -> dict:
    """The seats of the form, row by row, and what is off with each."""
    today = plan.today(now())
    contacts = {seat.contact for seat in plan.seats}
    facts = {
        "over_limit": seats_over_limit(plan, today),
        "portal_users": contacts & contacts_with_access(),
        "members": _members_of(plan.customer),
    }
    active = {seat.contact for seat in plan.active_seats(today)}
    return {
        "seats_used": len(plan.active_seats(today)),
        "seats_included": plan.tier.authorized_contact_limit,
        "seats_refusal": (
            form_values.refusal_of(
                doc, lambda: check_seats(plan, _as_saved(doc), today)
            )
            or form_values.refusal_of(doc, lambda: check_seated_once(plan, today))
        ),
        "without_portal_access": sorted(active - facts["portal_users"]),
        "seats": [_seat(seat, today, facts) for seat in plan.seats],
    }


def _as_saved(doc: Document) -> Plan | None:
    """The plan as it was before the form was edited; None for a new one."""
    if not frappe.db.exists(PLAN, doc.name):
        return None
    return plan_values.plan_of(frappe.get_doc(PLAN, doc.name))


def _seat(seat: Seat, today: date, facts: dict) -> dict:
    return {
        "contact": seat.contact,
        "from_date": seat.from_date,
        "to_date": seat.to_date,
        "state": seat.state_on(today),
        "warnings": seat_warnings(seat, today, **facts),
    }


def _members_of(customer: str) -> set[str]:
    return set(
        frappe.get_all("HD Customer Member", {"parent": customer}, pluck="contact_name")
    )
