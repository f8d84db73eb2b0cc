"""What is said of a first client is checked before anything is made."""

from dataclasses import replace
from datetime import date

import pytest

from beesender_support.policy.errors import (
    NoLongerOffered,
    NoName,
    NotAnAddress,
    UnknownTimeZone,
)
from beesender_support.policy.readiness.first_plan import FirstPlan
from beesender_support.tests.policy.factories import make_tier

FIRST = FirstPlan(
    customer="Example Ltd",
    contact="Anna Smith",
    address="anna@example.com",
    tier=make_tier(),
    time_zone="GMT+3",
    starts_on=date(2026, 11, 23),
)


def test_names_and_the_address_are_taken_in_one_form():
    said = replace(FIRST, customer=" Example   Ltd ", address="Anna@Example.com ")
    assert said == FIRST


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"customer": " "}, NoName),
        ({"contact": ""}, NoName),
        ({"contact": "A" * 121}, NoName),
        ({"address": ""}, NotAnAddress),
        ({"address": "Anna"}, NotAnAddress),
        ({"address": "anna@example.com, bob@example.com"}, NotAnAddress),
        ({"tier": make_tier(no_longer_sold=True)}, NoLongerOffered),
        ({"time_zone": "Mars"}, UnknownTimeZone),
    ],
)
def test_what_cannot_be_is_refused(said, refusal):
    with pytest.raises(refusal):
        replace(FIRST, **said)
