"""What admins see of tiers and plans on their forms, before and after saving.

Times are naive: of the site, and ``local`` ones of the zone they are about.
"""

from datetime import date, datetime
from decimal import Decimal
from importlib import resources
from typing import TypedDict

import frappe
from frappe.model.document import Document
from frappe.utils import flt, getdate

from beesender_support.enforcement.renewals import invitations, invoices
from beesender_support.policy.plans.contract_years import support_fee
from beesender_support.policy.plans.next_year import year_missing_of
from beesender_support.policy.plans.plan_state import SeatState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import (
    check_seated_once,
    check_seats,
    seat_warnings,
    seats_over_limit,
)
from beesender_support.policy.sold.catalogue import OFFERED_TIME_ZONES
from beesender_support.records.lint.people import contacts_with_access
from beesender_support.records.site_time import now, to_site_time
from beesender_support.records.sold import plan_values
from beesender_support.screens import plan_exceptions
from beesender_support.screens.allowances import on_plan_page
from beesender_support.screens.desk import form_values, renewal_form, timeline

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


class NamedPlan(TypedDict):
    name: str
    customer: str


class Concern(TypedDict):
    """Whom a change of a tier concerns: how many active plans that have not ended, the
    first of them by name, and how many open tickets have a promise under it."""

    plans: int
    named_plans: list[NamedPlan]
    open_tickets: int


def tier_concern(tier: str) -> Concern:
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


class Fee(TypedDict):
    """``percent`` of the licence price, and the ``amount`` in the price's currency."""

    percent: float
    amount: float


class Opening(TypedDict):
    """Whether the plan is in force and support is open now, and when it next is."""

    is_in_force: bool
    is_open: bool
    next_open: datetime
    next_open_local: datetime


class SeatRow(TypedDict):
    """Days are inclusive, in the plan's zone; ``warnings`` are codes, and so is
    ``access``: whether the contact can log in, or was invited."""

    contact: str
    from_date: date | None
    to_date: date | None
    state: SeatState
    warnings: tuple[str, ...]
    access: str


class Seats(TypedDict):
    """The seats of the form, row by row; ``without_portal_access`` are contacts."""

    seats_used: int
    seats_included: int
    seats_refusal: str | None
    without_portal_access: list[str]
    seats: list[SeatRow]


class IncompletePlan(TypedDict):
    """A form that lacks what a plan needs, or one that is refused and why."""

    refusal: str | None
    fee: Fee | None


class CompletePlan(IncompletePlan, Opening, Seats):
    """``exceptions`` are sentences of what was agreed for this plan alone, ``allowances``
    of what is left of what it includes by number; ``offers_invoices`` says whether the
    reader may draft an invoice in ERPNext;
    ``year_missing`` is the year for which no dates are listed, from October of the one
    before."""

    timeline: timeline.Timeline
    fees: renewal_form.FeeTable
    offers_invoices: bool
    exceptions: list[str]
    allowances: list[str]
    year_missing: int | None


def plan_overview(doc: Document) -> IncompletePlan | CompletePlan:
    """The overview of an unsaved plan, with warnings."""
    plan, refusal = form_values.plan_in(doc)
    if plan is None:
        return {"refusal": refusal, "fee": fee_of(doc)}
    return {
        "refusal": refusal,
        "fee": fee_of(doc),
        **opening_of(plan),
        **seats_of(doc, plan),
        "timeline": timeline.of(doc, plan),
        "fees": renewal_form.fees_of(doc, plan),
        "offers_invoices": invoices.is_offered(),
        "exceptions": plan_exceptions.of_plan(plan),
        "allowances": on_plan_page.in_sentences(plan, now()),
        "year_missing": year_missing_of(plan, plan.today(now())),
    }


def fee_of(doc: Document) -> Fee | None:
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


def opening_of(plan: Plan) -> Opening:
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


def seats_of(doc: Document, plan: Plan) -> Seats:
    today = plan.today(now())
    over_limit, members = seats_over_limit(plan, today), _members_of(plan.customer)
    portal_users = contacts_with_access(seat.contact for seat in plan.seats)
    active = {seat.contact for seat in plan.active_seats(today)}
    access = invitations.states_of(seat.contact for seat in plan.seats)
    return {
        "seats_used": len(plan.active_seats(today)),
        "seats_included": plan.tier.authorized_contact_limit,
        "seats_refusal": (
            form_values.refusal_of(
                doc, lambda: check_seats(plan, _as_saved(doc), today)
            )
            or form_values.refusal_of(doc, lambda: check_seated_once(plan, today))
        ),
        "without_portal_access": sorted(active - portal_users),
        "seats": [
            {
                "contact": seat.contact,
                "from_date": seat.from_date,
                "to_date": seat.to_date,
                "state": seat.state_on(today),
                "access": access.get(seat.contact, invitations.NOT_INVITED),
                "warnings": seat_warnings(
                    seat,
                    today,
                    over_limit=over_limit,
                    portal_users=portal_users,
                    members=members,
                ),
            }
            for seat in plan.seats
        ],
    }


def _as_saved(doc: Document) -> Plan | None:
    """The plan as it was before the form was edited; None for a new one."""
    if not frappe.db.exists(PLAN, doc.name):
        return None
    return plan_values.plan_of(frappe.get_doc(PLAN, doc.name))


def _members_of(customer: str) -> set[str]:
    return set(
        frappe.get_all("HD Customer Member", {"parent": customer}, pluck="contact_name")
    )
