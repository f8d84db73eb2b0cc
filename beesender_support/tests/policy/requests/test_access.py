"""Who may look at a plan, who may change its seats, and who cannot ask under it."""

import pytest

from beesender_support.policy.plans.plan_state import (
    DRAFT,
    EXPIRED,
    PLAN_STATUSES,
    SUSPENDED,
)
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.requests.access import (
    ACCOUNT_MANAGER,
    COLLEAGUES,
    CONCERNS,
    NOT_ALLOWED,
    NOT_THEIRS,
    PLAN_ENDED,
    THE_READER,
    WHY_NOT_SWAP,
    concern_about,
    lacks_a_seat,
    may_swap_seats,
    may_view,
    who_manages_seats,
    why_not_swap_seats,
)
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    EXAMPLE,
    NOON,
    TODAY,
    TOMORROW,
    YESTERDAY,
    make_plan,
    make_tier,
)


@pytest.mark.parametrize("status", PLAN_STATUSES)
def test_people_of_the_customer_see_every_plan_that_was_sold(status):
    plan = make_plan(status=status, seats=())
    assert may_view(plan, BOB, [EXAMPLE], NOON) is (status != DRAFT)


def test_strangers_see_no_plan():
    assert not may_view(make_plan(), BOB, [], NOON)
    assert not may_view(make_plan(), BOB, ["Another"], NOON)


@pytest.mark.parametrize(
    ("seat", "sees"),
    [
        (Seat(BOB), True),
        (Seat(BOB, to_date=TODAY), True),
        (Seat(BOB, to_date=YESTERDAY), False),
        (Seat(BOB, from_date=TOMORROW), True),
        (Seat(BOB, is_suspended=True), True),
    ],
)
def test_a_contact_of_nobody_sees_a_plan_as_long_as_their_seat(seat, sees):
    assert may_view(make_plan(seats=(seat,)), BOB, [], NOON) is sees


SOLD, ENDED_BY_DATE = {}, {"ends_on": YESTERDAY}
STATES = {
    "in_force": SOLD,
    "suspended": {"status": SUSPENDED},
    "not_started": {"starts_on": TOMORROW},
    "ended": ENDED_BY_DATE,
    "closed": {"status": EXPIRED},
    "draft": {"status": DRAFT},
}


@pytest.mark.parametrize(
    ("state", "why_not"),
    [
        ("in_force", None),
        ("suspended", None),
        ("not_started", None),
        ("ended", PLAN_ENDED),
        ("closed", PLAN_ENDED),
        # Nobody learns of a plan that is not sold yet.
        ("draft", NOT_THEIRS),
    ],
)
@pytest.mark.parametrize("managed", [[EXAMPLE], ["Another", EXAMPLE], ["Another"], []])
@pytest.mark.parametrize("is_allowed", [True, False])
def test_managers_of_the_customer_swap_seats_where_the_vendor_lets_them(
    state, why_not, managed, is_allowed
):
    if EXAMPLE not in managed:
        why_not = NOT_THEIRS
    elif not is_allowed and why_not != NOT_THEIRS:
        why_not = NOT_ALLOWED
    plan = make_plan(**STATES[state])
    facts = {"is_allowed": is_allowed, "at": NOON}
    assert why_not_swap_seats(plan, managed, **facts) == why_not
    assert may_swap_seats(plan, managed, **facts) is (why_not is None)


def test_every_refusal_that_is_told_has_its_sentence():
    assert set(WHY_NOT_SWAP) == {NOT_ALLOWED, PLAN_ENDED}


@pytest.mark.parametrize(
    ("managed", "is_allowed", "has_managers", "is_colleague", "who"),
    [
        ([EXAMPLE], True, True, True, THE_READER),
        ([EXAMPLE], False, True, True, ACCOUNT_MANAGER),
        ([], True, True, True, COLLEAGUES),
        ([], True, True, False, ACCOUNT_MANAGER),
        ([], True, False, True, ACCOUNT_MANAGER),
        ([], True, False, False, ACCOUNT_MANAGER),
        ([], False, True, True, ACCOUNT_MANAGER),
        ([], False, True, False, ACCOUNT_MANAGER),
        (["Another"], True, True, True, COLLEAGUES),
        (["Another"], True, True, False, ACCOUNT_MANAGER),
    ],
)
@pytest.mark.parametrize("state", STATES)
def test_a_reader_is_told_who_really_changes_the_seats(
    state, managed, is_allowed, has_managers, is_colleague, who
):
    if state in ("ended", "closed", "draft"):
        # Nobody of the customer does.
        who = ACCOUNT_MANAGER
    assert who == who_manages_seats(
        make_plan(**STATES[state]),
        managed,
        is_allowed=is_allowed,
        has_managers=has_managers,
        is_colleague=is_colleague,
        at=NOON,
    )


def test_a_seated_contact_of_a_plan_in_force_has_nothing_to_worry_about():
    assert concern_about(make_plan(), ALICE, NOON) is None


CASES = {
    "plan_not_started": ({"starts_on": TOMORROW}, ALICE),
    "plan_suspended": ({"status": SUSPENDED, "starts_on": TOMORROW}, ALICE),
    "plan_expired": ({"ends_on": YESTERDAY}, ALICE),
    "contact_not_authorized": ({}, BOB),
    "seat_not_started": ({"seats": (Seat(BOB, TOMORROW),)}, BOB),
    "seat_suspended": ({"seats": (Seat(BOB, is_suspended=True),)}, BOB),
    "seat_expired": ({"seats": (Seat(BOB, to_date=YESTERDAY),)}, BOB),
    "channel_not_in_plan": (
        {"tier": make_tier(registration_channels=frozenset({"email"}))},
        ALICE,
    ),
}


@pytest.mark.parametrize("reason", CASES)
def test_whoever_cannot_ask_is_told_why(reason):
    overrides, contact = CASES[reason]
    concern = concern_about(make_plan(**overrides), contact, NOON)
    assert concern.reason == reason
    assert concern.is_about_seats is (contact == BOB)
    assert "{" not in str(concern.sentence)


def test_a_seat_alone_is_not_enough_for_who_belongs_to_no_customer():
    concern = concern_about(make_plan(), ALICE, NOON, is_member=False)
    assert (concern.reason, concern.is_about_seats) == ("not_a_member", False)
    assert f"contacts of {EXAMPLE}" in str(concern.sentence)
    # What stands in the way of everybody comes first.
    suspended = make_plan(status=SUSPENDED)
    concern = concern_about(suspended, ALICE, NOON, is_member=False)
    assert concern.reason == "plan_suspended"
    assert {*CASES, "not_a_member"} == set(CONCERNS)


def test_an_agent_is_told_of_the_plan_only():
    assert concern_about(make_plan(), None, NOON) is None
    suspended = make_plan(status=SUSPENDED)
    assert concern_about(suspended, None, NOON).reason == "plan_suspended"


# Asking for a seat


@pytest.mark.parametrize(
    ("seats", "lacks"),
    [
        ((), True),
        ((Seat(BOB),), False),
        ((Seat(BOB, to_date=YESTERDAY),), True),
        ((Seat(BOB, from_date=TOMORROW),), True),
        ((Seat(BOB, is_suspended=True),), True),
    ],
)
def test_a_seat_is_asked_for_by_whoever_has_none_in_force(seats, lacks):
    assert lacks_a_seat(make_plan(seats=seats), BOB, NOON) is lacks


@pytest.mark.parametrize(
    "plan",
    [
        {"status": DRAFT},
        {"status": SUSPENDED},
        {"ends_on": YESTERDAY},
        {"starts_on": TOMORROW},
    ],
)
def test_on_a_plan_that_is_not_in_force_no_seat_helps(plan):
    assert not lacks_a_seat(make_plan(seats=(), **plan), BOB, NOON)
