"""Which priority a request of a category has."""

import pytest

from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.plans.catalogue import CATALOGUE
from beesender_support.policy.plans.categories import Category, PriorityRule


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
