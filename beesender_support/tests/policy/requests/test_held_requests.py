"""Of a held request it is said why it was held, and what stands against it today."""

import pytest

from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REASONS,
    Admission,
)
from beesender_support.policy.requests.held_requests import (
    WAS_HELD,
    WOULD_BE_TAKEN,
    why_held,
    why_was_held,
)
from beesender_support.tests.policy.factories import make_plan
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


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_can_be_told_afterwards_and_in_a_list(reason):
    assert why_was_held(reason) == WAS_HELD[reason]
    assert " was " in f"{WAS_HELD[reason]} " or " had " in WAS_HELD[reason]
    assert REASON_NAMES[reason]
