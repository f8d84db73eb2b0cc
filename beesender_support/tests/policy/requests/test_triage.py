"""The whole decision for one request."""

from datetime import timedelta

import pytest

from beesender_support.policy.plans.plan_state import SUSPENDED
from beesender_support.policy.requests.admission import ACCEPTED, HELD, REFUSED
from beesender_support.policy.requests.triage import admit_held, triage
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NO_PROMISE,
    NONE,
    assess,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.policy.sold.targets import SOLUTION
from beesender_support.tests.policy.factories import (
    BOB,
    FRIDAY_EVENING,
    at,
    make_plan,
    make_request,
    make_tier,
)

DUE_ON_MONDAY = at("2026-11-23T12:30+03:00")


def decide(*plans, now=DUE_ON_MONDAY, options=None, **asked):
    return triage(
        make_request(FRIDAY_EVENING, **asked), plans, now=now, **(options or {})
    )


def sentences(decision) -> list[str]:
    return [str(each) for each in decision.explanation]


def test_an_accepted_request_has_a_plan_terms_and_a_deadline():
    plan = make_plan()
    decision = decide(plan)
    assert decision.admission.verdict == ACCEPTED
    assert decision.tier == "Basic"
    assert decision.terms.plan == plan.name
    assert decision.terms.started_at == at(FRIDAY_EVENING)
    assert (decision.response.state, decision.response.due) == (AT_RISK, DUE_ON_MONDAY)
    assert decision.priority_corrected_from is None
    assert sentences(decision) == [
        "Basic answers P1 within 4 h of support time"
        " (Mon-Fri 09:00-18:00, GMT+3): by Mon 2026-11-23 12:30."
    ]


@pytest.mark.parametrize(
    ("answered", "now", "state"),
    [
        (None, at(FRIDAY_EVENING), DUE),
        (None, DUE_ON_MONDAY + timedelta(microseconds=1), BREACHED),
        (DUE_ON_MONDAY, DUE_ON_MONDAY + timedelta(days=1), MET),
        (DUE_ON_MONDAY + timedelta(seconds=1), DUE_ON_MONDAY, BREACHED),
    ],
)
def test_the_answer_decides_how_the_promise_stands(answered, now, state):
    decision = decide(make_plan(), now=now, first_responded_at=answered)
    assert decision.response.state == state


@pytest.mark.parametrize(("share", "state"), [(0.5, AT_RISK), (0.75, DUE)])
def test_the_share_at_risk_is_passed_on(share, state):
    half_way = at("2026-11-23T10:30+03:00")
    options = {"at_risk_share": share}
    assert decide(make_plan(), now=half_way, options=options).response.state == state


def test_a_priority_that_its_category_does_not_allow_is_lowered_and_explained():
    decision = decide(make_plan(), category=CATALOGUE.category("Consultation"))
    assert (decision.priority, decision.priority_corrected_from) == ("P3", "P1")
    assert decision.response.target == timedelta(hours=8)
    assert sentences(decision) == [
        "Consultation allows P3, P4, so P1 became P3.",
        "Basic answers P3 within 8 h of support time"
        " (Mon-Fri 09:00-18:00, GMT+3): by Mon 2026-11-23 16:30.",
    ]


@pytest.mark.parametrize(
    ("asked", "options", "is_refused"),
    [
        ({}, {}, True),
        ({"channel": EMAIL}, {}, False),
        ({"channel": EMAIL}, {"answers_at_once": True}, True),
        ({}, {"answers_at_once": False}, False),
        ({"contact": BOB}, {}, True),
        ({"priority": "P4"}, {}, False),
    ],
)
def test_a_wrong_priority_is_an_error_where_the_answer_is_read_at_once(
    asked, options, is_refused
):
    consultation = {"category": CATALOGUE.category("Consultation")}
    decision = decide(make_plan(), options=options, **{**consultation, **asked})
    assert bool(decision.priority_refusal) is is_refused


@pytest.mark.parametrize("priority", [None, ""])
def test_a_request_without_a_priority_gets_the_default_one(priority):
    decision = decide(make_plan(), priority=priority)
    assert (decision.priority, decision.priority_corrected_from) == ("P3", None)


def test_a_category_without_a_promise_is_accepted_without_a_deadline():
    category = CATALOGUE.category("Paid enhancement request")
    decision = decide(make_plan(), category=category, priority="P4")
    assert decision.admission.verdict == ACCEPTED
    assert decision.terms is not None
    assert decision.response is NO_PROMISE
    assert sentences(decision) == [
        "No response time is promised for Paid enhancement request."
    ]


@pytest.mark.parametrize(
    ("asked", "options", "verdict"),
    [
        ({}, {}, REFUSED),
        ({"channel": EMAIL}, {}, HELD),
        ({}, {"answers_at_once": False}, HELD),
    ],
)
def test_a_request_that_is_not_accepted_has_no_clock(asked, options, verdict):
    plan = make_plan(status=SUSPENDED)
    decision = decide(plan, options=options, **asked)
    assert decision.admission.verdict == verdict
    assert decision.admission.reason == "plan_suspended"
    assert decision.terms is None
    assert decision.response is NO_PROMISE
    assert sentences(decision) == ["The support plan of Example Ltd is suspended."]


def test_a_held_request_has_its_priority_settled_all_the_same():
    decision = decide(
        make_plan(),
        contact=BOB,
        channel=EMAIL,
        category=CATALOGUE.category("Consultation"),
    )
    assert decision.priority == "P3"
    assert len(sentences(decision)) == 2


def test_outside_the_policy_nothing_is_settled():
    decision = decide(category=CATALOGUE.category("Consultation"))
    assert decision.admission.is_outside_policy
    assert (decision.priority, decision.priority_corrected_from) == ("P1", None)
    assert (decision.tier, decision.terms) == (None, None)
    assert decision.response is NO_PROMISE
    assert decision.priority_refusal is None
    assert sentences(decision) == ["No Beesender plan: outside the support policy."]


def test_a_site_may_hold_the_requests_of_customers_without_a_plan():
    options = {"hold_unplanned": True}
    decision = decide(channel=EMAIL, options=options)
    assert (decision.admission.verdict, decision.admission.reason) == (HELD, "no_plan")
    assert decision.tier is None


def test_an_unverified_sender_is_held():
    decision = decide(make_plan(), channel=EMAIL, sender_is_verified=False)
    assert decision.admission.reason == "unverified_sender"


def test_the_plan_is_judged_when_the_request_was_opened_not_now():
    plan = make_plan(ends_on=at(FRIDAY_EVENING).date())
    decision = decide(plan, now=at("2027-06-01T12:00+03:00"))
    assert decision.admission.verdict == ACCEPTED
    assert decision.response.state == BREACHED


# A held request that an agent admits

ADMITTED = at("2026-11-23T10:00+03:00")


@pytest.mark.parametrize("tier", ["Basic", "Business", "Premium"])
@pytest.mark.parametrize(
    ("category", "asked", "priority", "corrected_from"),
    [
        ("Incident", "P1", "P1", None),
        ("Incident", "P2", "P2", None),
        ("Incident", None, "P3", None),
        ("Consultation", "P1", "P3", "P1"),
        ("Paid enhancement request", "P4", "P4", None),
    ],
)
def test_an_admitted_request_is_promised_what_its_plan_promises_from_then_on(
    tier, category, asked, priority, corrected_from
):
    plan, kind = make_plan(tier), CATALOGUE.category(category)
    decision = admit_held(plan, kind, asked, ADMITTED)
    admission = decision.admission
    assert (admission.verdict, admission.reason) == (ACCEPTED, None)
    assert admission.plan is plan
    assert decision.priority == priority
    assert decision.priority_corrected_from == corrected_from
    assert decision.priority_refusal is None
    assert decision.terms == Terms.of(plan, kind, ADMITTED)
    assert not decision.terms.is_settled
    expected = assess(decision.terms, priority, responded_at=None, now=ADMITTED)
    assert decision.response == expected
    assert decision.response.state == (DUE if kind.promises_response else NONE)


@pytest.mark.parametrize("overrides", [{"status": SUSPENDED}, {"seats": ()}])
def test_an_agent_admits_also_what_the_plan_would_not(overrides):
    decision = admit_held(
        make_plan(**overrides), CATALOGUE.category("Incident"), "P1", ADMITTED
    )
    assert decision.admission.verdict == ACCEPTED
    assert decision.response.due == at("2026-11-23T14:00+03:00")


@pytest.mark.parametrize("asked", ["P1", "P3", None])
def test_a_request_admitted_without_a_plan_is_outside_the_policy(asked):
    decision = admit_held(None, CATALOGUE.category("Consultation"), asked, ADMITTED)
    assert decision.admission.is_outside_policy
    assert (decision.priority, decision.priority_corrected_from) == (asked, None)
    assert (decision.tier, decision.terms) == (None, None)
    assert decision.response is NO_PROMISE


def test_closed_unanswered_it_is_late_at_its_deadline_and_grows_no_later():
    an_hour_late = DUE_ON_MONDAY + timedelta(hours=1)
    for closed_at, used in ((None, 9), (an_hour_late, 5), (at(FRIDAY_EVENING), 4)):
        decision = decide(
            make_plan(), closed_at=closed_at, now=at("2026-11-23T17:30+03:00")
        )
        assert decision.response.state == BREACHED
        assert decision.response.used == timedelta(hours=used)


def test_what_is_promised_besides_is_explained_behind_the_first_answer():
    sold = {SOLUTION: {"P1": timedelta(hours=16)}}
    decision = decide(make_plan(make_tier().promising(sold)))
    first, solution = sentences(decision)
    assert first == sentences(decide(make_plan()))[0]
    assert solution == (
        "Basic solves P1 within 16 h of support time: by Tue 2026-11-24 15:30."
    )
