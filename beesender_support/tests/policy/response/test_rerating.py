"""What re-rating changes of an open request, and what it leaves alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.plans.catalogue import CATALOGUE
from beesender_support.policy.response.rerating import compare, rerate
from beesender_support.policy.response.response_state import BREACHED, DUE, NONE
from beesender_support.policy.response.terms import Terms
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    INCIDENT,
    at,
    make_plan,
    make_terms,
    make_tier,
)

MONDAY_MORNING = at("2026-11-23T09:00+03:00")


def rerated(plan, terms=None, category=INCIDENT, priority="P1", **facts):
    return rerate(
        (terms or make_terms(FRIDAY_EVENING)).moved_to(category),
        plan,
        priority,
        **{"responded_at": None, "now": MONDAY_MORNING, **facts},
    )


def codes(changes):
    return [change.what for change in changes]


def test_an_unchanged_plan_changes_nothing():
    assert rerated(make_plan()) is None


def test_a_renamed_plan_changes_nothing():
    assert rerated(make_plan(name="PLAN-0002")) is None


def test_a_faster_tier_counts_from_the_same_start_of_the_clock():
    rerating = rerated(make_plan("Business"))
    assert rerating.terms.started_at == at(FRIDAY_EVENING)
    assert rerating.before.due == at("2026-11-23T12:30+03:00")
    assert rerating.after.due == at("2026-11-21T09:30+03:00")
    assert codes(rerating.changes) == [
        "tier",
        "response_time",
        "other_response_times",
        "support_hours",
    ]


def test_a_promise_that_the_new_terms_break_at_once_is_marked():
    rerating = rerated(make_plan("Business"))
    assert rerating.before.state in (DUE, "at_risk")
    assert rerating.after.state == BREACHED
    assert rerating.is_breached_at_once
    assert not rerating.is_rescued


def test_a_broken_promise_that_the_new_terms_would_keep_is_marked():
    terms = make_terms(FRIDAY_EVENING, "Premium")
    rerating = rerated(make_plan("Basic"), terms)
    assert rerating.before.state == BREACHED
    assert rerating.is_rescued
    assert not rerating.is_breached_at_once


def test_what_is_late_either_way_is_not_marked():
    rerating = rerated(make_plan("Business"), now=at("2026-12-01T12:00+03:00"))
    assert rerating.before.state == rerating.after.state == BREACHED
    assert not rerating.is_breached_at_once


def test_an_answered_request_is_not_touched():
    answered = at("2026-11-20T17:40+03:00")
    assert rerated(make_plan("Business"), responded_at=answered) is None


def test_re_rating_twice_changes_nothing_more():
    plan = make_plan("Premium", holidays=(Holiday(date(2026, 11, 23)),))
    first = rerated(plan)
    assert rerated(plan, first.terms) is None


def test_terms_read_back_from_a_ticket_are_those_of_their_plan():
    plan = make_plan(holidays=(Holiday(date(2027, 1, 1), "New year"),))
    stored = Terms.of(plan, INCIDENT, at(FRIDAY_EVENING)).as_dict()
    assert rerated(plan, Terms.from_dict(stored)) is None


@pytest.mark.parametrize(
    ("overrides", "changed", "due"),
    [
        ({"time_zone": "GMT+1"}, ["time_zone"], "2026-11-23T10:30+01:00"),
        (
            {"holidays": (Holiday(date(2026, 11, 23)),)},
            ["holidays"],
            "2026-11-24T12:30+03:00",
        ),
        (
            {"holidays": (Holiday(date(2027, 1, 1)),)},
            ["holidays"],
            "2026-11-23T12:30+03:00",
        ),
        (
            {"tier": make_tier(response_targets={"P1": timedelta(hours=4)})},
            ["other_response_times"],
            "2026-11-23T12:30+03:00",
        ),
        (
            {"tier": make_tier(response_targets={"P1": timedelta(hours=1)})},
            ["response_time", "other_response_times"],
            "2026-11-23T09:30+03:00",
        ),
    ],
)
def test_every_term_that_changed_is_named(overrides, changed, due):
    rerating = rerated(make_plan(**overrides))
    assert codes(rerating.changes) == changed
    assert rerating.after.due == at(due)


def test_another_release_of_the_zone_rules_is_named():
    terms = make_terms(FRIDAY_EVENING)
    other = replace(terms, time_zone_database="1999a")
    assert codes(compare(other, terms, "P1")) == ["time_zone_rules"]


def test_a_priority_that_lost_its_target_has_no_promise_left():
    tier = make_tier(response_targets={"P2": timedelta(hours=8)})
    rerating = rerated(make_plan(tier))
    assert rerating.after.state == NONE
    assert rerating.after.due is None


def test_a_category_without_a_promise_gets_terms_but_no_deadline():
    enhancement = CATALOGUE.category("Paid enhancement request")
    rerating = rerated(make_plan("Premium"), category=enhancement, priority="P3")
    assert rerating.before.due is rerating.after.due is None
    assert rerating.terms.tier == "Premium"
