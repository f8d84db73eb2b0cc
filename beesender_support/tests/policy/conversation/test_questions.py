"""What is asked, in which order, and what may be said there."""

from dataclasses import replace

import pytest

from beesender_support.policy.conversation.answers import (
    CANCELLED,
    DONE,
    SENT,
    Conversation,
)
from beesender_support.policy.conversation.questions import KINDS, question_at
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.policy.sold.impact_matrix import NO, YES, ImpactMatrix
from beesender_support.tests.policy.conversation.talk import (
    ASKING_IMPACT,
    INCIDENT,
    MEANINGS,
    NOTHING_OFFERED,
    OF_IMPACT,
    OFFERED,
    PLAIN,
    Person,
    file,
    ready,
)


def codes(choices) -> list[str]:
    return [each.code for each in choices]


def walk(offered, *answers) -> list[str]:
    """The steps at which these answers are given, and the one after."""
    person, steps = Person(offered), []
    for each in answers:
        steps.append(person.step)
        person.say(each)
    return [*steps, person.step]


def test_the_questions_come_in_the_order_of_the_portal():
    answers = ("1", "P1", "No chats", "Nothing", "Today", "go_on", "go_on")
    assert walk(OFFERED, *answers) == [
        *("category", "priority", "subject", "description_1", "description_2"),
        *("files", "access", "confirm"),
    ]


def test_a_category_without_questions_asks_for_one_description():
    steps = walk(OFFERED, "Consultation", "P3", "How?", "I would like to know")
    assert steps == ["category", "priority", "subject", "description", "files"]


def test_a_site_without_categories_asks_for_none():
    assert walk(NOTHING_OFFERED, "No chats", "Nothing") == [
        *("subject", "description", "files"),
    ]


def test_where_the_priority_comes_from_impact_that_is_asked_instead():
    first = ASKING_IMPACT.impact.options[0]
    assert walk(OF_IMPACT, "Incident", first.affected)[:3] == [
        *("category", "affected"),
        "way_round" if first.asks_way_round else "subject",
    ]


def test_the_way_round_is_asked_only_where_it_matters():
    rules = ASKING_IMPACT.impact.rules
    both = (
        replace(rules[0], way_round=YES, priority="P2"),
        replace(rules[0], way_round=NO, priority="P1"),
    )
    one = replace(rules[0], affected="Nobody")
    offered = replace(
        OFFERED, categories=(replace(ASKING_IMPACT, impact=ImpactMatrix((*both, one))),)
    )
    assert walk(offered, "1", "1", "no")[-2:] == ["way_round", "subject"]
    assert walk(offered, "1", "2")[-2:] == ["affected", "subject"]


def test_a_category_of_one_priority_asks_for_none():
    rule = replace(INCIDENT.priority_rules[0], is_default=True)
    only = replace(INCIDENT, priority_rules=(rule,), impact=None)
    assert walk(replace(OFFERED, categories=(only,)), "1") == ["category", "subject"]


def test_impact_is_not_asked_where_the_channel_does_not():
    by_mail = replace(OF_IMPACT, channel=EMAIL)
    assert walk(by_mail, "Incident") == ["category", "priority"]


def test_choices_have_what_they_mean_beside_them():
    person = Person()
    assert codes(person.asked.choices) == ["Incident", "Consultation"]
    assert all(each.meaning for each in person.asked.choices)
    person.say("Incident")
    assert codes(person.asked.choices) == ["P1", "P2", "P3", "P4"]
    assert person.asked.choices[0].meaning in (
        MEANINGS["P1"],
        INCIDENT.priority_rules[0].when_to_use,
    )


def test_what_may_be_left_says_so():
    person, optional = Person(), []
    for answer in ("1", "P1", "No chats", "Nothing", "Today", "go_on", "go_on"):
        optional.append(person.asked.is_optional)
        assert person.asked.kind in KINDS
        person.say(answer)
    assert optional == [False, True, False, False, True, True, True]


def test_commands_are_offered_where_they_do_something():
    person = Person()
    assert codes(person.asked.commands) == ["cancel"]
    person.say("Incident")
    assert codes(person.asked.commands) == ["go_on", "back", "start_over", "cancel"]
    person.say("P1")
    assert codes(person.asked.commands) == ["back", "start_over", "cancel"]
    person.say("back")
    assert codes(person.asked.commands) == [
        *("go_on", "remove", "back", "start_over", "cancel"),
    ]


def test_an_earlier_answer_is_shown_where_it_is_asked_again():
    person = ready().say("change", "subject")
    assert person.asked.given == "No chats"
    person.say("go_on", "change", "description_2")
    assert (str(person.asked.sentence), person.asked.given) == (
        "Since when?",
        "Since noon",
    )


def test_what_is_to_be_changed_is_chosen_from_all_that_was_asked():
    asked = ready().say("change").asked
    assert codes(asked.choices) == [
        *("category", "priority", "subject", "description_1", "description_2"),
        *("files", "access"),
    ]
    assert asked.choices[3].label == "What happens?"


def test_files_that_were_sent_are_counted():
    person = Person().say("1", "P1", "No chats", "Nothing", "Today")
    before = str(person.asked.sentence)
    person.say("", files=(file(),))
    assert person.step == "files"
    assert (
        str(person.asked.sentence)
        == "1 files are added. Send more, or go on."
        != before
    )
    assert person.asked.given == ("log.txt",)


def test_what_access_details_say_is_never_shown():
    person = ready().say("change", "access", "root / secret", "change", "access")
    assert person.asked.given == "given"
    assert "secret" not in str(person.conversation.as_dict())


@pytest.mark.parametrize(
    ("conversation", "step", "kind"),
    [
        (Conversation(stage=CANCELLED), "cancelled", "choice"),
        (Conversation(stage=SENT), "done", "text"),
        (Conversation(stage=DONE), "done", "text"),
    ],
)
def test_a_conversation_that_has_ended_says_what_can_be_done(conversation, step, kind):
    asked = question_at(conversation, OFFERED)
    assert (asked.step, asked.kind) == (step, kind)
    assert asked.choices or asked.commands


def test_a_category_that_is_gone_is_asked_for_again_and_said():
    person = ready()
    person.offered = replace(OFFERED, categories=(PLAIN,))
    assert person.step == "category"
    assert str(person.asked.note) == (
        "Incident is not offered any more. Please choose again."
    )
    person.say("Consultation", "P3")
    # What describes the incident stays; the new category has another question.
    assert person.step == "description"
    assert person.asked.note is None


def test_an_impact_that_is_gone_is_asked_for_again_and_said():
    person = ready(OF_IMPACT)
    rules = ASKING_IMPACT.impact.rules
    other = replace(rules[0], affected="Something else", way_round="Either")
    changed = replace(ASKING_IMPACT, impact=ImpactMatrix((other,)))
    person.offered = replace(OF_IMPACT, categories=(changed,))
    assert person.step == "affected"
    assert "is not offered any more" in str(person.asked.note)


def test_a_step_that_is_asked_no_more_is_not_returned_to():
    person = ready()
    person.conversation = replace(person.conversation, at="way_round")
    assert person.step == "confirm"


def test_a_question_that_somebody_went_back_to_has_no_note():
    person = ready().say("change", "category")
    assert person.asked.note is None
    assert person.asked.given == "Incident"


def test_a_priority_of_another_category_is_asked_for_again():
    person = ready().say("change", "category", "Consultation")
    assert (person.conversation.priority, person.step) == ("P2", "priority")
    assert str(person.asked.note) == (
        "P2 is not offered any more. Please choose again."
    )
    person.say("P3")
    assert (person.conversation.priority, person.asked.note) == ("P3", None)


def test_a_priority_that_was_left_to_the_category_is_left_to_the_next_one():
    person = ready().say("change", "priority", "remove", "change", "category")
    person.say("Consultation")
    assert (person.conversation.priority, person.step) == ("", "description")
