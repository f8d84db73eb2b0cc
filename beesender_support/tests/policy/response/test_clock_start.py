"""When the clock starts of what is judged anew, and of what is split off."""

import pytest

from beesender_support.policy.response.clock_start import (
    CONTINUED,
    DECIDED,
    PLAIN,
    clock_starts_at,
    part_of,
    terms_of_part,
)
from beesender_support.policy.response.response_state import DUE, NONE, assess
from beesender_support.tests.policy.factories import (
    CONSULTATION,
    ENHANCEMENT,
    INCIDENT,
    at,
    make_terms,
)

REGISTERED, RAN, BROKE_OFF, NOW = map(
    at,
    (
        "2026-11-20T10:00+03:00",
        "2026-11-20T11:00+03:00",
        "2026-11-20T12:00+03:00",
        "2026-11-23T10:00+03:00",
    ),
)


@pytest.mark.parametrize(
    ("running_since", "interrupted_since", "has_waited", "starts_at"),
    [
        (None, None, False, REGISTERED),
        (None, None, True, NOW),
        (None, BROKE_OFF, False, BROKE_OFF),
        (None, BROKE_OFF, True, BROKE_OFF),
        (RAN, None, False, RAN),
        (RAN, None, True, RAN),
        (RAN, BROKE_OFF, False, RAN),
        (RAN, BROKE_OFF, True, RAN),
    ],
)
def test_a_clock_continues_else_starts_with_what_the_request_was(
    running_since, interrupted_since, has_waited, starts_at
):
    found = clock_starts_at(
        now=NOW,
        registered_at=REGISTERED,
        running_since=running_since,
        interrupted_since=interrupted_since,
        has_waited=has_waited,
    )
    assert found == starts_at


@pytest.mark.parametrize(
    ("whole_is_under_policy", "has_terms", "becomes"),
    [
        (False, False, PLAIN),
        (False, True, PLAIN),
        (True, False, DECIDED),
        (True, True, CONTINUED),
    ],
)
def test_a_part_continues_the_plan_of_a_whole_that_has_terms(
    whole_is_under_policy, has_terms, becomes
):
    terms = make_terms("2026-11-20T10:00+03:00") if has_terms else None
    assert part_of(whole_is_under_policy=whole_is_under_policy, terms=terms) == becomes


@pytest.mark.parametrize("is_settled", [False, True])
@pytest.mark.parametrize("category", [INCIDENT, CONSULTATION, ENHANCEMENT])
def test_a_part_has_the_terms_of_the_whole_and_a_clock_of_its_own(category, is_settled):
    whole = make_terms("2026-11-20T10:00+03:00")
    if is_settled:
        whole = whole.settled("P1")
    part = terms_of_part(whole, category, NOW)
    assert part.started_at == NOW
    assert not part.is_settled
    assert (part.category, part.promises_response) == (
        category.name,
        category.promises_response,
    )
    same = ("plan", "tier", "time_zone", "windows", "response_targets", "holidays")
    assert [getattr(part, name) for name in same] == [
        getattr(whole, name) for name in same
    ]
    response = assess(part, "P3", responded_at=None, now=NOW)
    assert response.state == (DUE if category.promises_response else NONE)


def test_a_part_of_history_that_counts_nothing_is_counted():
    whole = make_terms("2026-11-20T10:00+03:00").without_clock()
    assert terms_of_part(whole, INCIDENT, NOW).has_clock


def test_a_part_of_no_category_stays_in_that_of_the_whole():
    whole = make_terms("2026-11-20T10:00+03:00")
    assert terms_of_part(whole, None, NOW).category == whole.category
