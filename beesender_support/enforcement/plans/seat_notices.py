"""Tells people whose seat has begun or ended by its date.

Safe to run twice, and after a seat was given or ended by hand: what the log says of a
seat since that day is not said again.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple

import frappe
from frappe.utils import get_datetime, getdate

from beesender_support.enforcement.plans import plan_notices
from beesender_support.enforcement.plans.plan_lots import PLAN, plans_that
from beesender_support.enforcement.plans.seats import SEAT
from beesender_support.policy.plans.plan_state import ACTIVE, PlanState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seat_notices import (
    NEWS_DAYS,
    SEAT_ENDED,
    SEAT_GIVEN,
    changed_by_date,
)
from beesender_support.records.notices.notice_log import LOG, MAX_KEY
from beesender_support.records.site_time import now, to_instant

ONE_DAY = timedelta(days=1)


class Change(NamedTuple):
    """A seat that began or ended on a day, in its plan's zone."""

    plan: Plan
    kind: str
    contact: str
    day: date

    @property
    def name(self) -> str:
        return self.plan.name


def changes_to_announce() -> list[Change]:
    """In three queries and those of the plans concerned, however many seats there are."""
    rows = _seats_about_now()
    if not rows:
        return []
    at = now()
    plans = {
        plan.name: plan
        for _row, plan in plans_that(
            {"name": ("in", {row.parent for row in rows}), "status": ACTIVE}
        )
        if plan.state_at(at) is PlanState.IN_FORCE
    }
    changes = [
        Change(plan, *change)
        for plan in plans.values()
        for change in changed_by_date(plan, _entered_on(plan, rows), plan.today(at))
    ]
    said = _said(changes)
    return [each for each in changes if not _was_said(each, said)]


def announce(change: Change) -> None:
    plan_notices.notify_of_seat(
        change.kind, change.plan, change.contact, on=change.day.isoformat()
    )


def _seats_about_now() -> list[frappe._dict]:
    """Rows whose first or last day is near; give or take a day for the zones of plans."""
    today = getdate()
    near = ("between", [today - (NEWS_DAYS + 1) * ONE_DAY, today + ONE_DAY])
    return frappe.get_all(
        SEAT,
        filters={"parenttype": PLAN},
        or_filters={"from_date": near, "to_date": near},
        fields=["parent", "creation"],
    )


def _entered_on(plan: Plan, rows: list[frappe._dict]) -> date:
    """Frappe gives a row of a table the creation of its record."""
    created = min(row.creation for row in rows if row.parent == plan.name)
    return plan.today(_instant(created))


def _instant(creation: object) -> datetime:
    return to_instant(get_datetime(creation), near=now())


def _said(changes: list[Change]) -> list[frappe._dict]:
    """What the log says of seats of these plans lately."""
    if not changes:
        return []
    return frappe.get_all(
        LOG,
        {
            "kind": ("in", (SEAT_GIVEN, SEAT_ENDED)),
            "plan": ("in", {each.plan.name for each in changes}),
            "creation": (">=", getdate() - (NEWS_DAYS + 2) * ONE_DAY),
        },
        ["key", "kind", "plan", "creation"],
    )


def _was_said(change: Change, said: list[frappe._dict]) -> bool:
    return any(
        (row.kind, row.plan) == (change.kind, change.plan.name)
        and _is_of(change.contact, row)
        and change.plan.today(_instant(row.creation)) >= change.day
        for row in said
    )


def _is_of(contact: str, row: frappe._dict) -> bool:
    """A key names the event, the plan, when, and the contact; the log cuts it."""
    start = f"{row.kind}/{row.plan}/"
    _when, _slash, named = row.key.removeprefix(start).partition("/")
    return named == contact or (
        len(row.key) == MAX_KEY and contact.startswith(named) and bool(named)
    )
