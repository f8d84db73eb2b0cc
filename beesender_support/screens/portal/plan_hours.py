"""When support is open under a plan: now, today and this week, in words and as instants.

Words are in the plan's zone. The instants beside them let the browser show the same in
the reader's zone.
"""

from datetime import datetime
from typing import TypedDict

from frappe import _

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.plans.opening_hours import Day, closes_at, week_of
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.site_time import iso_text
from beesender_support.wording.renderer import reader


class Hours(TypedDict):
    """``words`` are in the plan's zone; ``opens`` and ``closes`` are instants."""

    words: str
    opens: str
    closes: str


class DayOfWeek(TypedDict):
    """``day`` is an ISO date of the plan's zone, ``holidays`` what they are called, and
    ``working_days`` what those are called that open it."""

    day: str
    name: str
    is_today: bool
    hours: list[Hours]
    holidays: list[str]
    working_days: list[str]


class Opening(TypedDict):
    """Whether support is open, and when that changes; None if it does not.

    ``change`` is an instant, ``change_local`` the same as ISO text of the plan's zone, to
    the minute and without an offset; ``wait`` is how long until then, in words.
    """

    is_open: bool
    change: str | None
    change_local: str | None
    wait: str | None
    sentence: str


def week(plan: Plan, at: datetime) -> list[DayOfWeek]:
    """Monday to Sunday of the week of ``at``."""
    return [_day(day, plan, at) for day in week_of(plan, at)]


def opening(plan: Plan, at: datetime) -> Opening:
    return opening_of(plan.calendar, at)


def opening_of(calendar: Calendar, at: datetime) -> Opening:
    is_open = calendar.is_open(at)
    change = closes_at(calendar, at) if is_open else calendar.next_open(at)
    return {
        "is_open": is_open,
        "change": iso_text(change),
        "change_local": _local(change, calendar).isoformat()[:16] if change else None,
        "wait": reader().wait(change - at) if change else None,
        "sentence": _opening_in_words(is_open, change, calendar, at),
    }


def _opening_in_words(
    is_open: bool, change: datetime | None, calendar: Calendar, at: datetime
) -> str:
    """In the zone of the hours; the date is said unless it is today."""
    if change is None:
        return _("Support is open now, around the clock.")
    local = _local(change, calendar)
    day, time = reader().weekday_and_date(local.date()), reader().time_of_day(local)
    if local.date() == _local(at, calendar).date():
        today = (
            _("Support is open now, until {0}.")
            if is_open
            else _("Support opens today at {0}.")
        )
        return today.format(time)
    later = (
        _("Support is open now, until {0}, {1}.")
        if is_open
        else _("Support opens on {0} at {1}.")
    )
    return later.format(day, time)


def _local(instant: datetime, calendar: Calendar) -> datetime:
    return instant.astimezone(calendar.zone)


def _day(day: Day, plan: Plan, at: datetime) -> DayOfWeek:
    return {
        "day": day.day.isoformat(),
        "name": reader().weekday_and_date(day.day),
        "is_today": day.day == plan.today(at),
        "hours": [
            {
                "words": reader().hours_on(
                    day.day,
                    _local(opening, plan.calendar),
                    _local(closing, plan.calendar),
                ),
                "opens": opening.isoformat(),
                "closes": closing.isoformat(),
            }
            for opening, closing in day.open
        ],
        "holidays": [each.description or _("Holiday") for each in day.holidays],
        "working_days": [
            each.description or _("Working day") for each in day.working_days
        ],
    }
