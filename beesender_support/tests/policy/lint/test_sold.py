"""What is sold and cannot be kept as it is."""

from dataclasses import replace

import pytest

from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    MINUTE,
    Window,
)
from beesender_support.policy.lint.sold import (
    check_categories,
    check_hours,
    check_priorities,
    check_tier,
    check_used,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import (
    MONDAY,
    NOON,
    SUNDAY,
    TUESDAY,
    hours,
    make_plan,
    make_tier,
    plan_of_2026,
    utc,
    weekly,
)

CODES = [each.code for each in CATALOGUE.priorities]


def codes_of(findings) -> list[str]:
    return [each.code for each in findings]


class TestTiers:
    @pytest.mark.parametrize("tier", CATALOGUE.tiers, ids=lambda each: each.name)
    def test_nothing_is_wrong_with_what_a_new_site_starts_with(self, tier):
        assert not [*check_tier(tier, CODES), *check_hours(tier)]

    def test_a_priority_without_a_target_is_named(self):
        tier = make_tier(response_targets={"P1": hours(4)})
        (finding,) = check_tier(tier, CODES)
        assert str(finding.sentence) == "Basic has no response target for P2, P3, P4."

    def test_a_target_of_any_kind_is_one(self):
        tier = make_tier(
            response_targets={"P1": hours(4)},
            further_targets={"solution": {"P2": hours(8)}},
        )
        (finding,) = check_tier(tier, ["P1", "P2", "P3"])
        assert finding.context["priorities"] == ("P3",)

    def test_channels_and_seats(self):
        tier = make_tier(
            registration_channels=frozenset(),
            answer_channels=frozenset(),
            authorized_contact_limit=0,
        )
        assert codes_of(check_tier(tier, CODES)) == [
            "tier_without_request_channel",
            "tier_without_answer_channel",
            "tier_without_seats",
        ]


class TestHours:
    @pytest.mark.parametrize("end", [DAY - MINUTE, DAY - 1])
    def test_a_day_that_ends_a_minute_early_is_a_hole(self, end):
        tier = make_tier(windows=tuple(Window(day, 0, end) for day in range(7)))
        (finding,) = check_hours(tier)
        assert finding.code == "hole_before_midnight"
        assert finding.context["length"].total_seconds() == DAY - end
        assert finding.context["evening"].weekday == MONDAY
        assert finding.context["morning"].weekday == TUESDAY

    def test_the_turn_of_the_week_is_a_midnight_like_others(self):
        windows = (Window(SUNDAY, 20 * HOUR, DAY - MINUTE), Window(MONDAY, 0, 6 * HOUR))
        (finding,) = check_hours(make_tier(windows=windows))
        assert finding.context["evening"].weekday == SUNDAY

    @pytest.mark.parametrize(
        "windows",
        [
            AROUND_THE_CLOCK,
            weekly(range(5)),
            # The night is not worked.
            (Window(MONDAY, 9 * HOUR, DAY - MINUTE), Window(TUESDAY, 9 * HOUR, DAY)),
            # An hour is no slip of the hand.
            (Window(MONDAY, 0, 23 * HOUR), Window(TUESDAY, 0, DAY)),
        ],
    )
    def test_other_hours_have_none(self, windows):
        assert not list(check_hours(make_tier(windows=windows)))


class TestNoLongerUsed:
    FORMER = replace(make_tier(), no_longer_sold=True)

    def test_a_tier_that_is_not_sold_and_that_no_plan_has(self):
        (finding,) = check_used([self.FORMER], [make_plan("Premium")], NOON)
        assert finding.key == ("tier_no_longer_used", "Basic", "")

    def test_not_while_a_plan_has_it(self):
        assert not list(check_used([self.FORMER], [make_plan()], NOON))

    def test_a_plan_that_has_ended_does_not_count(self):
        later = utc("2027-06-01T12:00Z")
        assert codes_of(check_used([self.FORMER], [plan_of_2026()], later))

    def test_a_tier_that_is_sold_waits_for_its_first_plan(self):
        assert not list(check_used([make_tier()], [], NOON))


def test_priorities_without_one_of_the_helpdesk():
    (finding,) = check_priorities(["P4"])
    assert (finding.code, finding.place) == ("priority_without_ticket_priority", "P4")


def test_categories_as_they_are_stored():
    findings = check_categories(
        {"Sound": [False, True], "Bare": [], "Two": [True, True], "None": [False]}
    )
    assert [(each.code, each.place) for each in findings] == [
        ("category_without_priority", "Bare"),
        ("category_without_default", "Two"),
        ("category_without_default", "None"),
    ]
