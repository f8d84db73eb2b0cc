"""Which seats have begun or ended by their dates, so that their people are told.

A seat that somebody gives or ends is announced at once. One with a first day to come, or
with a last day, changes while nobody looks.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from beesender_support.policy.plans.plans import Plan, Seat

SEAT_GIVEN, SEAT_ENDED = "seat_given", "seat_ended"
# Days after which a change that nobody was told of is no news any more.
NEWS_DAYS = 3


def changed_by_date(
    plan: Plan, entered_on: date, today: date
) -> Iterator[tuple[str, str, date]]:
    """The kind of notice, the contact and the day of each seat that began or ended by its
    date lately; ``today`` and all days are in the plan's zone.

    What had happened by the day on which the plan was entered came with it, as in an
    import. A seat that begins or ends together with its plan is no news of its own. Nor is one
    that is continued by another seat of the same contact.
    """
    for seat in plan.seats:
        begins, last = seat.from_date, seat.to_date
        if (
            begins
            and begins > max(entered_on, plan.starts_on)
            and _is_news(begins, today)
            and seat.is_active(today)
            and not _held(plan, seat, begins - timedelta(days=1))
        ):
            yield SEAT_GIVEN, seat.contact, begins
        if (
            last
            and seat.ended_at is None
            and entered_on <= last
            and last != plan.ends_on
            and _is_news(last + timedelta(days=1), today)
            and not _has_one_left(plan, seat, today)
        ):
            yield SEAT_ENDED, seat.contact, last + timedelta(days=1)


def _is_news(day: date, today: date) -> bool:
    return timedelta(0) <= today - day < timedelta(days=NEWS_DAYS)


def _held(plan: Plan, seat: Seat, day: date) -> bool:
    """Whether the contact had another seat on a day."""
    return any(
        other != seat and other.ended_at is None and other.is_active(day)
        for other in plan.seats_of(seat.contact)
    )


def _has_one_left(plan: Plan, seat: Seat, today: date) -> bool:
    return any(not each.has_ended(today) for each in plan.seats_of(seat.contact))
