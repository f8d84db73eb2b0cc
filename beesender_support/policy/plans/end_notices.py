"""When a client is told that a plan ends."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from beesender_support.policy.plans.plans import ACTIVE, Plan

NOTICE_DAYS = (30, 7, 1)


def end_notice_due(plan: Plan, at: datetime) -> int | None:
    """Which notice of the end is due: 30, 7 or 1 days before, in the plan's zone.

    The latest that applies, so that a notice missed on its day is made up for, but one
    that is overtaken by the next is not.
    """
    days_left = days_until_end(plan, at)
    if plan.status != ACTIVE or days_left is None or days_left < 0:
        return None
    return min((days for days in NOTICE_DAYS if days_left <= days), default=None)


def is_continued(plan: Plan, others: Iterable[Plan]) -> bool:
    """Whether the next plan of the customer is sold: an active one that begins by the day
    after this one ends, and lasts longer. Each day is one of its own plan's zone."""
    return plan.ends_on is not None and any(
        other.name != plan.name
        and other.customer == plan.customer
        and other.status == ACTIVE
        and other.starts_on <= plan.ends_on + timedelta(days=1)
        and (other.ends_on is None or other.ends_on > plan.ends_on)
        for other in others
    )


def days_until_end(plan: Plan, at: datetime) -> int | None:
    """Days from today to the last day in the plan's zone; None for an open end."""
    return plan.ends_on and (plan.ends_on - plan.today(at)).days


def ends_soon(plan: Plan, at: datetime) -> bool:
    """Whether a plan in force ends within the days of the earliest notice."""
    days_left = days_until_end(plan, at)
    return (
        plan.is_in_force(at) and days_left is not None and days_left <= max(NOTICE_DAYS)
    )
