"""Plans: a tier sold to a customer for a time, and the people who may ask under it."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.errors import PlanOverlap, TooEarly, UnknownName
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.plans.plan_state import (
    ACTIVE,
    PLAN_STATUSES,
    PlanState,
    SeatState,
    plan_state,
    seat_state,
    state_of_contact,
)
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.exceptions import NO_EXCEPTIONS, Exceptions
from beesender_support.policy.sold.tiers import Tier


def normalize_contact(contact: str) -> str:
    """What two spellings of one contact share. A contact is an address, or on a site
    the name of a record; names are compared without regard to case."""
    return normalize_address(contact)


@dataclass(frozen=True, slots=True)
class Seat:
    """A contact's right to ask for support; both dates inclusive, either may be open.

    A seat that a downgrade left beyond the limit is suspended until there is room. One
    that somebody ended has no right left since ``ended_at``, an instant on its last day.
    """

    contact: str
    from_date: date | None = None
    to_date: date | None = None
    is_suspended: bool = False
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.from_date and self.to_date and self.to_date < self.from_date:
            raise TooEarly("to_date", self.to_date, earliest=self.from_date)

    def state_on(self, today: date) -> SeatState:
        """``today`` is the date in the plan's zone."""
        return seat_state(
            self.from_date,
            self.to_date,
            today,
            is_suspended=self.is_suspended,
            was_ended=self.ended_at is not None,
        )

    def has_started(self, today: date) -> bool:
        return self.from_date is None or self.from_date <= today

    def has_ended(self, today: date) -> bool:
        """Whether nothing is left of it on ``today``; ending a seat takes effect at
        once."""
        return self.state_on(today) is SeatState.ENDED

    def meets(self, other: "Seat") -> bool:
        """Whether both are of one contact and share a day."""
        return (
            normalize_contact(self.contact) == normalize_contact(other.contact)
            and (self.to_date is None or other.has_started(self.to_date))
            and (other.to_date is None or self.has_started(other.to_date))
        )

    def is_active(self, today: date) -> bool:
        return self.state_on(today) is SeatState.IN_FORCE


@dataclass(frozen=True, slots=True)
class Plan:
    """A tier sold to a customer. Dates are in the plan's zone; ``ends_on`` is inclusive
    and may be open; ``success_manager`` is the user who looks after the customer.
    ``holidays`` and ``working_days`` are its own and those of its calendars, merged.
    ``tier`` is the tier as it was sold with this plan, its ``exceptions`` applied.
    """

    name: str
    customer: str
    tier: Tier
    time_zone: str
    starts_on: date
    ends_on: date | None = None
    status: str = ACTIVE
    seats: tuple[Seat, ...] = ()
    holidays: tuple[Holiday, ...] = ()
    success_manager: str | None = None
    working_days: tuple[WorkingDay, ...] = ()
    exceptions: Exceptions = NO_EXCEPTIONS

    calendar: Calendar = field(init=False, repr=False, compare=False)
    _seats_by_contact: dict[str, tuple[Seat, ...]] = field(
        init=False, repr=False, compare=False
    )
    _turns: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.status not in PLAN_STATUSES:
            raise UnknownName(
                "status", self.status, allowed=tuple(map(Name, PLAN_STATUSES))
            )
        if self.ends_on and self.ends_on < self.starts_on:
            raise TooEarly("ends_on", self.ends_on, earliest=self.starts_on)
        derive = object.__setattr__
        calendar = calendar_of(
            self.time_zone, self.tier.windows, self.holidays, self.working_days
        )
        derive(self, "calendar", calendar)
        by_contact: dict[str, tuple[Seat, ...]] = {}
        for seat in self.seats:
            contact = normalize_contact(seat.contact)
            by_contact[contact] = (*by_contact.get(contact, ()), seat)
        derive(self, "_seats_by_contact", by_contact)
        derive(self, "_turns", self._days_of_turns())

    def _days_of_turns(self) -> tuple[int, ...]:
        """The days on which the plan or a seat begins, or has ended the day before, as
        ordinals."""
        begin = [self.starts_on, *(seat.from_date for seat in self.seats)]
        end = [self.ends_on, *(seat.to_date for seat in self.seats)]
        first = {day.toordinal() for day in begin if day}
        return tuple(sorted(first | {day.toordinal() + 1 for day in end if day}))

    def today(self, instant: datetime) -> date:
        """The date at ``instant`` in the plan's zone."""
        return instant.astimezone(self.calendar.zone).date()

    def state_at(self, instant: datetime) -> PlanState:
        return self.state_on(self.today(instant))

    def state_on(self, day: date) -> PlanState:
        """The state on a date in the plan's zone."""
        return plan_state(self.status, self.starts_on, self.ends_on, day)

    def period_on(self, day: date) -> int:
        """A number that two days share if the plan and each of its seats are in one
        state on both: what is decided by those is decided alike."""
        return bisect_right(self._turns, day.toordinal())

    def has_ended(self, instant: datetime) -> bool:
        return self.state_at(instant) is PlanState.ENDED

    def is_in_force(self, instant: datetime) -> bool:
        return self.state_at(instant) is PlanState.IN_FORCE

    def seats_of(self, contact: str) -> tuple[Seat, ...]:
        return self._seats_by_contact.get(normalize_contact(contact), ())

    def state_of_contact(self, contact: str, today: date) -> SeatState | None:
        """How the seats of ``contact`` stand, taken together; None without any."""
        return state_of_contact(seat.state_on(today) for seat in self.seats_of(contact))

    def seats_now(self, contact: str, instant: datetime) -> bool:
        """Whether the plan is in force and ``contact`` has a seat in force on it."""
        if not self.is_in_force(instant):
            return False
        today = self.today(instant)
        return self.state_of_contact(contact, today) is SeatState.IN_FORCE

    def active_seats(self, day: date) -> tuple[Seat, ...]:
        """One for each contact: a contact merged into another takes no second seat."""
        active: dict[str, Seat] = {}
        for seat in self.seats:
            if seat.is_active(day):
                active.setdefault(normalize_contact(seat.contact), seat)
        return tuple(active.values())

    def most_seats_from(self, day: date) -> int:
        """The most seats that are active at once on ``day`` or any later day."""
        days = {day, *(seat.from_date for seat in self.seats if seat.from_date)}
        return max(len(self.active_seats(each)) for each in days if each >= day)

    def overlaps(self, other: "Plan") -> bool:
        """Whether both could be in force on one day."""
        return (
            self.status == other.status == ACTIVE
            and (self.ends_on is None or other.starts_on <= self.ends_on)
            and (other.ends_on is None or self.starts_on <= other.ends_on)
        )

    def shared_days(self, other: "Plan") -> tuple[date, date]:
        """The first and last day on which both could be in force, if they overlap."""
        return (
            max(self.starts_on, other.starts_on),
            min(self.ends_on or date.max, other.ends_on or date.max),
        )


def check_overlap(
    plan: Plan, others: Iterable[Plan], before: Plan | None = None
) -> None:
    """Raise PlanOverlap if another plan of the customer is in force on the same day.

    A plan that shared days with the other ``before``, since their customers were merged
    for example, is accepted if it shares no other days now, so that it can be
    corrected.
    """
    for other in others:
        if other.name == plan.name or not plan.overlaps(other):
            continue
        if before is None or not _shares_no_more(plan, before, other):
            raise PlanOverlap("starts_on", plan.starts_on, other=other.name)


def _shares_no_more(plan: Plan, before: Plan, other: Plan) -> bool:
    if not before.overlaps(other):
        return False
    first, last = plan.shared_days(other)
    first_before, last_before = before.shared_days(other)
    return first_before <= first and last <= last_before
