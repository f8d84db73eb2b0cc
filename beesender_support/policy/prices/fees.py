"""What a plan costs: the support fee of each contract year, and of a part of one.

A line is for one tier in one contract year. It is the tier's percentage of the licence
price, times the days it covers over the days of that contract year, rounded once, half
a cent up. What a year costs is the sum of its lines, so that an invoice adds up.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from beesender_support.policy.errors import Negative
from beesender_support.policy.plans.contract_years import contract_year, contract_years
from beesender_support.policy.plans.plans import Plan

DAY = timedelta(days=1)
_CENT = Decimal("0.01")
# A quotient of days is cut far behind what a cent of any price depends on.
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class FormerTier:
    """A tier that the plan had before, and the last day on which it counted."""

    tier: str
    fee_percent: Decimal
    until: date


@dataclass(frozen=True, slots=True)
class FeeLine:
    """The fee of ``tier`` from ``starts_on`` to ``ends_on``, both included, in the plan's
    currency: ``days`` of the ``days_of_year`` that the contract year has."""

    tier: str
    fee_percent: Decimal
    licence_price: Decimal
    starts_on: date
    ends_on: date
    days_of_year: int
    amount: Decimal

    @property
    def days(self) -> int:
        return (self.ends_on - self.starts_on).days + 1

    @property
    def is_whole_year(self) -> bool:
        return self.days == self.days_of_year


def pro_rata(
    licence_price: Decimal, fee_percent: Decimal, days: int, days_of_year: int
) -> Decimal:
    """The fee of so many days of a contract year, rounded half up to cents.

    Raises Negative.
    """
    if licence_price < 0:
        raise Negative("licence_price", licence_price)
    with localcontext(_EXACT):
        # One division, at the end: what comes out even stays even.
        fee = licence_price * fee_percent * days / (100 * days_of_year)
        return fee.quantize(_CENT, ROUND_HALF_UP)


def fee_lines(
    plan: Plan,
    licence_price: Decimal,
    until: date,
    former: Iterable[FormerTier] = (),
    since: date | None = None,
) -> tuple[FeeLine, ...]:
    """The lines of a plan, the earliest first, for the contract years that begin by
    ``until`` or by its end, and are not over ``since`` then. ``former`` are the tiers it
    had before.
    """
    steps = sorted(former, key=lambda each: each.until)
    return tuple(
        FeeLine(
            tier,
            percent,
            licence_price,
            first,
            last,
            days_of_year,
            pro_rata(licence_price, percent, (last - first).days + 1, days_of_year),
        )
        for year in contract_years(plan, until, since)
        for tier, percent, first, last, days_of_year in _stretches(plan, year, steps)
    )


def total(lines: Iterable[FeeLine]) -> Decimal:
    return sum((line.amount for line in lines), Decimal("0.00"))


def _stretches(
    plan: Plan, year: date, former: Sequence[FormerTier]
) -> Iterator[tuple[str, Decimal, date, date, int]]:
    """The parts of the contract year that begins on ``year``, each of one tier, and how
    many days the year has."""
    next_year = contract_year(plan.starts_on, year)[1]
    end = min(next_year - DAY, plan.ends_on or date.max)
    days_of_year = (next_year - year).days
    first = year
    for each in former:
        last = min(each.until, end)
        if first <= last:
            yield each.tier, each.fee_percent, first, last, days_of_year
            first = last + DAY
    if first <= end:
        yield plan.tier.name, plan.tier.fee_percent, first, end, days_of_year
