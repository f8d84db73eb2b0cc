"""How many contacts a plan seats, what happens to seats beyond the limit, and what
needs attention on a seat.

After a downgrade a plan may keep its seats for a grace period. Then the newest beyond
the limit are suspended, and the oldest stay; suspended seats are restored as soon as
there is room.
"""

from collections import Counter
from collections.abc import Collection
from datetime import date, timedelta
from itertools import combinations

from beesender_support.policy.errors import SeatedTwice, TooManySeats
from beesender_support.policy.plans.end_notices import ends_within_notice
from beesender_support.policy.plans.plan_state import SeatState
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.sentences import TierName

GRACE_DAYS = 14
# A plan is near its limit when this share of its seats is used.
NEAR_LIMIT_SHARE = 0.8
# What needs attention on a seat.
IS_SUSPENDED, OVER_LIMIT, ENDS_SOON = "suspended", "over_limit", "ends_soon"
NO_PORTAL_USER, NOT_A_MEMBER = "no_portal_user", "not_a_member"


def check_seats(plan: Plan, before: Plan | None, today: date) -> None:
    """Raise TooManySeats for more than the tier includes, or SeatedTwice.

    A plan that had as many ``before`` is accepted: after a downgrade it may keep its
    seats for a while, but not gain any, and after two contacts were merged the other
    seats can still be changed.
    """
    limit, most = plan.tier.authorized_contact_limit, plan.most_seats_from(today)
    if most > max(limit, before.most_seats_from(today) if before else 0):
        raise TooManySeats(
            "authorized_contacts", most, limit=limit, tier=TierName(plan.tier.name)
        )
    twice_before = seated_twice(before, today) if before else {}
    for contact, times in seated_twice(plan, today).items():
        if times > twice_before.get(contact, 0):
            raise SeatedTwice("authorized_contacts", contact)


def check_seated_once(plan: Plan, today: date) -> None:
    """Raise SeatedTwice, however the plan came to it."""
    for contact in seated_twice(plan, today):
        raise SeatedTwice("authorized_contacts", contact)


def seated_twice(plan: Plan, today: date) -> dict[str, int]:
    """Contacts with two seats on one day, ``today`` or later, and how many such pairs."""
    seats = [seat for seat in plan.seats if not seat.has_ended(today)]
    later = [other for one, other in combinations(seats, 2) if one.meets(other)]
    return dict(Counter(seat.contact for seat in later))


def free_seats(plan: Plan, today: date) -> int:
    """How many contacts can still be seated from ``today`` on."""
    limit = plan.tier.authorized_contact_limit
    return max(0, limit - plan.most_seats_from(today))


def is_near_limit(plan: Plan, today: date) -> bool:
    """Whether so many seats are used that the client soon needs a higher tier."""
    used = len(plan.active_seats(today))
    return used > 0 and used >= plan.tier.authorized_contact_limit * NEAR_LIMIT_SHARE


def over_quota_since(plan: Plan, before: date | None, today: date) -> date | None:
    """Since when the plan seats more than its tier includes; None if it does not."""
    if len(plan.active_seats(today)) <= plan.tier.authorized_contact_limit:
        return None
    return before or today


def seats_to_suspend(
    plan: Plan, since: date | None, today: date, grace_days: int = GRACE_DAYS
) -> tuple[Seat, ...]:
    """The newest active seats beyond the limit, once the grace period is over."""
    if since is None or today < since + timedelta(days=grace_days):
        return ()
    oldest_first = sorted(plan.active_seats(today), key=_seniority)
    return tuple(oldest_first[plan.tier.authorized_contact_limit :])


def seats_to_restore(plan: Plan, today: date) -> tuple[Seat, ...]:
    """The oldest suspended seats for which there is room again."""
    suspended = [
        seat for seat in plan.seats if seat.is_suspended and not seat.has_ended(today)
    ]
    return tuple(sorted(suspended, key=_seniority)[: free_seats(plan, today)])


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
    """Codes of what needs attention on a seat. A seat that has ended needs none.

    ``portal_users`` and ``members`` are contacts: who can log in, and who belongs to the
    customer.
    """
    state = seat.state_on(today)
    if state is SeatState.ENDED:
        return ()
    is_ending = seat.to_date is not None and ends_within_notice(seat.to_date, today)
    checks = {
        IS_SUSPENDED: state is SeatState.SUSPENDED,
        OVER_LIMIT: any(seat is each for each in over_limit),
        ENDS_SOON: is_ending,
        NO_PORTAL_USER: seat.contact not in portal_users,
        NOT_A_MEMBER: seat.contact not in members,
    }
    return tuple(code for code, is_off in checks.items() if is_off)


def _seniority(seat: Seat) -> date:
    """Seats without a first day are as old as the plan. Sorting keeps the listed order."""
    return seat.from_date or date.min
