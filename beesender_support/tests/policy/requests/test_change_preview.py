"""What another category or priority would make of a promise."""

import pytest

from beesender_support.policy.requests.change_preview import foresee
from beesender_support.policy.response.response_state import AT_RISK, DUE, NONE, assess
from beesender_support.tests.policy.factories import (
    CONSULTATION,
    ENHANCEMENT,
    FRIDAY_EVENING,
    INCIDENT,
    at,
    make_terms,
)

MONDAY_1130 = at("2026-11-23T11:30:00+03:00")


def foreseen(category, asked, terms=None, **overrides):
    terms = terms or make_terms(FRIDAY_EVENING)
    values = {"responded_at": None, "now": MONDAY_1130, **overrides}
    return foresee(terms, category, asked, **values)


def test_another_priority_keeps_the_clock_and_changes_the_target():
    change = foreseen(INCIDENT, "P1")
    assert change.response.due == at("2026-11-23T12:30:00+03:00")
    assert (change.priority, change.response.state) == ("P1", AT_RISK)
    assert foreseen(INCIDENT, "P3").response.state == DUE


def test_it_is_what_the_request_would_be_judged_by_once_saved():
    terms = make_terms(FRIDAY_EVENING)
    saved = assess(terms, "P2", responded_at=None, now=MONDAY_1130)
    assert foreseen(INCIDENT, "P2", terms).response == saved


def test_a_priority_that_the_category_does_not_allow_is_corrected_and_said():
    change = foreseen(CONSULTATION, "P1")
    assert change.priority == "P3"
    assert str(change.correction) == "Consultation allows P3, P4, so P1 became P3."
    assert foreseen(CONSULTATION, "P4").correction is None


def test_a_category_without_a_promise_has_no_deadline():
    change = foreseen(ENHANCEMENT, "P4")
    assert (change.response.state, change.response.due) == (NONE, None)


@pytest.mark.parametrize("category", [INCIDENT, ENHANCEMENT])
def test_where_no_clock_runs_there_is_no_deadline_either(category):
    change = foresee(None, category, "P4", responded_at=None, now=MONDAY_1130)
    assert (change.priority, change.response.due) == ("P4", None)
