"""Keeps a Beesender Holiday Calendar, and the plans that take it, within what the policy
allows."""

from datetime import timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.policy.calendar.holidays import Days
from beesender_support.policy.plans.plan_state import EXPIRED
from beesender_support.records.sold import calendars, plan_values, policy_values
from beesender_support.records.tables import with_rows

PLAN = "Beesender Support Plan"
# So many plans are named in a refusal.
MOST_NAMED = 5


def check(doc: Document) -> None:
    """Raise PolicyError for dates that cannot be kept, or that would leave a plan without
    working time."""
    policy_values.write_end_of_day(doc.days)
    plan_values.check_typed_dates(*((row, ("date",)) for row in doc.days))
    days = calendars.checked_days_in(doc.days)
    if not doc.is_new():
        _check_plans(doc.name, days)


def _check_plans(calendar: str, days: Days) -> None:
    """Raise PolicyError for what these dates make of a plan that is not over; one that
    was wrong before says so on its own form."""
    taking = with_rows(PLAN, {"name": ("in", calendars.plans_taking(calendar))})
    docs = [doc for doc in taking if not _has_ended(doc)]
    others = {each for doc in docs for each in calendars.names_in(doc)} - {calendar}
    dates = {**calendars.days_of_calendars(others), calendar: days}
    for doc in docs:
        is_wrong = plan_values.readable_plan_of(doc, dates) is None
        if is_wrong and plan_values.readable_plan_of(doc) is not None:
            plan_values.plan_of(doc, None, dates)


def _has_ended(doc: Document) -> bool:
    """In every zone, so that it needs no tier."""
    yesterday = getdate() - timedelta(days=1)
    return doc.status == EXPIRED or bool(doc.ends_on and doc.ends_on < yesterday)


def refuse_removal(doc: Document) -> None:
    """A calendar that plans take cannot be deleted: their support hours would change."""
    plans = calendars.plans_taking(doc.name)
    if plans:
        frappe.throw(
            _(
                "{0} is taken by plans: {1}. Take it off them first, or merge it into"
                " another calendar."
            ).format(doc.name, _named(plans)),
            frappe.LinkExistsError,
        )


def take_over_days(old: str, new: str) -> None:
    """Before ``old`` is merged into ``new``: what only the former lists is kept, so that
    no plan loses a date. Raises PolicyError for dates that do not go together, or that
    would leave a plan of either without working time."""
    kept, merged = (frappe.get_doc(calendars.CALENDAR, each) for each in (new, old))
    listed = {_said(row) for row in kept.days}
    missing = [row for row in merged.days if _said(row) not in listed]
    for row in missing:
        kept.append("days", {field: row.get(field) for field in FIELDS_OF_DAY})
    _check_plans(old, calendars.checked_days_in(kept.days))
    if missing:
        kept.save()


def _said(row: Document) -> tuple[object, ...]:
    return calendars.said_of(calendars.days_in([row]))


FIELDS_OF_DAY = (
    "date",
    "description",
    "start_time",
    "end_time",
    "is_working_day",
    "is_estimated",
)


def _named(plans: list[str]) -> str:
    shown = ", ".join(plans[:MOST_NAMED])
    more = len(plans) - MOST_NAMED
    return shown if more <= 0 else _("{0} and {1} more").format(shown, more)
