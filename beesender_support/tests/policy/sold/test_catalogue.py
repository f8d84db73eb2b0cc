"""What is sold, to the letter of the vendor's table."""

from datetime import timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.calendar.windows import describe_windows
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import UnknownName
from beesender_support.policy.sold.catalogue import CATALOGUE, OFFERED_TIME_ZONES
from beesender_support.tests.policy.factories import at

PRIORITIES = ("P1", "P2", "P3", "P4")


@pytest.mark.parametrize(
    ("name", "fee", "support_hours", "targets", "contacts", "updates"),
    [
        ("Basic", 5, "Mon-Fri 09:00-18:00", (4, 8, 8, 8), 2, 0),
        ("Business", 12, "Mon-Sun 09:00-18:00", (1, 4, 4, 4), 5, 2),
        ("Premium", 20, "24/7", (1, 2, 2, 2), 15, 4),
    ],
)
def test_a_tier_is_what_the_vendor_describes(
    name, fee, support_hours, targets, contacts, updates
):
    tier = CATALOGUE.tier(name)
    assert tier.fee_percent == Decimal(fee)
    assert describe_windows(tier.windows) == support_hours
    assert tier.response_targets == {
        priority: timedelta(hours=hours)
        for priority, hours in zip(PRIORITIES, targets, strict=True)
    }
    assert tier.authorized_contact_limit == contacts
    assert tier.updates_per_year == updates


@pytest.mark.parametrize("tier", CATALOGUE.tiers, ids=lambda tier: tier.name)
def test_every_tier_registers_requests_by_every_door_of_the_customer(tier):
    assert tier.registration_channels == {"portal", "email", "chatbot", "widget"}


def test_answers_come_by_more_channels_the_higher_the_tier():
    basic, business, premium = (tier.answer_channels for tier in CATALOGUE.tiers)
    assert basic == {"portal", "email"}
    assert business == basic | {"phone"}
    assert premium == business | {"skype"}


def test_the_assumed_entitlements_grow_with_the_tier():
    basic, business, premium = (
        set(tier.entitlements) - {"updates"} for tier in CATALOGUE.tiers
    )
    assert basic == {"administrator_questions"}
    assert business == basic | {"end_user_questions", "licence_maintenance"}
    assert premium == business | {
        "success_manager_in_person",
        "developer_consultation",
    }


def test_tiers_are_ranked_and_only_premium_is_around_the_clock():
    assert [tier.rank for tier in CATALOGUE.tiers] == [1, 2, 3]
    assert [tier.around_the_clock for tier in CATALOGUE.tiers] == [False, False, True]


def test_every_offered_zone_is_a_zone():
    offsets = {
        at("2026-07-01T00:00+00:00").astimezone(time_zone(name)).utcoffset()
        for name in OFFERED_TIME_ZONES
    }
    assert offsets == {timedelta(hours=hours) for hours in (1, 2, 3, 8, 10, -2)}


@pytest.mark.parametrize(
    ("name", "allowed", "default", "promises"),
    [
        ("Consultation", ("P3", "P4"), "P3", True),
        ("Incident", PRIORITIES, "P3", True),
        ("Paid enhancement request", ("P3", "P4"), "P4", False),
    ],
)
def test_a_category_is_what_the_vendor_describes(name, allowed, default, promises):
    category = CATALOGUE.category(name)
    assert category.allowed_priorities == allowed
    assert category.default_priority == default
    assert category.promises_response is promises


def test_priorities_map_onto_the_names_of_the_helpdesk():
    assert {each.code: each.ticket_priority for each in CATALOGUE.priorities} == {
        "P1": "Urgent",
        "P2": "High",
        "P3": "Medium",
        "P4": "Low",
    }


def test_names_are_found_without_regard_to_case():
    assert CATALOGUE.tier(" premium ").name == "Premium"
    assert CATALOGUE.category("PAID ENHANCEMENT REQUEST").promises_response is False
    assert CATALOGUE.priority("p1").code == "P1"


@pytest.mark.parametrize(
    ("kind", "find", "allowed"),
    [
        ("tier", CATALOGUE.tier, "Basic, Business, Premium"),
        ("category", CATALOGUE.category, "Consultation, Incident"),
        ("priority", CATALOGUE.priority, "P1, P2, P3, P4"),
    ],
)
def test_an_unknown_name_is_refused_with_those_that_are_known(kind, find, allowed):
    with pytest.raises(UnknownName) as refusal:
        find("Platinum")
    assert (refusal.value.field, refusal.value.value) == (kind, "Platinum")
    assert allowed in str(refusal.value)


def test_every_amount_is_of_an_entitlement_there_is():
    units = {each.code: each.unit for each in CATALOGUE.entitlements}
    assert units["updates"] == "Count a contract year"
    assert {unit for code, unit in units.items() if code != "updates"} == {"Yes or no"}
    for tier in CATALOGUE.tiers:
        assert set(tier.entitlements) <= set(units)
