"""Which plans a client may look at, and what they may do there."""

from collections.abc import Collection
from datetime import datetime

from beesender_support.policy.tiers import DRAFT, Plan


def may_view(
    plan: Plan, contact: str, customers: Collection[str], at: datetime
) -> bool:
    """People of a customer see all its plans; others the plans on which they have a
    seat, until it ends. ``customers`` are those that ``contact`` belongs to."""
    if plan.status == DRAFT:
        return False
    today = plan.today(at)
    return plan.customer in customers or any(
        not seat.has_ended(today) for seat in plan.seats_of(contact)
    )


def may_swap_seats(
    plan: Plan, managed: Collection[str], *, is_allowed: bool, at: datetime
) -> bool:
    """Whether a manager of the customers ``managed`` may change the seats of a plan that
    has not ended; ``is_allowed`` says whether the vendor lets managers do so at all."""
    return is_allowed and plan.customer in managed and not plan.has_ended(at)
