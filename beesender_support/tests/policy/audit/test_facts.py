"""A decision that is kept with its facts can be decided again, whatever changed since."""

from dataclasses import replace
from datetime import date

import pytest

from beesender_support.policy.audit.facts import (
    JUDGED,
    MOST_PLANS,
    AskedThen,
    Decided,
    decided,
)
from beesender_support.policy.plans.plan_state import SUSPENDED
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.requests.triage import triage
from beesender_support.tests.policy.audit.records import judged
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    CONSULTATION,
    FRIDAY_EVENING,
    at,
    make_plan,
    make_request,
)

CASES = {
    None: {},
    "unknown_sender": {"contact": None},
    "contact_not_authorized": {"contact": BOB},
    "channel_not_in_plan": {"channel": "phone"},
    "unverified_sender": {"sender_is_verified": False},
    "plan_expired": {"plans": [make_plan(ends_on=date(2026, 3, 1))]},
    "plan_not_started": {"plans": [make_plan(starts_on=date(2027, 3, 1))]},
    "plan_suspended": {"plans": [make_plan(status=SUSPENDED)]},
    "seat_expired": {
        "plans": [make_plan(seats=(Seat(ALICE, None, date(2026, 11, 1)),))]
    },
}


@pytest.mark.parametrize("reason", CASES)
def test_each_reason_is_found_again_from_its_facts(reason):
    decision, kept = judged(**CASES[reason])
    assert decision.admission.reason == reason
    again = Decided.from_dict(kept.as_dict())
    assert again == kept
    admission = again.asked.admission()
    assert (admission.verdict, admission.reason) == (kept.verdict, reason)
    assert (admission.plan and admission.plan.name) == kept.plan


def test_a_seat_that_somebody_ended_that_day_is_found_ended():
    seat = Seat(ALICE, ended_at=at(FRIDAY_EVENING))
    _decision, kept = judged(plans=[make_plan(seats=(seat,))])
    assert kept.asked.admission().reason == "seat_expired"


def test_a_priority_that_the_category_does_not_allow_is_corrected_again():
    decision, kept = judged(category=CONSULTATION, priority="P1")
    assert kept.priority == kept.asked.priority() == decision.priority == "P3"


def test_of_the_seats_only_those_of_who_asked_are_kept():
    _decision, kept = judged(plans=[make_plan(seats=(Seat(ALICE), Seat(BOB)))])
    (plan,) = kept.asked.plans
    assert plan.seats == ((None, None, False, False),)
    assert BOB not in str(kept.as_dict())


def test_an_agent_who_names_nobody_has_no_seat():
    _decision, kept = judged(contact=None, channel="agent")
    assert kept.asked.plans[0].seats == ()
    assert kept.asked.admission().verdict == "accepted"


def many_plans(**overrides):
    last = date(2025, 12, 31)
    return [
        make_plan(
            name=f"P-{number}", starts_on=date(2020, 1, 1), ends_on=last, **overrides
        )
        for number in range(MOST_PLANS)
    ]


def test_of_very_many_plans_the_one_that_decided_is_kept():
    _decision, kept = judged(plans=[*many_plans(), make_plan(name="NOW")])
    assert [each.name for each in kept.asked.plans] == ["NOW"]
    assert kept.asked.has_more_plans
    assert Decided.from_dict(kept.as_dict()) == kept


def test_of_very_many_drafts_none_is_kept():
    plans = [replace(each, status="Draft") for each in [*many_plans(), make_plan()]]
    request = make_request(FRIDAY_EVENING)
    decision = triage(request, plans, now=request.opened_at, hold_unplanned=True)
    facts = AskedThen.of(
        request, plans, decision, hold_unplanned=True, answers_at_once=False
    )
    assert facts.plans == ()


def test_a_request_outside_the_policy_has_neither_plan_nor_clock():
    request = make_request(FRIDAY_EVENING)
    decision = triage(request, [], now=request.opened_at)
    kept = decided(JUDGED, decision, at=request.opened_at, by=None)
    assert (kept.plan, kept.tier, kept.started_at) == (None, None, None)
    assert Decided.from_dict(kept.as_dict()) == kept
