"""Plans that listed the same holidays themselves take a shared calendar instead.

What a plan and its calendar list alike is moved, many plans in a few statements; what the
plan lists otherwise stays with it and outweighs the calendar.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from beesender_support.policy.calendar.holidays import Days
from beesender_support.policy.plans.plans import Plan
from beesender_support.records import cache
from beesender_support.records.sold import calendars, plan_values
from beesender_support.records.sold.catalogue import tier_named
from beesender_support.records.tables import with_rows

PLAN = "Beesender Support Plan"
# More at once would lock too many customers' plans.
MOST = 500


class Use(NamedTuple):
    """What taking a calendar changes of one plan: ``moved`` are names of its own rows
    that the calendar has, ``kept`` is how many others it has; ``gained`` are the dates
    that it did not list."""

    doc: Document
    plan: Plan
    is_taken_already: bool
    moved: tuple[str, ...]
    kept: int
    gained: int


def uses_of(
    calendar: str, plans: Sequence[str], *, for_update: bool = False
) -> list[Use]:
    """By customer; raises PolicyError for a plan that would have no working time. One
    that is wrong already, as its own form says, is left out.

    ``for_update`` locks the plans, and reads what others saved until then.
    """
    if len(plans) > MOST:
        frappe.throw(_("Choose at most {0} plans at once.").format(MOST))
    docs = with_rows(PLAN, {"name": ("in", sorted(set(plans)))}, for_update=for_update)
    names = {each for doc in docs for each in calendars.names_in(doc)} | {calendar}
    dates = calendars.days_of_calendars(names)
    if calendar not in dates:
        frappe.throw(_("Choose a holiday calendar."))
    found = [
        _use_of(doc, before, calendar, dates)
        for doc in docs
        if (before := plan_values.readable_plan_of(doc, dates))
    ]
    return sorted(found, key=lambda each: (each.doc.customer, each.doc.name))


def _use_of(
    doc: Document, before: Plan, calendar: str, dates: Mapping[str, Days]
) -> Use:
    listed = {calendars.said_of(Days(*each)) for each in _one_by_one(dates[calendar])}
    moved = [
        row
        for row in doc.holidays
        if calendars.said_of(calendars.days_in([row])) in listed
    ]
    taken = calendars.names_in(doc)
    is_taken = calendar in taken
    after = frappe._dict(
        doc,
        holidays=[row for row in doc.holidays if row not in moved],
        holiday_calendars=[
            frappe._dict(calendar=each) for each in dict.fromkeys((*taken, calendar))
        ],
    )
    plan = plan_values.plan_of(after, tier_named(doc.tier), dates)
    return Use(
        doc,
        plan,
        is_taken,
        tuple(row.name for row in moved),
        len(doc.holidays) - len(moved),
        len(set(_dates(plan)) - set(_dates(before))),
    )


def _dates(plan: Plan) -> tuple[object, ...]:
    return Days(plan.holidays, plan.working_days).dates


def _one_by_one(days: Days) -> list[Days]:
    return [
        *(Days((each,)) for each in days.holidays),
        *(Days((), (each,)) for each in days.working_days),
    ]


def use(calendar: str, plans: Sequence[str]) -> int:
    """Let the plans take the calendar; how many of them changed."""
    changed = [
        each
        for each in uses_of(calendar, plans, for_update=True)
        if each.moved or not each.is_taken_already
    ]
    if not changed:
        return 0
    _take(calendar, [each for each in changed if not each.is_taken_already])
    if moved := [row for each in changed for row in each.moved]:
        frappe.db.delete("Beesender Plan Holiday", {"name": ("in", moved)})
    _note(calendar, changed)
    cache.invalidate()
    return len(changed)


def _take(calendar: str, uses: list[Use]) -> None:
    rows = [
        frappe.get_doc(
            {
                "doctype": "Beesender Plan Calendar",
                "name": frappe.generate_hash(length=10),
                "parent": each.doc.name,
                "parenttype": PLAN,
                "parentfield": "holiday_calendars",
                "idx": len(each.doc.holiday_calendars) + 1,
                "calendar": calendar,
            }
        )
        for each in uses
    ]
    if rows:
        frappe.model.document.bulk_insert("Beesender Plan Calendar", rows)


def _note(calendar: str, changed: list[Use]) -> None:
    """Forms that are open meanwhile are refused, and each plan's history says it."""
    names = [each.doc.name for each in changed]
    frappe.db.set_value(
        PLAN,
        {"name": ("in", names)},
        {"modified": now_datetime(), "modified_by": frappe.session.user},
        update_modified=False,
    )
    frappe.model.document.bulk_insert(
        "Comment",
        [
            frappe.get_doc(
                {
                    "doctype": "Comment",
                    "name": frappe.generate_hash(length=10),
                    "comment_type": "Info",
                    "reference_doctype": PLAN,
                    "reference_name": each.doc.name,
                    "comment_email": frappe.session.user,
                    "content": _(
                        "took the holiday calendar {0}; own dates moved to it: {1}"
                    ).format(calendar, len(each.moved)),
                }
            )
            for each in changed
        ],
    )
