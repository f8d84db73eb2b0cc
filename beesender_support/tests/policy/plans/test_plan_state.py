"""How a plan and a seat stand: every status and date, in one order."""

from datetime import date
from itertools import combinations_with_replacement, product

import pytest

from beesender_support.policy.plans.plan_state import (
    ACTIVE,
    DRAFT,
    EXPIRED,
    NEAREST_LAST,
    PLAN_STATUSES,
    SUSPENDED,
    PlanState,
    SeatState,
    state_of_contact,
)
from beesender_support.policy.plans.plans import Seat
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    NOON,
    TODAY,
    TOMORROW,
    YESTERDAY,
    at,
    make_plan,
)

RUNNING = {"starts_on": TODAY, "ends_on": TODAY}
OPEN_ENDED = {"starts_on": YESTERDAY, "ends_on": None}
TO_COME = {"starts_on": TOMORROW, "ends_on": None}
OVER = {"starts_on": date(2026, 1, 1), "ends_on": YESTERDAY}


@pytest.mark.parametrize(
    ("status", "running", "to_come", "over"),
    [
        (DRAFT, "draft", "draft", "draft"),
        (EXPIRED, "ended", "ended", "ended"),
        (SUSPENDED, "suspended", "suspended", "ended"),
        (ACTIVE, "in_force", "not_started", "ended"),
    ],
)
def test_a_plan_stands_as_its_status_and_dates_say(status, running, to_come, over):
    for dates, state in (
        (RUNNING, running),
        (OPEN_ENDED, running),
        (TO_COME, to_come),
        (OVER, over),
    ):
        plan = make_plan(status=status, **dates)
        assert plan.state_at(NOON) == state
        assert plan.is_in_force(NOON) is (state == "in_force")
        assert plan.has_ended(NOON) is (state == "ended")


def test_dates_of_a_plan_are_those_of_its_zone():
    night = at("2026-11-23T22:00+00:00")
    ends_today = {"starts_on": TODAY, "ends_on": TODAY}
    assert make_plan(time_zone="GMT+1", **ends_today).state_at(night) == "in_force"
    assert make_plan(time_zone="GMT+3", **ends_today).state_at(night) == "ended"
    starts_tomorrow = {"starts_on": TOMORROW}
    assert make_plan(time_zone="GMT+3", **starts_tomorrow).state_at(night) == "in_force"


def test_every_status_has_its_row_and_every_state_is_reached():
    states = {
        make_plan(status=status, **dates).state_at(NOON)
        for status, dates in product(PLAN_STATUSES, (RUNNING, TO_COME, OVER))
    }
    assert states == set(PlanState) == set(NEAREST_LAST)


def test_the_nearest_plan_counts_and_the_farthest_does_not():
    assert [str(state) for state in reversed(NEAREST_LAST)] == [
        "in_force",
        "suspended",
        "not_started",
        "ended",
        "draft",
    ]


ENDED_TODAY = {"to_date": TODAY, "ended_at": NOON}


@pytest.mark.parametrize(
    ("seat", "state", "if_suspended"),
    [
        ({}, "in_force", "suspended"),
        ({"from_date": TODAY, "to_date": TODAY}, "in_force", "suspended"),
        ({"from_date": TOMORROW}, "not_started", "suspended"),
        ({"to_date": YESTERDAY}, "ended", "ended"),
        (ENDED_TODAY, "ended", "ended"),
        ({"from_date": TODAY, **ENDED_TODAY}, "ended", "ended"),
    ],
)
def test_a_seat_stands_as_its_dates_say(seat, state, if_suspended):
    for is_suspended, expected in ((False, state), (True, if_suspended)):
        value = Seat(ALICE, is_suspended=is_suspended, **seat)
        assert value.state_on(TODAY) == expected
        assert value.is_active(TODAY) is (expected == "in_force")
        assert value.has_ended(TODAY) is (expected == "ended")


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ((), None),
        (("in_force",), "in_force"),
        (("ended",), "ended"),
        (("suspended",), "suspended"),
        (("not_started",), "not_started"),
        (("ended", "in_force"), "in_force"),
        (("suspended", "in_force"), "in_force"),
        (("not_started", "in_force"), "in_force"),
        (("ended", "suspended"), "ended"),
        (("ended", "not_started"), "ended"),
        (("suspended", "not_started"), "suspended"),
    ],
)
def test_of_several_seats_one_in_force_is_enough_then_the_first_in_order(
    states, together
):
    for given in (states, states[::-1], states * 2):
        assert state_of_contact(map(SeatState, given)) == together


def test_two_seats_of_any_states_have_a_state_together():
    for pair in combinations_with_replacement(SeatState, 2):
        assert state_of_contact(pair) in pair


def test_a_contact_stands_by_their_own_seats_on_the_plan():
    seats = (Seat(ALICE, to_date=YESTERDAY), Seat("Alice@Example.com"), Seat(BOB))
    plan = make_plan(seats=seats)
    assert plan.state_of_contact(ALICE, TODAY) == "in_force"
    assert plan.state_of_contact("carol@example.com", TODAY) is None


@pytest.mark.parametrize("state", [*PlanState, *SeatState])
def test_a_state_is_written_as_its_code(state):
    assert f"{state}" == str(state) == state.value


@pytest.mark.parametrize(
    ("plan", "seat", "has_one"),
    [
        ({}, {}, True),
        ({}, {"from_date": TOMORROW}, False),
        ({}, {"is_suspended": True}, False),
        ({}, {"to_date": YESTERDAY}, False),
        ({"status": SUSPENDED}, {}, False),
        ({"starts_on": TOMORROW}, {}, False),
        ({"ends_on": YESTERDAY}, {}, False),
        ({"status": DRAFT}, {}, False),
    ],
)
def test_a_plan_seats_a_contact_while_both_it_and_the_seat_are_in_force(
    plan, seat, has_one
):
    value = make_plan(seats=(Seat(ALICE, **seat),), **plan)
    assert value.seats_now(ALICE, NOON) is has_one
    assert not value.seats_now(BOB, NOON)
