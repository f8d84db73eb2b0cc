"""What a plan's form points at."""

from datetime import date

import pytest

from beesender_support.policy.plans.plan_state import (
    contract_years,
    days_left,
    plan_state,
    seat_state,
    seat_warnings,
    seats_over_limit,
)
from beesender_support.policy.plans.plans import Seat
from beesender_support.tests.policy.factories import ALICE, BOB, at, make_plan

NOON = at("2026-11-23T12:00+03:00")
TODAY = date(2026, 11, 23)
CAROL = "carol@example.com"


@pytest.mark.parametrize(
    ("plan", "state"),
    [
        ({}, "in_force"),
        ({"status": "Draft"}, "draft"),
        ({"status": "Suspended"}, "suspended"),
        ({"status": "Suspended", "ends_on": date(2026, 11, 22)}, "ended"),
        ({"status": "Expired"}, "ended"),
        ({"starts_on": date(2026, 11, 24)}, "not_started"),
        ({"ends_on": date(2026, 11, 22)}, "ended"),
        ({"ends_on": date(2026, 11, 23)}, "in_force"),
    ],
)
def test_a_plan_stands_as_its_status_and_dates_say(plan, state):
    assert plan_state(make_plan(**plan), NOON) == state


@pytest.mark.parametrize(
    ("ends_on", "status", "left"),
    [
        (date(2026, 12, 23), "Active", 30),
        (date(2026, 12, 24), "Active", None),
        (date(2026, 11, 23), "Active", 0),
        (date(2026, 11, 22), "Active", None),
        (None, "Active", None),
        (date(2026, 12, 1), "Suspended", None),
    ],
)
def test_the_last_thirty_days_are_counted(ends_on, status, left):
    assert days_left(make_plan(ends_on=ends_on, status=status), NOON) == left


def test_days_are_counted_in_the_zone_of_the_plan():
    plan = make_plan(time_zone="GMT+10", ends_on=date(2026, 11, 24))
    assert days_left(plan, at("2026-11-23T20:00+00:00")) == 0


def test_contract_years_begin_on_anniversaries_until_the_plan_ends():
    plan = make_plan(starts_on=date(2024, 2, 29), ends_on=date(2026, 6, 1))
    years = (date(2024, 2, 29), date(2025, 2, 28), date(2026, 2, 28))
    assert contract_years(plan, date(2030, 1, 1)) == years
    assert contract_years(plan, date(2025, 3, 1)) == years[:2]


@pytest.mark.parametrize(
    ("seat", "state"),
    [
        (Seat(ALICE), "in_force"),
        (Seat(ALICE, from_date=date(2026, 11, 24)), "not_started"),
        (Seat(ALICE, to_date=date(2026, 11, 22)), "ended"),
        (Seat(ALICE, is_suspended=True), "suspended"),
        (Seat(ALICE, to_date=date(2026, 11, 22), is_suspended=True), "ended"),
    ],
)
def test_a_seat_stands_as_its_dates_say(seat, state):
    assert seat_state(seat, TODAY) == state


def test_the_newest_seats_are_over_the_limit():
    seats = (Seat(ALICE, from_date=date(2026, 11, 1)), Seat(BOB), Seat(CAROL))
    assert seats_over_limit(make_plan(seats=seats), TODAY) == (seats[0],)


def warnings(seat, over_limit=(), portal_users=(ALICE,), members=(ALICE,)):
    return seat_warnings(
        seat,
        TODAY,
        over_limit=over_limit,
        portal_users=portal_users,
        members=members,
    )


def test_a_sound_seat_warns_of_nothing():
    assert warnings(Seat(ALICE)) == ()
    assert warnings(Seat(ALICE, to_date=date(2026, 12, 24))) == ()


def test_everything_that_is_off_with_a_seat_is_named():
    seat = Seat(BOB, to_date=date(2026, 12, 23), is_suspended=True)
    assert warnings(seat, over_limit=(seat,)) == (
        "suspended",
        "over_limit",
        "ends_soon",
        "no_portal_user",
        "not_a_member",
    )


def test_an_ended_seat_needs_no_attention():
    assert warnings(Seat(BOB, to_date=date(2026, 11, 22))) == ()


def test_of_two_seats_of_one_contact_only_the_one_beyond_the_limit_is_named():
    first, second = Seat(ALICE), Seat(ALICE)
    assert warnings(first, over_limit=(second,)) == ()
