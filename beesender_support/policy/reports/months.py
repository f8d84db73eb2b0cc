"""Calendar months in the zone of a plan, and which of them a report is due for."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.plans.plan_state import ACTIVE, EXPIRED
from beesender_support.policy.plans.plans import Plan

# A report is sent by itself in the first days of the next month, as soon as it can be;
# whoever asks for it later does not surprise a client in the middle of a month.
DAYS_TO_SEND = 10


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month by its ``first`` day, in the zone of that name."""

    first: date
    zone: str

    @classmethod
    def of(cls, day: date, zone: str) -> "Month":
        return cls(day.replace(day=1), zone)

    @property
    def last(self) -> date:
        return self._next_first - timedelta(days=1)

    @property
    def start(self) -> datetime:
        return self._midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first instant that is no longer in it."""
        return self._midnight(self._next_first)

    @property
    def before(self) -> "Month":
        return Month.of(self.first - timedelta(days=1), self.zone)

    def contains(self, instant: datetime) -> bool:
        return self.start <= instant < self.end

    def has_begun(self, now: datetime) -> bool:
        return self.start <= now

    def is_over(self, now: datetime) -> bool:
        return self.end <= now

    def day_of_seats(self, plan: Plan, now: datetime) -> date:
        """The day for which the seats of ``plan`` are counted: the last of the month on
        which it was in force, or today."""
        last = min(self.last, plan.today(now))
        return min(last, plan.ends_on) if plan.ends_on else last

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), time_zone(self.zone))

    @property
    def _next_first(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1)


def plans_in(month: Month, plans: tuple[Plan, ...]) -> tuple[Plan, ...]:
    """Those whose dates meet the month, in the order in which they start; suspended ones
    too, of which nobody knows since when."""
    met = [
        plan
        for plan in plans
        if plan.starts_on <= month.last
        and (plan.ends_on is None or plan.ends_on >= month.first)
    ]
    return tuple(sorted(met, key=lambda plan: (plan.starts_on, plan.name)))


def month_to_send(plan: Plan, now: datetime) -> Month | None:
    """The month whose report is sent by itself now: the last one, in the first days of
    the next, if the plan ran in it. Earlier months are never caught up."""
    today = plan.today(now)
    last = Month.of(today, plan.time_zone).before
    is_due = today.day <= DAYS_TO_SEND and plan.status in (ACTIVE, EXPIRED)
    return last if is_due and plans_in(last, (plan,)) else None
