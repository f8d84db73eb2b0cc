"""Whose holidays end with a year."""

from datetime import date

import pytest

from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.plans.next_year import (
    year_missing_of,
    year_without_dates,
)
from beesender_support.policy.plans.plan_state import DRAFT, EXPIRED, SUSPENDED
from beesender_support.tests.policy.factories import make_plan

FEAST = Holiday(date(2026, 5, 1))
OCTOBER = date(2026, 10, 1)


@pytest.mark.parametrize(
    ("years", "today", "ends_on", "missing"),
    [
        ([2026], date(2026, 9, 30), None, None),
        ([2026], OCTOBER, None, 2027),
        ([2026], date(2026, 12, 31), None, 2027),
        ([2026], date(2027, 3, 1), None, 2027),
        ([2026], date(2028, 3, 1), None, None),
        ([2025], OCTOBER, None, 2026),
        ([2026, 2027], OCTOBER, None, None),
        ([], OCTOBER, None, None),
        ([2026], OCTOBER, date(2026, 12, 31), None),
        ([2026], OCTOBER, date(2027, 1, 1), 2027),
    ],
)
def test_a_year_is_missing_from_october_of_the_one_before(
    years, today, ends_on, missing
):
    dates = [date(year, 5, 1) for year in years]
    assert year_without_dates(dates, today, ends_on) == missing


def test_a_plan_lacks_the_year_it_will_still_be_in_force():
    assert year_missing_of(make_plan(holidays=(FEAST,)), OCTOBER) == 2027
    worked = (WorkingDay(date(2027, 1, 9)),)
    plan = make_plan(holidays=(FEAST,), working_days=worked)
    assert year_missing_of(plan, OCTOBER) is None
    ending = make_plan(holidays=(FEAST,), ends_on=date(2026, 12, 31))
    assert year_missing_of(ending, OCTOBER) is None


@pytest.mark.parametrize(
    ("status", "missing"), [(DRAFT, None), (EXPIRED, None), (SUSPENDED, 2027)]
)
def test_drafts_and_ended_plans_lack_nothing(status, missing):
    plan = make_plan(holidays=(FEAST,), status=status)
    assert year_missing_of(plan, OCTOBER) == missing
