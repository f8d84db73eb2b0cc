"""On which days an allowance may be reserved or used, and in which contract year that
counts."""

from datetime import date, timedelta
from decimal import Decimal

from beesender_support.policy.allowances.ledger import CONSUME
from beesender_support.policy.errors import NotInForce, TooEarly, TooLate
from beesender_support.policy.plans.contract_years import contract_year
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan

# Nobody reserves the years to come of a plan without an end.
MAX_DAYS_AHEAD = 366


def check_day(plan: Plan, action: str, on: date, today: date) -> None:
    """Raise for a day, in the plan's zone, on which nothing may be reserved or used.

    The plan is in force on that day (NotInForce). What is used was used by ``today``
    (TooLate), what is reserved is for today or a later day (TooEarly), at most a year
    ahead (TooLate).
    """
    latest = today if action == CONSUME else today + timedelta(days=MAX_DAYS_AHEAD)
    if on > latest:
        raise TooLate("date", on, latest=latest)
    if action != CONSUME and on < today:
        raise TooEarly("date", on, earliest=today)
    if plan.state_on(on) is not PlanState.IN_FORCE:
        raise NotInForce("date", on, plan=plan.name)


def year_of(plan: Plan, on: date) -> date:
    """The first day of the contract year in which a day counts."""
    return contract_year(plan.starts_on, on)[0]


def check_year_of_reservation(year_starts_on: date, on: date) -> None:
    """Raise TooEarly where what was reserved in a later contract year would be used on a
    day before it: each year has its own. What is left of an earlier year's is owed."""
    if year_starts_on > on:
        raise TooEarly("date", on, earliest=year_starts_on)


def granted_in(
    year_starts_on: date,
    granted_now: Decimal,
    granted_last: Decimal | None,
    today: date,
) -> Decimal:
    """What is granted in a contract year: what the plan's tier grants now, as a change of
    tier applies to the year in which it happens. A year that is over keeps
    ``granted_last``, what was granted when its last entry was made, if there is one.
    """
    if granted_last is not None and _is_over(year_starts_on, today):
        return granted_last
    return granted_now


def is_recorded(
    year_starts_on: date, granted_last: Decimal | None, today: date
) -> bool:
    """Whether it is known what was granted in a contract year: of one that is over only
    an entry says so, as the tier may have been another then, or have granted more."""
    return granted_last is not None or not _is_over(year_starts_on, today)


def _is_over(year_starts_on: date, today: date) -> bool:
    return contract_year(year_starts_on, max(today, year_starts_on))[0] > year_starts_on
