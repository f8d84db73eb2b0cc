"""Who sent a mail: for which customer they ask, and whether a ticket is theirs to answer."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from beesender_support.policy.addresses import normalize_address
from beesender_support.policy.tiers import Plan


def customer_to_judge(plans: Sequence[Plan], contact: str, at: datetime) -> str | None:
    """The customer for whom ``contact`` may ask, where they belong to several.

    ``plans`` are those of all their customers. It is the customer whose plan in force
    seats the contact; None if there is no such customer, or more than one.
    """
    customers = {
        plan.customer
        for plan in plans
        if plan.is_in_force(at)
        and any(seat.is_active(plan.today(at)) for seat in plan.seats_of(contact))
    }
    return customers.pop() if len(customers) == 1 else None


def is_stray(sender: str, participants: Iterable[str]) -> bool:
    """Whether a reply comes from none of the addresses that take part in a ticket."""
    return normalize_address(sender) not in map(normalize_address, participants)
