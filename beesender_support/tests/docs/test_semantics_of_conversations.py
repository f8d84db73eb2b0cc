"""A conversation asks next what the documents say."""

from beesender_support.tests.docs.rule_book import CONVERSED, examples
from beesender_support.tests.policy.conversation.talk import Person, ready

ON_THE_WAY = {
    "category": (),
    "priority": ("Consultation",),
    "subject": ("Consultation", "go_on"),
    "files": ("Consultation", "go_on", "How?", "I would like to know"),
    "access": ("Consultation", "go_on", "How?", "I would like to know", "go_on"),
}


def somebody_at(step: str) -> Person:
    if step in ON_THE_WAY:
        return Person().say(*ON_THE_WAY[step])
    return ready().say("cancel") if step == "cancelled" else ready()


@examples(CONVERSED)
def test_a_conversation_asks_next_what_is_told(example):
    person = somebody_at(example["at the question"])
    assert person.step == example["at the question"]
    assert person.say(example["what is said"]).step == example["next question"]
