"""What a plan costs and includes by the year."""

from datetime import date
from decimal import Decimal

import pytest

from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.plans.contract_years import (
    contract_year,
    contract_years,
    support_fee,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import make_plan


@pytest.mark.parametrize(
    ("licence_price", "percent", "fee"),
    [
        ("1000", "5", "50.00"),
        ("1000", "12", "120.00"),
        ("1000", "20", "200.00"),
        ("0", "20", "0.00"),
        ("0.10", "5", "0.01"),  # half a cent, up
        ("0.30", "5", "0.02"),  # a cent and a half, up to the even cent
        ("0.50", "5", "0.03"),  # two and a half, up and away from the even cent
        ("0.09", "5", "0.00"),
        ("0.11", "5", "0.01"),
        ("1234.56", "12", "148.15"),
        ("99999999999.99", "20", "20000000000.00"),
        ("10", "0", "0.00"),
        ("33.33", "12.5", "4.17"),
    ],
)
def test_the_fee_is_rounded_half_up_to_cents(licence_price, percent, fee):
    assert str(support_fee(Decimal(licence_price), Decimal(percent))) == fee


def test_the_fee_follows_the_tier():
    fees = [
        support_fee(Decimal("9999.90"), tier.fee_percent) for tier in CATALOGUE.tiers
    ]
    assert fees == [Decimal("500.00"), Decimal("1199.99"), Decimal("1999.98")]


def test_a_negative_licence_price_is_refused():
    with pytest.raises(InvalidValue) as refusal:
        support_fee(Decimal(-1), Decimal(5))
    assert (refusal.value.field, refusal.value.value) == ("licence_price", -1)


@pytest.mark.parametrize(
    ("starts_on", "on", "first", "next_first"),
    [
        ("2026-03-15", "2026-03-15", "2026-03-15", "2027-03-15"),
        ("2026-03-15", "2027-03-14", "2026-03-15", "2027-03-15"),
        ("2026-03-15", "2027-03-15", "2027-03-15", "2028-03-15"),
        ("2026-01-01", "2030-12-31", "2030-01-01", "2031-01-01"),
        ("2025-12-31", "2026-12-30", "2025-12-31", "2026-12-31"),
        ("2024-02-29", "2024-02-29", "2024-02-29", "2025-02-28"),
        ("2024-02-29", "2025-02-27", "2024-02-29", "2025-02-28"),
        ("2024-02-29", "2025-02-28", "2025-02-28", "2026-02-28"),
        ("2024-02-29", "2028-02-27", "2027-02-28", "2028-02-28"),
        ("2024-02-29", "2028-02-28", "2028-02-28", "2029-02-28"),
        ("2024-02-29", "2028-02-29", "2028-02-28", "2029-02-28"),
        ("2024-02-28", "2024-02-29", "2024-02-28", "2025-02-28"),
    ],
)
def test_a_contract_year_runs_from_the_anniversary(starts_on, on, first, next_first):
    found = contract_year(date.fromisoformat(starts_on), date.fromisoformat(on))
    assert [day.isoformat() for day in found] == [first, next_first]


@pytest.mark.parametrize("starts_on", [date(2024, 2, 29), date(2023, 3, 1)])
def test_contract_years_follow_each_other_without_a_gap(starts_on):
    first, next_first = contract_year(starts_on, starts_on)
    assert first == starts_on
    for _ in range(30):
        day_before = date.fromordinal(next_first.toordinal() - 1)
        assert contract_year(starts_on, day_before) == (first, next_first)
        first, next_first = contract_year(starts_on, next_first)
        assert first.toordinal() == day_before.toordinal() + 1


def test_there_is_no_contract_year_before_the_contract():
    with pytest.raises(InvalidValue) as refusal:
        contract_year(date(2026, 3, 15), date(2026, 3, 14))
    assert (refusal.value.field, refusal.value.value) == ("on", date(2026, 3, 14))


def test_contract_years_begin_on_anniversaries_until_the_plan_ends():
    plan = make_plan(starts_on=date(2024, 2, 29), ends_on=date(2026, 6, 1))
    years = (date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28))
    assert contract_years(plan, date(2030, 1, 1)) == years
    assert contract_years(plan, date(2025, 3, 1)) == years[:2]


@pytest.mark.parametrize(
    ("since", "left_out"),
    [
        (date(2024, 2, 28), 0),
        (date(2025, 2, 27), 0),
        (date(2025, 2, 28), 1),
        (date(2026, 6, 2), 2),
        (date(2027, 2, 28), 3),
    ],
)
def test_contract_years_that_are_over_are_left_out_where_a_day_is_said(since, left_out):
    plan = make_plan(starts_on=date(2024, 2, 29), ends_on=date(2026, 6, 1))
    until = date(2030, 1, 1)
    assert contract_years(plan, until, since) == contract_years(plan, until)[left_out:]


@pytest.mark.parametrize(
    ("starts_on", "anniversary"),
    [
        (date(2026, 3, 15), date(2027, 3, 15)),
        (date(2026, 1, 1), date(2027, 1, 1)),
        (date(2024, 2, 29), date(2025, 2, 28)),
    ],
)
def test_on_the_anniversary_itself_the_next_year_begins(starts_on, anniversary):
    day_before = date.fromordinal(anniversary.toordinal() - 1)
    plan = make_plan(starts_on=starts_on)
    assert contract_years(plan, starts_on) == (starts_on,)
    assert contract_years(plan, day_before) == (starts_on,)
    assert contract_years(plan, anniversary) == (starts_on, anniversary)
    ends_on_it = make_plan(starts_on=starts_on, ends_on=anniversary)
    assert contract_years(ends_on_it, date(2040, 1, 1)) == (starts_on, anniversary)
