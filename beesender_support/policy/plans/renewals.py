"""What the next plan of a customer is like when a plan is renewed.

The renewal begins on the day after the plan ends and lasts as long. A period of whole
months lasts as many months again, whatever the calendar makes of them: a year stays a
year over 29 February. Any other period lasts as many days again.
"""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.plans.plan_state import (
    DRAFT,
    EXPIRED,
    SeatState,
)
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.sentences import Contact, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.tiers import Tier

DAY = timedelta(days=1)
# Why a seat is not part of a renewal. Of one that has ended nobody needs to be told.
IS_SUSPENDED, ENDS_BEFORE, OVER_LIMIT = "suspended", "ends_before", "over_limit"
WHY_LEFT_OUT = {
    IS_SUSPENDED: _("{people}: suspended."),
    ENDS_BEFORE: _("{people}: the seat ends before the renewal starts."),
    OVER_LIMIT: _("{people}: more than {tier} includes."),
}
NOT_SOLD, NO_END = "not_sold", "no_end"
WHY_NOT_RENEW = {
    NOT_SOLD: _("{plan} is a draft. Sell it before you renew it."),
    NO_END: _("{plan} has no last day, so it needs no renewal."),
}


class Period(NamedTuple):
    """Both days are included."""

    starts_on: date
    ends_on: date


class LeftOut(NamedTuple):
    """A seat that is not renewed, and the code of why."""

    seat: Seat
    why: str


@dataclass(frozen=True, slots=True)
class Renewal:
    """What a renewal takes over; ``seats`` and ``holidays`` are those of the plan."""

    period: Period
    seats: tuple[Seat, ...]
    left_out: tuple[LeftOut, ...]
    holidays: tuple[Holiday, ...]


def why_not_renew(plan: Plan) -> str | None:
    """A code of ``WHY_NOT_RENEW``. A suspended plan is renewed like any other, and so
    is one that is over."""
    if plan.status == DRAFT:
        return NOT_SOLD
    return NO_END if plan.ends_on is None else None


def why_not_in_words(plan: Plan, why: str) -> Sentence:
    return Sentence(WHY_NOT_RENEW[why], {"plan": plan.name})


def holds(renewal_status: str | None) -> bool:
    """Whether a renewal of that status is there already, so that none is made; one that
    came to nothing was closed."""
    return renewal_status is not None and renewal_status != EXPIRED


def next_period(starts_on: date, ends_on: date) -> Period:
    """The period after one, as long; both days of each are included."""
    first, after = ends_on + DAY, None
    if months := whole_months(starts_on, ends_on):
        after = in_months(first, months)
    return Period(first, (after or first + (first - starts_on)) - DAY)


def whole_months(starts_on: date, ends_on: date) -> int | None:
    """How many months a period lasts; None where a part of one is left.

    A period that begins on a day which the last month lacks may end with that month or
    the day before: from 29 February a year ends on the 27th or on the 28th.
    """
    after = ends_on + DAY
    months = 12 * (after.year - starts_on.year) + after.month - starts_on.month
    for number in (months, months - 1):
        if number > 0 and after in _ends_of(starts_on, number):
            return number
    return None


def in_months(day: date, months: int) -> date:
    """The same day of a later month, or the last one of a month that is too short."""
    year, month = divmod(12 * day.year + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _ends_of(starts_on: date, months: int) -> tuple[date, ...]:
    """The days after which so many months may be said to be over."""
    same_day = in_months(starts_on, months)
    is_cut = same_day.day < starts_on.day
    return (same_day, same_day + DAY) if is_cut else (same_day,)


def renewal_of(
    plan: Plan, today: date, tier: Tier | None = None, period: Period | None = None
) -> Renewal:
    """What is renewed of a plan with an end, as it stands ``today`` in its zone.

    The tier is the same unless another is given, and the period is the next one.
    """
    if plan.ends_on is None:
        raise ValueError("An open-ended plan has no next period.")
    period = period or next_period(plan.starts_on, plan.ends_on)
    living, left_out = [], []
    for seat in _each_once(plan, today):
        why = _why_not_living(seat, today, period.starts_on)
        if why is None:
            living.append(seat)
        else:
            left_out.append(LeftOut(seat, why))
    kept, too_many = _within_limit(plan, tier or plan.tier, living, period)
    return Renewal(
        period,
        kept,
        (*left_out, *(LeftOut(seat, OVER_LIMIT) for seat in too_many)),
        tuple(each for each in plan.holidays if each.day >= period.starts_on),
    )


def _each_once(plan: Plan, today: date) -> list[Seat]:
    """The seats that have not ended; of two of one contact on the same days the first,
    since contacts may have been merged."""
    seats: list[Seat] = []
    for seat in plan.seats:
        if not seat.has_ended(today) and not any(seat.meets(each) for each in seats):
            seats.append(seat)
    return seats


def _why_not_living(seat: Seat, today: date, starts_on: date) -> str | None:
    if seat.state_on(today) is SeatState.SUSPENDED:
        return IS_SUSPENDED
    return ENDS_BEFORE if seat.has_ended(starts_on) else None


def _within_limit(
    plan: Plan, tier: Tier, seats: list[Seat], period: Period
) -> tuple[tuple[Seat, ...], list[Seat]]:
    """The oldest that the tier seats at a time, in the order of the plan, and the
    rest."""
    kept: list[Seat] = []
    limit = tier.authorized_contact_limit
    for seat in sorted(seats, key=lambda each: each.from_date or date.min):
        with_it = replace(plan, seats=(*kept, seat))
        if with_it.most_seats_from(period.starts_on) <= limit:
            kept.append(seat)
    is_kept = {id(seat) for seat in kept}
    return (
        tuple(seat for seat in seats if id(seat) in is_kept),
        [seat for seat in seats if id(seat) not in is_kept],
    )


def left_out_in_words(renewal: Renewal, tier: Tier) -> tuple[Sentence, ...]:
    """A sentence for each reason, with the people it concerns."""
    sentences = []
    for why, template in WHY_LEFT_OUT.items():
        people = tuple(
            Contact(contact)
            for contact in dict.fromkeys(
                each.seat.contact for each in renewal.left_out if each.why == why
            )
        )
        if people:
            sentences.append(Sentence(template, {"people": people, "tier": tier.name}))
    return tuple(sentences)
