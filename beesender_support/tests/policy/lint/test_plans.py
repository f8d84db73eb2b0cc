"""Plans by themselves, and plans of one customer together."""

from datetime import date, timedelta

import pytest

from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.calendar.windows import DAY, MINUTE, Window
from beesender_support.policy.errors import UnknownTimeZone
from beesender_support.policy.lint.plans import (
    calendar_ends,
    check_plans,
    unreadable,
)
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    NOON,
    make_plan,
    make_tier,
    plan_of_2026,
    utc,
)

JUNE = utc("2026-06-15T12:00Z")
CLARA = "clara@example.com"


def findings_of(*plans, now=NOON, **options):
    tiers = {each.name: each for each in CATALOGUE.tiers}
    return list(check_plans(plans, now, tiers, **options))


def codes_of(*plans, now=NOON, **options):
    return [each.code for each in findings_of(*plans, now=now, **options)]


def test_nothing_is_wrong_with_a_sound_plan():
    assert codes_of(make_plan()) == []


@pytest.mark.parametrize(
    "plan",
    [
        make_plan(seats=(), status="Draft"),
        make_plan(seats=(), ends_on=date(2026, 6, 30)),
        make_plan(seats=(), status="Expired"),
    ],
    ids=["draft", "ended", "expired"],
)
def test_what_is_not_sold_or_is_over_is_not_looked_at(plan):
    assert codes_of(plan) == []


class TestOwnTerms:
    HOLE = tuple(Window(day, 0, DAY - MINUTE) for day in range(7))
    TIER = make_tier(windows=HOLE, registration_channels=frozenset())

    def test_hours_and_channels_that_the_plan_alone_has(self):
        first, second = findings_of(make_plan(self.TIER))
        assert first.code == "plan_hole_before_midnight"
        assert "Monday 00:00-23:59 is followed by Tuesday" in str(first.sentence)
        assert second.code == "plan_without_request_channel"

    def test_what_its_tier_has_too_is_said_of_the_tier(self):
        plan, tiers = make_plan(self.TIER), {"Basic": self.TIER}
        assert not list(check_plans([plan], NOON, tiers))

    def test_of_a_tier_that_is_gone_the_plan_is_all_there_is(self):
        assert len(list(check_plans([make_plan(self.TIER)], NOON, {}))) == 2


class TestSeats:
    def test_a_plan_under_which_nobody_may_ask(self):
        (finding,) = findings_of(make_plan(seats=(Seat(ALICE, is_suspended=True),)))
        assert finding.key == ("plan_without_seats", "PLAN-0001", "")
        assert finding.customer == "Example Ltd"

    def test_a_plan_that_begins_so(self):
        starts_on = date(2027, 2, 1)
        late = Seat(ALICE, from_date=date(2027, 3, 1))
        assert codes_of(make_plan(starts_on=starts_on, seats=(late,))) == [
            "plan_begins_without_seats"
        ]
        assert codes_of(make_plan(starts_on=starts_on)) == []

    def test_a_suspended_plan_needs_nobody(self):
        assert codes_of(make_plan(status="Suspended", seats=())) == []

    def test_more_than_the_tier_includes(self):
        seats = (Seat(ALICE), Seat(BOB), Seat(CLARA))
        (finding,) = findings_of(make_plan(seats=seats))
        assert str(finding.sentence) == (
            "PLAN-0001 of Example Ltd seats 3 contacts, Basic includes 2."
        )

    def test_also_on_a_later_day(self):
        seats = (Seat(ALICE), Seat(BOB), Seat(CLARA, from_date=date(2027, 1, 1)))
        assert codes_of(make_plan(seats=seats)) == ["plan_over_quota"]

    def test_a_contact_seated_twice(self):
        (finding,) = findings_of(make_plan(seats=(Seat(ALICE), Seat(ALICE))))
        assert finding.code == "seated_twice"
        assert finding.context["contacts"] == (ALICE,)


class TestDates:
    MAY_2026 = Holiday(date(2026, 5, 1), "May Day")

    def test_a_plan_that_goes_on_when_its_dates_have_ended(self):
        (finding,) = findings_of(make_plan(holidays=(self.MAY_2026,)))
        assert (finding.code, finding.context["year"]) == ("plan_calendar_ends", 2027)

    def test_not_before_governments_have_announced_them(self):
        assert codes_of(make_plan(holidays=(self.MAY_2026,)), now=JUNE) == []

    def test_not_of_a_plan_that_ends_with_them(self):
        assert codes_of(plan_of_2026(holidays=(self.MAY_2026,))) == []

    def test_not_of_a_plan_that_never_listed_any(self):
        assert codes_of(make_plan()) == []

    def test_nor_of_one_that_takes_them_from_a_calendar(self):
        plan = make_plan(holidays=(self.MAY_2026,))
        assert codes_of(plan, with_own_dates=()) == []
        assert codes_of(plan, with_own_dates=("PLAN-0001",)) == ["plan_calendar_ends"]

    def test_dates_that_ended_years_ago(self):
        long_ago = WorkingDay(date(2023, 5, 1), "A Saturday")
        plan = make_plan(working_days=(long_ago,), starts_on=date(2023, 1, 1))
        (finding,) = findings_of(plan, now=JUNE)
        assert finding.context["year"] == 2026

    def test_a_calendar_is_named_itself(self):
        finding = calendar_ends("Germany", 2027)
        assert str(finding.sentence) == "Germany lists no dates for 2027."


class TestSeveral:
    def test_two_in_force_on_one_day(self):
        (finding,) = findings_of(
            plan_of_2026(), make_plan(name="P-2", starts_on=date(2026, 12, 31))
        )
        assert finding.key == ("plans_overlap", "P-1", "P-2")

    def test_customers_are_compared_as_a_site_does(self):
        other = make_plan(name="P-2", customer="EXAMPLE ltd", seats=(Seat(BOB),))
        assert codes_of(plan_of_2026(), other) == ["plans_overlap"]

    def test_an_overlap_that_is_over_is_left_out(self):
        first = make_plan(name="P-1", ends_on=date(2026, 6, 30))
        second = plan_of_2026(name="P-2")
        assert codes_of(first, second) == []

    def test_a_gap_between_two(self):
        (finding,) = findings_of(
            plan_of_2026(), make_plan(name="P-2", starts_on=date(2027, 1, 2))
        )
        assert finding.key == ("plans_with_gap", "P-1", "P-2")
        assert "no plan is in force for 24 h" in str(finding.sentence)

    def test_hours_between_two_zones(self):
        east, west = "GMT+10", "GMT-2"
        starts_on = date(2027, 1, 1)
        assert codes_of(
            plan_of_2026(time_zone=east),
            make_plan(name="P-2", starts_on=starts_on, time_zone=west),
        ) == ["plans_with_gap"]
        assert codes_of(
            plan_of_2026(time_zone=west),
            make_plan(name="P-2", starts_on=starts_on, time_zone=east),
        ) == ["plans_overlap_by_zone"]

    def test_a_renewal_without_a_gap(self):
        assert (
            codes_of(plan_of_2026(), make_plan(name="P-2", starts_on=date(2027, 1, 1)))
            == []
        )

    def test_a_gap_that_is_over(self):
        first = make_plan(name="P-1", ends_on=date(2026, 3, 31))
        second = make_plan(name="P-2", starts_on=date(2026, 5, 1))
        assert codes_of(first, second) == []
        assert codes_of(first, second, now=utc("2026-04-15T12:00Z")) == [
            "plans_with_gap"
        ]

    def test_a_draft_fills_no_gap(self):
        draft = make_plan(name="P-2", starts_on=date(2027, 2, 1), status="Draft")
        assert codes_of(plan_of_2026(), draft) == []

    def test_a_contact_who_asks_for_two_customers(self):
        other = make_plan(name="P-2", customer="Other", seats=(Seat(ALICE.upper()),))
        (finding,) = findings_of(make_plan(), other)
        assert finding.key == ("contact_of_two_customers", ALICE, "")
        assert finding.context["customers"] == ("Example Ltd", "Other")

    def test_not_once_one_of_the_plans_is_over(self):
        other = make_plan(name="P-2", customer="Other", ends_on=date(2026, 3, 1))
        assert codes_of(make_plan(), other) == []


def test_everything_is_found_at_once():
    seats = (Seat(ALICE), Seat(ALICE), Seat(BOB), Seat(CLARA))
    plan = make_plan(name="P-1", seats=seats, holidays=(TestDates.MAY_2026,))
    later = make_plan(name="P-2", starts_on=NOON.date() + timedelta(days=10), seats=())
    assert codes_of(plan, later) == [
        "plan_over_quota",
        "seated_twice",
        "plan_calendar_ends",
        "plan_begins_without_seats",
        "plans_overlap",
    ]


def test_a_plan_that_cannot_be_read_says_why():
    finding = unreadable("P-1", "Acme", UnknownTimeZone("time_zone", "Mars/One"))
    assert str(finding.sentence).startswith("P-1 of Acme cannot be read: time_zone:")
    assert finding.customer == "Acme"
