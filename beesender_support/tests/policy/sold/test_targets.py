"""What a tier may promise."""

from datetime import timedelta

import pytest

from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
    frozen,
)

HOUR = timedelta(hours=1)


def test_the_first_answer_comes_first_and_all_others_are_further():
    assert (FIRST_ANSWER, *FURTHER_TARGETS) == TARGETS
    assert FURTHER_TARGETS == (NEXT_ANSWER, SOLUTION)


def test_targets_are_stored_under_these_names():
    assert TARGETS == ("first_answer", "next_answer", "solution")


def test_what_promises_nothing_and_what_nobody_knows_is_left_out():
    typed = {SOLUTION: {"P1": HOUR}, NEXT_ANSWER: {}, "good_mood": {"P1": HOUR}}
    assert frozen(typed) == {SOLUTION: {"P1": HOUR}}


def test_targets_are_in_their_own_order():
    typed = {target: {"P1": HOUR} for target in reversed(TARGETS)}
    assert tuple(frozen(typed)) == TARGETS


def test_nobody_can_change_frozen_targets():
    lengths = {"P1": HOUR}
    targets = frozen({SOLUTION: lengths})
    lengths["P1"] = 2 * HOUR
    assert targets[SOLUTION]["P1"] == HOUR
    with pytest.raises(TypeError):
        targets[SOLUTION]["P1"] = 2 * HOUR
    with pytest.raises(TypeError):
        targets[NEXT_ANSWER] = {"P1": HOUR}
