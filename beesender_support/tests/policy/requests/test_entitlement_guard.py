"""Whether a plan includes what a request asks for, and the sentence where it does not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from beesender_support.policy.requests.entitlement_guard import (
    FOR_THE_CLIENT,
    INCLUDED,
    NOT_INCLUDED,
    USED_UP,
    guard,
    said_to_client,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.entitlements import HOURS, SoldEntitlement
from beesender_support.tests.policy.factories import make_tier

SOLD = {each.code: each for each in CATALOGUE.entitlements}
TRAINING = SoldEntitlement("training", "Training hours", HOURS)
TRAINED = make_tier(entitlements={"training": Decimal("7.5")})


def words(guarded):
    return " ".join(map(str, guarded.said))


@pytest.mark.parametrize(
    ("code", "basic", "business", "premium"),
    [
        ("administrator_questions", INCLUDED, INCLUDED, INCLUDED),
        ("end_user_questions", NOT_INCLUDED, INCLUDED, INCLUDED),
        ("success_manager_in_person", NOT_INCLUDED, NOT_INCLUDED, INCLUDED),
        ("developer_consultation", NOT_INCLUDED, NOT_INCLUDED, INCLUDED),
        ("licence_maintenance", NOT_INCLUDED, INCLUDED, INCLUDED),
        ("updates", NOT_INCLUDED, INCLUDED, INCLUDED),
    ],
)
def test_what_the_shipped_tiers_include(code, basic, business, premium):
    states = [guard(SOLD[code], tier).state for tier in CATALOGUE.tiers]
    assert states == [basic, business, premium]


@pytest.mark.parametrize(
    ("asked", "tier", "remaining", "state", "said"),
    [
        (
            SOLD["end_user_questions"],
            make_tier(),
            None,
            NOT_INCLUDED,
            "The Basic plan does not include: Questions of end users. The Business plan"
            " includes it.",
        ),
        (
            SOLD["developer_consultation"],
            make_tier("Business"),
            None,
            NOT_INCLUDED,
            "The Business plan does not include: Consultation with the developers. The"
            " Premium plan includes it.",
        ),
        (
            SOLD["licence_maintenance"],
            make_tier("Business"),
            None,
            INCLUDED,
            "The Business plan includes: Beesender Server licence maintenance.",
        ),
        (
            SOLD["updates"],
            make_tier("Business"),
            None,
            INCLUDED,
            "The Business plan includes: Updates with reinstallation (up to 2 a contract"
            " year).",
        ),
        (
            SOLD["updates"],
            make_tier("Business"),
            1,
            INCLUDED,
            "The Business plan includes: Updates with reinstallation (up to 2 a contract"
            " year). Left in this contract year: 1.",
        ),
        (
            SOLD["updates"],
            make_tier("Business"),
            0,
            USED_UP,
            "What the Business plan includes of this is used up in this contract year:"
            " Updates with reinstallation (up to 2 a contract year).",
        ),
        (
            TRAINING,
            TRAINED,
            Decimal("0.25"),
            INCLUDED,
            "The Basic plan includes: Training hours (up to 7.5 h a contract year). Left in"
            " this contract year: 0.25 h.",
        ),
        (
            TRAINING,
            TRAINED,
            Decimal(-1),
            USED_UP,
            "What the Basic plan includes of this is used up in this contract year:"
            " Training hours (up to 7.5 h a contract year).",
        ),
        # What nobody sells is not said to be sold.
        (
            TRAINING,
            make_tier(),
            Decimal(0),
            NOT_INCLUDED,
            "The Basic plan does not include: Training hours.",
        ),
    ],
)
def test_how_a_plan_stands_to_what_is_asked_for(asked, tier, remaining, state, said):
    guarded = guard(asked, tier, remaining, tiers=CATALOGUE.tiers)
    assert (guarded.state, words(guarded)) == (state, said)
    assert guarded.is_included is (state == INCLUDED)


def test_a_tier_no_longer_sold_is_not_recommended():
    basic, business, premium = CATALOGUE.tiers
    retired = replace(business, no_longer_sold=True)
    guarded = guard(SOLD["updates"], basic, tiers=[basic, retired, premium])
    assert words(guarded).endswith("The Premium plan includes it.")


def test_a_client_reads_that_the_request_may_be_sent_all_the_same():
    refused = guard(SOLD["updates"], make_tier())
    assert said_to_client(refused)[-1].template == FOR_THE_CLIENT
    allowed = guard(SOLD["updates"], make_tier("Premium"))
    assert said_to_client(allowed) == allowed.said
