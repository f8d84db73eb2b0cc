"""Plans that end in a period, and what comes after each of them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe.utils import add_days, getdate

from beesender_support.policy.plans.end_notices import (
    DRAFTED,
    OPEN,
    RENEWED,
    what_follows,
)
from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, SUSPENDED
from beesender_support.screens.reports.asked import Filters, choice_of, one_value
from beesender_support.screens.workspace.fees import Period, day_of, period_between

PLAN = "Beesender Support Plan"
STATES = (RENEWED, DRAFTED, OPEN)
# Left empty, the report is about the month before today and the quarter after it.
DAYS_BEFORE, DAYS_AFTER = 30, 90


class PlanRow(NamedTuple):
    """A plan as it is stored."""

    name: str
    customer: str
    status: str
    starts_on: date
    ends_on: date | None
    renews: str | None
    tier: str
    fee: float | None
    currency: str | None
    success_manager: str | None

    @property
    def yearly_fee(self) -> Decimal:
        return Decimal(str(self.fee or 0))

    @property
    def currency_of_fee(self) -> str:
        return self.currency or frappe.db.get_default("currency") or ""


class Ending(NamedTuple):
    """A plan that ends, and the one after it, if that is sold or drafted. Fees are those
    of a year, in the currency of their own plan."""

    plan: str
    customer: str
    tier: str
    ends_on: date
    fee: Decimal
    currency: str
    manager: str | None
    state: str
    next_plan: str | None = None
    next_tier: str | None = None
    next_starts_on: date | None = None
    next_ends_on: date | None = None
    next_fee: Decimal | None = None
    next_currency: str | None = None


def period_of(filters: Filters) -> Period:
    today = getdate()
    first = day_of(filters.get("from_date") or add_days(today, -DAYS_BEFORE))
    last = day_of(filters.get("to_date") or add_days(max(first, today), DAYS_AFTER))
    return period_between(first, last)


def ending(filters: Filters) -> list[Ending]:
    """Of the plans that the reader may read, the first to end first."""
    period = period_of(filters)
    state = choice_of(filters, "state", ("", *STATES))
    chosen: dict[str, object] = {}
    for each in ("tier", "customer", "success_manager"):
        if value := one_value(filters, each):
            chosen[each] = value
    rows = _plans(
        {
            **chosen,
            "status": ("in", [ACTIVE, SUSPENDED]),
            "ends_on": ("between", [period.first, period.last]),
        }
    )
    following = _by_customer({row.customer for row in rows})
    found = [_ending(row, following[row.customer]) for row in rows]
    return [each for each in found if not state or each.state == state]


def _plans(filters: dict[str, object]) -> list[PlanRow]:
    rows = frappe.get_list(
        PLAN,
        filters,
        list(PlanRow._fields),
        order_by="ends_on, name",
        limit_page_length=0,
    )
    # A field that the reader may not see is not in a row.
    return [PlanRow(*map(row.get, PlanRow._fields)) for row in rows]


def _by_customer(customers: Iterable[str]) -> dict[str, list[PlanRow]]:
    found: dict[str, list[PlanRow]] = defaultdict(list)
    names = sorted(customers)
    if names:
        for row in _plans(
            {"customer": ("in", names), "status": ("in", [ACTIVE, DRAFT])}
        ):
            found[row.customer].append(row)
    return found


def _ending(row: PlanRow, plans: list[PlanRow]) -> Ending:
    state, after = what_follows(row, plans)
    plan = Ending(
        row.name,
        row.customer,
        row.tier,
        # Only plans with a last day are looked for.
        row.ends_on or date.max,
        row.yearly_fee,
        row.currency_of_fee,
        row.success_manager or None,
        state,
    )
    if after is None:
        return plan
    return plan._replace(
        next_plan=after.name,
        next_tier=after.tier,
        next_starts_on=after.starts_on,
        next_ends_on=after.ends_on,
        next_fee=after.yearly_fee,
        next_currency=after.currency_of_fee,
    )


def sums(found: Iterable[Ending]) -> dict[str, Decimal]:
    """The yearly fees of plans by currency."""
    by_currency: dict[str, Decimal] = defaultdict(Decimal)
    for each in found:
        by_currency[each.currency] += each.fee
    return dict(sorted(by_currency.items()))
