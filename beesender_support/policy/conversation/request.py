"""The request that a conversation has put together, and what would be promised of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from beesender_support.policy.conversation.answers import Conversation
from beesender_support.policy.conversation.questions import (
    Offered,
    given_to,
    is_allowed,
    is_answered,
    label_of,
    steps_of,
)
from beesender_support.policy.requests.admission import ACCEPTED
from beesender_support.policy.requests.impact import is_rated_by_impact
from beesender_support.policy.requests.triage import Decision
from beesender_support.policy.sentences import Name, Renderer, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.impact_matrix import NO, YES

MOST_CHARACTERS = 50_000


class Summed(NamedTuple):
    """An answer as it is shown before sending; None where the question was left out."""

    step: str
    label: Name
    value: object


class Requested(NamedTuple):
    """What registering takes; None is what the person left to the category."""

    subject: str
    description: str
    category: str | None
    priority: str | None
    affected: str | None
    way_round: bool | None


def summary_of(said: Conversation, offered: Offered) -> tuple[Summed, ...]:
    """All answers in the order of the questions."""
    return tuple(
        Summed(each, label_of(each, said, offered), given_to(each, said, offered))
        for each in steps_of(said, offered)
        if is_answered(each, said, offered)
    )


def requested_of(said: Conversation, offered: Offered, reader: Renderer) -> Requested:
    """What a finished conversation asks for, in the language of ``reader``.

    Answers to questions that are asked no more, since the category was changed, stay in
    the description.
    """
    category = offered.category(said.category)
    is_rated = category is not None and is_rated_by_impact(category, offered.channel)
    return Requested(
        subject=said.subject or "",
        description=_description_of(said, reader),
        category=category.name if category else None,
        priority=None if is_rated else _known_priority(said, offered),
        affected=said.affected if is_rated else None,
        way_round=(
            {YES: True, NO: False}.get(said.way_round or "") if is_rated else None
        ),
    )


def _known_priority(said: Conversation, offered: Offered) -> str | None:
    """The category's own one where nobody chose, or what was chosen is gone or was
    chosen for another category."""
    is_known = said.priority in offered.meanings
    category = offered.category(said.category)
    return said.priority if is_known and is_allowed(said.priority, category) else None


def _description_of(said: Conversation, reader: Renderer) -> str:
    """Each question with its answer below; where that has no room, the answers alone."""
    answered = [each for each in said.described if each.text]
    questions = [
        (
            f"{reader.show(Name(each.question))}\n{each.text}"
            if each.question
            else each.text
        )
        for each in answered
    ]
    text = "\n\n".join(filter(None, (said.opening, *questions)))
    if len(text) <= MOST_CHARACTERS:
        return text
    return "\n\n".join(filter(None, (said.opening, *(each.text for each in answered))))


# Before it is sent


OUTSIDE = _("If you send it, the request is registered.")
WAITS = _("If you send it, the request is registered and waits for a support agent.")
ANSWERED_BY = _("If you send it now, support answers by {due} ({zone}).")
WITHOUT_PROMISE = _("If you send it, the request is registered and taken up.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be decided if the request were sent at once.

    ``due`` is when support would answer, in the plan's zone; None where nothing is
    promised. ``explanation`` says why.
    """

    verdict: str
    reason: str | None
    priority: str | None
    corrected_from: str | None
    due: datetime | None
    sentence: Sentence
    explanation: tuple[Sentence, ...]


def preview_of(decision: Decision) -> Preview:
    """What a decision would mean to the person who asks."""
    admission, terms = decision.admission, decision.terms
    due = decision.response.due if terms else None
    local = due.astimezone(terms.calendar.zone) if due and terms else None
    if admission.is_outside_policy:
        sentence = Sentence(OUTSIDE)
    elif admission.verdict != ACCEPTED:
        sentence = Sentence(WAITS)
    elif local and terms:
        sentence = Sentence(ANSWERED_BY, {"due": local, "zone": terms.time_zone})
    else:
        sentence = Sentence(WITHOUT_PROMISE)
    is_outside = admission.is_outside_policy
    return Preview(
        verdict=admission.verdict,
        reason=admission.reason,
        priority=decision.priority,
        corrected_from=decision.priority_corrected_from,
        due=local,
        sentence=sentence,
        explanation=() if is_outside else decision.explanation,
    )
