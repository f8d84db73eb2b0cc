"""Tiers refuse nonsense, and cannot be edited once made."""

from datetime import timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, HOUR, Window
from beesender_support.policy.errors import (
    InvalidDuration,
    InvalidValue,
    NoWorkingTime,
    OverlappingWindows,
    UnknownName,
)
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.tests.policy.factories import make_plan, make_tier


@pytest.mark.parametrize(
    ("overrides", "error", "field"),
    [
        ({"windows": ()}, NoWorkingTime, "support_windows"),
        (
            {"windows": (Window(0, 0, 2 * HOUR), Window(0, HOUR, 3 * HOUR))},
            OverlappingWindows,
            "support_windows",
        ),
        ({"response_targets": {"P1": timedelta()}}, InvalidDuration, "P1"),
        ({"response_targets": {"P2": timedelta(hours=-1)}}, InvalidDuration, "P2"),
        ({"fee_percent": Decimal("-0.01")}, InvalidValue, "fee_percent"),
        ({"authorized_contact_limit": -1}, InvalidValue, "authorized_contact_limit"),
        ({"entitlements": {"updates": -1}}, InvalidValue, "updates"),
        ({"further_targets": {"good_mood": {}}}, UnknownName, "further_targets"),
    ],
)
def test_a_tier_that_cannot_be_kept_is_refused(overrides, error, field):
    with pytest.raises(error) as refusal:
        make_tier(**overrides)
    assert field in refusal.value.field


def test_the_targets_of_a_tier_cannot_be_edited_behind_its_back():
    targets = {"P1": timedelta(hours=1)}
    tier = make_tier(response_targets=targets)
    targets["P1"] = timedelta(hours=9)
    assert tier.response_targets["P1"] == timedelta(hours=1)
    with pytest.raises(TypeError):
        tier.response_targets["P1"] = timedelta(hours=9)


def test_a_tier_may_promise_other_targets_and_keeps_the_rest():
    lengths = {"P1": timedelta(hours=16)}
    basic = make_tier()
    solving = basic.promising({SOLUTION: lengths})
    assert solving.targets == {FIRST_ANSWER: basic.response_targets, SOLUTION: lengths}
    faster = solving.promising({FIRST_ANSWER: {"P1": timedelta(hours=1)}})
    assert faster.targets == {
        FIRST_ANSWER: {"P1": timedelta(hours=1)},
        SOLUTION: lengths,
    }
    assert basic.promising({}) == basic


def test_the_order_of_windows_does_not_matter():
    tier = make_tier(windows=list(AROUND_THE_CLOCK[::-1]))
    assert tier.around_the_clock
    assert make_plan(tier).calendar is make_plan("Premium").calendar


def test_what_is_included_cannot_be_edited_and_zero_is_not_included():
    tier = make_tier(entitlements={"updates": Decimal("3.00"), "cake": 0})
    assert tier.entitlements == {"updates": 3}
    assert (tier.updates_per_year, type(tier.updates_per_year)) == (3, int)
    assert make_tier(entitlements={}).updates_per_year == 0
    with pytest.raises(TypeError):
        tier.entitlements["updates"] = 9
