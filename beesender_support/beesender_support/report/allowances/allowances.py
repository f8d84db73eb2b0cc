"""How the allowances of plans stand in each contract year in which something was taken,
and in that of today."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypedDict

from frappe import _

from beesender_support.policy.allowances.contract_days import year_of
from beesender_support.policy.allowances.ledger import NOT_RECORDED, Balance
from beesender_support.policy.plans.plan_state import DRAFT
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.allowances import balances
from beesender_support.records.allowances.balances import Line
from beesender_support.records.site_time import now
from beesender_support.screens.reports.asked import Filters, choice_of, one_value
from beesender_support.screens.workspace import statistics
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    bars,
    chart_label,
    column,
    figure,
)
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


# Which rows are left where not all are wanted.
SHOWN: dict[str, Callable[[Row], bool]] = {
    "used_up": lambda row: bool(row["granted"]) and not row["remaining"],
    "reserved": lambda row: row["reserved"] > 0,
    "billable": lambda row: row["billable"] > 0,
}


def execute(filters: Filters | None = None) -> Report:
    filters = filters or {}
    show = choice_of(filters, "show", ("", *SHOWN))
    chosen: dict[str, Any] = {}
    for key, field in (("customer", "customer"), ("plan", "name"), ("tier", "tier")):
        if value := one_value(filters, key):
            chosen[field] = value
    # Only plans that the reader may read.
    plans = statistics.plans(with_seats=False, **chosen, status=("!=", DRAFT))
    lines = defaultdict(list)
    for line in balances.lines_of([plan.name for plan in plans]):
        lines[line.plan].append(line)
    rows = [row for plan in plans for row in _rows(plan, lines[plan.name])]
    rows = [row for row in rows if not show or SHOWN[show](row)]
    message = _(
        "Numbers, or hours, in each contract year. How much was included in a year that"
        " is over is known only where something was taken of it."
    )
    return Report(_columns(), rows, message, _chart(rows), _summary(rows))


def _chart(rows: list[Row]) -> Chart | None:
    """In per cent of what was granted, since some is counted and some is hours."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for row in rows:
        amounts = (row["used"], row["reserved"], row["granted"] or 0.0)
        for at, amount in enumerate(amounts):
            sums[row["entitlement"]][at] += amount
    granted = {name: each for name, each in sums.items() if each[2]}
    if not any(used or reserved for used, reserved, _granted in granted.values()):
        return None
    return bars(
        [chart_label(name) for name in granted],
        {
            label: [int(100 * each[at] / each[2]) for each in granted.values()]
            for at, label in enumerate((_("Used, %"), _("Reserved, %")))
        },
        space=0.4,
    )


def _summary(rows: list[Row]) -> list[Figure] | None:
    if not rows:
        return None
    return [
        figure(_("Plans"), len({row["plan"] for row in rows})),
        *(
            figure(label, sum(map(SHOWN[show], rows)), indicator=colour)
            for show, label, colour in (
                ("used_up", _("Used up"), "Red"),
                ("reserved", _("With reservations"), "Orange"),
                ("billable", _("With a billable part"), "Blue"),
            )
        ),
    ]


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
