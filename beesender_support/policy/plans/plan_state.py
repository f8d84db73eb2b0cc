"""What of a plan deserves the attention of whoever keeps it: its state, end and seats."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from beesender_support.policy.plans.contract_years import contract_year
from beesender_support.policy.plans.plans import ACTIVE, DRAFT, SUSPENDED, Plan, Seat
from beesender_support.policy.plans.seats import seats_to_suspend

SOON = timedelta(days=30)

# How a plan or a seat stands.
IN_FORCE, NOT_STARTED, ENDED = "in_force", "not_started", "ended"
ON_HOLD, PLANNED = "suspended", "draft"

# What is off with a seat.
OVER_LIMIT, NO_PORTAL_USER, NOT_A_MEMBER = (
    "over_limit",
    "no_portal_user",
    "not_a_member",
)
ENDS_SOON = "ends_soon"


def plan_state(plan: Plan, instant: datetime) -> str:
    """in_force, not_started, ended, suspended or draft; the dates in the plan's zone."""
    if plan.status == DRAFT:
        return PLANNED
    if plan.has_ended(instant):
        return ENDED
    if plan.status == SUSPENDED:
        return ON_HOLD
    return IN_FORCE if plan.has_started(instant) else NOT_STARTED


def days_left(plan: Plan, instant: datetime) -> int | None:
    """Days until the last one of an active plan that ends within 30 days, else None."""
    if plan.status != ACTIVE or plan.ends_on is None:
        return None
    left = plan.ends_on - plan.today(instant)
    return left.days if timedelta() <= left <= SOON else None


def contract_years(plan: Plan, until: date) -> tuple[date, ...]:
    """The first days of the plan's contract years that begin by ``until``, or by its end."""
    last = min(plan.ends_on or until, until)
    firsts = []
    first = plan.starts_on
    while first <= last:
        firsts.append(first)
        first = contract_year(plan.starts_on, first)[1]
    return tuple(firsts)


def seat_state(seat: Seat, today: date) -> str:
    """in_force, not_started, ended or suspended."""
    if seat.has_ended(today):
        return ENDED
    if seat.is_suspended:
        return ON_HOLD
    return IN_FORCE if seat.has_started(today) else NOT_STARTED


def seats_over_limit(plan: Plan, today: date) -> tuple[Seat, ...]:
    """The newest active seats beyond what the tier includes."""
    return seats_to_suspend(plan, today, today, grace_days=0)


def seat_warnings(
    seat: Seat,
    today: date,
    *,
    over_limit: Collection[Seat],
    portal_users: Collection[str],
    members: Collection[str],
) -> tuple[str, ...]:
    """Codes of what is off with a seat. A seat that has ended needs no attention.

    ``portal_users`` and ``members`` are contacts: who can log in, and who belongs to the
    customer.
    """
    if seat.has_ended(today):
        return ()
    checks = {
        ON_HOLD: seat.is_suspended,
        OVER_LIMIT: any(seat is each for each in over_limit),
        ENDS_SOON: seat.to_date is not None and seat.to_date - today <= SOON,
        NO_PORTAL_USER: seat.contact not in portal_users,
        NOT_A_MEMBER: seat.contact not in members,
    }
    return tuple(code for code, is_off in checks.items() if is_off)
