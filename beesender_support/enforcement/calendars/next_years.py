"""The plans and calendars whose holidays end with the year."""

from collections import defaultdict
from datetime import datetime, timedelta

import frappe

from beesender_support.policy.plans.next_year import (
    year_missing_of,
    year_without_dates,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.sold import sold_plans


def plans_without_year(at: datetime) -> list[tuple[Plan, int]]:
    """Those sold that lack the dates of a year in which they will be in force, and which,
    by name. One that cannot be read is left out."""
    plans, _unreadable = sold_plans.readable(_with_years_that_end(at))
    found = ((plan, year_missing_of(plan, plan.today(at))) for plan in plans)
    return [(plan, year) for plan, year in found if year]


def _with_years_that_end(at: datetime) -> list[str]:
    """Plans that may lack a year, whatever day it is in their zones."""
    asked = {at.year + 1, *((at + timedelta(days=each)).year for each in (-1, 1))}
    return [
        name
        for name, years in _years_by_plan().items()
        if any(year - 1 in years and year not in years for year in asked)
    ]


def _years_by_plan() -> dict[str, set[int]]:
    """Of which years plans list dates, their own or those of their calendars."""
    rows = frappe.db.sql("""select `row`.`parent`, year(`row`.`date`)
        from `tabBeesender Plan Holiday` `row`
        join `tabBeesender Support Plan` `plan` on `plan`.`name` = `row`.`parent`
        where `plan`.`status` in ('Active', 'Suspended')
        group by `row`.`parent`, year(`row`.`date`)""")
    of_calendars = frappe.db.sql("""select `parent`, year(`date`)
        from `tabBeesender Calendar Day`
        where `parenttype` = 'Beesender Holiday Calendar'
        group by `parent`, year(`date`)""")
    taken = frappe.db.sql("""select `row`.`parent`, `row`.`calendar`
        from `tabBeesender Plan Calendar` `row`
        join `tabBeesender Support Plan` `plan` on `plan`.`name` = `row`.`parent`
        where `plan`.`status` in ('Active', 'Suspended')""")
    years_of_calendar: dict[str, set[int]] = defaultdict(set)
    for calendar, year in of_calendars:
        years_of_calendar[calendar].add(year)
    found: dict[str, set[int]] = defaultdict(set)
    for plan, year in rows:
        found[plan].add(year)
    for plan, calendar in taken:
        found[plan] |= years_of_calendar[calendar]
    return found


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
