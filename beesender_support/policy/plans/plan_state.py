"""The state of a plan and of a seat, decided in one order for every reader.

A suspended plan that starts next year is suspended: its start helps nobody while the
suspension lasts. A plan that has ended is over, whatever else applies.
"""

from collections.abc import Iterable
from datetime import date
from enum import Enum

DRAFT, ACTIVE, SUSPENDED, EXPIRED = "Draft", "Active", "Suspended", "Expired"
PLAN_STATUSES = (DRAFT, ACTIVE, SUSPENDED, EXPIRED)


class PlanState(str, Enum):
    """In the order in which they are checked: the first that applies is the state."""

    DRAFT = "draft"
    ENDED = "ended"
    SUSPENDED = "suspended"
    NOT_STARTED = "not_started"
    IN_FORCE = "in_force"

    __str__ = str.__str__


class SeatState(str, Enum):
    """In the same order. Seats have no drafts."""

    ENDED = "ended"
    SUSPENDED = "suspended"
    NOT_STARTED = "not_started"
    IN_FORCE = "in_force"

    __str__ = str.__str__


# Of several plans the one that is nearest to being in force counts.
NEAREST_LAST = (
    PlanState.DRAFT,
    PlanState.ENDED,
    PlanState.NOT_STARTED,
    PlanState.SUSPENDED,
    PlanState.IN_FORCE,
)


def plan_state(
    status: str, starts_on: date, ends_on: date | None, today: date
) -> PlanState:
    """``today`` is the date in the plan's zone; both of the plan's dates are inclusive."""
    if status == DRAFT:
        return PlanState.DRAFT
    if status == EXPIRED or (ends_on is not None and ends_on < today):
        return PlanState.ENDED
    if status == SUSPENDED:
        return PlanState.SUSPENDED
    return PlanState.NOT_STARTED if today < starts_on else PlanState.IN_FORCE


def seat_state(
    from_date: date | None,
    to_date: date | None,
    today: date,
    *,
    is_suspended: bool,
    was_ended: bool,
) -> SeatState:
    """Both dates are inclusive and may be open. A seat that somebody ended (``was_ended``)
    is over at once, though today is its last day."""
    if was_ended or (to_date is not None and to_date < today):
        return SeatState.ENDED
    if is_suspended:
        return SeatState.SUSPENDED
    if from_date is not None and today < from_date:
        return SeatState.NOT_STARTED
    return SeatState.IN_FORCE


def state_of_contact(seats: Iterable[SeatState]) -> SeatState | None:
    """The state of a contact's seats on one plan, taken together; None without any.

    One seat in force is enough. Without one, a seat that has ended comes before others:
    a contact who could ask before wants to know why they no longer can.
    """
    # Nearly always one: a list is searched faster than a set of enum members is made.
    states = list(seats)
    if SeatState.IN_FORCE in states:
        return SeatState.IN_FORCE
    return next((state for state in SeatState if state in states), None)
