"""Time between the plans of a customer in which none is in force, or both are."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.plans.gaps import beside, between, end_of, start_of
from beesender_support.policy.plans.plan_state import (
    ACTIVE,
    DRAFT,
    EXPIRED,
    SUSPENDED,
)
from beesender_support.tests.policy.factories import (
    NOON,
    at,
    hours,
    make_plan,
    plan_of_2026,
)

FIRST_OF_2027 = date(2027, 1, 1)
zones = st.sampled_from(["GMT-2", "GMT", "GMT+3", "GMT+10", "Europe/Berlin"])


def next_plan(zone: str = "GMT+3", starts_on: date = FIRST_OF_2027, **overrides):
    return make_plan(name="P-2", time_zone=zone, starts_on=starts_on, **overrides)


@pytest.mark.parametrize(
    ("zone", "next_zone", "starts_on", "length", "is_overlap"),
    [
        ("GMT+3", "GMT+3", "2027-01-01", None, None),
        ("GMT+10", "GMT-2", "2027-01-01", 12, False),
        ("GMT-2", "GMT+10", "2027-01-01", 12, True),
        ("GMT+3", "GMT+3", "2027-01-02", 24, False),
        ("GMT+3", "GMT+3", "2027-02-01", 31 * 24, False),
        ("GMT-2", "GMT+10", "2027-01-02", 12, False),
        ("Europe/Berlin", "GMT+1", "2027-01-01", None, None),
    ],
)
def test_what_lies_between_two_plans(zone, next_zone, starts_on, length, is_overlap):
    before = plan_of_2026(time_zone=zone)
    after = next_plan(next_zone, date.fromisoformat(starts_on))
    found = between(before, after)
    if length is None:
        assert found is None
        return
    assert found.length == hours(length)
    assert found.is_overlap is is_overlap


def test_the_sentence_of_a_gap():
    found = between(plan_of_2026(time_zone="GMT+10"), next_plan("GMT-2"))
    assert str(found.sentence) == (
        "Between P-1 and P-2 no plan is in force for 12 h: from Fri 2027-01-01 00:00 to"
        " Fri 2027-01-01 12:00 (GMT+10). Requests are held meanwhile."
    )


def test_the_sentence_of_an_overlap():
    found = between(plan_of_2026(time_zone="GMT-2"), next_plan("GMT+10"))
    assert str(found.sentence) == (
        "P-1 and P-2 are both in force for 12 h: from Thu 2026-12-31 12:00 to Fri"
        " 2027-01-01 00:00 (GMT-2). The higher tier applies."
    )


def test_no_gap_follows_an_open_end():
    assert end_of(make_plan()) is None
    assert between(make_plan(), next_plan()) is None


@given(zones, zones, st.integers(0, 60), st.integers(-90, 90))
def test_a_gap_is_what_no_plan_has_and_an_overlap_what_both_have(
    zone, next_zone, days, hour
):
    before = plan_of_2026(time_zone=zone)
    after = next_plan(next_zone, FIRST_OF_2027 + timedelta(days=days))
    instant = at("2027-01-01T00:00+00:00") + hours(hour)
    found = between(before, after)
    inside = found is not None and found.start <= instant < found.end
    in_force = [each.is_in_force(instant) for each in (before, after)]
    assert (not any(in_force)) == (inside and not found.is_overlap)
    assert all(in_force) == (inside and found.is_overlap)


def test_a_plan_begins_with_the_first_instant_in_which_it_is_in_force():
    for plan in (plan_of_2026(time_zone="GMT+10"), next_plan("America/Sao_Paulo")):
        assert plan.is_in_force(start_of(plan))
        assert not plan.is_in_force(start_of(plan) - timedelta(microseconds=1))


def test_a_plan_is_looked_at_among_its_neighbours():
    long_ago = make_plan(
        name="P-0", starts_on=date(2025, 1, 1), ends_on=date(2025, 6, 30)
    )
    plan = plan_of_2026(time_zone="GMT+10")
    after, later = next_plan("GMT-2"), make_plan(name="P-9", starts_on=date(2029, 1, 1))
    others = (later, plan, after, long_ago)
    # Nobody can do anything about a gap that is over.
    assert [(each.before, each.after) for each in beside(plan, others, NOON)] == [
        (plan, after)
    ]
    assert [each.after for each in beside(after, others, NOON)] == [after]
    in_2025 = at("2025-03-01T12:00+03:00")
    assert [each.before for each in beside(plan, others, in_2025)] == [long_ago, plan]


@pytest.mark.parametrize(
    ("status", "other_status", "number"),
    [
        (ACTIVE, ACTIVE, 1),
        (DRAFT, ACTIVE, 1),
        (SUSPENDED, SUSPENDED, 1),
        (EXPIRED, ACTIVE, 0),
        (ACTIVE, DRAFT, 0),
        (ACTIVE, EXPIRED, 0),
    ],
)
def test_only_what_is_sold_or_being_sold_counts(status, other_status, number):
    plan = plan_of_2026(time_zone="GMT+10", status=status)
    others = [next_plan("GMT-2", status=other_status)]
    assert len(beside(plan, others, NOON)) == number


def test_other_customers_and_shared_days_are_no_matter_of_gaps():
    plan = plan_of_2026(time_zone="GMT+10")
    assert beside(plan, [next_plan("GMT-2", customer="Other")], NOON) == ()
    assert beside(plan, [next_plan(starts_on=date(2026, 12, 31))], NOON) == ()
    assert beside(next_plan(), [make_plan(starts_on=date(2025, 1, 1))], NOON) == ()
