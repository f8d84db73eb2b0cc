"""Names of customers are one where a site's database takes them for one."""

import pytest

from beesender_support.policy.plans.customer_names import comparable_name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Telecom", "ACME telecom  "),
        ("Société", "societe"),
        ("Ёлка", "елка"),
        ("Straße", "STRASSE"),
        ("Acme\u200b", "acme"),
    ],
)
def test_names_that_a_site_takes_for_one(one, other):
    assert comparable_name(one) == comparable_name(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme", "Acme 2"), ("Йод", "Иод"), ("Ac\u00adme", "Acme"), (" Acme", "Acme")],
)
def test_names_that_stay_apart(one, other):
    assert comparable_name(one) != comparable_name(other)
