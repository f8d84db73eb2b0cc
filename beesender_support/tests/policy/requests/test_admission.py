"""Who may ask, by which door, and why not: every reason at every door."""

from datetime import datetime

import pytest

from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, EXPIRED, SUSPENDED
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REASONS,
    REFUSED,
    admit,
    is_outside_policy,
    must_be_decided_again,
    reads_answer_at_once,
    relevant_plan,
)
from beesender_support.policy.sold.channels import (
    AGENT,
    CHATBOT,
    EMAIL,
    PORTAL,
    WIDGET,
)
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    EXAMPLE,
    MICROSECOND,
    NOON,
    TODAY,
    TOMORROW,
    YESTERDAY,
    at,
    make_plan,
    make_tier,
)

DOORS_OF_CUSTOMERS = (PORTAL, EMAIL, CHATBOT, WIDGET)
DOORS = (*DOORS_OF_CUSTOMERS, AGENT)


def ask(*plans, contact=ALICE, channel=PORTAL, when=NOON, customer=EXAMPLE, **options):
    return admit(
        plans,
        customer=customer,
        contact=contact,
        channel=channel,
        at=when,
        **options,
    )


# Every reason. What is asked, the plans of the customer, the reason against it.
AGAINST = [
    pytest.param({}, [make_plan(starts_on=TOMORROW)], "plan_not_started"),
    pytest.param({}, [make_plan(ends_on=YESTERDAY)], "plan_expired"),
    pytest.param({}, [make_plan(status=EXPIRED)], "plan_expired"),
    pytest.param({}, [make_plan(status=SUSPENDED)], "plan_suspended"),
    pytest.param({}, [make_plan(status=SUSPENDED, ends_on=YESTERDAY)], "plan_expired"),
    pytest.param(
        {}, [make_plan(status=SUSPENDED, starts_on=TOMORROW)], "plan_suspended"
    ),
    pytest.param({"contact": BOB}, [make_plan()], "contact_not_authorized"),
    pytest.param({}, [make_plan(seats=())], "contact_not_authorized"),
    pytest.param(
        {}, [make_plan(seats=(Seat(ALICE, TOMORROW),))], "contact_not_authorized"
    ),
    pytest.param(
        {}, [make_plan(seats=(Seat(ALICE, None, YESTERDAY),))], "seat_expired"
    ),
    pytest.param(
        {},
        [make_plan(seats=(Seat(ALICE, None, YESTERDAY), Seat(ALICE, TOMORROW)))],
        "seat_expired",
    ),
    pytest.param({"sender_is_verified": False}, [make_plan()], "unverified_sender"),
    pytest.param({"hold_unplanned": True}, [], "no_plan"),
    pytest.param(
        {"hold_unplanned": True}, [make_plan(status=DRAFT)], "no_plan", id="a draft"
    ),
    pytest.param(
        {"hold_unplanned": True, "contact": None, "customer": None},
        [],
        "unknown_sender",
    ),
    pytest.param(
        {"hold_unplanned": True, "customer": None},
        [],
        "unknown_sender",
        id="a stranger",
    ),
]


@pytest.mark.parametrize("channel", DOORS)
@pytest.mark.parametrize(("asked", "plans", "reason"), AGAINST)
def test_a_request_is_refused_in_the_portal_and_held_at_other_doors(
    channel, asked, plans, reason
):
    admission = ask(*plans, channel=channel, **asked)
    assert admission.reason == reason
    assert admission.verdict == (REFUSED if channel == PORTAL else HELD)
    assert admission.sentence.template == REASONS[reason]
    assert "None" not in str(admission.sentence)
    assert not admission.is_outside_policy


@pytest.mark.parametrize("channel", DOORS_OF_CUSTOMERS)
def test_nobody_in_particular_is_an_unknown_sender(channel):
    assert ask(make_plan(), contact=None, channel=channel).reason == "unknown_sender"


@pytest.mark.parametrize("channel", DOORS_OF_CUSTOMERS)
def test_a_tier_may_close_a_door(channel):
    tier = make_tier(
        registration_channels=frozenset(DOORS_OF_CUSTOMERS) - frozenset({channel})
    )
    admission = ask(make_plan(tier), channel=channel)
    assert admission.reason == "channel_not_in_plan"
    assert channel in str(admission.sentence)
    assert all(
        ask(make_plan(tier), channel=other).verdict == ACCEPTED
        for other in DOORS
        if other != channel
    )


def test_every_reason_is_tested_here():
    tested = {parameters.values[2] for parameters in AGAINST}
    assert tested | {"channel_not_in_plan"} == set(REASONS)


@pytest.mark.parametrize("channel", DOORS)
def test_an_authorized_contact_is_accepted_at_every_door(channel):
    plan = make_plan()
    admission = ask(plan, channel=channel)
    assert (admission.verdict, admission.reason) == (ACCEPTED, None)
    assert admission.plan is plan
    assert admission.sentence is None


@pytest.mark.parametrize(
    ("channel", "answers_at_once", "verdict"),
    [
        (PORTAL, None, REFUSED),
        (PORTAL, False, HELD),
        (EMAIL, None, HELD),
        (WIDGET, True, REFUSED),
        (AGENT, None, HELD),
    ],
)
def test_who_reads_the_answer_decides_between_refusing_and_holding(
    channel, answers_at_once, verdict
):
    admission = ask(
        make_plan(), contact=BOB, channel=channel, answers_at_once=answers_at_once
    )
    assert admission.verdict == verdict


def test_only_in_the_portal_the_answer_is_read_at_once():
    assert [each for each in DOORS if reads_answer_at_once(each)] == [PORTAL]


# Agents


def test_an_agent_vouches_for_a_customer_without_naming_a_contact():
    assert ask(make_plan(seats=()), contact=None, channel=AGENT).verdict == ACCEPTED


def test_an_agent_acts_for_an_authorized_contact():
    assert ask(make_plan(), channel=AGENT).verdict == ACCEPTED
    assert ask(make_plan(), contact=BOB, channel=AGENT).reason == (
        "contact_not_authorized"
    )


def test_an_agent_cannot_vouch_for_a_plan_that_is_not_in_force():
    plan = make_plan(status=SUSPENDED)
    assert ask(plan, contact=None, channel=AGENT).reason == "plan_suspended"


def test_an_agent_may_register_whatever_the_doors_of_the_tier():
    tier = make_tier(registration_channels=frozenset({EMAIL}))
    assert ask(make_plan(tier), channel=AGENT).verdict == ACCEPTED


# Dates, at the exact midnight of the plan's zone


@pytest.mark.parametrize(
    ("zone", "midnight"),
    [
        ("GMT-2", "2026-11-23T02:00+00:00"),
        ("GMT+10", "2026-11-22T14:00+00:00"),
        ("GMT+3", "2026-11-22T21:00+00:00"),
    ],
)
class TestAtMidnight:
    def test_a_plan_starts_as_its_first_day_does(self, zone, midnight):
        plan = make_plan(time_zone=zone, starts_on=TODAY)
        before, after = self.around(midnight)
        assert ask(plan, when=before).reason == "plan_not_started"
        assert ask(plan, when=after).verdict == ACCEPTED

    def test_a_plan_ends_after_its_last_day(self, zone, midnight):
        plan = make_plan(time_zone=zone, ends_on=YESTERDAY)
        before, after = self.around(midnight)
        assert ask(plan, when=before).verdict == ACCEPTED
        assert ask(plan, when=after).reason == "plan_expired"

    def test_a_seat_starts_as_its_first_day_does(self, zone, midnight):
        plan = make_plan(time_zone=zone, seats=(Seat(ALICE, TODAY),))
        before, after = self.around(midnight)
        assert ask(plan, when=before).reason == "contact_not_authorized"
        assert ask(plan, when=after).verdict == ACCEPTED

    def test_a_seat_ends_after_its_last_day(self, zone, midnight):
        plan = make_plan(time_zone=zone, seats=(Seat(ALICE, None, YESTERDAY),))
        before, after = self.around(midnight)
        assert ask(plan, when=before).verdict == ACCEPTED
        assert ask(plan, when=after).reason == "seat_expired"

    def around(self, midnight: str) -> tuple[datetime, datetime]:
        return at(midnight) - MICROSECOND, at(midnight)


# Several plans of one customer


@pytest.mark.parametrize(
    ("others", "name"),
    [
        pytest.param([make_plan("Premium", status=SUSPENDED)], "kept", id="suspended"),
        pytest.param([make_plan("Premium", ends_on=YESTERDAY)], "kept", id="ended"),
        pytest.param([make_plan("Premium", starts_on=TOMORROW)], "kept", id="to start"),
        pytest.param([make_plan("Premium", status=DRAFT)], "kept", id="a draft"),
        pytest.param([make_plan("Premium")], "PLAN-0001", id="a higher tier in force"),
    ],
)
def test_the_plan_in_force_of_the_highest_tier_is_the_one_to_judge_by(others, name):
    kept = make_plan("Basic", name="kept")
    for plans in ([kept, *others], [*others, kept]):
        admission = ask(*plans)
        assert (admission.verdict, admission.plan.name) == (ACCEPTED, name)


@pytest.mark.parametrize(
    ("plans", "reason"),
    [
        (
            [make_plan(status=SUSPENDED), make_plan(starts_on=TOMORROW)],
            "plan_suspended",
        ),
        (
            [make_plan(starts_on=TOMORROW), make_plan(ends_on=YESTERDAY)],
            "plan_not_started",
        ),
        ([make_plan(status=SUSPENDED), make_plan(status=EXPIRED)], "plan_suspended"),
        # That it will start is no use to anybody while it is suspended.
        (
            [
                make_plan(status=SUSPENDED, starts_on=TOMORROW),
                make_plan(status=EXPIRED),
            ],
            "plan_suspended",
        ),
        (
            [
                make_plan(status=SUSPENDED, starts_on=TOMORROW),
                make_plan("Premium", starts_on=TOMORROW),
            ],
            "plan_suspended",
        ),
        (
            [
                make_plan("Premium", status=SUSPENDED, ends_on=YESTERDAY),
                make_plan(starts_on=TOMORROW),
            ],
            "plan_not_started",
        ),
    ],
)
def test_without_a_plan_in_force_the_nearest_one_gives_the_reason(plans, reason):
    assert ask(*plans).reason == reason
    assert ask(*reversed(plans)).reason == reason


def test_a_seat_on_any_plan_in_force_is_enough():
    basic = make_plan("Basic", name="basic", seats=(Seat(ALICE),))
    premium = make_plan("Premium", name="premium", seats=(Seat(BOB),))
    for plans in ([basic, premium], [premium, basic]):
        assert ask(*plans).plan is basic
        assert ask(*plans, contact=BOB).plan is premium
        assert ask(*plans, contact="carol@example.com").plan is premium


def test_a_seat_on_a_plan_that_is_not_in_force_is_not_enough():
    basic = make_plan("Basic", status=SUSPENDED)
    premium = make_plan("Premium", seats=(Seat(BOB),))
    assert ask(basic, premium).reason == "contact_not_authorized"


def test_without_plans_there_is_none_to_judge_by():
    assert relevant_plan([], NOON) is None


# Outside the policy


@pytest.mark.parametrize("channel", DOORS)
@pytest.mark.parametrize("plans", [[], [make_plan(status=DRAFT)]])
def test_a_customer_without_a_plan_is_outside_the_policy(channel, plans):
    for contact in (ALICE, None):
        admission = ask(*plans, contact=contact, channel=channel)
        assert admission.is_outside_policy
        assert admission.reason is None


@pytest.mark.parametrize(
    ("plans", "hold_unplanned", "is_outside"),
    [
        ([], False, True),
        ([], True, False),
        ([make_plan(status=DRAFT)], False, True),
        ([make_plan(status=DRAFT)], True, False),
        ([make_plan(status=EXPIRED)], False, False),
        ([make_plan(status=EXPIRED)], True, False),
        ([make_plan(status=DRAFT), make_plan(status=SUSPENDED)], False, False),
    ],
)
def test_outside_the_policy_is_who_was_never_sold_a_plan(
    plans, hold_unplanned, is_outside
):
    assert is_outside_policy(plans, hold_unplanned=hold_unplanned) is is_outside
    asked = ask(*plans, channel=EMAIL, hold_unplanned=hold_unplanned)
    assert asked.is_outside_policy is is_outside


def test_an_accepted_request_is_inside_the_policy():
    assert not ask(make_plan(status=ACTIVE)).is_outside_policy


def test_being_unverified_comes_before_every_other_reason():
    plan = make_plan(status=SUSPENDED)
    assert ask(plan, contact=BOB, sender_is_verified=False).reason == (
        "unverified_sender"
    )


@pytest.mark.parametrize("channel", ["agent", "email", "chatbot"])
def test_an_agent_vouches_for_the_customer_but_not_for_a_stranger(channel):
    asked = {"customer": EXAMPLE, "at": NOON, "channel": channel}
    stranger = admit(
        [make_plan()], contact="who@x.example", contact_is_known=False, **asked
    )
    assert (stranger.verdict, stranger.reason) == (HELD, "unknown_sender")
    nobody = admit([make_plan()], contact=None, **asked)
    assert nobody.verdict == (ACCEPTED if channel == "agent" else HELD)


def test_a_stranger_is_unknown_also_where_the_customer_has_no_plan():
    asked = {
        "customer": EXAMPLE,
        "at": NOON,
        "channel": "agent",
        "hold_unplanned": True,
    }
    unknown = admit([], contact="who@x.example", contact_is_known=False, **asked)
    assert unknown.reason == "unknown_sender"
    assert admit([], contact=ALICE, **asked).reason == "no_plan"


# Whether a registered request is judged anew: decided, settled, another customer, another
# asker.
@pytest.mark.parametrize(
    ("is_decided", "is_settled", "customer_changed", "asker_changed", "expected"),
    [
        (False, False, False, False, False),
        (False, False, False, True, True),
        (False, False, True, False, True),
        (False, False, True, True, True),
        (True, False, False, False, False),
        (True, False, False, True, False),
        (True, False, True, False, True),
        (True, False, True, True, True),
        *(
            (is_decided, True, customer_changed, asker_changed, False)
            for is_decided in (False, True)
            for customer_changed in (False, True)
            for asker_changed in (False, True)
        ),
    ],
)
def test_what_is_judged_anew(
    is_decided, is_settled, customer_changed, asker_changed, expected
):
    judged = must_be_decided_again(
        is_decided=is_decided,
        is_settled=is_settled,
        customer_changed=customer_changed,
        asker_changed=asker_changed,
    )
    assert judged is expected
