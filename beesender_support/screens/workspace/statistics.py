"""What the workspace and its reports count of plans, in a few statements each.

The policy decides what counts as in force or near a limit. Figures count only records that
the reader may read.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Any

import frappe

from beesender_support.policy.plans.end_notices import ends_soon, next_plan
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import is_near_limit
from beesender_support.policy.sold.targets import FURTHER_TARGETS
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, plan_exceptions, plan_values
from beesender_support.records.tickets.promise import FIELDS_OF_TARGET

PLAN = "Beesender Support Plan"
# Those that a plan is made of, without its tables; it may hold long texts besides.
COLUMNS = [
    "name",
    "customer",
    "tier",
    "time_zone",
    "starts_on",
    "ends_on",
    "status",
    "success_manager",
]
# The dates of a plan are those of its zone: a day more or less than that of UTC.
_A_DAY = timedelta(days=1)
NEAR_LIMIT, ENDS_SOON = "near_limit", "ends_soon"


# Plans


def plans(
    with_seats: bool = True,
    any_of: list[list[Any]] | None = None,
    **filters: object,
) -> list[Plan]:
    """Plans that the session's user may read, without their holidays: nothing that is
    counted here depends on those, and much not on seats. One of the conditions ``any_of``
    applies to each."""
    tiers = {tier.name: tier for tier in catalogue.tiers()}
    rows = frappe.get_list(
        PLAN, filters=filters, or_filters=any_of, fields=COLUMNS, order_by="name"
    )
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
    # What is over is not in force, and follows nothing that is.
    day = at.date() - _A_DAY
    not_over: list[list[Any]] = [["ends_on", "is", "not set"], ["ends_on", ">=", day]]
    sold = plans(with_seats, not_over, status="Active", **filters)
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
    # Written plainly: ten thousand names take the builder of queries longer than all else.
    for row in frappe.db.sql(
        """select parent, contact, from_date, to_date, is_suspended, ended_at
        from `tabBeesender Authorized Contact`
        where parenttype = %(plan)s and parent in %(names)s order by parent, idx""",
        {"plan": PLAN, "names": names},
        as_dict=True,
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
