"""Plans for jobs: read in a handful of queries, worked on in lots."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

import frappe

from beesender_support.enforcement.plans import seats
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import catalogue

PLAN = "Beesender Support Plan"
# Plans that change are committed in lots, so that nobody waits for all of them.
PLANS_A_LOT = 20
# The columns of a plan that the jobs read before they change one.
PLAN_FIELDS = [
    "name",
    "customer",
    "tier",
    "time_zone",
    "starts_on",
    "ends_on",
    "status",
    "over_quota_since",
    "success_manager",
]


class Named(Protocol):
    """A plan, or what a job does to one; ``name`` is the plan's."""

    @property
    def name(self) -> str: ...


Work = TypeVar("Work", bound=Named)


def in_lots(plans: Iterable[Work], job: Callable[[Work], None]) -> None:
    for number, plan in enumerate(plans, start=1):
        in_a_savepoint(job, plan)
        if number % PLANS_A_LOT == 0:
            frappe.db.commit()
    frappe.db.commit()


def in_a_savepoint(job: Callable[[Work], None], plan: Work) -> None:
    """A plan that fails is logged and does not stop the others."""
    frappe.db.savepoint("beesender_plan")
    try:
        job(plan)
    except Exception:
        frappe.db.rollback(save_point="beesender_plan")
        frappe.log_error(
            title=f"Beesender Support: hourly job of plan {plan.name}"[:140],
            reference_doctype=PLAN,
            reference_name=plan.name,
        )


def plans_that(
    filters: dict[str, Any], **options: object
) -> list[tuple[frappe._dict, Plan]]:
    """Plans with their seats, in one query for each table; those that cannot be read are
    left out."""
    rows = frappe.get_all(PLAN, filters, PLAN_FIELDS, order_by="name", **options)
    return seats.light_plans(rows, tiers_of(rows))


def tiers_of(rows: list[frappe._dict]) -> dict[str, Tier]:
    tiers = {}
    for name in {row.tier for row in rows}:
        try:
            tiers[name] = catalogue.tier_named(name)
        except PolicyError:
            # Its form says what is wrong with it.
            continue
    return tiers
