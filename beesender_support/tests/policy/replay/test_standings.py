"""How one request stands on one side of a replay."""

import pytest

from beesender_support.policy.replay.standings import (
    HELD,
    NO_OUTCOME,
    OPEN,
    OUTSIDE,
    STANDINGS,
    UNPROMISED,
    Outcome,
    replayed,
    side_of_decision,
)
from beesender_support.policy.requests.triage import Request, triage
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.response_state import BREACHED, MET
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    ENHANCEMENT,
    EXAMPLE,
    FRIDAY_EVENING,
    INCIDENT,
    at,
    hours,
    make_plan,
    make_tier,
)

LONG_AFTER = at("2026-12-20T12:00+03:00")
IN_TIME, LATE = at("2026-11-23T12:30+03:00"), at("2026-11-23T12:31+03:00")
ANSWERING = make_tier(
    further_targets={NEXT_ANSWER: {"P1": hours(1)}, SOLUTION: {"P1": hours(8)}}
)


def decide(plan=None, *, now=LONG_AFTER, **changes):
    values = {
        "customer": EXAMPLE,
        "contact": ALICE,
        "channel": EMAIL,
        "category": INCIDENT,
        "priority": "P1",
        "opened_at": at(FRIDAY_EVENING),
    }
    plans = (make_plan() if plan is None else plan,)
    return triage(
        Request(**{**values, **changes}),
        plans if plans[0] else (),
        now=now,
        answers_at_once=False,
    )


@pytest.mark.parametrize(
    ("decision", "standing"),
    [
        (decide(first_responded_at=IN_TIME), MET),
        (decide(first_responded_at=LATE), BREACHED),
        (decide(), BREACHED),
        (decide(now=at(FRIDAY_EVENING)), OPEN),
        (decide(now=IN_TIME), OPEN),
        (decide(category=ENHANCEMENT, priority="P3"), UNPROMISED),
        (decide(contact=BOB), HELD),
        (decide(plan=False), OUTSIDE),
    ],
)
def test_each_request_stands_in_one_way(decision, standing):
    assert side_of_decision(decision).standing == standing
    assert standing in STANDINGS


def test_a_broken_promise_outweighs_those_that_are_kept_and_open():
    happened = (
        Happening(Event.CUSTOMER_WROTE, at("2026-11-23T13:00+03:00")),
        Happening(Event.ANSWERED, at("2026-11-23T14:01+03:00")),
        Happening(Event.CUSTOMER_WROTE, at("2026-11-23T14:30+03:00")),
        Happening(Event.ANSWERED, at("2026-11-23T15:00+03:00")),
    )
    side = side_of_decision(
        decide(
            make_plan(ANSWERING),
            first_responded_at=IN_TIME,
            happenings=happened,
            now=at("2026-11-23T15:00+03:00"),
        )
    )
    assert side.standing == BREACHED
    assert dict(side.outcomes) == {
        FIRST_ANSWER: Outcome(met=1),
        NEXT_ANSWER: Outcome(met=1, breached=1),
        SOLUTION: Outcome(open=1),
    }


def test_what_is_withdrawn_is_no_outcome():
    closed = at("2026-11-23T13:00+03:00")
    side = side_of_decision(
        decide(
            make_plan(ANSWERING),
            first_responded_at=IN_TIME,
            happenings=(Happening(Event.CLOSED, closed),),
            closed_at=closed,
        )
    )
    assert side == (MET, ((FIRST_ANSWER, Outcome(met=1)),))


@pytest.mark.parametrize("ends", [True, False])
def test_a_request_is_counted_for_its_customer_where_either_side_has_a_plan(ends):
    planned, unplanned = decide(), decide(plan=False)
    sides = (planned, unplanned) if ends else (unplanned, planned)
    request = replayed(at(FRIDAY_EVENING), *sides)
    assert (request.customer, request.tier, request.priority) == (
        EXAMPLE,
        "Basic",
        "P1",
    )
    assert (request.before.standing == OUTSIDE) is not ends


def test_without_a_plan_on_either_side_nobody_is_named():
    nobody = replayed(at(FRIDAY_EVENING), decide(plan=False), decide(plan=False))
    assert (nobody.customer, nobody.tier) == ("", "")


def test_compliance_is_the_share_of_known_outcomes():
    assert Outcome(met=3, breached=1, open=9).compliance == 0.75
    assert NO_OUTCOME.compliance is None
