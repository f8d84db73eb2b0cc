"""Time between two plans of a customer in which none is in force, or both are.

Days are those of each plan's own zone. A plan that ends on 31 December in GMT+10 and one
that begins on 1 January in GMT-2 leave twelve hours without support, though no day is
missing; the other way round, both are in force for twelve hours.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, SUSPENDED
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Elapsed, Sentence
from beesender_support.policy.sentences import marked as _

GAP = _(
    "Between {before} and {after} no plan is in force for {length}: from {start} to {end}"
    " ({zone}). Requests are held meanwhile."
)
OVERLAP = _(
    "{before} and {after} are both in force for {length}: from {start} to {end} ({zone})."
    " The higher tier applies."
)
# A draft is looked at as if it were sold.
COUNTED = (DRAFT, ACTIVE, SUSPENDED)


class Between(NamedTuple):
    """From ``start`` to ``end``, instants in the zone of ``before``, either no plan is
    in force, or both are (``is_overlap``)."""

    before: Plan
    after: Plan
    start: datetime
    end: datetime
    is_overlap: bool

    @property
    def length(self) -> timedelta:
        return self.end - self.start

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            OVERLAP if self.is_overlap else GAP,
            {
                "before": self.before.name,
                "after": self.after.name,
                "length": Elapsed.of(self.length),
                "start": self.start,
                "end": self.end,
                "zone": self.before.time_zone,
            },
        )


def start_of(plan: Plan) -> datetime:
    """The first instant, in UTC, at which the plan can be in force."""
    return _midnight(plan.starts_on, plan.time_zone)


def end_of(plan: Plan) -> datetime | None:
    """The instant, in UTC, from which it no longer can; None for an open end."""
    if plan.ends_on is None:
        return None
    return _midnight(plan.ends_on + timedelta(days=1), plan.time_zone)


def between(before: Plan, after: Plan) -> Between | None:
    """What lies between two plans of which ``after`` begins later; None where one ends
    the very instant in which the other begins."""
    ends_at, starts_at = end_of(before), start_of(after)
    if ends_at is None or ends_at == starts_at:
        return None
    zone = time_zone(before.time_zone)
    start, end = sorted((ends_at, starts_at))
    return Between(
        before,
        after,
        start.astimezone(zone),
        end.astimezone(zone),
        is_overlap=starts_at < ends_at,
    )


def beside(plan: Plan, others: Iterable[Plan], now: datetime) -> tuple[Between, ...]:
    """What lies between a plan and the customer's plans right before and after it, as far
    as it is not over ``now``.

    Plans with a day in common are refused elsewhere, and are left out.
    """
    if plan.status not in COUNTED:
        return ()
    found = (
        between(*pair) for pair in _neighbours(plan, others) if not _share_days(*pair)
    )
    return tuple(each for each in found if each and each.end > now)


def _neighbours(plan: Plan, others: Iterable[Plan]) -> Iterator[tuple[Plan, Plan]]:
    own = [
        each
        for each in others
        if each.name != plan.name
        and each.customer == plan.customer
        and each.status in (ACTIVE, SUSPENDED)
    ]
    earlier = [each for each in own if each.starts_on < plan.starts_on]
    later = [each for each in own if each.starts_on > plan.starts_on]
    if earlier:
        yield max(earlier, key=lambda each: each.ends_on or date.max), plan
    if later:
        yield plan, min(later, key=lambda each: each.starts_on)


def _share_days(before: Plan, after: Plan) -> bool:
    return before.ends_on is None or after.starts_on <= before.ends_on


def _midnight(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), time_zone(zone)).astimezone(timezone.utc)
