"""For which customer somebody asks."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.plans.plan_state import SUSPENDED
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.requests.customers import (
    HOLD,
    LIKE_UNPLANNED,
    REFUSE,
    REGISTER,
    STRANGERS,
    AskedFor,
    customer_of_contact,
    customer_of_domain,
    only_seating_customer,
    without_plan,
)
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
    assert only_seating_customer(plans, ALICE, NOW) == customer
    assert only_seating_customer(plans[::-1], ALICE, NOW) == customer


def test_a_contact_without_plans_asks_for_nobody():
    assert only_seating_customer([], ALICE, NOW) is None


@pytest.mark.parametrize(
    ("domain", "named", "seated", "customer"),
    [
        ("acme.example", ["Acme"], [], "Acme"),
        ("acme.example", [], ["Acme", "Acme"], "Acme"),
        ("acme.example", ["Acme"], ["Other"], "Acme"),
        ("acme.example", ["Acme", "Other"], ["Acme"], None),
        ("acme.example", [], ["Acme", "Other"], None),
        ("acme.example", [], [], None),
        ("gmail.com", ["Acme"], ["Acme"], None),
        ("mail.ru", [], ["Acme"], None),
        ("example.com", [], ["Acme"], None),
        ("example.com", ["Acme"], [], "Acme"),
    ],
)
def test_a_stranger_writes_for_the_only_customer_of_the_domain(
    domain, named, seated, customer
):
    assert customer_of_domain(domain, named, seated) == customer


# For whom a known contact asks

NOBODY, OPEN = AskedFor(), AskedFor(is_open=True)
ACME, BETA, GAMMA = "Acme", "Beta", "Gamma"


@pytest.mark.parametrize(
    ("named", "seating", "planned", "asked_for"),
    [
        (None, (), (), NOBODY),
        (None, (), (ACME,), AskedFor(ACME)),
        (None, (), (ACME, BETA), OPEN),
        (None, (ACME,), (), AskedFor(ACME)),
        (None, (ACME,), (BETA,), AskedFor(ACME)),
        (None, (ACME, BETA), (), OPEN),
        (None, (ACME, BETA), (GAMMA,), OPEN),
        (ACME, (), (), AskedFor(ACME)),
        (ACME, (), (BETA,), AskedFor(ACME)),
        (ACME, (ACME,), (), AskedFor(ACME)),
        (ACME, (BETA,), (), AskedFor(BETA)),
        (ACME, (ACME, BETA), (), AskedFor(ACME)),
        (ACME, (BETA, GAMMA), (), AskedFor(ACME)),
    ],
)
def test_a_seat_says_for_whom_a_contact_asks_then_the_helpdesk_then_a_plan(
    named, seating, planned, asked_for
):
    assert customer_of_contact(named, set(seating), set(planned)) == asked_for


@pytest.mark.parametrize(
    ("asked_for", "is_unsaid"),
    [(NOBODY, True), (OPEN, False), (AskedFor(ACME), False)],
)
def test_a_domain_may_say_only_what_nothing_else_says(asked_for, is_unsaid):
    assert asked_for.is_unsaid is is_unsaid


# Without a plan


@pytest.mark.parametrize(
    ("strangers", "is_held", "answers_at_once"),
    [
        (LIKE_UNPLANNED, False, True),
        (REGISTER, False, False),
        (HOLD, True, False),
        (REFUSE, True, True),
    ],
)
def test_strangers_are_treated_as_the_site_says(strangers, is_held, answers_at_once):
    treated = without_plan(
        is_stranger=True,
        strangers=strangers,
        hold_unplanned=False,
        answers_at_once=True,
    )
    assert treated == (is_held, answers_at_once)


@given(st.sampled_from(STRANGERS), st.booleans(), st.booleans(), st.booleans())
def test_the_setting_for_strangers_concerns_nobody_else(
    strangers, hold_unplanned, is_open, answers_at_once
):
    treated = without_plan(
        is_stranger=False,
        strangers=strangers,
        hold_unplanned=hold_unplanned,
        customer_is_open=is_open,
        answers_at_once=answers_at_once,
    )
    assert treated == (hold_unplanned or is_open, answers_at_once)


@given(st.sampled_from(STRANGERS), st.booleans(), st.booleans())
def test_nobody_is_refused_who_could_not_read_it(
    strangers, hold_unplanned, customer_is_open
):
    treated = without_plan(
        is_stranger=True,
        strangers=strangers,
        hold_unplanned=hold_unplanned,
        customer_is_open=customer_is_open,
        answers_at_once=False,
    )
    assert not treated.answers_at_once
    assert treated.is_held or not customer_is_open
