"""What is sold: the vendor's table to the letter, and values that refuse nonsense."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    HOUR,
    Window,
    describe_windows,
)
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import (
    InvalidDuration,
    InvalidValue,
    NoWorkingTime,
    OverlappingWindows,
    UnknownName,
    UnknownTimeZone,
)
from beesender_support.policy.plans.catalogue import CATALOGUE, OFFERED_TIME_ZONES
from beesender_support.policy.plans.categories import Category, PriorityRule
from beesender_support.policy.plans.plan_state import (
    ACTIVE,
    DRAFT,
    EXPIRED,
    PLAN_STATUSES,
    SUSPENDED,
)
from beesender_support.policy.plans.plans import Seat, check_overlap
from beesender_support.policy.plans.seats import check_seats
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    at,
    make_plan,
    make_tier,
)

PRIORITIES = ("P1", "P2", "P3", "P4")
TODAY = date(2026, 11, 23)

# The catalogue


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
    basic, business, premium = (tier.entitlements for tier in CATALOGUE.tiers)
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


# Settling a priority


@pytest.mark.parametrize(
    ("category", "asked", "settled"),
    [
        ("Consultation", "P1", "P3"),
        ("Consultation", "P2", "P3"),
        ("Consultation", "P3", "P3"),
        ("Consultation", "P4", "P4"),
        ("Consultation", None, "P3"),
        ("Consultation", "", "P3"),
        ("Incident", "P1", "P1"),
        ("Incident", "P4", "P4"),
        ("Incident", None, "P3"),
        ("Paid enhancement request", "P1", "P3"),
        ("Paid enhancement request", None, "P4"),
    ],
)
def test_a_priority_is_lowered_to_the_highest_allowed_one(category, asked, settled):
    assert CATALOGUE.category(category).settle_priority(asked) == settled


def test_a_priority_below_every_allowed_one_becomes_the_lowest_allowed():
    urgent = Category("Outage", True, (PriorityRule("P1"), PriorityRule("P2", True)))
    assert urgent.settle_priority("P4") == "P2"


def test_the_order_of_the_rules_does_not_matter():
    category = Category("Any", True, (PriorityRule("P4", True), PriorityRule("P2")))
    assert category.allowed_priorities == ("P2", "P4")
    assert category.settle_priority("P1") == "P2"
    assert category.settle_priority("P3") == "P4"


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ((), "priority_rules"),
        ((PriorityRule("P1", True), PriorityRule("P1")), "priority_rules"),
        ((PriorityRule("P1"),), "is_default"),
        ((PriorityRule("P1", True), PriorityRule("P2", True)), "is_default"),
    ],
)
def test_a_category_without_clear_priorities_is_refused(rules, field):
    with pytest.raises(InvalidValue) as refusal:
        Category("Unclear", True, rules)
    assert refusal.value.field == field


# Tiers refuse


@pytest.mark.parametrize(
    ("overrides", "error", "field"),
    [
        ({"windows": ()}, NoWorkingTime, "support_windows"),
        (
            {"windows": (Window(0, 0, 2 * HOUR), Window(0, HOUR, 3 * HOUR))},
            OverlappingWindows,
            "support_windows",
        ),
        ({"response_targets": {"P1": timedelta()}}, InvalidDuration, "P1"),
        ({"response_targets": {"P2": timedelta(hours=-1)}}, InvalidDuration, "P2"),
        ({"fee_percent": Decimal("-0.01")}, InvalidValue, "fee_percent"),
        ({"authorized_contact_limit": -1}, InvalidValue, "authorized_contact_limit"),
        ({"updates_per_year": -1}, InvalidValue, "updates_per_year"),
        (
            {"registration_channels": frozenset({"fax"})},
            UnknownName,
            "registration_channels",
        ),
        ({"answer_channels": frozenset({"fax"})}, UnknownName, "answer_channels"),
        ({"entitlements": frozenset({"cake"})}, UnknownName, "entitlements"),
    ],
)
def test_a_tier_that_cannot_be_kept_is_refused(overrides, error, field):
    with pytest.raises(error) as refusal:
        make_tier(**overrides)
    assert field in refusal.value.field


def test_the_targets_of_a_tier_cannot_be_edited_behind_its_back():
    targets = {"P1": timedelta(hours=1)}
    tier = make_tier(response_targets=targets)
    targets["P1"] = timedelta(hours=9)
    assert tier.response_targets["P1"] == timedelta(hours=1)
    with pytest.raises(TypeError):
        tier.response_targets["P1"] = timedelta(hours=9)


def test_the_order_of_windows_does_not_matter():
    tier = make_tier(windows=list(AROUND_THE_CLOCK[::-1]))
    assert tier.around_the_clock
    assert make_plan(tier).calendar is make_plan("Premium").calendar


# Plans and seats


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
