"""For whom a mail asks, and whether its sender takes part in a ticket."""

from datetime import date

import pytest

from beesender_support.policy.senders import customer_to_judge, is_stray
from beesender_support.policy.tiers import SUSPENDED, Seat
from beesender_support.tests.policy.factories import ALICE, BOB, EXAMPLE, at, make_plan

NOW = at("2026-11-23T12:00:00+03:00")


@pytest.mark.parametrize(
    ("other", "customer"),
    [
        ({"seats": (Seat(ALICE),)}, None),
        ({"seats": (Seat(BOB),)}, EXAMPLE),
        ({"seats": (Seat(ALICE, to_date=date(2026, 11, 22)),)}, EXAMPLE),
        ({"seats": (Seat(ALICE),), "status": SUSPENDED}, EXAMPLE),
        ({"seats": (Seat(ALICE),), "ends_on": date(2026, 11, 22)}, EXAMPLE),
        ({"seats": (Seat(ALICE),), "customer": EXAMPLE}, EXAMPLE),
    ],
    ids=["seated twice", "not seated", "seat ended", "suspended", "ended", "same"],
)
def test_the_only_customer_whose_plan_in_force_seats_the_contact(other, customer):
    plans = [make_plan(), make_plan(**{"customer": "Other", "name": "2", **other})]
    assert customer_to_judge(plans, ALICE, NOW) == customer
    assert customer_to_judge(plans[::-1], ALICE, NOW) == customer


def test_a_contact_without_plans_asks_for_nobody():
    assert customer_to_judge([], ALICE, NOW) is None


@pytest.mark.parametrize("sender", [ALICE, ALICE.upper(), f" {ALICE} "])
def test_a_participant_is_known_however_the_address_is_spelt(sender):
    assert not is_stray(sender, [BOB, ALICE])


@pytest.mark.parametrize("participants", [[], [BOB], [f"x{ALICE}"]])
def test_whoever_takes_no_part_is_a_stranger(participants):
    assert is_stray(ALICE, participants)
