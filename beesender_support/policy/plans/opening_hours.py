"""A week of support hours, day by day, as a client reads it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.plans.plans import Plan

ONE_DAY = timedelta(days=1)
# Longer than any week goes without a change.
LOOK_AHEAD = timedelta(days=8)


@dataclass(frozen=True, slots=True)
class Day:
    """A local date of the plan: when support is open on it, in UTC, its holidays, and
    why it is worked."""

    day: date
    open: tuple[tuple[datetime, datetime], ...]
    holidays: tuple[Holiday, ...] = ()
    working_days: tuple[WorkingDay, ...] = ()


def week_of(plan: Plan, instant: datetime) -> tuple[Day, ...]:
    """Monday to Sunday around ``instant``, in the plan's zone.

    Hours across midnight are given with each of the days they fall on.
    """
    today = plan.today(instant)
    monday = today - today.weekday() * ONE_DAY
    return tuple(day_of(plan, monday + number * ONE_DAY) for number in range(7))


def day_of(plan: Plan, day: date) -> Day:
    """One local date of the plan."""
    calendar = plan.calendar
    return Day(
        day,
        calendar.open_intervals(
            _midnight(calendar, day), _midnight(calendar, day + ONE_DAY)
        ),
        calendar.closed_on(day),
        tuple(each for each in calendar.working_days if each.day == day),
    )


def hours_between(
    plan: Plan, first: date, last: date
) -> tuple[tuple[datetime, datetime], ...]:
    """When support is open from the beginning of one local date to the end of another,
    in UTC: hours across midnight are one piece."""
    calendar = plan.calendar
    return calendar.open_intervals(
        _midnight(calendar, first), _midnight(calendar, last + ONE_DAY)
    )


def closes_at(calendar: Calendar, instant: datetime) -> datetime | None:
    """When support, open at ``instant``, closes; None if not within the next week."""
    horizon = instant + LOOK_AHEAD
    _, closing = calendar.open_intervals(instant, horizon)[0]
    return closing if closing < horizon else None


def _midnight(calendar: Calendar, day: date) -> datetime:
    """The first instant of a local date. A midnight that the clocks skip is the change
    itself, one that they repeat is the first of the two."""
    return datetime.combine(day, time.min, calendar.zone)
