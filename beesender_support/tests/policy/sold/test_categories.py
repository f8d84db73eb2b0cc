"""Which priority a request of a category has."""

from dataclasses import replace

import pytest

from beesender_support.policy.errors import (
    ImpactNotAllowed,
    InvalidValue,
    NothingListed,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.categories import Category, PriorityRule
from beesender_support.policy.sold.impact_matrix import ImpactMatrix, ImpactRule


@pytest.mark.parametrize(
    ("category", "asked", "settled"),
    [
        ("Consultation", "P1", "P3"),
        ("Consultation", "P2", "P3"),
        ("Consultation", "P3", "P3"),
        ("Consultation", "P4", "P4"),
        ("Consultation", None, "P3"),
        ("Consultation", "", "P3"),
        ("Incident", "P1", "P1"),
        ("Incident", "P4", "P4"),
        ("Incident", None, "P3"),
        ("Paid enhancement request", "P1", "P3"),
        ("Paid enhancement request", None, "P4"),
    ],
)
def test_a_priority_is_lowered_to_the_highest_allowed_one(category, asked, settled):
    assert CATALOGUE.category(category).settle_priority(asked) == settled


def test_a_priority_below_every_allowed_one_becomes_the_lowest_allowed():
    urgent = Category("Outage", True, (PriorityRule("P1"), PriorityRule("P2", True)))
    assert urgent.settle_priority("P4") == "P2"


def test_the_order_of_the_rules_does_not_matter():
    category = Category("Any", True, (PriorityRule("P4", True), PriorityRule("P2")))
    assert category.allowed_priorities == ("P2", "P4")
    assert category.settle_priority("P1") == "P2"
    assert category.settle_priority("P3") == "P4"


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ((), "priority_rules"),
        ((PriorityRule("P1", True), PriorityRule("P1")), "priority_rules"),
        ((PriorityRule("P1"),), "is_default"),
        ((PriorityRule("P1", True), PriorityRule("P2", True)), "is_default"),
    ],
)
def test_a_category_without_clear_priorities_is_refused(rules, field):
    with pytest.raises(InvalidValue) as refusal:
        Category("Unclear", True, rules)
    assert refusal.value.field == field


def test_a_category_asks_by_its_matrix_only_where_it_is_switched_on():
    incident = CATALOGUE.category("Incident")
    assert incident.impact
    assert incident.asked_impact is None
    assert replace(incident, asks_impact=True).asked_impact is incident.impact


def test_only_incidents_are_shipped_with_a_matrix_and_none_asks():
    assert [each.name for each in CATALOGUE.categories if each.impact] == ["Incident"]
    assert not any(each.asks_impact for each in CATALOGUE.categories)


def test_a_category_that_asks_without_a_matrix_is_refused():
    with pytest.raises(NothingListed) as refusal:
        replace(CATALOGUE.category("Consultation"), asks_impact=True)
    assert str(refusal.value) == "impact_rules: list at least one."


def test_a_matrix_gives_only_what_its_category_allows_once_it_is_asked_by():
    matrix = ImpactMatrix((ImpactRule("All operators", "P1"),))
    waits = replace(CATALOGUE.category("Consultation"), impact=matrix)
    with pytest.raises(ImpactNotAllowed) as refusal:
        replace(waits, asks_impact=True)
    assert str(refusal.value) == (
        "priority: Consultation does not allow P1, which All operators gives. Allowed: P3, P4."
    )
