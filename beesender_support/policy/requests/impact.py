"""The priority of a request by its impact: the client answers, the policy rates.

Where a category asks, nobody chooses a priority in the portal or in a chat: they say what
is affected and whether there is a way round, and the category's matrix gives the priority.
"""

from typing import NamedTuple

from beesender_support.policy.sentences import Name, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import AGENT, EMAIL
from beesender_support.policy.sold.impact_matrix import (
    ANSWERS,
    NO,
    YES,
    ImpactOption,
)

# A mail answers no question, and agents choose plainly.
NOT_ASKED_BY = frozenset({AGENT, EMAIL})
SAY_WHAT = _(
    "The priority of {category} comes from your answers. Please say what is affected, one"
    " of: {options}."
)
SAY_WAY_ROUND = _(
    "The priority of {category} comes from your answers. Please say whether there is a way"
    " round: {yes} or {no}."
)


class FromImpact(NamedTuple):
    """The priority that two answers give, and the answers as they are stored.

    ``code`` is None where they give none, and then ``refusal`` says what to answer.
    """

    code: str | None = None
    affected: str | None = None
    way_round: str | None = None
    refusal: Sentence | None = None


def is_rated_by_impact(category: Category, channel: str) -> bool:
    """Whether the priority of a new request by ``channel`` comes from answers."""
    return category.asked_impact is not None and channel not in NOT_ASKED_BY


def options_of(category: Category) -> tuple[ImpactOption, ...]:
    """What clients may say is affected, in the order in which the admin drew it; nothing
    where the category does not ask."""
    return category.asked_impact.options if category.asked_impact else ()


def option_named(category: Category, affected: object) -> ImpactOption | None:
    """The option of this text, whatever its case and spaces."""
    matrix = category.asked_impact
    if matrix is None or not isinstance(affected, str):
        return None
    return matrix.option(affected)


def priority_from_impact(
    category: Category, affected: object, way_round: object
) -> FromImpact:
    """What the matrix of a category that asks gives for two answers.

    They come from anybody, so they are anything. An answer to a question that is not
    asked is kept if it is one, and changes nothing.
    """
    option = option_named(category, affected)
    if option is None:
        names = tuple(Name(each.affected) for each in options_of(category))
        return FromImpact(refusal=_say(SAY_WHAT, category, options=names))
    answer = _answer(way_round)
    if answer is None and option.asks_way_round:
        return FromImpact(
            refusal=_say(SAY_WAY_ROUND, category, yes=Name(YES), no=Name(NO))
        )
    code = option.priorities[answer or YES]
    return FromImpact(code, option.affected, answer)


def needs_reason(*, is_rated: bool, before: str | None, after: str | None) -> bool:
    """Whether an agent's change of a priority needs a reason: where the client's answers
    gave it, and another one takes its place."""
    return bool(is_rated and before and after and before != after)


def _answer(way_round: object) -> str | None:
    given = way_round.strip().casefold() if isinstance(way_round, str) else None
    return next((each for each in ANSWERS if each.casefold() == given), None)


def _say(template: str, category: Category, **context: object) -> Sentence:
    return Sentence(template, {"category": Name(category.name), **context})
