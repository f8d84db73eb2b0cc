"""What plans cost, line by line or summed up, with totals per currency."""

from collections import defaultdict
from datetime import date

from frappe import _
from frappe.utils import fmt_money, formatdate

from beesender_support.screens.reports.asked import Filters
from beesender_support.screens.workspace import fees
from beesender_support.screens.workspace.fees import PlanLine
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    Row,
    TitlesOfTiers,
    bars,
    column,
    figure,
    month_label,
)
from beesender_support.wording.renderer import tier_title

GROUPS = ("month", "tier", "manager")


def execute(filters: Filters | None = None) -> Report:
    chosen = filters or {}
    found = fees.lines(chosen)
    by = chosen.get("group_by")
    message = _message(chosen, found)
    if by in GROUPS:
        columns, rows = _columns_of_sums(by), _sums(found, by)
    else:
        titles = TitlesOfTiers()
        columns, rows = _columns(), [_row(each, titles) for each in found]
    return Report(columns, rows, message, _chart(found), _summary(found))


def _message(filters: Filters, found: list[PlanLine]) -> str:
    period = fees.period_of(filters)
    said = _("Contract years, and tiers in them, that begin from {0} to {1}.").format(
        formatdate(period.first), formatdate(period.last)
    )
    sums = [
        fmt_money(float(amount), currency=currency or None)
        for currency, amount in fees.totals(found).items()
    ]
    return f"{said} {_('In all: {0}').format('; '.join(sums))}" if sums else said


def _chart(found: list[PlanLine]) -> Chart | None:
    """Fees by month, each currency in a colour of its own: a sum of several would mean
    nothing."""
    if not found:
        return None
    sums: dict[tuple[date, str], float] = defaultdict(float)
    for each in found:
        sums[each.month, each.currency] += float(each.line.amount)
    months = sorted({month for month, _currency in sums})
    return bars(
        list(map(month_label, months)),
        {
            currency or _("Fee"): [sums[month, currency] for month in months]
            for currency in sorted({currency for _month, currency in sums})
        },
        fieldtype="Float",
        is_series=True,
    )


def _summary(found: list[PlanLine]) -> list[Figure] | None:
    if not found:
        return None
    return [
        figure(_("Plans"), len({each.plan for each in found})),
        figure(_("Lines"), len(found)),
        *(
            figure(
                _("Fee"), fmt_money(float(amount), currency=currency or None), "Data"
            )
            for currency, amount in fees.totals(found).items()
        ),
    ]


def _columns() -> list[Column]:
    return [
        column("plan", _("Plan"), "Link", "Beesender Support Plan", 110),
        column("customer", _("Customer"), "Link", "HD Customer", 200),
        # As a link, Frappe would translate the name as if it were a word.
        column("tier", _("Tier"), "Data", None, 110),
        column("starts_on", _("From"), "Date", None, 110),
        column("ends_on", _("To (inclusive)"), "Date", None, 110),
        column("days", _("Days"), "Int", None, 80),
        column("days_of_year", _("Days of the contract year"), "Int", None, 110),
        column("licence_price", _("Licence price"), "Currency", "currency", 140),
        column("percent", _("Fee, %"), "Float", None, 90),
        column("amount", _("Fee"), "Currency", "currency", 140),
        column("currency", _("Currency"), "Data", None, 90),
        column("manager", _("Customer-success manager"), "Link", "User", 220),
    ]


def _columns_of_sums(by: str) -> list[Column]:
    group = {
        "month": column("group", _("Month"), "Date", None, 140),
        "tier": column("group", _("Tier"), "Data", None, 160),
        "manager": column("group", _("Customer-success manager"), "Link", "User", 240),
    }[by]
    return [
        group,
        column("lines", _("Lines"), "Int", None, 90),
        column("amount", _("Fee"), "Currency", "currency", 160),
        column("currency", _("Currency"), "Data", None, 90),
    ]


def _row(each: PlanLine, titles: TitlesOfTiers) -> Row:
    line = each.line
    return {
        "plan": each.plan,
        "customer": each.customer,
        "tier": titles[line.tier],
        "starts_on": line.starts_on,
        "ends_on": line.ends_on,
        "days": line.days,
        "days_of_year": line.days_of_year,
        "licence_price": float(line.licence_price),
        "percent": float(line.fee_percent),
        "amount": float(line.amount),
        "currency": each.currency,
        "manager": each.manager,
    }


def _sums(found: list[PlanLine], by: str) -> list[Row]:
    return [
        {
            "group": tier_title(str(each.group)) if by == "tier" else each.group,
            "lines": each.lines,
            "amount": float(each.amount),
            "currency": each.currency,
        }
        for each in fees.summed_up(found, by)
    ]
