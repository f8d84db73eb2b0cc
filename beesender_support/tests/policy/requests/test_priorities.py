"""The priority that a request gets: as asked, corrected, or an error in the portal."""

from itertools import product

import pytest

from beesender_support.policy.requests.priorities import (
    refuse_priority,
    settle_priority,
)
from beesender_support.policy.sold.catalogue import CATALOGUE

CODES = ("P1", "P2", "P3", "P4")


@pytest.mark.parametrize(
    ("category", "asked", "settled", "corrected_from"),
    [
        ("Incident", "P1", "P1", None),
        ("Incident", None, "P3", None),
        ("Incident", "", "P3", None),
        ("Consultation", "P1", "P3", "P1"),
        ("Consultation", "P2", "P3", "P2"),
        ("Consultation", "P4", "P4", None),
        ("Consultation", None, "P3", None),
        ("Paid enhancement request", "P1", "P3", "P1"),
        ("Paid enhancement request", None, "P4", None),
    ],
)
def test_a_priority_is_settled_and_a_correction_says_from_which(
    category, asked, settled, corrected_from
):
    found = settle_priority(CATALOGUE.category(category), asked)
    assert (found.code, found.corrected_from) == (settled, corrected_from)
    assert bool(found.correction) is bool(corrected_from)
    if corrected_from:
        assert str(found.correction) == (
            f"{category} allows P3, P4, so {asked} became {settled}."
        )


@pytest.mark.parametrize(
    ("asked", "answers_at_once", "is_refused"),
    [
        ("P1", True, True),
        ("P1", False, False),
        ("P3", True, False),
        ("P3", False, False),
        (None, True, False),
        (None, False, False),
    ],
)
def test_only_who_reads_the_answer_at_once_is_refused_a_priority(
    asked, answers_at_once, is_refused
):
    category = CATALOGUE.category("Consultation")
    refusal = refuse_priority(category, asked, answers_at_once=answers_at_once)
    assert bool(refusal) is is_refused
    if refusal:
        assert str(refusal) == (
            "Consultation allows these priorities: P3, P4. Please choose one of them."
        )


def test_what_is_refused_in_the_portal_is_what_is_corrected_elsewhere():
    for category, asked in product(CATALOGUE.categories, (None, *CODES)):
        refusal = refuse_priority(category, asked, answers_at_once=True)
        assert bool(refusal) is bool(settle_priority(category, asked).correction)
