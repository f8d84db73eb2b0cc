"""When a plan ends soon, and which notice is due."""

from datetime import date, timedelta
from typing import NamedTuple

import pytest

from beesender_support.policy.plans.end_notices import (
    DRAFTED,
    NOTICE_DAYS,
    OPEN,
    RENEWED,
    days_left,
    days_until_end,
    end_notice_due,
    ends_soon,
    ends_within_notice,
    is_continued,
    next_plan,
    what_follows,
)
from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, EXPIRED, SUSPENDED
from beesender_support.tests.policy.factories import (
    NOON,
    TODAY,
    TOMORROW,
    at,
    make_plan,
    plan_of_2026,
)


def ending_in(days: int | None, **overrides):
    ends_on = None if days is None else TODAY + timedelta(days=days)
    return make_plan(ends_on=ends_on, **overrides)


@pytest.mark.parametrize(
    ("days", "left", "notice"),
    [
        (None, None, None),
        (31, None, None),
        (30, 30, 30),
        (29, 29, 30),
        (8, 8, 30),
        (7, 7, 7),
        (6, 6, 7),
        (2, 2, 7),
        (1, 1, 1),
        (0, 0, 1),
        (-1, None, None),
    ],
)
def test_the_last_thirty_days_are_counted_and_the_latest_notice_is_due(
    days, left, notice
):
    plan = ending_in(days)
    assert days_left(plan, NOON) == left
    assert ends_soon(plan, NOON) is (left is not None)
    assert end_notice_due(plan, NOON) == notice


@pytest.mark.parametrize(
    ("status", "starts_on", "left"),
    [
        (ACTIVE, TODAY, 7),
        # Sold for a few days only: whoever looks at it or is told of it may renew it.
        (ACTIVE, TOMORROW, 7),
        (SUSPENDED, TODAY, None),
        (SUSPENDED, TOMORROW, None),
        (DRAFT, TODAY, None),
        (EXPIRED, TODAY, None),
    ],
)
def test_only_the_end_of_an_active_plan_is_counted(status, starts_on, left):
    plan = ending_in(7, status=status, starts_on=starts_on)
    assert days_left(plan, NOON) == left
    assert end_notice_due(plan, NOON) == left
    assert ends_soon(plan, NOON) is (left is not None)


def test_days_are_those_of_the_plans_zone():
    night = at("2026-11-23T22:00+00:00")
    ends = {"ends_on": TOMORROW}
    for zone, days in (("GMT+3", 0), ("GMT-2", 1)):
        plan = make_plan(time_zone=zone, **ends)
        assert days_until_end(plan, night) == days_left(plan, night) == days


def test_days_until_a_far_end_are_counted_all_the_same():
    assert days_until_end(ending_in(400), NOON) == 400
    assert days_until_end(ending_in(None), NOON) is None


def test_a_notice_is_due_from_midnight_in_the_zone_of_the_plan():
    plan = make_plan(time_zone="GMT+10", ends_on=date(2026, 11, 27))
    midnight = at("2026-11-19T14:00+00:00")
    assert end_notice_due(plan, midnight) == 7
    assert end_notice_due(plan, midnight - timedelta(seconds=1)) == 30


@pytest.mark.parametrize(
    ("days", "is_soon"), [(-1, False), (0, True), (30, True), (31, False)]
)
def test_soon_is_within_the_days_of_the_earliest_notice(days, is_soon):
    assert ends_within_notice(TODAY + timedelta(days=days), TODAY) is is_soon
    assert max(NOTICE_DAYS) == 30


@pytest.mark.parametrize(
    ("values", "goes_on"),
    [
        ({"starts_on": date(2027, 1, 1), "ends_on": None}, True),
        ({"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}, True),
        ({"starts_on": date(2026, 12, 1), "ends_on": None}, True),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "time_zone": "GMT-2"}, True),
        ({"starts_on": date(2027, 1, 2), "ends_on": None}, False),
        ({"starts_on": date(2026, 12, 1)}, False),
        ({"starts_on": date(2026, 12, 1), "ends_on": date(2026, 12, 30)}, False),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "status": DRAFT}, False),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "status": SUSPENDED}, False),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "customer": "B"}, False),
    ],
)
def test_the_next_plan_goes_on_where_this_one_ends(values, goes_on):
    plan = plan_of_2026()
    assert is_continued(plan, [plan, plan_of_2026("P-2", **values)]) is goes_on


@pytest.mark.parametrize(
    ("name", "goes_on"), [("P-1", True), ("P-2", False), ("P-3", True)]
)
def test_any_other_plan_may_be_the_next_but_not_the_plan_itself(name, goes_on):
    next_one = plan_of_2026(name, starts_on=date(2027, 1, 1), ends_on=None)
    assert is_continued(plan_of_2026("P-2"), [next_one]) is goes_on


def test_a_plan_without_an_end_needs_no_next_one():
    other = plan_of_2026("P-2", starts_on=date(2026, 6, 1), ends_on=date(2027, 5, 31))
    assert not is_continued(plan_of_2026(ends_on=None), [other])


def test_of_several_next_plans_the_one_that_lasts_longest_is_named():
    plan = plan_of_2026()
    others = [
        plan_of_2026(f"P-{number}", starts_on=date(2027, 1, 1), ends_on=ends_on)
        for number, ends_on in enumerate(
            (date(2027, 6, 1), None, date(2027, 12, 31)), start=2
        )
    ]
    assert next_plan(plan, others) == others[1]
    assert next_plan(plan, [others[0], others[2]]) == others[2]
    assert next_plan(plan, []) is None


class Sold(NamedTuple):
    """As a list of plans has them."""

    name: str
    status: str = ACTIVE
    starts_on: date = date(2027, 1, 1)
    ends_on: date | None = date(2027, 12, 31)
    renews: str | None = None
    customer: str = "A"


def test_a_plan_is_renewed_drafted_or_open():
    plan = Sold("P-1", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    sold = Sold("P-2")
    draft = Sold("P-3", DRAFT, renews="P-1")
    longer = Sold("P-4", DRAFT, ends_on=None, renews="P-1")
    of_another = Sold("P-5", DRAFT, renews="P-2")
    over = Sold("P-6", EXPIRED, renews="P-1")
    assert what_follows(plan, iter([plan, draft, sold, longer])) == (RENEWED, sold)
    assert what_follows(plan, iter([draft, longer])) == (DRAFTED, longer)
    assert what_follows(plan, [plan, of_another, draft]) == (DRAFTED, draft)
    assert what_follows(plan, [plan, of_another, over]) == (OPEN, None)
    assert what_follows(plan, []) == (OPEN, None)
    assert what_follows(sold._replace(ends_on=None), [draft]) == (OPEN, None)
