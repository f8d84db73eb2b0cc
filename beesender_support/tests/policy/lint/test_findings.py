"""A finding is its code, its place, and the values of its sentence."""

from beesender_support.policy.lint.codes import (
    ERROR,
    PLANS_OVERLAP,
    ZONE_RULES_CHANGED,
)
from beesender_support.policy.lint.findings import found


def test_a_finding_says_what_is_wrong_and_what_to_do():
    finding = found(
        PLANS_OVERLAP,
        "P-1",
        customer="Acme",
        about="P-2",
        plan="P-1",
        other="P-2",
    )._replace(context={"plan": "P-1", "other": "P-2", "customer": "Acme"})
    assert finding.severity == ERROR
    assert finding.key == ("plans_overlap", "P-1", "P-2")
    assert str(finding.sentence) == (
        "P-1 and P-2 of Acme are in force on the same days. End one of them."
    )
    assert str(finding.what_to_do).startswith("End the plan that does not apply")


def test_what_changes_each_day_makes_no_other_matter():
    values = {"zone": "Europe/Berlin", "version": "2020a", "count": 3}
    assert ZONE_RULES_CHANGED.lasting(values) == {
        "zone": "Europe/Berlin",
        "version": "2020a",
    }
    assert PLANS_OVERLAP.lasting(values) == values
