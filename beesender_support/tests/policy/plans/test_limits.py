"""What may be entered, and how the rest is refused."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from beesender_support.policy.calendar.holidays import (
    FIRST_YEAR,
    LAST_YEAR,
    Days,
    Holiday,
    WorkingDay,
)
from beesender_support.policy.calendar.windows import DAY, HOUR, Window
from beesender_support.policy.errors import (
    HalfAHoliday,
    InvalidTarget,
    Negative,
    NoLongerOffered,
    NoName,
    NoNumber,
    NoSuccessManager,
    NothingListed,
    OutOfRange,
    OutOfReach,
    RepeatedEntitlement,
    RepeatedHoliday,
    RepeatedRank,
    RepeatedTarget,
    StillUsed,
    UnknownName,
)
from beesender_support.policy.plans import limits
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.entitlements import (
    COUNT,
    HOURS,
    YES_OR_NO,
    SoldEntitlement,
)
from beesender_support.policy.sold.targets import FURTHER_TARGETS
from beesender_support.tests.policy.factories import make_plan

BASIC = CATALOGUE.tier("Basic")


@pytest.mark.parametrize(
    ("typed", "number"),
    [(5, 5), ("5", 5), (" 5 ", 5), ("0.5", "0.5"), (None, 0), ("", 0), (1e3, 1000)],
)
def test_numbers_are_read_as_people_and_programs_write_them(typed, number):
    assert limits.decimal_number("rank", typed, 0, 10_000) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("much", NoNumber),
        ("nan", NoNumber),
        (float("nan"), NoNumber),
        (float("inf"), NoNumber),
        ("-inf", NoNumber),
        ([], NoNumber),
        (-1, Negative),
        ("-0.01", Negative),
        (1e18, OutOfRange),
        ("9" * 400, OutOfRange),
        (10**400, OutOfRange),
    ],
)
def test_no_other_number_goes_in(typed, error):
    with pytest.raises(error) as refusal:
        limits.decimal_number("licence_price", typed, 0, limits.MAX_MONEY)
    assert len(str(refusal.value)) < 120


def test_a_whole_number_has_no_fraction():
    assert limits.whole_number("rank", "3.0", 0, 10) == 3
    with pytest.raises(OutOfRange):
        limits.whole_number("rank", 2.5, 0, 10)


@pytest.mark.parametrize(
    "hours",
    [0, None, "", -1, "-1", 1e9, float("inf"), "nan", 8_785, 0.0001, 1e-12],
)
def test_hours_that_are_no_target(hours):
    with pytest.raises(InvalidTarget) as refusal:
        limits.response_targets_of([("P1", hours)])
    assert "Give more than zero hours" in str(refusal.value)


def test_a_target_is_refused_in_hours():
    with pytest.raises(InvalidTarget, match="P1: -1 h is not a target"):
        replace(BASIC, response_targets={"P1": timedelta(hours=-1)})
    with pytest.raises(InvalidTarget, match="P1: 0 h is not a target"):
        replace(BASIC, response_targets={"P1": timedelta()})
    with pytest.raises(NoNumber):
        limits.response_targets_of([("P1", "soon")])


def test_a_priority_has_one_target():
    rows = [("P1", 1), ("P2", "0.5")]
    assert limits.response_targets_of(rows) == {
        "P1": timedelta(hours=1),
        "P2": timedelta(minutes=30),
    }
    with pytest.raises(RepeatedTarget):
        limits.response_targets_of([*rows, ("P1", 2)])


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        ({"first_answer": 9_000, "solution": 8}, "response_targets P1"),
        ({"first_answer": 4, "next_answer": "soon"}, "next_answer_hours P1"),
        ({"next_answer": 4, "solution": -8}, "solution_hours P1"),
        ({}, "response_targets P1"),
    ],
)
def test_the_column_that_is_wrong_is_named(typed, column):
    with pytest.raises((InvalidTarget, NoNumber)) as refusal:
        limits.targets_of([("P1", typed)])
    assert refusal.value.field == column


@pytest.mark.parametrize("target", FURTHER_TARGETS)
def test_a_length_that_a_tier_cannot_keep_names_its_column(target):
    with pytest.raises(InvalidTarget, match=f"{target}_hours P2: 0 h"):
        replace(BASIC, further_targets={target: {"P2": timedelta()}})
    narrow = replace(
        BASIC,
        windows=(Window(0, 9 * HOUR, 9 * HOUR + 60),),
        response_targets={},
        further_targets={target: {"P2": timedelta(hours=9)}},
    )
    with pytest.raises(InvalidTarget, match=f"{target}_hours P2: 9 h"):
        limits.check_tier(narrow, {})


def test_a_target_without_hours_is_not_sold():
    rows = [("P1", {"first_answer": 4, "next_answer": 0, "solution": None})]
    assert limits.targets_of(rows) == {"first_answer": {"P1": timedelta(hours=4)}}
    assert limits.targets_of([("P1", {"solution": "8"})]) == {
        "solution": {"P1": timedelta(hours=8)}
    }


def test_a_fee_is_a_share():
    replace(BASIC, fee_percent=Decimal(100))
    for percent in ("100.01", "130"):
        with pytest.raises(OutOfRange, match="0 to 100"):
            replace(BASIC, fee_percent=Decimal(percent))
        with pytest.raises(OutOfRange, match="0 to 100"):
            limits.check_fee_percent(percent)
    assert limits.check_fee_percent("100") == 100
    assert limits.check_fee_percent(0) == 0


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"response_targets": {}}, NothingListed),
        ({"registration_channels": frozenset()}, NothingListed),
        ({"answer_channels": frozenset()}, NothingListed),
        ({"rank": 2}, RepeatedRank),
        ({"name": " "}, NoName),
        ({"name": "x" * 121}, NoName),
        # Eight hours of a minute a week.
        ({"windows": (Window(0, 0, 60),)}, None),
        (
            {
                "windows": (Window(0, 0, 60),),
                "response_targets": {"P1": timedelta(hours=9)},
            },
            InvalidTarget,
        ),
    ],
)
def test_a_tier_that_promises_nothing_that_can_be_kept_is_refused(change, error):
    ranks = {tier.name: tier.rank for tier in CATALOGUE.tiers}
    tier = replace(BASIC, **change)
    if error is None:
        limits.check_tier(tier, ranks)
        return
    with pytest.raises(error):
        limits.check_tier(tier, ranks)


def test_the_catalogue_passes():
    ranks = {tier.name: tier.rank for tier in CATALOGUE.tiers}
    for tier in CATALOGUE.tiers:
        limits.check_tier(tier, ranks)


@pytest.mark.parametrize(
    "values",
    [
        {"starts_on": date(1, 1, 1)},
        {"ends_on": date(9999, 12, 31)},
        {"seats": (Seat("anna@acme.example", date(1, 1, 1)),)},
        {"seats": (Seat("anna@acme.example", None, date(9999, 1, 1)),)},
        {"holidays": (Holiday(date(1000, 1, 1)),)},
    ],
)
def test_days_no_calendar_knows_are_refused(values):
    with pytest.raises(OutOfReach):
        limits.check_days(make_plan(**values))


def test_days_within_what_a_calendar_knows_go_in():
    limits.check_days(
        make_plan(
            starts_on=date(FIRST_YEAR, 1, 1),
            ends_on=date(LAST_YEAR, 12, 31),
            seats=(Seat("anna@acme.example", None, date(LAST_YEAR, 12, 31)),),
            holidays=(Holiday(date(FIRST_YEAR, 1, 1)),),
        )
    )


@pytest.mark.parametrize("name", [None, "", "  ", "x" * (limits.MAX_NAME_LENGTH + 1)])
def test_a_record_without_a_name_that_others_can_use_is_refused(name):
    with pytest.raises(NoName):
        limits.check_name("name", name)


def test_a_name_may_be_as_long_as_a_link_to_it():
    limits.check_name("name", "x" * 120)


def test_a_date_is_a_holiday_once():
    day = date(2026, 12, 31)
    limits.check_holidays(
        [Holiday(day, "", 0, 9 * HOUR), Holiday(day, "", 15 * HOUR), Holiday(date.max)]
    )
    for other in (Holiday(day), Holiday(day, "", 16 * HOUR, 17 * HOUR)):
        with pytest.raises(RepeatedHoliday):
            limits.check_holidays([Holiday(day, "", 15 * HOUR), other])


@pytest.mark.parametrize(
    ("holidays", "working_days", "is_allowed"),
    [
        ([], [(None, None)], True),
        ([], [(None, None)] * 2, False),
        ([], [(9 * HOUR, 12 * HOUR), (12 * HOUR, 13 * HOUR)], True),
        ([], [(9 * HOUR, 12 * HOUR), (11 * HOUR, 13 * HOUR)], False),
        ([], [(11 * HOUR, 13 * HOUR), (9 * HOUR, 12 * HOUR)], False),
        ([], [(None, None), (9 * HOUR, 12 * HOUR)], True),
        ([(0, DAY)], [(None, None)], False),
        ([(0, DAY)], [(9 * HOUR, 12 * HOUR)], True),
        ([(14 * HOUR, DAY)], [(None, None)], True),
    ],
)
def test_a_date_is_closed_or_worked(holidays, working_days, is_allowed):
    day = date(2026, 12, 31)
    days = Days(
        tuple(Holiday(day, "", *each) for each in holidays),
        (*(WorkingDay(day, "", *each) for each in working_days), WorkingDay(date.min)),
    )
    if is_allowed:
        limits.check_holidays(*days)
    else:
        with pytest.raises(RepeatedHoliday):
            limits.check_holidays(*days)


def test_the_dates_of_a_calendar_are_within_the_years_it_knows():
    limits.check_dates(Days((Holiday(date(2026, 12, 31)),)))
    for days in (Days((Holiday(date(9999, 1, 1)),)), Days((), (WorkingDay(date.min),))):
        with pytest.raises(OutOfReach):
            limits.check_dates(days)
    with pytest.raises(RepeatedHoliday):
        limits.check_dates(Days((Holiday(date(2026, 1, 1)),) * 2))


def test_part_of_a_day_has_a_start_and_an_end():
    day = date(2026, 12, 31)
    limits.check_part_of_day(day, has_start=True, has_end=True)
    limits.check_part_of_day(day, has_start=False, has_end=False)
    for start, end in ((True, False), (False, True)):
        with pytest.raises(HalfAHoliday):
            limits.check_part_of_day(day, has_start=start, has_end=end)


@pytest.mark.parametrize(
    ("user", "is_enabled", "is_staff", "is_allowed"),
    [
        (None, False, False, True),
        ("a@b.example", True, True, True),
        ("a@b.example", False, True, False),
        ("a@b.example", True, False, False),
    ],
)
def test_who_looks_after_customers_is_one_of_ours(
    user, is_enabled, is_staff, is_allowed
):
    def check() -> None:
        limits.check_success_manager(user, is_enabled=is_enabled, is_staff=is_staff)

    if is_allowed:
        check()
    else:
        with pytest.raises(NoSuccessManager):
            check()


def test_hours_by_priority_are_read_as_typed():
    assert limits.lengths_of("solution_hours", [("P1", "8"), ("P2", 0.5)]) == {
        "P1": timedelta(hours=8),
        "P2": timedelta(minutes=30),
    }
    assert limits.lengths_of("solution_hours", []) == {}


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ([("P1", "0")], InvalidTarget),
        ([("P1", "-1")], InvalidTarget),
        ([("P1", None)], InvalidTarget),
        ([("P1", "nan")], InvalidTarget),
        ([("P1", "8 h")], NoNumber),
        ([("P1", "8"), ("P1", "8")], RepeatedTarget),
    ],
)
def test_hours_that_are_no_target_are_refused_by_their_field(typed, error):
    with pytest.raises(error) as refusal:
        limits.lengths_of("solution_hours", typed)
    assert refusal.value.field == "solution_hours"


KNOWN = {
    each.code: each
    for each in (
        SoldEntitlement("maintenance", "Maintenance", YES_OR_NO),
        SoldEntitlement("updates", "Updates", COUNT),
        SoldEntitlement("training", "Training", HOURS),
        SoldEntitlement("fax", "Fax", YES_OR_NO, enabled=False),
    )
}


def test_amounts_are_read_by_the_unit_of_each():
    rows = [("maintenance", 1.0), ("updates", "4"), ("training", "7.5")]
    assert limits.amounts_of(rows, KNOWN) == {
        "maintenance": 1,
        "updates": 4,
        "training": Decimal("7.5"),
    }
    assert limits.amounts_of([("training", None)], KNOWN) == {"training": 0}


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([("maintenance", 2)], OutOfRange),
        ([("maintenance", 0.5)], OutOfRange),
        ([("updates", 1.5)], OutOfRange),
        ([("updates", 10_001)], OutOfRange),
        ([("updates", -1)], Negative),
        ([("training", -0.5)], Negative),
        ([("training", "inf")], NoNumber),
        ([("training", 20_000)], OutOfRange),
        ([("updates", 1), ("updates", 1)], RepeatedEntitlement),
        ([("cake", 1)], UnknownName),
        ([("fax", 1)], NoLongerOffered),
    ],
)
def test_amounts_that_cannot_be_sold_are_refused(rows, error):
    with pytest.raises(error):
        limits.amounts_of(rows, KNOWN)


def test_a_tier_keeps_what_is_no_longer_offered():
    assert limits.amounts_of([("fax", 1)], KNOWN, {"fax": 1}) == {"fax": 1}


def test_a_title_is_the_name_unless_there_is_one():
    assert limits.title_of("title", None, "Basic") == "Basic"
    assert limits.title_of("title", "  ", "Basic") == "Basic"
    assert limits.title_of("title", " For  starters ", "Basic") == "For starters"
    with pytest.raises(NoName):
        limits.title_of("title", "x" * 121, "Basic")


def test_a_tier_no_longer_sold_is_chosen_for_no_plan():
    limits.check_sold(BASIC)
    with pytest.raises(NoLongerOffered, match="tier: Basic is no longer offered"):
        limits.check_sold(replace(BASIC, no_longer_sold=True))


def test_what_is_used_cannot_be_deleted():
    limits.check_unused("name", "Basic", [])
    users = [f"PLAN-{number}" for number in range(9)]
    with pytest.raises(StillUsed, match="PLAN-3, PLAN-4 and cannot") as refusal:
        limits.check_unused("name", "Basic", users)
    assert "PLAN-5" not in str(refusal.value)
