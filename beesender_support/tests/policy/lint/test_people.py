"""People with a seat who cannot use it, or who cannot be told from others."""

from beesender_support.policy.lint.people import (
    check_access,
    check_addresses,
    check_members,
)
from beesender_support.policy.plans.plans import Seat
from beesender_support.tests.policy.factories import ALICE, BOB, NOON, make_plan

SUSPENDED = make_plan(status="Suspended")


def test_seats_of_strangers():
    plan = make_plan(seats=(Seat(ALICE), Seat(BOB)))
    (finding,) = check_members(plan, {ALICE}, NOON)
    assert finding.code == "contact_not_a_member"
    assert finding.context["contacts"] == (BOB,)
    assert not list(check_members(plan, {ALICE, BOB}, NOON))
    assert not list(check_members(SUSPENDED, (), NOON))


def test_seats_without_access_to_the_portal():
    plan = make_plan(seats=(Seat(ALICE), Seat(BOB)))
    (finding,) = check_access(plan, {BOB}, NOON)
    assert finding.code == "contact_without_portal_user"
    assert finding.context["contacts"] == (ALICE,)
    assert not list(check_access(plan, {ALICE, BOB}, NOON))
    assert not list(check_access(SUSPENDED, (), NOON))


def test_an_address_of_two_contacts_one_of_whom_has_a_seat():
    plans = [make_plan()]
    (finding,) = check_addresses(plans, {"a@example.com": {ALICE, BOB}}, NOON)
    assert finding.key == ("address_twice", ALICE, "a@example.com")
    assert finding.customer == "Example Ltd"
    assert finding.context["others"] == (BOB,)


def test_other_addresses_are_nobodys_business():
    plans = [make_plan(), SUSPENDED]
    for addresses in ({"a@example.com": {ALICE}}, {"x@example.com": {BOB, "carl"}}):
        assert not list(check_addresses(plans, addresses, NOON))
    assert not list(check_addresses([SUSPENDED], {"a@example.com": {ALICE, BOB}}, NOON))
