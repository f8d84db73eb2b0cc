"""Plans and their seats, and that two of a customer are never in force on one day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.errors import (
    InvalidValue,
    NoWorkingTime,
    PlanOverlap,
    UnknownName,
    UnknownTimeZone,
)
from beesender_support.policy.plans.plan_state import (
    ACTIVE,
    DRAFT,
    EXPIRED,
    PLAN_STATUSES,
    SUSPENDED,
)
from beesender_support.policy.plans.plans import Seat, check_overlap, normalize_contact
from beesender_support.policy.plans.seats import check_seats
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    NOON,
    TODAY,
    at,
    make_plan,
    plan_of_2026,
)

ANNA = "anna@acme.example"
OTHER = plan_of_2026("P-2", starts_on=date(2026, 6, 1), ends_on=date(2027, 5, 31))


@pytest.mark.parametrize(
    ("overrides", "error", "field", "value"),
    [
        ({"time_zone": "Mars/Olympus"}, UnknownTimeZone, "time_zone", "Mars/Olympus"),
        ({"status": "Paused"}, UnknownName, "status", "Paused"),
        ({"ends_on": date(2025, 12, 31)}, InvalidValue, "ends_on", date(2025, 12, 31)),
        (
            {
                "holidays": tuple(
                    Holiday(date.fromordinal(date(2026, 1, 1).toordinal() + day))
                    for day in range(365)
                )
            },
            NoWorkingTime,
            "support_windows",
            2026,
        ),
    ],
)
def test_a_plan_that_cannot_be_kept_is_refused(overrides, error, field, value):
    with pytest.raises(error) as refusal:
        make_plan(**overrides)
    assert (refusal.value.field, refusal.value.value) == (field, value)


def test_a_plan_may_last_one_day():
    plan = make_plan(starts_on=TODAY, ends_on=TODAY)
    assert plan.is_in_force(at("2026-11-23T12:00+03:00"))


@pytest.mark.parametrize("status", PLAN_STATUSES)
def test_only_an_active_plan_is_in_force(status):
    plan = make_plan(status=status)
    assert plan.is_in_force(at("2026-11-23T12:00+03:00")) is (status == ACTIVE)


def test_the_day_of_a_plan_is_the_day_in_its_zone():
    instant = at("2026-11-23T23:30+00:00")
    assert make_plan(time_zone="GMT+3").today(instant) == date(2026, 11, 24)
    assert make_plan(time_zone="GMT-2").today(instant) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("from_date", "to_date", "is_active"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 24), None, False),
        (None, date(2026, 11, 22), False),
        (date(2026, 11, 1), date(2026, 11, 30), True),
    ],
)
def test_both_dates_of_a_seat_are_inclusive_and_may_be_open(
    from_date, to_date, is_active
):
    assert Seat(ALICE, from_date, to_date).is_active(TODAY) is is_active


def test_a_seat_that_ends_before_it_starts_is_refused():
    with pytest.raises(InvalidValue) as refusal:
        Seat(ALICE, TODAY, date(2026, 11, 22))
    assert (refusal.value.field, refusal.value.value) == ("to_date", date(2026, 11, 22))


def test_seats_are_found_however_the_contact_is_spelt():
    plan = make_plan(seats=(Seat(" Alice@Example.com "), Seat(BOB), Seat(ALICE)))
    assert len(plan.seats_of("ALICE@example.com")) == 2
    assert plan.seats_of("carol@example.com") == ()


@pytest.mark.parametrize(
    ("seated", "asks", "has_seat"),
    [
        ("anna@пример.рф", "anna@xn--e1afmkfd.xn--p1ai", True),
        (ANNA, f"\u200b{ANNA.upper()} ", True),
        ("mike@acme.example", "mi\u212ae@acme.example", False),
        ("moss@acme.example", "mo\u017f\u017f@acme.example", False),
        ("Anna-1", "anna-1 ", True),
        ("Straße-1", "STRASSE-1", False),
        ("Ánna-1", "Anna-1", False),
    ],
    ids=ascii,
)
def test_a_seat_is_that_of_the_mailbox(seated, asks, has_seat):
    assert (normalize_contact(seated) == normalize_contact(asks)) is has_seat
    assert bool(make_plan(seats=(Seat(seated),)).seats_of(asks)) is has_seat


@pytest.mark.parametrize(
    ("one", "other", "is_refused"),
    [
        ({}, {}, True),
        ({"ends_on": date(2026, 6, 30)}, {"starts_on": date(2026, 7, 1)}, False),
        ({"ends_on": date(2026, 6, 30)}, {"starts_on": date(2026, 6, 30)}, True),
        ({"starts_on": date(2026, 7, 1)}, {"ends_on": date(2026, 6, 30)}, False),
        ({"status": DRAFT}, {}, False),
        ({"status": SUSPENDED}, {}, False),
        ({}, {"status": EXPIRED}, False),
    ],
)
def test_two_plans_of_a_customer_are_never_in_force_on_one_day(one, other, is_refused):
    plan, others = make_plan(**one), [make_plan(name="PLAN-0002", **other)]
    if not is_refused:
        check_overlap(plan, others)
        return
    with pytest.raises(InvalidValue) as refusal:
        check_overlap(plan, others)
    assert refusal.value.field == "starts_on"
    assert "PLAN-0002" in str(refusal.value)


def test_a_plan_does_not_overlap_itself():
    check_overlap(make_plan(), [make_plan()])


@pytest.mark.parametrize(
    ("change", "is_allowed"),
    [
        ({}, True),
        ({"ends_on": date(2026, 9, 30)}, True),
        ({"ends_on": date(2026, 5, 31)}, True),
        ({"status": EXPIRED}, True),
        ({"starts_on": date(2025, 1, 1)}, True),
        ({"ends_on": date(2027, 1, 1)}, False),
        ({"ends_on": None}, False),
    ],
)
def test_a_plan_that_overlaps_may_share_no_more_days(change, is_allowed):
    before = plan_of_2026()
    plan = replace(before, **change)
    if is_allowed:
        check_overlap(plan, [OTHER], before)
    else:
        with pytest.raises(PlanOverlap):
            check_overlap(plan, [OTHER], before)


@pytest.mark.parametrize("ends_on", [date(2029, 12, 31), None])
def test_a_plan_that_outlasts_the_other_shares_no_more_days_by_lasting_longer(ends_on):
    before = plan_of_2026(ends_on=date(2028, 12, 31))
    check_overlap(replace(before, ends_on=ends_on), [OTHER], before)


@pytest.mark.parametrize("status", [DRAFT, SUSPENDED, EXPIRED])
def test_a_plan_that_was_not_in_force_gets_no_day_of_another(status):
    before = plan_of_2026(status=status)
    with pytest.raises(PlanOverlap):
        check_overlap(plan_of_2026(), [OTHER], before)
    with pytest.raises(PlanOverlap):
        check_overlap(plan_of_2026(), [OTHER])


def test_a_seat_that_somebody_ended_is_none_from_then_on():
    seat = Seat("anna@acme.example", None, TODAY, ended_at=NOON)
    assert seat.has_ended(TODAY)
    assert not seat.is_active(TODAY)
    again = Seat("anna@acme.example", TODAY)
    plan = plan_of_2026(seats=(seat, again))
    check_seats(plan, None, TODAY)
    assert plan.active_seats(TODAY) == (again,)


DAYS = st.dates(date(2026, 1, 1), date(2026, 1, 12))
SEATS = st.tuples(st.none() | DAYS, st.none() | DAYS).filter(
    lambda days: not (all(days) and days[1] < days[0])
)


@given(DAYS, st.none() | DAYS, st.lists(SEATS, max_size=3), DAYS, DAYS)
def test_days_of_one_period_find_a_plan_and_its_seats_in_one_state(
    starts_on, ends_on, seats, one, other
):
    if ends_on and ends_on < starts_on:
        starts_on, ends_on = ends_on, starts_on
    plan = make_plan(
        starts_on=starts_on,
        ends_on=ends_on,
        seats=tuple(Seat(ANNA, *days) for days in seats),
    )
    if plan.period_on(one) == plan.period_on(other):
        assert plan.state_on(one) == plan.state_on(other)
        assert plan.state_of_contact(ANNA, one) == plan.state_of_contact(ANNA, other)


def test_a_plan_that_never_ends_has_two_periods():
    plan = make_plan(starts_on=TODAY, ends_on=date.max)
    days = date.min, TODAY, date.max
    assert [plan.period_on(day) for day in days] == [0, 1, 1]
