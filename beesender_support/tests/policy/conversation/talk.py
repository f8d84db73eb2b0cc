"""Conversations for the tests of the policy: what is offered, and somebody who talks."""

from dataclasses import replace

from beesender_support.policy.conversation.answers import Conversation, FileGiven
from beesender_support.policy.conversation.dialogue import Said, Turn, take
from beesender_support.policy.conversation.questions import (
    Offered,
    Question,
    question_at,
)
from beesender_support.policy.sentences import ENGLISH, Name, Renderer
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import CHATBOT

WORDS = {
    "Incident": "Инцидент",
    "Consultation": "Консультация",
    "Yes": "Да",
    "No": "Нет",
    "Back": "Назад",
    "Go on": "Продолжить",
    "Cancel": "Отменить",
    "Send": "Отправить",
}
RUSSIAN = Renderer(ENGLISH.formats).showing(
    {Name: lambda name: WORDS.get(str(name), str(name))}
)
READERS = (ENGLISH, RUSSIAN)
MEANINGS = {each.code: each.meaning for each in CATALOGUE.priorities}
CONSULTATION = CATALOGUE.category("Consultation")
PLAIN = replace(CONSULTATION, description_template="")
INCIDENT = replace(
    CATALOGUE.category("Incident"), description_template="What happens?\nSince when?"
)
ASKING_IMPACT = replace(INCIDENT, asks_impact=True)
OFFERED = Offered(CHATBOT, (INCIDENT, PLAIN), MEANINGS)
OF_IMPACT = Offered(CHATBOT, (ASKING_IMPACT, PLAIN), MEANINGS)
NOTHING_OFFERED = Offered(CHATBOT)


def file(name: str = "log.txt", size: int = 10) -> FileGiven:
    return FileGiven(f"key of {name}", name, size)


class Person:
    """Somebody who talks; ``asked`` is the question that waits for an answer."""

    def __init__(
        self, offered: Offered = OFFERED, conversation: Conversation | None = None
    ) -> None:
        self.offered = offered
        self.conversation = conversation or Conversation()
        self.turn = Turn(self.conversation)

    @property
    def asked(self) -> Question:
        return question_at(self.conversation, self.offered)

    @property
    def step(self) -> str:
        return self.asked.step

    @property
    def rule(self) -> str | None:
        return self.turn.problem and self.turn.problem.rule

    def say(self, *texts: str, files: tuple[FileGiven, ...] = ()) -> "Person":
        """Say one text after the other."""
        for text in texts:
            self.turn = take(
                Said(text, files), self.conversation, self.offered, READERS
            )
            self.conversation = self.turn.conversation
        return self

    def said(self) -> str:
        """What was said against the last answer."""
        return str(self.turn.problem.sentence) if self.turn.problem else ""


ALL_ANSWERS = (
    *("Incident", "P2", "No chats", "Nothing appears", "Since noon"),
    *("go_on", "go_on"),
)


def ready(offered: Offered = OFFERED) -> Person:
    """Somebody who has answered everything."""
    person = Person(offered)
    if offered is OF_IMPACT:
        affected = ASKING_IMPACT.impact.options[0].affected
        person.say("Incident", affected, *ALL_ANSWERS[2:])
    else:
        person.say(*ALL_ANSWERS)
    return person
