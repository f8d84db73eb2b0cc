"""What may be chosen in a new request, and what each choice promises."""

from dataclasses import replace
from datetime import timedelta

import pytest

from beesender_support.policy.requests.admission import ACCEPTED
from beesender_support.policy.requests.offers import first_choice, is_unanswered, offer
from beesender_support.policy.requests.triage import triage
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    at,
    make_plan,
    make_request,
    make_tier,
)

QUESTIONS = ("Since when:", "Who is affected?")


def offers(plan=None, when=FRIDAY_EVENING):
    return {
        each.category.name: {one.rule.priority: one for one in each.priorities}
        for each in offer(plan or make_plan(), CATALOGUE.categories, at(when))
    }


def test_every_category_is_offered_with_the_priorities_it_allows_most_urgent_first():
    assert {name: list(codes) for name, codes in offers().items()} == {
        "Consultation": ["P3", "P4"],
        "Incident": ["P1", "P2", "P3", "P4"],
        "Paid enhancement request": ["P3", "P4"],
    }


def test_each_priority_says_when_we_would_answer():
    incident = offers()["Incident"]
    assert incident["P1"].response.due == at("2026-11-23T12:30+03:00")
    assert incident["P3"].response.due == at("2026-11-23T16:30+03:00")


def test_a_category_without_a_promise_promises_nothing():
    enhancement = offers()["Paid enhancement request"]
    assert {each.response.due for each in enhancement.values()} == {None}


def test_a_priority_without_a_target_is_offered_without_a_promise():
    tier = make_tier(response_targets={"P1": timedelta(hours=4)})
    incident = offers(make_plan(tier))["Incident"]
    assert list(incident) == ["P1", "P2", "P3", "P4"]
    assert incident["P1"].response.due
    assert incident["P4"].response.due is None


def test_what_more_is_sold_is_said_of_each_priority():
    tier = make_tier(
        further_targets={
            "next_answer": {"P1": timedelta(hours=4)},
            "solution": {"P1": timedelta(hours=8), "P2": timedelta(hours=9)},
        }
    )
    incident = offers(make_plan(tier))["Incident"]
    assert [(each.target, each.due) for each in incident["P1"].further] == [
        ("next_answer", None),
        ("solution", at("2026-11-23T16:30+03:00")),
    ]
    assert [str(each.sentence) for each in incident["P2"].further] == [
        "Basic solves P2 within 9 h of support time."
    ]
    assert incident["P3"].further == ()
    enhancement = offers(make_plan(tier))["Paid enhancement request"]
    assert all(each.further == () for each in enhancement.values())


@pytest.mark.parametrize("tier", [each.name for each in CATALOGUE.tiers])
def test_what_is_offered_is_accepted_as_it_was_offered(tier):
    plan, now = make_plan(tier), at(FRIDAY_EVENING)
    for each in offer(plan, CATALOGUE.categories, now):
        for one in each.priorities:
            request = make_request(
                FRIDAY_EVENING, category=each.category, priority=one.rule.priority
            )
            decision = triage(request, [plan], now=now)
            assert decision.admission.verdict == ACCEPTED
            assert decision.priority == one.rule.priority
            assert decision.priority_corrected_from is None
            assert decision.response == one.response


def test_the_form_begins_with_the_default_category_where_it_is_offered():
    offered = offer(make_plan(), CATALOGUE.categories, at(FRIDAY_EVENING))
    assert first_choice(offered, "Incident") == "Incident"
    assert first_choice(offered, "Spare parts") == "Consultation"
    assert first_choice(offered, None) == "Consultation"
    assert first_choice((), "Incident") is None


@pytest.mark.parametrize(
    ("description", "is_open"),
    [
        ("Since when:\n\nWho is affected?\n", True),
        ("  Since when:  ", True),
        ("Since when:\nsince Monday\nWho is affected?", False),
        ("No chats appear", False),
        ("", False),
    ],
)
def test_the_bare_questions_are_no_description(description, is_open):
    assert is_unanswered(description, QUESTIONS) is is_open


def test_a_category_asks_one_question_a_line():
    category = replace(
        CATALOGUE.category("Incident"), description_template=" One?\n\nTwo?\n"
    )
    assert category.questions == ("One?", "Two?")
    assert replace(category, description_template="").questions == ()
