"""What a conversation asks for, and what would be promised of it."""

from dataclasses import replace

import pytest

from beesender_support.policy.conversation.answers import Conversation
from beesender_support.policy.conversation.questions import question_at
from beesender_support.policy.conversation.request import (
    MOST_CHARACTERS,
    preview_of,
    requested_of,
    summary_of,
)
from beesender_support.policy.requests.triage import triage
from beesender_support.policy.sentences import ENGLISH
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.tests.policy.conversation.talk import (
    ASKING_IMPACT,
    NOTHING_OFFERED,
    OF_IMPACT,
    OFFERED,
    PLAIN,
    Person,
    ready,
)
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    at,
    make_plan,
    make_request,
)


def requested(person):
    return requested_of(person.conversation, person.offered, ENGLISH)


def test_questions_stand_above_their_answers():
    asked = requested(ready())
    assert asked.subject == "No chats"
    assert asked.description == (
        "What happens?\nNothing appears\n\nSince when?\nSince noon"
    )
    assert (asked.category, asked.priority) == ("Incident", "P2")
    assert (asked.affected, asked.way_round) == (None, None)


def test_what_was_said_first_stands_first_and_what_was_left_out_nowhere():
    person = Person(conversation=Conversation(opening="Hello, nothing works"))
    person.say("Incident", "go_on", "No chats", "Nothing", "go_on", "go_on", "go_on")
    asked = requested(person)
    assert asked.description == "Hello, nothing works\n\nWhat happens?\nNothing"
    assert asked.priority is None


def test_a_site_without_categories_asks_for_a_description():
    person = Person(NOTHING_OFFERED).say("No chats", "Nothing", "go_on", "go_on")
    asked = requested(person)
    assert (asked.category, asked.description) == (None, "Nothing")


@pytest.mark.parametrize(("answer", "is_said"), [("Yes", True), ("No", False)])
def test_answers_about_impact_take_the_place_of_the_priority(answer, is_said):
    person = ready(OF_IMPACT)
    said = replace(person.conversation, way_round=answer, priority="P4")
    asked = requested_of(said, OF_IMPACT, ENGLISH)
    assert asked.affected == ASKING_IMPACT.impact.options[0].affected
    assert (asked.priority, asked.way_round) == (None, is_said)


def test_where_questions_have_no_room_the_answers_have():
    said = ready().conversation
    long = "x" * 39_000
    said = said.describing("What happens?", long).describing("q" * 12_000, "z")
    asked = requested_of(said, OFFERED, ENGLISH)
    assert len(asked.description) <= MOST_CHARACTERS
    assert asked.description == f"{long}\n\nSince noon\n\nz"


def test_a_priority_that_is_gone_is_left_to_the_category():
    person = ready()
    person.offered = replace(OFFERED, meanings={"P1": "", "P3": ""})
    assert requested(person).priority is None


def test_a_priority_that_was_chosen_for_another_category_is_left_to_the_new_one():
    person = Person(conversation=replace(ready().conversation, category=PLAIN.name))
    assert requested(person).priority is None


def test_everything_that_was_answered_is_summed_up_in_order():
    summary = summary_of(ready().conversation, OFFERED)
    assert [each.step for each in summary] == [
        *("category", "priority", "subject", "description_1", "description_2"),
        *("files", "access"),
    ]
    assert [each.value for each in summary][-3:] == ["Since noon", None, None]


def foreseen(*plans, **request):
    asked = make_request(FRIDAY_EVENING, channel="chatbot", **request)
    decision = triage(asked, plans, now=at(FRIDAY_EVENING))
    return preview_of(decision)


def test_a_promise_is_shown_before_anything_is_sent():
    preview = foreseen(make_plan())
    assert (preview.verdict, preview.reason, preview.priority) == (
        "accepted",
        None,
        "P1",
    )
    assert str(preview.sentence) == (
        "If you send it now, support answers by Mon 2026-11-23 12:30 (GMT+3)."
    )
    assert preview.due == at("2026-11-23T12:30+03:00")
    assert "within 4 h of support time" in str(preview.explanation[0])


def test_a_corrected_priority_is_said_before_it_is_sent():
    preview = foreseen(make_plan(), category=CATALOGUE.category("Consultation"))
    assert (preview.priority, preview.corrected_from) == ("P3", "P1")
    assert "so P1 became P3" in str(preview.explanation[0])


def test_a_request_that_would_wait_says_why():
    preview = foreseen(make_plan(status="Suspended"))
    assert (preview.verdict, preview.reason, preview.due) == (
        *("held", "plan_suspended"),
        None,
    )
    assert "waits for a support agent" in str(preview.sentence)
    assert "is suspended" in str(preview.explanation[0])


def test_without_a_promise_none_is_shown():
    category = CATALOGUE.category("Paid enhancement request")
    preview = foreseen(make_plan(), category=category, priority="P3")
    assert (preview.verdict, preview.due) == ("accepted", None)
    assert str(preview.sentence).endswith("is registered and taken up.")


def test_outside_the_policy_nothing_is_explained():
    preview = foreseen()
    assert (preview.verdict, preview.explanation) == ("accepted", ())
    assert str(preview.sentence) == "If you send it, the request is registered."


def test_the_last_question_is_about_all_of_it():
    assert question_at(ready().conversation, OFFERED).kind == "confirm"
