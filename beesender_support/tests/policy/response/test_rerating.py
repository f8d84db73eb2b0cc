"""What re-rating changes of an open request, and what it leaves alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.response.promises import assess_all
from beesender_support.policy.response.rerating import compare, rerate
from beesender_support.policy.response.response_state import (
    BREACHED,
    DUE,
    MET,
    NONE,
    PAUSED,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    INCIDENT,
    at,
    hours,
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


# Targets besides the first answer


EIGHT, FOUR = timedelta(hours=8), timedelta(hours=4)
SELLS_SOLUTIONS = make_tier(further_targets={"solution": {"P1": EIGHT}})
SELLS_ALL = make_tier(
    further_targets={"next_answer": {"P1": FOUR}, "solution": {"P1": EIGHT}}
)
ANSWERED = at("2026-11-20T17:40+03:00")
AROUND = CATALOGUE.tier("Premium")


def answered_terms(tier):
    return make_terms(FRIDAY_EVENING, tier).settled("P1")


def event(kind, stamp):
    return Happening(kind, at(stamp), "P1", True)


def all_of(terms, now=MONDAY_MORNING, responded_at=ANSWERED, happenings=()):
    return assess_all(
        terms, "P1", responded_at=responded_at, now=now, happenings=happenings
    )


def rerate_answered(plan, terms, now=MONDAY_MORNING, happenings=()):
    return rerate(
        terms, plan, "P1", responded_at=ANSWERED, now=now, happenings=happenings
    )


def targets_of(rerating):
    return [each.target for each in rerating.targets]


def test_an_answered_request_is_re_rated_for_its_solution_alone():
    terms = answered_terms(SELLS_SOLUTIONS)
    around = replace(SELLS_SOLUTIONS, windows=AROUND.windows)
    rerating = rerate_answered(make_plan(around), terms)
    assert codes(rerating.changes) == ["support_hours"]
    [solution] = rerating.targets
    assert solution.target == "solution"
    assert solution.before.due == at("2026-11-23T16:30+03:00")
    assert solution.after.due == at("2026-11-21T01:30+03:00")
    assert solution.is_breached_at_once
    assert rerating.is_breached_at_once
    assert not rerating.is_rescued
    # The first answer is what it was, to the second.
    assert rerating.before == rerating.after == all_of(terms).of("first_answer")
    assert rerating.after.state == MET


def test_what_is_late_either_way_is_overdue():
    terms = answered_terms(SELLS_SOLUTIONS)
    faster = replace(SELLS_SOLUTIONS, further_targets={"solution": {"P1": FOUR}})
    late = at("2026-12-01T12:00+03:00")
    (solution,) = rerate_answered(make_plan(faster), terms, now=late).targets
    assert solution.is_overdue
    assert not solution.is_rescued
    assert not solution.is_breached_at_once
    (in_time,) = rerate_answered(make_plan(faster), terms).targets
    assert not in_time.is_overdue


def test_a_slower_tier_rescues_a_solution():
    terms = answered_terms(replace(SELLS_SOLUTIONS, windows=AROUND.windows))
    rerating = rerate_answered(make_plan(SELLS_SOLUTIONS), terms)
    assert [each.is_rescued for each in rerating.targets] == [True]


def test_a_first_answer_that_was_late_stays_late():
    """Even by terms under which it would have been in time."""
    terms = answered_terms(
        replace(SELLS_SOLUTIONS, response_targets={"P1": timedelta(minutes=5)})
    )
    assert all_of(terms).of("first_answer").state == BREACHED
    rerating = rerate_answered(make_plan(replace(SELLS_SOLUTIONS, name="Plus")), terms)
    assert rerating.after == rerating.before
    assert rerating.after.state == BREACHED
    # And so after one more, to a tier that sells no first answer at all.
    silent = replace(SELLS_SOLUTIONS, name="Silent", response_targets={})
    again = rerate_answered(make_plan(silent), rerating.terms)
    assert again.after == rerating.before


def test_a_first_answer_that_was_not_promised_is_promised_by_nothing_later():
    terms = answered_terms(replace(SELLS_SOLUTIONS, response_targets={}))
    rerating = rerate_answered(make_plan(replace(SELLS_SOLUTIONS, name="Plus")), terms)
    assert rerating.after.state == NONE


def test_a_settled_next_answer_keeps_the_terms_of_its_time():
    terms = answered_terms(SELLS_ALL)
    happenings = (
        event(Event.CUSTOMER_WROTE, "2026-11-20T17:45+03:00"),
        event(Event.ANSWERED, "2026-11-23T08:00+03:00"),
        event(Event.CUSTOMER_WROTE, "2026-11-23T08:30+03:00"),
    )
    faster = replace(
        SELLS_ALL, windows=AROUND.windows, further_targets={"next_answer": {"P1": FOUR}}
    )
    before = all_of(terms, happenings=happenings)
    rerating = rerate_answered(make_plan(faster), terms, happenings=happenings)
    assert [each.response.state for each in before.earlier] == [MET]
    assert rerating.promises_after.earlier == before.earlier
    # What is asked now is counted by the terms of now, and no solution is owed any more.
    assert targets_of(rerating) == ["next_answer", "solution"]
    following, solution = rerating.targets
    assert following.after.due == at("2026-11-23T12:30+03:00")
    assert following.before.due == at("2026-11-23T13:00+03:00")
    assert (solution.before.state, solution.after.state) == ("due", NONE)


def test_what_was_settled_counts_also_when_nothing_more_is_sold():
    happenings = (
        event(Event.CUSTOMER_WROTE, "2026-11-20T17:45+03:00"),
        event(Event.ANSWERED, "2026-11-23T08:00+03:00"),
    )
    terms = answered_terms(SELLS_ALL)
    rerating = rerate_answered(make_plan(), terms, happenings=happenings)
    assert not rerating.terms.further_targets
    assert rerating.promises_after.of("next_answer").state == MET


def test_pauses_keep_counting():
    paused = (event(Event.PAUSED, "2026-11-20T17:50+03:00"),)
    terms = answered_terms(SELLS_SOLUTIONS)
    longer = replace(SELLS_SOLUTIONS, further_targets={"solution": {"P1": 2 * EIGHT}})
    rerating = rerate_answered(make_plan(longer), terms, happenings=paused)
    [solution] = rerating.targets
    assert (solution.before.state, solution.after.state) == (PAUSED, PAUSED)
    assert solution.before.used == solution.after.used == timedelta(minutes=20)
    assert solution.after.left == 2 * EIGHT - timedelta(minutes=20)
    assert solution.promised_before.due is solution.promised_after.due is None
    assert codes(rerating.changes) == ["solution_time"]


def test_an_open_answered_request_gets_a_solution_that_is_sold_now():
    rerating = rerate_answered(make_plan(SELLS_SOLUTIONS), answered_terms("Basic"))
    [solution] = rerating.targets
    assert (solution.before.state, solution.after.state) == (NONE, DUE)
    assert rerating.before == rerating.after


def test_an_answered_request_to_which_nothing_more_is_promised_is_not_touched():
    assert rerate_answered(make_plan("Premium"), answered_terms("Basic")) is None


def test_an_unanswered_request_is_re_rated_for_all_that_is_open():
    rerating = rerated(make_plan(SELLS_ALL))
    assert targets_of(rerating) == ["first_answer", "solution"]
    assert rerating.terms.former == ()
    assert codes(rerating.changes) == ["next_answer_time", "solution_time"]


def test_re_rating_an_answered_request_twice_changes_nothing_more():
    plan = make_plan(replace(SELLS_ALL, name="Plus", windows=AROUND.windows))
    first = rerate_answered(plan, answered_terms(SELLS_ALL))
    assert rerate_answered(plan, first.terms) is None


def test_former_terms_are_read_back_as_they_were_written():
    plan = make_plan(replace(SELLS_ALL, name="Plus", windows=AROUND.windows))
    terms = rerate_answered(plan, answered_terms(SELLS_ALL)).terms
    assert len(terms.former) == 1
    assert Terms.from_dict(terms.as_dict()) == terms


def test_former_terms_are_kept_once_for_what_they_settled():
    terms = answered_terms(SELLS_ALL)
    for name in ("Plus", "More", "Most"):
        plan = make_plan(replace(SELLS_ALL, name=name))
        terms = rerate_answered(plan, terms).terms
    assert [each.terms.tier for each in terms.former] == ["Basic"]


def test_a_corrected_start_moves_what_is_settled_by_its_own_terms():
    faster = replace(SELLS_SOLUTIONS, windows=AROUND.windows)
    terms = rerate_answered(make_plan(faster), answered_terms(SELLS_SOLUTIONS)).terms
    corrected = terms.corrected(at("2026-11-20T12:00+03:00"))
    first = all_of(corrected).of("first_answer")
    # By the office hours of then: four hours from noon, and answered later than that.
    assert (first.due, first.state) == (at("2026-11-20T16:00+03:00"), BREACHED)
    assert all_of(corrected).of("solution").due == at("2026-11-20T20:00+03:00")


def test_what_was_no_first_answer_after_all_is_open_by_the_terms_of_now():
    faster = replace(
        SELLS_SOLUTIONS, name="Plus", response_targets={"P1": timedelta(hours=1)}
    )
    terms = rerate_answered(make_plan(faster), answered_terms(SELLS_SOLUTIONS)).terms
    undone = terms.unsettled()
    response = all_of(undone, responded_at=None).of("first_answer")
    assert response.due == at("2026-11-23T09:30+03:00")


def test_a_part_that_is_split_off_starts_with_the_terms_of_now():
    plan = make_plan(replace(SELLS_ALL, name="Plus"))
    terms = rerate_answered(plan, answered_terms(SELLS_ALL)).terms
    part = terms.restarted(MONDAY_MORNING)
    assert (part.tier, part.former) == ("Plus", ())


def test_merged_away_a_request_keeps_its_first_answer_alone():
    plan = make_plan(replace(SELLS_ALL, name="Plus", windows=AROUND.windows))
    terms = rerate_answered(plan, answered_terms(SELLS_ALL)).terms
    left = terms.of_first_answer()
    assert not left.ever_promised_more
    assert all_of(left).first_answer == all_of(terms).first_answer


def test_an_answer_that_settled_no_terms_is_not_judged():
    """Nobody knows the priority by which."""
    assert rerated(make_plan("Business"), responded_at=ANSWERED) is None


def test_a_message_that_was_set_aside_keeps_the_terms_of_its_closing():
    terms = answered_terms(SELLS_ALL)
    happenings = (
        event(Event.CUSTOMER_WROTE, "2026-11-20T17:45+03:00"),
        event(Event.RESOLVED, "2026-11-23T08:30+03:00"),
        event(Event.CUSTOMER_WROTE, "2026-11-23T08:40+03:00"),
        event(Event.REOPENED, "2026-11-23T08:40+03:00"),
    )
    faster = replace(SELLS_ALL, further_targets={"next_answer": {"P1": hours(0.2)}})
    before = all_of(terms, happenings=happenings)
    rerating = rerate_answered(make_plan(faster), terms, happenings=happenings)
    assert [each.response.state for each in before.earlier] == ["withdrawn"]
    assert rerating.promises_after.earlier == before.earlier


def test_a_request_that_was_moved_before_solutions_were_sold_is_promised_none():
    answered = at("2026-11-20T17:40+03:00")
    terms = make_terms(FRIDAY_EVENING).settled("P1")
    enhancement = CATALOGUE.category("Paid enhancement request")

    def solution_in(category):
        rerating = rerate(
            terms.moved_to(category),
            make_plan(SELLS_SOLUTIONS),
            "P1",
            responded_at=answered,
            category=category,
            now=at("2026-11-23T10:00+03:00"),
        )
        return rerating and rerating.promises_after.of("solution").state

    assert solution_in(INCIDENT) == DUE
    assert solution_in(enhancement) == "none"
