"""What the figures of the workspace mean."""

from datetime import date, timedelta

import pytest

from beesender_support.policy.plans.end_notices import days_until_end, ends_soon
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.plans.seats import is_near_limit
from beesender_support.policy.response.response_state import compliance
from beesender_support.tests.policy.factories import at, make_plan

TODAY = date(2026, 11, 23)
NOON = at("2026-11-23T12:00+03:00")


@pytest.mark.parametrize(
    ("met", "breached", "share"),
    [(0, 0, None), (0, 1, 0.0), (1, 0, 1.0), (3, 1, 0.75)],
)
def test_compliance_is_what_was_kept_of_what_is_known(met, breached, share):
    assert compliance(met, breached) == share


@pytest.mark.parametrize(
    ("tier", "used", "near"),
    [
        ("Basic", 0, False),
        ("Basic", 1, False),
        ("Basic", 2, True),
        ("Business", 3, False),
        ("Business", 4, True),
        ("Premium", 11, False),
        ("Premium", 12, True),
    ],
)
def test_a_plan_is_near_its_limit_from_four_fifths_of_its_seats(tier, used, near):
    seats = tuple(Seat(f"contact{number}") for number in range(used))
    assert is_near_limit(make_plan(tier, seats=seats), TODAY) is near


def test_seats_that_ended_do_not_count_towards_the_limit():
    seats = (Seat("a"), Seat("b", to_date=TODAY - timedelta(days=1)))
    assert not is_near_limit(make_plan("Basic", seats=seats), TODAY)


@pytest.mark.parametrize(
    ("ends_on", "soon"),
    [
        (None, False),
        (date(2026, 11, 22), False),
        (date(2026, 11, 23), True),
        (date(2026, 12, 23), True),
        (date(2026, 12, 24), False),
    ],
)
def test_a_plan_ends_soon_within_thirty_days(ends_on, soon):
    assert ends_soon(make_plan(ends_on=ends_on), NOON) is soon


def test_a_plan_that_is_not_in_force_does_not_end_soon():
    assert not ends_soon(make_plan(ends_on=TODAY, status="Suspended"), NOON)


def test_days_until_the_end_are_those_of_the_plans_zone():
    night = at("2026-11-23T22:00+00:00")
    ends = {"ends_on": date(2026, 11, 24)}
    assert days_until_end(make_plan(time_zone="GMT+3", **ends), night) == 0
    assert days_until_end(make_plan(time_zone="GMT-2", **ends), night) == 1
    assert days_until_end(make_plan(), night) is None
