"""What a plan costs and includes by the year: contract years and the support fee."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from beesender_support.policy.errors import Negative, TooEarly
from beesender_support.policy.plans.plans import Plan

_CENT = Decimal("0.01")


def support_fee(licence_price: Decimal, fee_percent: Decimal) -> Decimal:
    """``fee_percent`` of the licence price, rounded half up to cents, in its currency."""
    if licence_price < 0:
        raise Negative("licence_price", licence_price)
    return (licence_price * fee_percent / 100).quantize(_CENT, ROUND_HALF_UP)


def contract_year(starts_on: date, on: date) -> tuple[date, date]:
    """The contract year that ``on`` falls in: its first day and the next one's first day.

    Years run from the anniversary of ``starts_on``; 29 February counts as 28.
    Raises TooEarly for a day before the contract.
    """
    if on < starts_on:
        raise TooEarly("on", on, earliest=starts_on)
    year = on.year if on >= _anniversary(starts_on, on.year) else on.year - 1
    return _anniversary(starts_on, year), _anniversary(starts_on, year + 1)


def contract_years(
    plan: Plan, until: date, since: date | None = None
) -> tuple[date, ...]:
    """The first days of the plan's contract years that begin by ``until``, or by its end;
    without those of which ``since`` is past."""
    last = min(plan.ends_on or until, until)
    firsts = []
    first = contract_year(plan.starts_on, max(plan.starts_on, since or date.min))[0]
    while first <= last:
        firsts.append(first)
        first = contract_year(plan.starts_on, first)[1]
    return tuple(firsts)


def _anniversary(starts_on: date, year: int) -> date:
    if (starts_on.month, starts_on.day) == (2, 29) and year != starts_on.year:
        return date(year, 2, 28)
    return starts_on.replace(year=year)
