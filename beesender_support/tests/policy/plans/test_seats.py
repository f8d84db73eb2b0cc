"""Seats beyond the limit, and notices before a plan ends."""

from datetime import date, datetime, timedelta, timezone

import pytest

from beesender_support.policy.plans.catalogue import CATALOGUE
from beesender_support.policy.plans.end_notices import end_notice_due
from beesender_support.policy.plans.plans import DRAFT, Plan, Seat
from beesender_support.policy.plans.seats import (
    free_seats,
    over_quota_since,
    seats_to_restore,
    seats_to_suspend,
)

TODAY = date(2026, 11, 20)
OLD, MIDDLE, NEW = (
    Seat("old@example.com"),
    Seat("middle@example.com", date(2026, 2, 1)),
    Seat("new@example.com", date(2026, 3, 1)),
)


def make_plan(*seats: Seat, **overrides: object) -> Plan:
    return Plan(
        **{
            "name": "PLAN-1",
            "customer": "Acme",
            "tier": CATALOGUE.tier("Basic"),
            "time_zone": "GMT+10",
            "starts_on": date(2026, 1, 1),
            "seats": seats,
            **overrides,
        }
    )


def test_seats_are_free_up_to_the_limit_of_the_tier():
    assert free_seats(make_plan(), TODAY) == 2
    assert free_seats(make_plan(OLD), TODAY) == 1
    assert free_seats(make_plan(OLD, MIDDLE, NEW), TODAY) == 0


def test_a_seat_that_starts_later_is_not_free_now():
    later = Seat("later@example.com", TODAY + timedelta(days=30))
    assert free_seats(make_plan(OLD, later), TODAY) == 0


def test_the_grace_period_runs_from_the_first_day_over_quota():
    plan = make_plan(NEW, OLD, MIDDLE)
    since = over_quota_since(plan, None, TODAY)
    assert since == TODAY
    assert over_quota_since(plan, since, TODAY + timedelta(days=5)) == TODAY
    assert over_quota_since(make_plan(OLD, MIDDLE), since, TODAY) is None


@pytest.mark.parametrize(
    ("days", "suspended"), [(0, ()), (13, ()), (14, (NEW,)), (400, (NEW,))]
)
def test_after_the_grace_period_the_newest_seat_is_suspended(days, suspended):
    plan = make_plan(NEW, OLD, MIDDLE)
    assert seats_to_suspend(plan, TODAY, TODAY + timedelta(days=days), 14) == suspended


def test_a_suspended_seat_admits_nobody_and_counts_no_more():
    gone = Seat("new@example.com", date(2026, 3, 1), is_suspended=True)
    plan = make_plan(OLD, MIDDLE, gone)
    assert plan.active_seats(TODAY) == (OLD, MIDDLE)
    assert over_quota_since(plan, TODAY, TODAY) is None


def test_the_oldest_suspended_seat_comes_back_when_there_is_room():
    first = Seat("first@example.com", date(2026, 3, 1), is_suspended=True)
    second = Seat("second@example.com", date(2026, 4, 1), is_suspended=True)
    assert seats_to_restore(make_plan(OLD, MIDDLE, second, first), TODAY) == ()
    assert seats_to_restore(make_plan(OLD, second, first), TODAY) == (first,)
    assert seats_to_restore(make_plan(second, first), TODAY) == (first, second)


@pytest.mark.parametrize(
    ("days_left", "notice"),
    [
        (31, None),
        (30, 30),
        (29, 30),
        (8, 30),
        (7, 7),
        (2, 7),
        (1, 1),
        (0, 1),
        (-1, None),
    ],
)
def test_the_latest_notice_that_applies_is_due(days_left, notice):
    noon = datetime(2026, 11, 20, 2, tzinfo=timezone.utc)  # noon in GMT+10
    plan = make_plan(ends_on=TODAY + timedelta(days=days_left))
    assert end_notice_due(plan, noon) == notice


def test_a_notice_is_due_from_midnight_in_the_zone_of_the_plan():
    plan = make_plan(ends_on=date(2026, 11, 27))
    midnight = datetime(2026, 11, 19, 14, tzinfo=timezone.utc)
    assert end_notice_due(plan, midnight) == 7
    assert end_notice_due(plan, midnight - timedelta(seconds=1)) == 30


def test_no_notice_is_due_for_a_plan_without_an_end_or_not_in_force():
    now = datetime(2026, 11, 20, tzinfo=timezone.utc)
    assert end_notice_due(make_plan(), now) is None
    assert end_notice_due(make_plan(ends_on=TODAY, status=DRAFT), now) is None
