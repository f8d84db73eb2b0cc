"""What the next tier up adds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from beesender_support.policy.calendar.windows import HOUR, Window
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import SHIPPED
from beesender_support.policy.sold.entitlements import HOURS, SoldEntitlement
from beesender_support.screens.portal.upgrades import (
    ANSWERS_BY,
    REQUESTS_BY,
    next_tier,
    what_it_adds,
)
from beesender_support.tests.policy.factories import make_tier
from beesender_support.wording.names import CHANNEL_NAMES

BASIC, BUSINESS, PREMIUM = (make_tier(n) for n in ("Basic", "Business", "Premium"))

TRAINING = SoldEntitlement("training", "Training hours", HOURS)


def said(tier, higher) -> list[str]:
    added = what_it_adds(tier, higher, [*CATALOGUE.entitlements, TRAINING])
    return [str(each) for each in added]


@pytest.mark.parametrize(
    ("tier", "expected"), [(BASIC, BUSINESS), (BUSINESS, PREMIUM), (PREMIUM, None)]
)
def test_the_next_tier_is_the_lowest_above(tier, expected):
    assert next_tier(tier, reversed(CATALOGUE.tiers)) == expected


def test_a_tier_of_the_same_rank_is_not_above():
    assert next_tier(BASIC, [BASIC, replace(BASIC, name="Basic too")]) is None


def test_business_adds_to_basic_what_the_service_description_says():
    assert said(BASIC, BUSINESS) == [
        "Support at weekends too: 63 h a week instead of 45 h",
        "A first answer to P1 within 1 h of support time instead of 4 h",
        "A first answer to P2, P3, P4 within 4 h of support time instead of 8 h",
        "Authorized contacts: 5 instead of 2",
        "Answers by mobile phone",
        "Questions of end users",
        "Beesender Server licence maintenance",
        "Updates with reinstallation: up to 2 a contract year",
    ]


def test_premium_adds_to_business_what_the_service_description_says():
    assert said(BUSINESS, PREMIUM) == [
        "Support around the clock, every day of the week",
        "A first answer to P2, P3, P4 within 2 h of support time instead of 4 h",
        "Authorized contacts: 15 instead of 5",
        "Answers by Skype",
        "Customer-success manager in person",
        "Consultation with the developers",
        "Updates with reinstallation: up to 4 a contract year instead of 2",
    ]


def test_what_the_other_tier_has_less_of_is_left_out():
    assert said(PREMIUM, BASIC) == []
    assert said(BASIC, BASIC) == []


def test_longer_days_are_said_in_hours():
    longer = tuple(Window(day, 8 * HOUR, 20 * HOUR + HOUR // 2) for day in range(5))
    assert said(BASIC, make_tier(windows=longer)) == [
        "Support 62 h 30 min a week instead of 45 h"
    ]


def test_a_target_that_was_not_promised_before_is_new():
    without_p4 = {code: timedelta(hours=8) for code in ("P1", "P2", "P3")}
    higher = {**without_p4, "P4": timedelta(minutes=30)}
    assert said(
        make_tier(response_targets=without_p4), make_tier(response_targets=higher)
    ) == ["A first answer to P4 within 30 min of support time"]


def test_further_targets_are_added_or_faster():
    day, half = timedelta(hours=8), timedelta(hours=4)
    higher = make_tier(
        further_targets={
            "next_answer": {"P1": half, "P2": day},
            "solution": {"P1": day, "P2": day},
        }
    )
    assert said(BASIC, higher) == [
        "Each next answer to P1 within 4 h of support time",
        "Each next answer to P2 within 8 h of support time",
        "A solution of P1, P2 within 8 h of support time",
    ]
    faster = make_tier(further_targets={"solution": {"P1": half}})
    assert said(higher, faster) == [
        "A solution of P1 within 4 h of support time instead of 8 h"
    ]


def test_a_new_door_is_an_addition():
    by_mail = make_tier(registration_channels=frozenset({"email"}))
    by_both = make_tier(registration_channels=frozenset({"email", "chatbot"}))
    assert said(by_mail, by_both) == ["Requests through the chatbot"]


def test_everything_a_tier_can_include_has_a_name():
    assert set(CHANNEL_NAMES) == {"agent", *(each.code for each in SHIPPED)}
    assert set(REQUESTS_BY) == set().union(
        *(tier.registration_channels for tier in CATALOGUE.tiers)
    )
    assert set(ANSWERS_BY) == set().union(
        *(tier.answer_channels for tier in CATALOGUE.tiers)
    )


def test_an_entitlement_of_the_sites_own_is_an_addition_like_any_other():
    some, more = (
        replace(BASIC, entitlements={**BASIC.entitlements, "training": hours})
        for hours in (8, 12)
    )
    assert said(BASIC, some) == ["Training hours: up to 8 h a contract year"]
    assert said(some, more) == [
        "Training hours: up to 12 h a contract year instead of 8"
    ]
    assert said(more, some) == []


def test_a_tier_no_longer_sold_is_not_the_next_one():
    retired = replace(BUSINESS, no_longer_sold=True)
    assert next_tier(BASIC, [BASIC, retired, PREMIUM]) == PREMIUM
    assert next_tier(retired, [BASIC, retired, PREMIUM]) == PREMIUM
    assert next_tier(BASIC, [BASIC, retired]) is None


def test_a_channel_of_the_site_is_an_addition_by_its_name():
    more = make_tier(
        registration_channels=BASIC.registration_channels | {"slack", "telegram"},
        answer_channels=BASIC.answer_channels | {"slack"},
    )
    assert said(BASIC, more) == [
        "Requests by telegram",
        "Requests by slack",
        "Answers by slack",
    ]


def test_a_retired_channel_is_no_reason_for_a_higher_tier():
    assert "Answers by Skype" in said(BUSINESS, PREMIUM)
    added = what_it_adds(BUSINESS, PREMIUM, (), retired=["skype"])
    assert "Answers by Skype" not in map(str, added)
