"""Support fees by the line: what plans cost in contract years that begin in a period.

In as many queries for one plan as for a hundred.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import add_days, add_years, get_first_day, getdate

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, SUSPENDED
from beesender_support.policy.prices.fees import FeeLine
from beesender_support.records.sold import catalogue, plan_prices, plan_values
from beesender_support.screens.workspace import statistics

PLAN, FORMER = "Beesender Support Plan", "Beesender Former Tier"
# What a fee depends on, and whose it is; a plan may hold long texts besides.
COLUMNS = [*statistics.COLUMNS, "licence_price", "currency"]


class PlanLine(NamedTuple):
    """A fee line, and the plan it is of."""

    plan: str
    customer: str
    currency: str
    manager: str | None
    line: FeeLine

    @property
    def month(self) -> date:
        return self.line.starts_on.replace(day=1)


# Other years are slips of the hand, and the calendar ends not far from some of them.
FIRST_YEAR, LAST_YEAR = 2000, 2100


class Period(NamedTuple):
    first: date
    last: date


def period_of(filters: dict[str, Any]) -> Period:
    """The chosen days; otherwise a year from the first of this month."""
    first = day_of(filters.get("from_date") or get_first_day(getdate()))
    year = add_days(add_years(first, 1), -1)
    last = day_of(filters["to_date"]) if filters.get("to_date") else year
    return period_between(first, last)


def period_between(first: date, last: date) -> Period:
    """Raises a sentence where it ends before it begins."""
    if last < first:
        frappe.throw(_("The period ends before it begins. Choose a later end."))
    return Period(first, last)


def day_of(given: object) -> date:
    """Raises a sentence for what is no date, or of a year in which nothing is sold."""
    day, said = None, len(frappe.local.message_log)
    if isinstance(given, str | date):
        with suppress(ValueError, OverflowError, frappe.ValidationError):
            day = getdate(given)
    if day and FIRST_YEAR <= day.year <= LAST_YEAR:
        return day
    # What Frappe says of it is said more clearly here.
    del frappe.local.message_log[said:]
    frappe.throw(
        _("Give dates of the years {0} to {1} for the period.").format(
            FIRST_YEAR, LAST_YEAR
        )
    )


def lines(filters: dict[str, Any], **plans: object) -> list[PlanLine]:
    """Those whose first day is in the period, of the plans that the reader may read, the
    earliest first. Plans that were closed are left out, and so are drafts unless they are
    asked for."""
    period = period_of(filters)
    statuses = [ACTIVE, SUSPENDED, *([DRAFT] if filters.get("with_drafts") else [])]
    conditions: dict[str, object] = {"status": ("in", statuses), **plans}
    if filters.get("success_manager"):
        conditions["success_manager"] = filters["success_manager"]
    rows = frappe.get_list(
        PLAN,
        {**conditions, "starts_on": ("<=", period.last)},
        COLUMNS,
        # Nothing of a plan that was over before begins in the period.
        or_filters=[["ends_on", "is", "not set"], ["ends_on", ">=", period.first]],
        order_by="name",
        limit_page_length=0,
    )
    former = _former_tiers([row.name for row in rows])
    default = frappe.db.get_default("currency") or ""
    found = [
        PlanLine(
            row.name,
            row.customer,
            row.currency or default,
            row.success_manager or None,
            line,
        )
        for row in rows
        for line in _lines_of(row, former[row.name], period)
        if period.first <= line.starts_on <= period.last
        and line.tier == (filters.get("tier") or line.tier)
    ]
    return sorted(found, key=lambda each: (each.line.starts_on, each.plan))


def _lines_of(
    row: frappe._dict, former: list[frappe._dict], period: Period
) -> Iterable[FeeLine]:
    doc = frappe._dict(
        row, authorized_contacts=[], holidays=[], former_tiers=former, exceptions=[]
    )
    try:
        plan = plan_values.plan_of(doc, catalogue.tier_named(row.tier))
    except PolicyError:
        # Its form says what is wrong with it.
        return ()
    return plan_prices.lines_of(doc, plan, period.last, period.first)


def _former_tiers(names: list[str]) -> dict[str, list[frappe._dict]]:
    former: dict[str, list[frappe._dict]] = defaultdict(list)
    if names:
        for row in frappe.get_all(
            FORMER,
            {"parenttype": PLAN, "parent": ("in", names)},
            ["parent", "tier", "fee_percent", "until"],
        ):
            former[row.parent].append(row)
    return former


class Sum(NamedTuple):
    group: object
    currency: str
    lines: int
    amount: Decimal


def summed_up(found: Iterable[PlanLine], by: str) -> list[Sum]:
    """By ``month``, ``tier`` or ``manager``, and currency: sums of several currencies
    would mean nothing."""
    amounts: dict[tuple[object, str], list[Decimal]] = defaultdict(list)
    for each in found:
        group = {
            "month": each.month,
            "tier": each.line.tier,
            "manager": each.manager or "",
        }[by]
        amounts[group, each.currency].append(each.line.amount)
    return [
        Sum(group, currency, len(those), sum(those, Decimal()))
        for (group, currency), those in sorted(
            amounts.items(), key=lambda item: (str(item[0][0]), item[0][1])
        )
    ]


def totals(found: Iterable[PlanLine]) -> dict[str, Decimal]:
    """By currency."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for each in found:
        sums[each.currency] += each.line.amount
    return dict(sorted(sums.items()))


def invoice_rows(found: Iterable[PlanLine]) -> Iterator[list[str]]:
    """The lines as cells of a CSV file, with a header: codes, not words, for programs."""
    yield [
        "plan",
        "customer",
        "tier",
        "starts_on",
        "ends_on",
        "days",
        "days_of_year",
        "licence_price",
        "fee_percent",
        "amount",
        "currency",
        "success_manager",
    ]
    for each in found:
        line = each.line
        yield [
            each.plan,
            each.customer,
            line.tier,
            line.starts_on.isoformat(),
            line.ends_on.isoformat(),
            str(line.days),
            str(line.days_of_year),
            f"{line.licence_price:.2f}",
            f"{line.fee_percent.normalize():f}",
            f"{line.amount:.2f}",
            each.currency,
            each.manager or "",
        ]
