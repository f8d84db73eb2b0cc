"""On which days an allowance may be taken, and in which contract year that counts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.allowances.contract_days import (
    MAX_DAYS_AHEAD,
    check_day,
    check_year_of_reservation,
    granted_in,
    is_recorded,
    year_of,
)
from beesender_support.policy.allowances.ledger import CONSUME, RESERVE
from beesender_support.policy.errors import NotInForce, TooEarly, TooLate
from beesender_support.policy.plans.plan_state import DRAFT, EXPIRED, SUSPENDED
from beesender_support.tests.policy.factories import (
    TODAY,
    TOMORROW,
    YESTERDAY,
    make_plan,
    plan_of_2026,
)

A_YEAR_AHEAD = TODAY + timedelta(days=MAX_DAYS_AHEAD)


@pytest.mark.parametrize(
    ("action", "on"),
    [
        (RESERVE, TODAY),
        (RESERVE, TOMORROW),
        (RESERVE, A_YEAR_AHEAD),
        (CONSUME, TODAY),
        (CONSUME, YESTERDAY),
        (CONSUME, date(2026, 1, 1)),
    ],
)
def test_a_day_on_which_the_plan_is_in_force_is_taken(action, on):
    check_day(make_plan(), action, on, TODAY)


@pytest.mark.parametrize(
    ("action", "on", "error"),
    [
        (CONSUME, TOMORROW, TooLate),
        (RESERVE, YESTERDAY, TooEarly),
        (RESERVE, A_YEAR_AHEAD + timedelta(days=1), TooLate),
        (CONSUME, date(2025, 12, 31), NotInForce),
        (RESERVE, date(2027, 1, 1), NotInForce),
    ],
)
def test_other_days_are_refused(action, on, error):
    with pytest.raises(error) as refusal:
        check_day(plan_of_2026(), action, on, TODAY)
    assert refusal.value.field == "date"


@pytest.mark.parametrize("status", [DRAFT, SUSPENDED, EXPIRED])
@pytest.mark.parametrize("action", [RESERVE, CONSUME])
def test_nothing_is_taken_under_a_plan_that_is_not_in_force(action, status):
    with pytest.raises(NotInForce) as refusal:
        check_day(make_plan(status=status), action, TODAY, TODAY)
    assert str(refusal.value) == (
        "date: the plan PLAN-0001 is not in force on 2026-11-23."
    )


def test_a_day_counts_in_its_own_contract_year():
    plan = make_plan(starts_on=date(2024, 2, 29))
    assert year_of(plan, date(2025, 2, 27)) == date(2024, 2, 29)
    assert year_of(plan, date(2025, 2, 28)) == date(2025, 2, 28)


def test_what_is_reserved_in_a_year_is_not_used_before_it():
    for year in (TODAY, date(2025, 3, 1)):
        check_year_of_reservation(year, TODAY)
    with pytest.raises(TooEarly):
        check_year_of_reservation(TOMORROW, TODAY)


@pytest.mark.parametrize(
    ("year", "last", "granted"),
    [
        # This year and the next follow the tier of today.
        (date(2026, 3, 1), 2, 4),
        (date(2027, 3, 1), None, 4),
        (date(2027, 3, 1), 2, 4),
        # A year that is over keeps what it had, if anything was taken in it.
        (date(2025, 3, 1), 2, 2),
        (date(2025, 3, 1), 0, 0),
        (date(2025, 3, 1), None, 4),
    ],
)
def test_a_change_of_tier_applies_to_the_year_in_which_it_happens(year, last, granted):
    last = None if last is None else Decimal(last)
    assert granted_in(year, Decimal(4), last, TODAY) == granted


def test_a_year_is_over_on_its_anniversary():
    this, ends = date(2025, 11, 24), date(2026, 11, 24)
    assert granted_in(this, Decimal(4), Decimal(2), TODAY) == 4
    assert granted_in(this, Decimal(4), Decimal(2), ends) == 2


def test_what_was_granted_in_a_year_that_is_over_is_known_only_from_an_entry():
    this, ends = date(2025, 11, 24), date(2026, 11, 24)
    assert is_recorded(this, None, TODAY)
    assert not is_recorded(this, None, ends)
    assert is_recorded(this, Decimal(2), ends)
