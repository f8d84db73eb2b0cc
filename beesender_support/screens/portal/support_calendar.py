"""Support hours and holidays of a plan as a calendar file, RFC 5545.

Each stretch of open time is an event of its own, in UTC: so every program shows it right,
in whatever zone the plan is and whenever its clocks change, and without the holidays.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import frappe
import vobject
from frappe import _

from beesender_support.policy.plans.opening_hours import ONE_DAY, day_of, hours_between
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan
from beesender_support.screens.portal.plan_viewer import PLAN, viewer_for
from beesender_support.wording.renderer import tier_title

# So far ahead, or to the end of the plan.
DAYS_AHEAD = 400
# Hours that go on for longer are no appointment: support is open around the clock.
LONGEST = timedelta(hours=25)
PRODUCT = "-//Beesender Support//Support plan//EN"


def for_viewer(user: str, plan: str, at: datetime) -> str:
    """The file, if the plan is the user's to see; PermissionError otherwise, as for a
    plan that does not exist."""
    customer = frappe.db.get_value(PLAN, plan, "customer")
    shown = (
        viewer_for(user, customer, at).choose(customer, plan, at) if customer else None
    )
    if shown is None or not is_offered(shown, at):
        raise frappe.PermissionError
    return of_plan(shown, at)


def is_offered(plan: Plan, at: datetime) -> bool:
    """Nobody's calendar says that support is open under a plan that is suspended."""
    return plan.state_at(at) in (PlanState.IN_FORCE, PlanState.NOT_STARTED)


def of_plan(plan: Plan, at: datetime) -> str:
    file = vobject.iCalendar()
    file.add("prodid").value = PRODUCT
    file.add("method").value = "PUBLISH"
    file.add("x-wr-calname").value = _("Support hours: {0}").format(
        f"{plan.customer}, {tier_title(plan.tier.name)}"
    )
    first, last = _days(plan, at)
    for start, end in hours_between(plan, first, last):
        if end - start <= LONGEST:
            _add(
                file,
                f"{start:%Y%m%dT%H%M%SZ}-{plan.name}",
                at,
                _("Support is open"),
                (_in_utc(start), _in_utc(end)),
                _("Support hours in the time zone of the plan, {0}.").format(
                    plan.time_zone
                ),
            )
    for day, named in _holidays(plan, first, last):
        title = f"{_('Support: holiday')}: {named}" if named else _("Support: holiday")
        _add(
            file,
            f"{day:%Y%m%d}-holiday-{plan.name}",
            at,
            title,
            (day, day + ONE_DAY),
            "",
        )
    return str(file.serialize())


def _days(plan: Plan, at: datetime) -> tuple[date, date]:
    first = max(plan.today(at), plan.starts_on)
    last = first + timedelta(days=DAYS_AHEAD)
    return first, min(last, plan.ends_on) if plan.ends_on else last


def _holidays(plan: Plan, first: date, last: date) -> Iterator[tuple[date, str]]:
    day = first
    while day <= last:
        if holidays := day_of(plan, day).holidays:
            names = (each.description for each in holidays)
            yield day, ", ".join(dict.fromkeys(filter(None, names)))
        day += ONE_DAY


def _add(
    file: vobject.base.Component,
    uid: str,
    at: datetime,
    summary: str,
    span: tuple[date, date],
    description: str,
) -> None:
    event = file.add("vevent")
    # The same for the same hours, so that a file read again replaces what was read.
    event.add("uid").value = f"{uid}@{frappe.local.site}"
    event.add("dtstamp").value = _in_utc(at)
    event.add("summary").value = summary
    event.add("dtstart").value, event.add("dtend").value = span
    # Nobody is busy because support is open.
    event.add("transp").value = "TRANSPARENT"
    if description:
        event.add("description").value = description


def _in_utc(instant: datetime) -> datetime:
    """In the one UTC that the library writes as such."""
    return instant.astimezone(vobject.icalendar.utc)
