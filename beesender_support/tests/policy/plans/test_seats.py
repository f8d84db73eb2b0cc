"""Seats up to the limit and beyond it, and what is off with a seat."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from beesender_support.policy.errors import InvalidValue, SeatedTwice
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.plans.seats import (
    check_seated_once,
    check_seats,
    free_seats,
    is_near_limit,
    over_quota_since,
    seat_warnings,
    seats_over_limit,
    seats_to_restore,
    seats_to_suspend,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    TODAY,
    make_plan,
    plan_of_2026,
)

OLD, MIDDLE, NEW = (
    Seat("old@example.com"),
    Seat("middle@example.com", date(2026, 2, 1)),
    Seat("new@example.com", date(2026, 3, 1)),
)


def seated(*seats: Seat, **overrides) -> Plan:
    return make_plan(seats=seats, **overrides)


def test_seats_are_free_up_to_the_limit_of_the_tier():
    assert free_seats(seated(), TODAY) == 2
    assert free_seats(seated(OLD), TODAY) == 1
    assert free_seats(seated(OLD, MIDDLE, NEW), TODAY) == 0


def test_a_seat_that_starts_later_is_not_free_now():
    later = Seat("later@example.com", TODAY + timedelta(days=30))
    assert free_seats(seated(OLD, later), TODAY) == 0


def test_the_grace_period_runs_from_the_first_day_over_quota():
    plan = seated(NEW, OLD, MIDDLE)
    since = over_quota_since(plan, None, TODAY)
    assert since == TODAY
    assert over_quota_since(plan, since, TODAY + timedelta(days=5)) == TODAY
    assert over_quota_since(seated(OLD, MIDDLE), since, TODAY) is None


@pytest.mark.parametrize(
    ("days", "suspended"), [(0, ()), (13, ()), (14, (NEW,)), (400, (NEW,))]
)
def test_after_the_grace_period_the_newest_seat_is_suspended(days, suspended):
    plan = seated(NEW, OLD, MIDDLE)
    assert seats_to_suspend(plan, TODAY, TODAY + timedelta(days=days), 14) == suspended


def test_a_suspended_seat_admits_nobody_and_counts_no_more():
    gone = Seat("new@example.com", date(2026, 3, 1), is_suspended=True)
    plan = seated(OLD, MIDDLE, gone)
    assert plan.active_seats(TODAY) == (OLD, MIDDLE)
    assert over_quota_since(plan, TODAY, TODAY) is None


def test_the_oldest_suspended_seat_comes_back_when_there_is_room():
    first = Seat("first@example.com", date(2026, 3, 1), is_suspended=True)
    second = Seat("second@example.com", date(2026, 4, 1), is_suspended=True)
    assert seats_to_restore(seated(OLD, MIDDLE, second, first), TODAY) == ()
    assert seats_to_restore(seated(OLD, second, first), TODAY) == (first,)
    assert seats_to_restore(seated(second, first), TODAY) == (first, second)


@pytest.mark.parametrize(
    ("tier", "used", "near"),
    [
        ("Basic", 0, False),
        ("Basic", 1, False),
        ("Basic", 2, True),
        ("Business", 3, False),
        ("Business", 4, True),
        ("Premium", 11, False),
        ("Premium", 12, True),
    ],
)
def test_a_plan_is_near_its_limit_from_four_fifths_of_its_seats(tier, used, near):
    seats = tuple(Seat(f"contact{number}") for number in range(used))
    assert is_near_limit(seated(*seats, tier=CATALOGUE.tier(tier)), TODAY) is near


def test_a_tier_without_seats_seats_nobody_and_has_no_limit_to_come_near():
    tier = replace(CATALOGUE.tier("Basic"), authorized_contact_limit=0)
    empty, one = seated(tier=tier), seated(OLD, tier=tier)
    assert free_seats(empty, TODAY) == 0
    assert not is_near_limit(empty, TODAY)
    check_seats(empty, None, TODAY)
    with pytest.raises(InvalidValue):
        check_seats(one, None, TODAY)
    assert over_quota_since(empty, None, TODAY) is None
    assert over_quota_since(one, None, TODAY) == TODAY
    assert seats_over_limit(one, TODAY) == (OLD,)
    assert (
        seats_to_restore(seated(replace(OLD, is_suspended=True), tier=tier), TODAY)
        == ()
    )


def test_seats_that_ended_do_not_count_towards_the_limit():
    seats = (Seat("a"), Seat("b", to_date=TODAY - timedelta(days=1)))
    assert not is_near_limit(seated(*seats), TODAY)


def test_the_newest_seats_are_over_the_limit():
    seats = (Seat(ALICE, from_date=date(2026, 11, 1)), Seat(BOB), OLD)
    assert seats_over_limit(seated(*seats), TODAY) == (seats[0],)


def warnings(seat, over_limit=(), portal_users=(ALICE,), members=(ALICE,)):
    return seat_warnings(
        seat,
        TODAY,
        over_limit=over_limit,
        portal_users=portal_users,
        members=members,
    )


def test_a_sound_seat_warns_of_nothing():
    assert warnings(Seat(ALICE)) == ()
    assert warnings(Seat(ALICE, to_date=TODAY + timedelta(days=31))) == ()


def test_everything_that_is_off_with_a_seat_is_named():
    seat = Seat(BOB, to_date=TODAY + timedelta(days=30), is_suspended=True)
    assert warnings(seat, over_limit=(seat,)) == (
        "suspended",
        "over_limit",
        "ends_soon",
        "no_portal_user",
        "not_a_member",
    )


def test_an_ended_seat_needs_no_attention():
    assert warnings(Seat(BOB, to_date=TODAY - timedelta(days=1))) == ()


def test_of_two_seats_of_one_contact_only_the_one_beyond_the_limit_is_named():
    first, second = Seat(ALICE), Seat(ALICE)
    assert warnings(first, over_limit=(second,)) == ()


def test_as_many_seats_as_the_tier_includes_are_taken():
    check_seats(make_plan(seats=(Seat(ALICE), Seat(BOB))), None, TODAY)


def test_a_seat_too_many_is_refused():
    plan = make_plan(seats=(Seat(ALICE), Seat(BOB), Seat("carol@example.com")))
    with pytest.raises(InvalidValue) as refusal:
        check_seats(plan, None, TODAY)
    assert (refusal.value.field, refusal.value.value) == ("authorized_contacts", 3)
    assert "Basic includes 2" in str(refusal.value)


def test_seats_that_follow_each_other_share_a_place():
    plan = make_plan(
        seats=(
            Seat(ALICE),
            Seat(BOB, to_date=date(2026, 12, 31)),
            Seat("carol@example.com", from_date=date(2027, 1, 1)),
        )
    )
    check_seats(plan, None, TODAY)


def test_seats_that_will_be_too_many_one_day_are_refused_today():
    plan = make_plan(
        seats=(
            Seat(ALICE),
            Seat(BOB, to_date=date(2027, 1, 1)),
            Seat("carol@example.com", from_date=date(2027, 1, 1)),
        )
    )
    with pytest.raises(InvalidValue):
        check_seats(plan, None, TODAY)


def test_after_a_downgrade_a_plan_keeps_its_seats_but_gains_none():
    seats = tuple(Seat(f"contact{number}@example.com") for number in range(5))
    business, basic = make_plan("Business", seats=seats), make_plan(seats=seats)
    check_seats(basic, business, TODAY)
    check_seats(make_plan(seats=seats[:4]), basic, TODAY)
    with pytest.raises(InvalidValue):
        check_seats(make_plan(seats=(*seats, Seat(ALICE))), basic, TODAY)


def test_a_contact_seated_twice_is_refused():
    plan = make_plan(seats=(Seat(ALICE), Seat(ALICE.upper())))
    with pytest.raises(InvalidValue) as refusal:
        check_seats(plan, None, TODAY)
    assert refusal.value.value == ALICE.upper()


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ((None, None), (None, None), True),
        ((None, date(2026, 12, 1)), (date(2026, 12, 1), None), True),
        ((None, date(2026, 11, 30)), (date(2026, 12, 1), None), False),
        ((date(2090, 1, 1), None), (None, None), True),
    ],
)
def test_two_seats_of_a_contact_never_share_a_day(one, other, meet):
    seats = (Seat("anna@acme.example", *one), Seat("Anna@acme.example", *other))
    plan = plan_of_2026(seats=seats)
    if not meet:
        check_seats(plan, None, TODAY)
        check_seated_once(plan, TODAY)
        return
    with pytest.raises(SeatedTwice):
        check_seats(plan, None, TODAY)
    # Merged contacts: everything else on the plan can be changed.
    check_seats(plan, plan, TODAY)
    with pytest.raises(SeatedTwice):
        check_seated_once(plan, TODAY)
    with pytest.raises(SeatedTwice):
        check_seats(replace(plan, seats=(*seats, seats[0])), plan, TODAY)


def test_a_contact_who_is_twice_on_a_plan_takes_one_seat():
    seats = (
        Seat("anna@acme.example"),
        Seat("anna@acme.example"),
        Seat("b@acme.example"),
    )
    plan = plan_of_2026(seats=seats)
    assert len(plan.active_seats(TODAY)) == 2
    assert over_quota_since(plan, None, TODAY) is None
