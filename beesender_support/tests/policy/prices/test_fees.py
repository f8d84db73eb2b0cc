"""What a plan costs, by contract year, by days, and with a tier that was changed."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.errors import Negative
from beesender_support.policy.plans.contract_years import support_fee
from beesender_support.policy.prices.fees import (
    FormerTier,
    fee_lines,
    pro_rata,
    total,
)
from beesender_support.tests.policy.factories import make_plan, make_tier, plan_of_2026

PRICE = Decimal("10000.00")
UNTIL = date(2026, 12, 31)
BASIC = make_tier("Basic", fee_percent=Decimal(12))
BUSINESS = make_tier("Business", fee_percent=Decimal(18))


def day(text: str) -> date:
    return date.fromisoformat(text)


def costs(plan, *former, price=PRICE, until=UNTIL):
    return [
        (each.tier, each.starts_on, each.ends_on, each.days_of_year, each.amount)
        for each in fee_lines(plan, price, until, former)
    ]


@pytest.mark.parametrize(
    ("price", "percent", "days", "days_of_year", "amount"),
    [
        ("10000.00", 12, 365, 365, "1200.00"),
        ("10000.00", 12, 366, 366, "1200.00"),
        ("10000.00", 12, 181, 365, "595.07"),
        ("10000.00", 12, 183, 366, "600.00"),
        ("10000.00", 12, 1, 365, "3.29"),
        # Half a cent is rounded up.
        ("365.00", 1, 1, 730, "0.01"),
        ("364.99", 1, 1, 730, "0.00"),
        ("0.00", 12, 100, 365, "0.00"),
    ],
)
def test_a_part_of_a_year_costs_its_share(price, percent, days, days_of_year, amount):
    fee = pro_rata(Decimal(price), Decimal(percent), days, days_of_year)
    assert fee == Decimal(amount)


@given(
    st.decimals(0, 10**9, places=2),
    st.decimals(0, 100, places=2),
    st.sampled_from([365, 366]),
)
def test_a_whole_year_costs_the_support_fee(price, percent, days):
    assert pro_rata(price, percent, days, days) == support_fee(price, percent)


@given(
    st.decimals(0, 10**9, places=2), st.integers(0, 365), st.sampled_from([365, 366])
)
def test_parts_of_a_year_differ_from_the_whole_by_their_roundings(price, days, of_year):
    parts = pro_rata(price, Decimal(12), days, of_year) + pro_rata(
        price, Decimal(12), of_year - days, of_year
    )
    assert abs(parts - support_fee(price, Decimal(12))) <= Decimal("0.01")


def test_a_negative_price_is_refused():
    with pytest.raises(Negative):
        pro_rata(Decimal(-1), Decimal(12), 1, 365)


def test_a_plan_of_a_year_has_one_line():
    plan = plan_of_2026(tier=BASIC)
    (line,) = fee_lines(plan, PRICE, UNTIL)
    assert costs(plan) == [("Basic", day("2026-01-01"), UNTIL, 365, Decimal("1200.00"))]
    assert (line.days, line.is_whole_year) == (365, True)
    assert (line.licence_price, line.fee_percent) == (PRICE, 12)


def test_a_plan_of_more_than_a_year_has_a_part_at_its_end():
    plan = make_plan(tier=BASIC, starts_on=day("2026-03-15"), ends_on=day("2027-06-14"))
    assert costs(plan, until=day("2030-01-01")) == [
        ("Basic", day("2026-03-15"), day("2027-03-14"), 365, Decimal("1200.00")),
        ("Basic", day("2027-03-15"), day("2027-06-14"), 366, Decimal("301.64")),
    ]
    assert not fee_lines(plan, PRICE, day("2030-01-01"))[1].is_whole_year


def test_an_open_ended_plan_has_the_years_that_have_begun():
    plan = make_plan(tier=BASIC, starts_on=day("2024-02-29"))
    assert [line[1:4] for line in costs(plan, until=day("2026-02-28"))] == [
        (day("2024-02-29"), day("2025-02-27"), 365),
        (day("2025-02-28"), day("2026-02-27"), 365),
        (day("2026-02-28"), day("2027-02-27"), 365),
    ]


def test_a_tier_that_was_changed_counts_until_the_day_before():
    former = FormerTier("Basic", Decimal(12), day("2026-06-30"))
    plan = plan_of_2026(tier=BUSINESS)
    assert costs(plan, former) == [
        ("Basic", day("2026-01-01"), day("2026-06-30"), 365, Decimal("595.07")),
        ("Business", day("2026-07-01"), UNTIL, 365, Decimal("907.40")),
    ]
    assert total(fee_lines(plan, PRICE, UNTIL, [former])) == Decimal("1502.47")


def test_several_changes_count_in_their_order_whatever_the_order_of_their_rows():
    rows = (
        FormerTier("Business", Decimal(18), day("2027-03-31")),
        FormerTier("Basic", Decimal(12), day("2026-06-30")),
    )
    plan = make_plan(tier="Premium", ends_on=day("2027-12-31"))
    lines = costs(plan, *rows, until=day("2027-12-31"))
    assert [(tier, first, last) for tier, first, last, *_rest in lines] == [
        ("Basic", day("2026-01-01"), day("2026-06-30")),
        ("Business", day("2026-07-01"), day("2026-12-31")),
        ("Business", day("2027-01-01"), day("2027-03-31")),
        ("Premium", day("2027-04-01"), day("2027-12-31")),
    ]


@pytest.mark.parametrize("until", ["2025-12-31", "2026-12-31", "2027-12-31"])
def test_a_former_tier_counts_within_the_plan_only(until):
    former = FormerTier("Basic", Decimal(12), day(until))
    plan = plan_of_2026(tier=BUSINESS)
    tier = "Business" if until < "2026" else "Basic"
    assert [line[:3] for line in costs(plan, former)] == [
        (tier, day("2026-01-01"), UNTIL)
    ]


@given(
    st.lists(st.integers(-10, 800), max_size=4),
    st.integers(0, 900),
)
def test_lines_cover_every_day_of_a_plan_once(changes, length):
    starts_on = day("2024-02-29")
    plan = make_plan(
        tier=BUSINESS, starts_on=starts_on, ends_on=starts_on + timedelta(days=length)
    )
    former = [
        FormerTier("Basic", Decimal(12), starts_on + timedelta(days=each))
        for each in changes
    ]
    lines = fee_lines(plan, PRICE, plan.ends_on, former)
    assert lines[0].starts_on == starts_on
    assert lines[-1].ends_on == plan.ends_on
    for one, other in pairwise(lines):
        assert other.starts_on == one.ends_on + timedelta(days=1)
    assert sum(line.days for line in lines) == length + 1
    assert total(lines) == sum(line.amount for line in lines)


@given(st.integers(-400, 1_200))
def test_of_a_day_on_the_lines_are_those_of_contract_years_that_are_not_over(days):
    former = FormerTier("Basic", Decimal(12), day("2027-06-30"))
    plan = make_plan(tier=BUSINESS, ends_on=day("2028-03-31"))
    since = plan.starts_on + timedelta(days=days)
    lines = fee_lines(plan, PRICE, plan.ends_on, [former])
    later = fee_lines(plan, PRICE, plan.ends_on, [former], since)
    assert later == lines[len(lines) - len(later) :]
    assert {each for each in lines if each.starts_on >= since} <= {*later}
    assert all(each.starts_on.year >= since.year for each in later)


def test_a_plan_without_lines_costs_nothing():
    plan = plan_of_2026(tier=BASIC)
    assert fee_lines(plan, PRICE, day("2025-12-31")) == ()
    assert total(()) == 0
