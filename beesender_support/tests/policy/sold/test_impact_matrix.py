"""A matrix of impact has one priority for each pair of answers, or is refused."""

from itertools import product

import pytest

from beesender_support.policy.errors import (
    HalfAnImpact,
    InvalidValue,
    NoName,
    NothingListed,
    RepeatedImpact,
)
from beesender_support.policy.sold.impact_matrix import (
    EITHER,
    NO,
    YES,
    ImpactMatrix,
    ImpactRule,
)

ALL, PART = "All operators", "Works in part"


def matrix(*rules: tuple[str, str, str]) -> ImpactMatrix:
    return ImpactMatrix(tuple(ImpactRule(each[0], each[2], each[1]) for each in rules))


def test_the_options_stand_in_the_order_of_the_rules():
    drawn = matrix((PART, NO, "P2"), (ALL, EITHER, "P1"), (PART, YES, "P3"))
    assert [each.affected for each in drawn.options] == [PART, ALL]


def test_every_pair_of_answers_has_the_priority_of_its_rule():
    drawn = matrix((ALL, EITHER, "P1"), (PART, NO, "P2"), (PART, YES, "P3"))
    assert {each.affected: dict(each.priorities) for each in drawn.options} == {
        ALL: {YES: "P1", NO: "P1"},
        PART: {YES: "P3", NO: "P2"},
    }


@pytest.mark.parametrize(
    ("rules", "is_asked"),
    [
        ([(ALL, EITHER, "P1")], False),
        ([(ALL, YES, "P1"), (ALL, NO, "P1")], False),
        ([(ALL, YES, "P2"), (ALL, NO, "P1")], True),
    ],
)
def test_the_way_round_is_asked_only_where_it_changes_the_priority(rules, is_asked):
    assert matrix(*rules).options[0].asks_way_round is is_asked


@pytest.mark.parametrize("given", [ALL, "all operators", "  ALL   Operators\n"])
def test_an_option_is_found_whatever_its_case_and_spaces(given):
    assert matrix((ALL, EITHER, "P1")).option(given).affected == ALL


@pytest.mark.parametrize("given", ["", "All", "All operators!"])
def test_what_is_no_option_is_not_found(given):
    assert matrix((ALL, EITHER, "P1")).option(given) is None


@pytest.mark.parametrize(
    ("rules", "error", "sentence"),
    [
        ([], NothingListed, "impact_rules: list at least one."),
        (
            [("", EITHER, "P1")],
            NoName,
            "affected: give a name of at most 140 characters.",
        ),
        (
            [("x" * 141, EITHER, "P1")],
            NoName,
            "affected: give a name of at most 140 characters.",
        ),
        (
            [(ALL, EITHER, "P1"), (ALL.upper(), EITHER, "P2")],
            RepeatedImpact,
            "affected: All operators has more than one rule for the same answer. Keep one.",
        ),
        (
            [(ALL, YES, "P1")],
            HalfAnImpact,
            "affected: All operators has a rule for one answer only. Add one for the"
            " other, or choose Either.",
        ),
        (
            [(ALL, "Maybe", "P1")],
            InvalidValue,
            "way_round: Maybe is not valid. Allowed: Either, Yes, No.",
        ),
    ],
)
def test_a_matrix_with_a_gap_or_a_pair_twice_is_refused_in_words(
    rules, error, sentence
):
    with pytest.raises(error) as refusal:
        matrix(*rules)
    assert str(refusal.value) == sentence


def test_of_two_rules_of_one_option_only_yes_and_no_go_together():
    for one, other in product((EITHER, YES, NO), repeat=2):
        rules = ((ALL, one, "P1"), (ALL, other, "P2"))
        if {one, other} == {YES, NO}:
            assert len(matrix(*rules).options) == 1
            continue
        with pytest.raises(RepeatedImpact):
            matrix(*rules)
