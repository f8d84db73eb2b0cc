"""Of a held request it is said why it was held, what stands against it today, and to whom."""

from datetime import timedelta

import pytest

from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REASONS,
    REFUSED,
    Admission,
)
from beesender_support.policy.requests.held_requests import (
    NOBODY_READS,
    QUIET,
    WAS_HELD,
    WOULD_BE_TAKEN,
    Notice,
    is_taken,
    may_be_notified,
    why_held,
    why_was_held,
)
from beesender_support.policy.sold.channels import CHANNELS, EMAIL
from beesender_support.tests.policy.factories import at, make_plan
from beesender_support.wording.names import REASON_NAMES

PLAN = make_plan()


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (None, [REASONS["plan_suspended"]]),
        (
            Admission(HELD, "plan_suspended", PLAN),
            [REASONS["plan_suspended"]],
        ),
        (Admission(ACCEPTED, plan=PLAN), [WAS_HELD["plan_suspended"], WOULD_BE_TAKEN]),
        (
            Admission(HELD, "plan_expired", PLAN),
            [WAS_HELD["plan_suspended"], REASONS["plan_expired"]],
        ),
        (Admission(ACCEPTED), [WAS_HELD["plan_suspended"], REASONS["no_plan"]]),
    ],
    ids=["nobody knows", "still", "active again", "ended since", "sold no more"],
)
def test_what_was_and_what_is_are_said_apart(today, said):
    assert list(why_held("plan_suspended", today)) == said


@pytest.mark.parametrize(
    ("today", "taken"),
    [
        (None, False),
        (Admission(HELD, "plan_expired", PLAN), False),
        (Admission(REFUSED, "plan_expired", PLAN), False),
        # Outside the policy nothing is promised: an agent decides on each.
        (Admission(ACCEPTED), False),
        (Admission(ACCEPTED, plan=PLAN), True),
    ],
)
def test_only_a_plan_takes_a_held_request(today, taken):
    assert is_taken(today) is taken


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_can_be_told_afterwards_and_in_a_list(reason):
    assert why_was_held(reason) == WAS_HELD[reason]
    assert " was " in f"{WAS_HELD[reason]} " or " had " in WAS_HELD[reason]
    assert REASON_NAMES[reason]


# Who is told, and how often

ANNA, BORIS = "anna@acme.example", "boris@acme.example"
NOON = at("2026-11-23T12:00+03:00")


def told(address, **facts):
    asked = {
        "channel": EMAIL,
        "waits_for_answer": True,
        "notices": (),
        "now": NOON,
        **facts,
    }
    return may_be_notified(address, **asked)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("waits_for_answer", [True, False])
def test_who_wrote_a_mail_and_waits_for_an_answer_is_told(channel, waits_for_answer):
    expected = channel == EMAIL and waits_for_answer
    found = told(ANNA, channel=channel, waits_for_answer=waits_for_answer)
    assert found is expected


@pytest.mark.parametrize(
    ("address", "is_told"),
    [
        (ANNA, True),
        ("noreply.anna@acme.example", True),
        (None, False),
        ("", False),
        ("  ", False),
        *((f"{name}acme.example", False) for name in NOBODY_READS),
        ("MAILER-DAEMON@acme.example", False),
    ],
)
def test_an_address_that_nobody_reads_is_told_nothing(address, is_told):
    assert told(address) is is_told


@pytest.mark.parametrize(
    ("notified", "ago", "is_told"),
    [
        (ANNA, timedelta(), False),
        (ANNA, QUIET - timedelta(seconds=1), False),
        (ANNA, QUIET, True),
        (ANNA, QUIET + timedelta(seconds=1), True),
        ("Anna@ACME.example", timedelta(hours=1), False),
        (BORIS, timedelta(hours=1), True),
        # What a database takes for equal is another mailbox.
        ("ánna@acme.example", timedelta(hours=1), True),
    ],
)
def test_an_address_is_told_once_a_day(notified, ago, is_told):
    notices = [Notice("carol@acme.example", NOON), Notice(notified, NOON - ago)]
    assert told(ANNA, notices=notices) is is_told
    assert told(ANNA, notices=notices[::-1]) is is_told
