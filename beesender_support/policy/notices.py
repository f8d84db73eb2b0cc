"""When a client is told that a plan ends."""

from datetime import datetime

from beesender_support.policy.tiers import ACTIVE, Plan

NOTICE_DAYS = (30, 7, 1)


def end_notice_due(plan: Plan, at: datetime) -> int | None:
    """Which notice of the end is due: 30, 7 or 1 days before, in the plan's zone.

    The latest that applies, so that a notice missed on its day is made up for, but one
    that is overtaken by the next is not.
    """
    if plan.status != ACTIVE or plan.ends_on is None:
        return None
    days_left = (plan.ends_on - plan.today(at)).days
    if days_left < 0:
        return None
    return min((days for days in NOTICE_DAYS if days_left <= days), default=None)
