"""What is left of a plan's allowances, as its page shows it."""

from datetime import date, datetime, timedelta
from typing import TypedDict

from frappe import _

from beesender_support.policy.allowances.contract_days import MAX_DAYS_AHEAD
from beesender_support.policy.allowances.ledger import RESERVE, Balance, open_amount
from beesender_support.policy.plans.contract_years import contract_year
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.entitlements import COUNT
from beesender_support.records.allowances import balances
from beesender_support.records.allowances.balances import Line
from beesender_support.wording.allowances.balance_words import (
    balance_in_words,
    title_of,
    unit_of,
)
from beesender_support.wording.renderer import fill, reader


class ReservedShown(TypedDict):
    words: str
    ticket: str | None


class AllowanceShown(TypedDict):
    """``words`` say how much is left; ``may_request`` whether the reader may ask for
    one."""

    entitlement: str
    title: str
    words: str
    may_request: bool
    reserved: list[ReservedShown]


class Allowances(TypedDict):
    """``contract_year`` says from when to when; ``first_day`` and ``last_day`` are those
    for which one may be asked."""

    allowances: list[AllowanceShown]
    contract_year: str
    first_day: str
    last_day: str


def of(plan: Plan, at: datetime, *, may_ask: bool) -> Allowances:
    """``may_ask`` says whether the reader may raise requests under the plan now."""
    today = plan.today(at)
    lines = balances.lines_of([plan.name])
    may_ask = may_ask and plan.is_in_force(at)
    last = today + timedelta(days=MAX_DAYS_AHEAD)
    return {
        "allowances": [
            _shown(entitlement, balance, lines, may_ask)
            for entitlement, balance in balances.balances_of(plan, lines).items()
        ],
        "contract_year": _contract_year(plan, today),
        "first_day": today.isoformat(),
        "last_day": min(last, plan.ends_on or date.max).isoformat(),
    }


def in_sentences(plan: Plan, at: datetime) -> list[str]:
    """The contract year of today, and how each allowance stands in it; none for a plan
    that includes nothing by number."""
    found = of(plan, at, may_ask=False)
    standing = [
        _("{0}: {1}").format(each["title"], each["words"])
        for each in found["allowances"]
    ]
    return [found["contract_year"], *standing] if standing else []


def _shown(
    entitlement: str, balance: Balance, lines: list[Line], may_ask: bool
) -> AllowanceShown:
    unit = unit_of(entitlement)
    return {
        "entitlement": entitlement,
        "title": title_of(entitlement),
        "words": balance_in_words(balance, unit),
        "may_request": may_ask and unit == COUNT and balance.remaining >= 1,
        "reserved": _reserved(entitlement, lines),
    }


def _reserved(entitlement: str, lines: list[Line]) -> list[ReservedShown]:
    entries = [each.entry for each in lines]
    return [
        {
            "words": fill(_("Reserved for {0}"), each.date),
            "ticket": each.ticket,
        }
        for each in lines
        if each.entitlement == entitlement
        and each.entry.action == RESERVE
        and open_amount(entries, each.entry.name)
    ]


def _contract_year(plan: Plan, today: date) -> str:
    if today < plan.starts_on:
        return ""
    first, next_first = contract_year(
        plan.starts_on, min(today, plan.ends_on or date.max)
    )
    last = min(next_first - timedelta(days=1), plan.ends_on or date.max)
    return _("Contract year from {0} to {1}").format(
        reader().long_date(first), reader().long_date(last)
    )
