"""Whose holidays end with a year: what has to be listed before the next one begins."""

from collections.abc import Iterable
from datetime import date

from beesender_support.policy.calendar.holidays import Days
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan

# Governments have announced the holidays of the next year by then.
ASKED_FROM_MONTH = 10
# Such plans are looked after; drafts are not sold yet.
_LIVING = (PlanState.NOT_STARTED, PlanState.SUSPENDED, PlanState.IN_FORCE)


def year_without_dates(
    dates: Iterable[date], today: date, ends_on: date | None = None
) -> int | None:
    """The year for which ``dates`` list nothing, though they list some of the year
    before it; None where nothing is missing.

    That of ``today`` is asked for, and from October on the next one, unless all ends
    before it on ``ends_on``. Where nothing was ever listed, nothing is missing.
    """
    listed = {each.year for each in dates}
    asked = [today.year]
    if today.month >= ASKED_FROM_MONTH:
        asked.append(today.year + 1)
    return next(
        (
            year
            for year in asked
            if year - 1 in listed
            and year not in listed
            and (ends_on is None or ends_on.year >= year)
        ),
        None,
    )


def year_missing_of(plan: Plan, today: date) -> int | None:
    """The year whose holidays a plan lacks that is in force or yet to begin."""
    if plan.state_on(today) not in _LIVING:
        return None
    dates = Days(plan.holidays, plan.working_days).dates
    return year_without_dates(dates, today, plan.ends_on)
