"""The priority that a client's answers give, and what is said without good answers."""

from dataclasses import replace

import pytest

from beesender_support.policy.requests.impact import (
    FromImpact,
    is_rated_by_impact,
    needs_reason,
    option_named,
    options_of,
    priority_from_impact,
)
from beesender_support.policy.sold.channels import CHANNELS
from beesender_support.policy.sold.impact_matrix import (
    EITHER,
    NO,
    YES,
    ImpactMatrix,
    ImpactRule,
)
from beesender_support.tests.policy.factories import INCIDENT

ASKING = replace(INCIDENT, asks_impact=True)
ALL, PART = "All operators", "Works in part"
DRAWN = replace(
    INCIDENT,
    asks_impact=True,
    impact=ImpactMatrix(
        (
            ImpactRule(ALL, "P1", EITHER),
            ImpactRule(PART, "P2", NO),
            ImpactRule(PART, "P3", YES),
        )
    ),
)


@pytest.mark.parametrize("way_round", [None, YES, NO])
@pytest.mark.parametrize(
    ("affected", "code"),
    [
        ("All operators or the licences", "P1"),
        ("The system works only in part", "P2"),
        ("One channel or another small fault", "P3"),
        ("Nothing: it is a question", "P4"),
    ],
)
def test_the_shipped_matrix_follows_the_vendor_s_words(affected, code, way_round):
    found = priority_from_impact(ASKING, affected, way_round)
    assert found == FromImpact(code, affected, way_round)


@pytest.mark.parametrize(
    ("affected", "way_round", "found"),
    [
        (ALL, None, FromImpact("P1", ALL)),
        (ALL, YES, FromImpact("P1", ALL, YES)),
        (ALL, "whatever", FromImpact("P1", ALL)),
        (" all  OPERATORS ", " no ", FromImpact("P1", ALL, NO)),
        (PART, NO, FromImpact("P2", PART, NO)),
        (PART, YES, FromImpact("P3", PART, YES)),
    ],
)
def test_two_answers_give_a_priority(affected, way_round, found):
    assert priority_from_impact(DRAWN, affected, way_round) == found


@pytest.mark.parametrize(
    "affected", [None, "", "P1", "Everything", 1, True, ["All operators"], {"a": 1}]
)
def test_without_a_good_first_answer_the_options_are_listed(affected):
    found = priority_from_impact(DRAWN, affected, YES)
    assert (found.code, found.affected, found.way_round) == (None, None, None)
    assert str(found.refusal) == (
        "The priority of Incident comes from your answers. Please say what is affected,"
        " one of: All operators, Works in part."
    )


@pytest.mark.parametrize("way_round", [None, "", "Either", "maybe", True, 0, [YES]])
def test_without_a_good_second_answer_it_is_asked_for(way_round):
    found = priority_from_impact(DRAWN, PART, way_round)
    assert (found.code, found.affected, found.way_round) == (None, None, None)
    assert str(found.refusal) == (
        "The priority of Incident comes from your answers. Please say whether there is a"
        " way round: Yes or No."
    )


def test_a_category_that_does_not_ask_has_no_questions_and_takes_no_answers():
    assert options_of(INCIDENT) == ()
    assert option_named(INCIDENT, "The system works only in part") is None
    assert priority_from_impact(INCIDENT, ALL, YES).code is None


@pytest.mark.parametrize("channel", CHANNELS)
def test_clients_are_asked_where_they_can_answer(channel):
    assert not is_rated_by_impact(INCIDENT, channel)
    assert is_rated_by_impact(ASKING, channel) is (channel not in ("agent", "email"))


@pytest.mark.parametrize(
    ("is_rated", "before", "after", "is_needed"),
    [
        (True, "P2", "P1", True),
        (True, "P2", "P2", False),
        (True, "P2", None, False),
        (True, None, "P2", False),
        (False, "P2", "P1", False),
    ],
)
def test_a_reason_is_needed_where_another_priority_replaces_that_of_the_answers(
    is_rated, before, after, is_needed
):
    found = needs_reason(is_rated=is_rated, before=before, after=after)
    assert found is is_needed
