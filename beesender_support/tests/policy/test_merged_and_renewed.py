"""Plans that overlap by other means than selling, seats that meet, and the next plan."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest

from beesender_support.policy.errors import PlanOverlap, SeatedTwice
from beesender_support.policy.plans.catalogue import CATALOGUE
from beesender_support.policy.plans.end_notices import is_continued
from beesender_support.policy.plans.plan_state import DRAFT, EXPIRED, SUSPENDED
from beesender_support.policy.plans.plans import Plan, Seat, check_overlap
from beesender_support.policy.plans.seats import (
    check_seated_once,
    check_seats,
    over_quota_since,
)
from beesender_support.screens.workspace import readiness

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 12, tzinfo=timezone.utc)


def make_plan(name="P-1", **values) -> Plan:
    return Plan(
        **{
            "name": name,
            "customer": "Acme Telecom",
            "tier": CATALOGUE.tier("Basic"),
            "time_zone": "GMT+3",
            "starts_on": date(2026, 1, 1),
            "ends_on": date(2026, 12, 31),
            **values,
        }
    )


OTHER = make_plan("P-2", starts_on=date(2026, 6, 1), ends_on=date(2027, 5, 31))


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
    before = make_plan()
    plan = replace(before, **change)
    if is_allowed:
        check_overlap(plan, [OTHER], before)
    else:
        with pytest.raises(PlanOverlap):
            check_overlap(plan, [OTHER], before)


@pytest.mark.parametrize("status", [DRAFT, SUSPENDED, EXPIRED])
def test_a_plan_that_was_not_in_force_gets_no_day_of_another(status):
    before = make_plan(status=status)
    with pytest.raises(PlanOverlap):
        check_overlap(make_plan(), [OTHER], before)
    with pytest.raises(PlanOverlap):
        check_overlap(make_plan(), [OTHER])


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
    plan = make_plan(seats=seats)
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
    plan = make_plan(seats=seats)
    assert len(plan.active_seats(TODAY)) == 2
    assert over_quota_since(plan, None, TODAY) is None


def test_a_seat_that_somebody_ended_is_none_from_then_on():
    seat = Seat("anna@acme.example", None, TODAY, ended_at=NOON)
    assert seat.has_ended(TODAY)
    assert not seat.is_active(TODAY)
    again = Seat("anna@acme.example", TODAY)
    plan = make_plan(seats=(seat, again))
    check_seats(plan, None, TODAY)
    assert plan.active_seats(TODAY) == (again,)


@pytest.mark.parametrize(
    ("values", "goes_on"),
    [
        ({"starts_on": date(2027, 1, 1), "ends_on": None}, True),
        ({"starts_on": date(2027, 1, 1), "ends_on": date(2027, 12, 31)}, True),
        ({"starts_on": date(2026, 12, 1), "ends_on": None}, True),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "time_zone": "GMT-2"}, True),
        ({"starts_on": date(2027, 1, 2), "ends_on": None}, False),
        ({"starts_on": date(2026, 12, 1)}, False),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "status": DRAFT}, False),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "status": SUSPENDED}, False),
        ({"starts_on": date(2027, 1, 1), "ends_on": None, "customer": "B"}, False),
    ],
)
def test_the_next_plan_goes_on_where_this_one_ends(values, goes_on):
    plan = make_plan()
    assert is_continued(plan, [plan, make_plan("P-2", **values)]) is goes_on


def test_a_plan_without_an_end_needs_no_next_one():
    assert not is_continued(make_plan(ends_on=None), [OTHER])


def test_first_steps_name_plans_that_overlap_and_contacts_who_are_twice_on_one():
    seats = (Seat("anna@acme.example"), Seat("anna@acme.example"))
    plan = make_plan(seats=seats)
    plans = readiness.plans_step([plan, OTHER], NOON)
    assert [str(each.sentence) for each in plans.missing] == [
        "P-1 and P-2 of Acme Telecom are in force on the same days. End one of them."
    ]
    assert readiness.plans_step([plan, replace(OTHER, customer="B")], NOON).is_done
    assert readiness.plans_step([plan, replace(OTHER, status=DRAFT)], NOON).is_done
    contacts = readiness.contacts_step([plan], {"anna@acme.example"}, NOON)
    assert "more than one seat" in str(contacts.missing[0].sentence)
