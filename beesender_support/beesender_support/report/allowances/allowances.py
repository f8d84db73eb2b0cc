"""How the allowances of plans stand in each contract year in which something was taken,
and in that of today."""

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TypedDict

import frappe
from frappe import _

from beesender_support.policy.allowances.contract_days import year_of
from beesender_support.policy.allowances.ledger import NOT_RECORDED, Balance
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.allowances import balances
from beesender_support.records.allowances.balances import Line
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.screens.workspace.report_parts import Column, Report, column
from beesender_support.screens.workspace.statistics import Filters
from beesender_support.wording.allowances.balance_words import title_of

PLAN = "Beesender Support Plan"


class Row(TypedDict):
    """Amounts are numbers or hours, as the entitlement is counted; ``granted`` and
    ``remaining`` are None where they are not recorded."""

    plan: str
    customer: str
    entitlement: str
    contract_year_starts_on: date
    granted: float | None
    reserved: float
    used: float
    remaining: float | None
    billable: float


def execute(filters: Filters | None = None) -> Report:
    filters = filters or {}
    chosen = {
        field: filters[key]
        for key, field in (("customer", "customer"), ("plan", "name"))
        if filters.get(key)
    }
    # Only plans that the reader may read.
    names = frappe.get_list(PLAN, chosen, pluck="name", limit=0)
    lines = defaultdict(list)
    for line in balances.lines_of(names):
        lines[line.plan].append(line)
    rows = [
        row for plan in sold_plans.named(names) for row in _rows(plan, lines[plan.name])
    ]
    return Report(
        _columns(),
        rows,
        _(
            "Numbers, or hours, in each contract year. How much was included in a year that"
            " is over is known only where something was taken of it."
        ),
        None,
    )


def _rows(plan: Plan, lines: list[Line]) -> list[Row]:
    on = {line.year_starts_on for line in lines} | {plan.today(now())}
    found = {}
    for day in sorted(on):
        for entitlement, balance in balances.balances_of(plan, lines, day).items():
            year = year_of(plan, min(day, plan.ends_on or date.max))
            found[entitlement, year] = balance
    return [
        {
            "plan": plan.name,
            "customer": plan.customer,
            "entitlement": title_of(entitlement),
            "contract_year_starts_on": year,
            "granted": _known(balance, balance.granted),
            "reserved": float(balance.reserved),
            "used": float(balance.used),
            "remaining": _known(balance, balance.remaining),
            "billable": float(balance.billable),
        }
        for (entitlement, year), balance in sorted(found.items())
    ]


def _known(balance: Balance, amount: Decimal) -> float | None:
    """Nothing, where it is not recorded what was granted in a year that is over."""
    return None if balance == NOT_RECORDED else float(amount)


def _columns() -> list[Column]:
    return [
        column("plan", _("Plan"), "Link", PLAN, 110),
        column("customer", _("Customer"), "Link", "HD Customer", 200),
        # As a link, Frappe would translate the name as if it were a word.
        column("entitlement", _("Entitlement"), "Data", None, 220),
        column(
            "contract_year_starts_on", _("Contract year starts on"), "Date", None, 150
        ),
        column("granted", _("Granted"), "Float", None, 110),
        column("reserved", _("Reserved"), "Float", None, 120),
        column("used", _("Used"), "Float", None, 120),
        column("remaining", _("Left"), "Float", None, 110),
        column("billable", _("Billable part"), "Float", None, 120),
    ]
