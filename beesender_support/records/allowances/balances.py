"""How the allowances of plans stand, by the ledger: one query, however many plans."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import frappe

from beesender_support.policy.allowances.contract_days import (
    granted_in,
    is_recorded,
    year_of,
)
from beesender_support.policy.allowances.ledger import (
    COUNTED_UNITS,
    NOT_RECORDED,
    NOTHING,
    Balance,
    Entry,
    Ledger,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue

ENTRY = "Beesender Allowance Entry"
_COLUMNS = (
    "name",
    "plan",
    "entitlement",
    "contract_year_starts_on",
    "action",
    "amount",
    "billable_amount",
    "granted",
    "ticket",
    "date",
    "reservation",
    "reverses",
    "reason",
    "creation",
    "owner",
)
_HUNDREDTH = Decimal("0.01")


class Line(NamedTuple):
    """An entry of the ledger, and what it is about. ``granted`` is what the tier granted
    when it was written."""

    entry: Entry
    plan: str
    entitlement: str
    year_starts_on: date
    granted: Decimal
    ticket: str | None
    date: date
    reason: str


class Counted(NamedTuple):
    """How an entitlement is counted, and how much of it a tier grants a contract year."""

    unit: str
    granted: Decimal


def counted(plan: Plan) -> dict[str, Counted]:
    """All entitlements that are counted, by code, and how much of each the plan includes
    today, which may be nothing."""
    amounts = plan.tier.entitlements
    return {
        each.code: Counted(each.unit, Decimal(str(amounts.get(each.code, 0))))
        for each in catalogue.entitlements().values()
        if each.unit in COUNTED_UNITS
    }


def lines_of(plans: Collection[str], *, latest: bool = False) -> list[Line]:
    """The entries of the plans, as they were written one after another.

    ``latest`` reads, and locks, also what others committed since this transaction began
    to read.
    """
    return _lines({"plan": ("in", sorted(plans))}, latest=latest) if plans else []


def open_reservations_for_tickets() -> list[Line]:
    """Of all plans, those that were made for a ticket and of which something is left.

    Nothing is given back to a plan, or of an entitlement, that a script's force deleted.
    """
    names = frappe.db.sql_list("""
        select entry.name from `tabBeesender Allowance Entry` entry
        join `tabBeesender Support Plan` plan on plan.name = entry.plan
        join `tabBeesender Entitlement` sold on sold.name = entry.entitlement
        left join (
            select reservation, sum(amount) taken from `tabBeesender Allowance Entry`
            where ifnull(reservation, '') != '' group by reservation
        ) later on later.reservation = entry.name
        where entry.action = 'Reserve' and ifnull(entry.ticket, '') != ''
            and entry.amount > ifnull(later.taken, 0)
        """)
    return _lines({"name": ("in", names)}) if names else []


def has_entries(*, latest: bool = False, **of: str) -> bool:
    """Whether the ledger names a plan or an entitlement; ``latest`` as in ``lines_of``."""
    return bool(frappe.db.get_value(ENTRY, of, "name", for_update=latest))


def _lines(filters: dict[str, object], *, latest: bool = False) -> list[Line]:
    rows = frappe.db.get_values(
        ENTRY,
        filters,
        list(_COLUMNS),
        as_dict=True,
        order_by="creation, name",
        for_update=latest,
    )
    return [_line(row) for row in rows]


def ledger_of(
    plan: Plan,
    entitlement: str,
    year_starts_on: date,
    lines: Iterable[Line],
    today: date,
) -> Ledger | None:
    """The ledger of an entitlement in a contract year; None for one that is not
    counted. ``lines`` may hold others as well."""
    known = counted(plan).get(entitlement)
    if known is None:
        return None
    of_year = [
        each
        for each in lines
        if (each.plan, each.entitlement, each.year_starts_on)
        == (plan.name, entitlement, year_starts_on)
    ]
    last = of_year[-1].granted if of_year else None
    granted = granted_in(year_starts_on, known.granted, last, today)
    return Ledger(known.unit, granted, [each.entry for each in of_year])


def balances_of(
    plan: Plan, lines: Collection[Line] | None = None, on: date | None = None
) -> dict[str, Balance]:
    """By the code of each entitlement that is counted, how it stands in the contract year
    of a day, without one today's; nothing before the plan starts. Of a year that is over
    it is NOT_RECORDED where nothing was taken.

    Without ``lines`` they are read, where anything is counted.
    """
    today = plan.today(now())
    on = min(on or today, plan.ends_on or date.max)
    entitlements = counted(plan)
    if not entitlements or on < plan.starts_on:
        return {}
    if lines is None:
        lines = lines_of([plan.name])
    year = year_of(plan, on)
    found = {}
    for each in entitlements:
        ledger = ledger_of(plan, each, year, lines, today)
        if ledger and _is_worth_a_line(ledger.balance):
            balance = ledger.balance
            last = None if ledger.is_empty else balance.granted
            is_known = is_recorded(year, last, today)
            found[each] = balance if is_known else NOT_RECORDED
    return found


def balance_of(plan: Plan, entitlement: str, on: date | None = None) -> Balance | None:
    """What is granted, reserved, used and left of an entitlement in the contract year of
    a day, without one today's; None for an entitlement that the plan does not have, or
    that is not counted."""
    return balances_of(plan, on=on).get(entitlement)


def _is_worth_a_line(balance: Balance) -> bool:
    return any(each > NOTHING for each in balance)


def decimal_of(number: float | None) -> Decimal:
    """The amount of a column, in hundredths."""
    return Decimal(str(number or 0)).quantize(_HUNDREDTH)


def _line(row: frappe._dict) -> Line:
    return Line(
        Entry(
            row.name,
            row.action,
            decimal_of(row.amount),
            decimal_of(row.billable_amount),
            row.reservation or None,
            row.reverses or None,
        ),
        row.plan,
        row.entitlement,
        row.contract_year_starts_on,
        decimal_of(row.granted),
        str(row.ticket) if row.ticket else None,
        row.date,
        row.reason or "",
    )
