"""The response clock: how a promise stands."""

from datetime import timedelta

import pytest

from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NO_PROMISE,
    Response,
    assess,
    at_risk_share,
    compliance,
    counts,
    is_history,
    is_still_promised,
)
from beesender_support.tests.policy.factories import (
    ENHANCEMENT,
    FRIDAY_EVENING,
    MICROSECOND,
    MONDAY_DUE,
    at,
    hours,
    make_terms,
    make_tier,
    stand,
)


@pytest.mark.parametrize(
    ("now", "state"),
    [
        (at(FRIDAY_EVENING), DUE),
        (MONDAY_DUE - hours(1) - MICROSECOND, DUE),
        (MONDAY_DUE - hours(1), AT_RISK),
        (MONDAY_DUE - MICROSECOND, AT_RISK),
        (MONDAY_DUE, AT_RISK),
        (MONDAY_DUE + MICROSECOND, BREACHED),
    ],
)
def test_an_unanswered_request_is_due_then_at_risk_then_breached(now, state):
    response = stand(now=now)
    assert (response.state, response.due) == (state, MONDAY_DUE)
    assert response.target == hours(4)
    assert response.at_risk_from == MONDAY_DUE - hours(1)


@pytest.mark.parametrize(
    ("answered", "state", "late_by"),
    [
        (MONDAY_DUE - MICROSECOND, MET, timedelta()),
        (MONDAY_DUE, MET, timedelta()),
        (MONDAY_DUE + MICROSECOND, BREACHED, MICROSECOND),
        (MONDAY_DUE + hours(1), BREACHED, hours(1)),
        (at("2026-11-24T10:00+03:00"), BREACHED, hours(6.5)),
    ],
)
def test_an_answer_at_the_deadline_is_in_time_and_after_it_is_not(
    answered, state, late_by
):
    for now in (answered, answered + timedelta(days=30)):
        response = stand(responded_at=answered, now=now)
        assert (response.state, response.late_by) == (state, late_by)


def test_used_time_stops_at_the_answer():
    answered = at("2026-11-23T10:00+03:00")
    response = stand(responded_at=answered, now=answered + timedelta(days=9))
    assert response.used == hours(1.5)
    assert stand(now=answered).used == hours(1.5)


def test_an_answer_outside_support_hours_counts():
    answered = at("2026-11-21T03:00+03:00")
    response = stand(responded_at=answered, now=answered)
    assert (response.state, response.used) == (MET, hours(0.5))


def test_after_a_deadline_at_closing_an_answer_in_the_evening_is_late_by_no_working_time():
    terms = make_terms("2026-11-23T14:00+03:00")
    closing = at("2026-11-23T18:00+03:00")
    response = stand(terms, responded_at=closing + hours(2), now=closing + hours(2))
    assert response.due == closing
    assert (response.state, response.late_by) == (BREACHED, timedelta())


@pytest.mark.parametrize(("share", "state"), [(0.5, AT_RISK), (0.6, DUE), (0, AT_RISK)])
def test_the_share_of_the_target_that_is_a_risk_can_be_chosen(share, state):
    half_way = at("2026-11-23T10:30+03:00")
    assert stand(now=half_way, at_risk_share=share).state == state


@pytest.mark.parametrize(
    ("tier", "priority", "due"),
    [
        ("Basic", "P1", "2026-11-23T12:30+03:00"),
        ("Basic", "P2", "2026-11-23T16:30+03:00"),
        ("Business", "P1", "2026-11-21T09:30+03:00"),
        ("Business", "P4", "2026-11-21T12:30+03:00"),
        ("Premium", "P1", "2026-11-20T18:30+03:00"),
        ("Premium", "P3", "2026-11-20T19:30+03:00"),
    ],
)
def test_the_deadline_of_each_tier(tier, priority, due):
    terms = make_terms(FRIDAY_EVENING, tier)
    assert stand(terms, priority=priority, now=at(FRIDAY_EVENING)).due == at(due)


def test_another_priority_keeps_the_start_and_changes_the_target():
    terms, now = make_terms(FRIDAY_EVENING), at("2026-11-23T13:00+03:00")
    assert stand(terms, priority="P1", now=now).state == BREACHED
    lowered = stand(terms, priority="P3", now=now)
    assert lowered.due == at("2026-11-23T16:30+03:00")
    assert lowered.used == stand(terms, priority="P1", now=now).used


# No promise


def test_a_category_without_a_promise_has_no_deadline():
    terms = make_terms(FRIDAY_EVENING)
    response = assess(
        terms.moved_to(ENHANCEMENT), "P3", responded_at=None, now=MONDAY_DUE
    )
    assert response is NO_PROMISE
    assert (response.state, response.due, response.target) == ("none", None, None)


def test_a_tier_without_a_target_for_a_priority_promises_nothing():
    tier = make_tier(response_targets={"P1": hours(4)})
    terms = make_terms(FRIDAY_EVENING, tier)
    assert stand(terms, priority="P2", now=MONDAY_DUE) is NO_PROMISE


@pytest.mark.parametrize(
    ("closed", "late_by", "overdue"),
    [
        ("2026-11-23T10:00+03:00", hours(0), hours(0)),
        ("2026-11-23T12:30+03:00", hours(0), hours(0)),
        ("2026-11-23T13:30+03:00", hours(1), hours(1)),
        ("2026-11-23T20:30+03:00", hours(5.5), hours(8)),
    ],
)
@pytest.mark.parametrize("looked_at", ["2026-11-24T09:00+03:00", "2026-12-24T09:00Z"])
def test_a_request_closed_unanswered_is_late_and_no_later_for_being_looked_at(
    closed, late_by, overdue, looked_at
):
    response = stand(closed_at=at(closed), now=at(looked_at))
    assert response.state == BREACHED
    assert (response.late_by, response.overdue) == (late_by, overdue)


def test_a_request_closed_unanswered_is_late_only_when_its_deadline_comes():
    closed = at("2026-11-23T10:00+03:00")
    assert stand(closed_at=closed, now=MONDAY_DUE).state == DUE


LATE = timedelta(hours=1)


@pytest.mark.parametrize(
    ("response", "closed", "imported", "neither"),
    [
        # Whether it is history if it is closed, imported open, or neither.
        (Response(DUE), True, False, False),
        (Response(AT_RISK), True, False, False),
        (Response(BREACHED, overdue=LATE), True, True, False),
        (Response(BREACHED, overdue=timedelta()), True, True, False),
        (Response(BREACHED, late_by=LATE), False, False, False),
        (Response(MET), False, False, False),
        (NO_PROMISE, False, False, False),
    ],
)
def test_nothing_is_counted_for_history(response, closed, imported, neither):
    assert is_history(response, is_closed=True, is_imported=False) == closed
    assert is_history(response, is_closed=True, is_imported=True) == closed
    assert is_history(response, is_closed=False, is_imported=True) == imported
    assert is_history(response, is_closed=False, is_imported=False) == neither


@pytest.mark.parametrize(
    ("met", "breached", "share"),
    [(0, 0, None), (0, 1, 0.0), (1, 0, 1.0), (3, 1, 0.75)],
)
def test_compliance_is_what_was_kept_of_what_is_known(met, breached, share):
    assert compliance(met, breached) == share


@pytest.mark.parametrize(
    ("is_merged", "is_answered", "is_promised", "does_count"),
    [
        (False, False, True, True),
        (False, True, True, True),
        (True, True, True, False),
        (True, False, False, False),
    ],
)
def test_of_a_merged_request_nothing_more_is_promised_or_counted(
    is_merged, is_answered, is_promised, does_count
):
    facts = {"is_merged": is_merged, "is_answered": is_answered}
    assert is_still_promised(**facts) is is_promised
    assert counts(is_merged=is_merged) is does_count


@pytest.mark.parametrize(
    ("percent", "share"),
    [
        (None, 0.75),
        (0, 0.75),
        (1, 0.01),
        (0.5, 0.01),
        (75, 0.75),
        (99, 0.99),
        (500, 1.0),
        (-5, 0.01),
    ],
)
def test_the_share_at_risk_is_the_usual_one_unless_a_site_says_another(percent, share):
    assert at_risk_share(percent) == share
