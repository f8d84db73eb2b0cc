"""What admins see of a holiday calendar on its form, and on the list of plans."""

from collections.abc import Sequence
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement.calendars import calendar_use
from beesender_support.enforcement.calendars.next_years import plans_without_year
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.next_year import year_without_dates
from beesender_support.records.site_time import now
from beesender_support.records.sold import calendars
from beesender_support.screens.desk.plan_form import (
    MOST_NAMED_PLANS,
    PLAN,
    NamedPlan,
)
from beesender_support.wording import renderer


class CalendarConcern(TypedDict):
    """Whom a change of a calendar concerns: how many plans take it, the first of them by
    name, and how many open tickets are promised something under them; which year its
    dates lack, in words, and ``next_year``, the first that was not imported."""

    plans: int
    named_plans: list[NamedPlan]
    open_tickets: int
    missing: str | None
    next_year: int | None


def concern(doc: Document) -> CalendarConcern:
    """Of a calendar as typed, saved or not."""
    names = calendars.plans_taking(doc.name) if doc.name else []
    plans = frappe.get_list(
        PLAN,
        {"name": ("in", names)},
        ["name", "customer"],
        order_by="customer",
        limit=0,
    )
    days = [getdate(row.date) for row in doc.days if row.date]
    missing = year_without_dates(days, now().date())
    last_year = doc.last_year or max((each.year for each in days), default=None)
    return {
        "plans": len(plans),
        "named_plans": plans[:MOST_NAMED_PLANS],
        "open_tickets": _open_tickets(names),
        "missing": _missing_in_words(missing),
        "next_year": last_year + 1 if last_year and doc.country else None,
    }


def _open_tickets(plans: Sequence[str]) -> int:
    return frappe.db.count(
        "HD Ticket",
        {
            "beesender_plan": ("in", list(plans)),
            "beesender_admission": "Accepted",
            "status_category": ("!=", "Resolved"),
        },
    )


def _missing_in_words(year: int | None) -> str | None:
    if year is None:
        return None
    return _("No dates are listed for {0} yet.").format(year)


class PlanUse(TypedDict):
    """What taking a calendar changes of one plan, in numbers of dates."""

    plan: str
    customer: str
    moved: int
    kept: int
    gained: int
    is_taken: bool


class Uses(TypedDict):
    """``left_out`` says which plans cannot take it, because they are wrong already."""

    refusal: str | None
    left_out: str | None
    plans: list[PlanUse]


def uses(calendar: Document, plans: Sequence[str]) -> Uses:
    """What would change if these plans took the calendar; why they cannot."""
    try:
        found = calendar_use.uses_of(calendar.name, plans)
    except PolicyError as error:
        refusal = renderer.refusal_in_words(calendar, error)
        return {"refusal": refusal, "left_out": None, "plans": []}
    return {
        "refusal": None,
        "left_out": _left_out({*plans} - {each.doc.name for each in found}),
        "plans": [
            {
                "plan": each.doc.name,
                "customer": each.doc.customer,
                "moved": len(each.moved),
                "kept": each.kept,
                "gained": each.gained,
                "is_taken": each.is_taken_already,
            }
            for each in found
        ],
    }


def _left_out(plans: set[str]) -> str | None:
    if not plans:
        return None
    return _("Left out, because they cannot be read: {0}. Their forms say why.").format(
        ", ".join(sorted(plans))
    )


class WithoutYear(TypedDict):
    """The plans that lack the dates of a year, as far as the reader may read them."""

    years: list[int]
    plans: list[str]
    sentence: str | None


def without_year() -> WithoutYear:
    lacking = plans_without_year(now())
    names = [plan.name for plan, _year in lacking]
    readable = frappe.get_list(PLAN, {"name": ("in", names)}, pluck="name", limit=0)
    years = sorted({year for plan, year in lacking if plan.name in readable})
    sentence = _("Plans without dates for {0}: {1}.").format(
        ", ".join(map(str, years)), len(readable)
    )
    return {
        "years": years,
        "plans": sorted(readable),
        "sentence": sentence if readable else None,
    }
