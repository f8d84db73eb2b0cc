"""What the workspace and its reports count of plans, in a few statements each.

The policy decides what counts as in force or near a limit. Figures count only records that
the reader may read.
"""

from collections import defaultdict

import frappe

from beesender_support.policy.plans.end_notices import ends_soon, next_plan
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import is_near_limit
from beesender_support.policy.sold.targets import FURTHER_TARGETS
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, plan_exceptions, plan_values
from beesender_support.records.tickets.promise import FIELDS_OF_TARGET

PLAN, SEAT = "Beesender Support Plan", "Beesender Authorized Contact"
NEAR_LIMIT, ENDS_SOON = "near_limit", "ends_soon"


# Plans


def plans(with_seats: bool = True, **filters: object) -> list[Plan]:
    """Plans that the session's user may read, without their holidays: nothing that is
    counted here depends on those, and much not on seats."""
    tiers = {tier.name: tier for tier in catalogue.tiers()}
    rows = frappe.get_list(PLAN, filters=filters, fields=["*"], order_by="name")
    seats = _seats_by_plan([row.name for row in rows] if with_seats else [])
    agreed = plan_exceptions.rows_of_plans([row.name for row in rows])
    return [
        plan_values.plan_of(
            frappe._dict(
                row,
                authorized_contacts=seats[row.name],
                holidays=[],
                exceptions=agreed.get(row.name, []),
            ),
            tiers[row.tier],
        )
        for row in rows
    ]


def plans_in_force(
    show: str | None = None, with_seats: bool = True, **filters: object
) -> list[Plan]:
    """Those in force this moment; ``show`` narrows them to NEAR_LIMIT or ENDS_SOON, in
    which a plan whose renewal is sold is left out."""
    return [plan for plan, _next in in_force_and_next(show, with_seats, **filters)]


def in_force_and_next(
    show: str | None = None, with_seats: bool = True, **filters: object
) -> list[tuple[Plan, Plan | None]]:
    """Each with the next plan of its customer, if that is sold."""
    at, with_seats = now(), with_seats or show == NEAR_LIMIT
    # A renewal may be of another tier.
    tier = filters.pop("tier", None)
    sold = plans(with_seats, status="Active", **filters)
    by_customer: dict[str, list[Plan]] = defaultdict(list)
    for plan in sold:
        by_customer[plan.customer].append(plan)
    following = {
        plan.name: next_plan(plan, by_customer[plan.customer]) for plan in sold
    }
    return [
        (plan, following[plan.name])
        for plan in sold
        if (not tier or plan.tier.name == tier)
        and plan.is_in_force(at)
        and (show != NEAR_LIMIT or is_near_limit(plan, plan.today(at)))
        and (show != ENDS_SOON or (ends_soon(plan, at) and not following[plan.name]))
    ]


def _seats_by_plan(names: list[str]) -> dict[str, list[frappe._dict]]:
    seats: dict[str, list[frappe._dict]] = defaultdict(list)
    if not names:
        return seats
    for row in frappe.get_all(
        SEAT,
        filters={"parenttype": PLAN, "parent": ("in", names)},
        fields=[
            "parent",
            "contact",
            "from_date",
            "to_date",
            "is_suspended",
            "ended_at",
        ],
        order_by="parent, idx",
    ):
        seats[row.parent].append(row)
    return seats


# Requests


def is_more_promised() -> bool:
    """Whether more than first answers is sold, or was promised of any ticket."""
    sold = any(tier.further_targets for tier in catalogue.tiers())
    return sold or any(
        frappe.db.exists("HD Ticket", {FIELDS_OF_TARGET[each].state: ("is", "set")})
        for each in FURTHER_TARGETS
    )
