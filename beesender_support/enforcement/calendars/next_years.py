"""The plans and calendars whose holidays end with the year."""

from datetime import datetime

import frappe

from beesender_support.policy.plans.next_year import (
    year_missing_of,
    year_without_dates,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.sold import sold_plans


def plans_without_year(at: datetime) -> list[tuple[Plan, int]]:
    """Those sold that lack the dates of a year in which they will be in force, and which,
    by name."""
    found = (
        (plan, year_missing_of(plan, plan.today(at))) for plan in sold_plans.where("1")
    )
    return [(plan, year) for plan, year in found if year]


def calendars_without_year(at: datetime) -> list[tuple[str, int]]:
    """The calendars in use that lack the dates of a year, and which, by name."""
    rows = frappe.get_all(
        "Beesender Calendar Day",
        {"parenttype": "Beesender Holiday Calendar"},
        ["parent", "date"],
        order_by="parent",
    )
    used = set(frappe.get_all("Beesender Plan Calendar", pluck="calendar"))
    dates: dict[str, list] = {}
    for row in rows:
        if row.parent in used:
            dates.setdefault(row.parent, []).append(row.date)
    found = (
        (name, year_without_dates(days, at.date())) for name, days in dates.items()
    )
    return [(name, year) for name, year in found if year]
