"""What a person may choose in a new request, and what each choice would promise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.response.deadline_explanation import explain_target
from beesender_support.policy.response.promises import Promised, assess_all
from beesender_support.policy.response.response_state import NO_PROMISE, Response
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sold.categories import Category, PriorityRule


@dataclass(frozen=True, slots=True)
class PriorityOffer:
    """A priority that its category allows, and what it would promise: of the first
    answer, and ``further`` if more is sold."""

    rule: PriorityRule
    response: Response = NO_PROMISE
    further: tuple["FurtherOffer", ...] = ()


@dataclass(frozen=True, slots=True)
class FurtherOffer:
    """A target besides the first answer: what is promised of it, and when it would be
    due, None before its clock starts."""

    target: str
    sentence: Sentence
    due: datetime | None


@dataclass(frozen=True, slots=True)
class CategoryOffer:
    """A category and its priorities, most urgent first."""

    category: Category
    priorities: tuple[PriorityOffer, ...]


def offer(
    plan: Plan, categories: Iterable[Category], at: datetime
) -> tuple[CategoryOffer, ...]:
    """Everything that would be accepted under ``plan``, as if registered at ``at``.

    A priority for which the tier has no target is offered without a promise: the
    request would be accepted like that, and the form should not push people to
    exaggerate its urgency.
    """
    return tuple(
        CategoryOffer(category, _priorities_of(category, plan, at))
        for category in categories
    )


def first_choice(offers: tuple[CategoryOffer, ...], default: str | None) -> str | None:
    """The category to begin with: the ``default`` where it is offered, else the first."""
    names = [each.category.name for each in offers]
    return default if default in names else next(iter(names), None)


def is_unanswered(description: str, questions: Iterable[str]) -> bool:
    """Whether a description, as lines of text, contains nothing but the questions."""
    said = {line.strip() for line in description.splitlines()} - {""}
    return bool(said) and said <= set(questions)


def _priorities_of(
    category: Category, plan: Plan, at: datetime
) -> tuple[PriorityOffer, ...]:
    terms = Terms.of(plan, category, at)
    rules = sorted(category.priority_rules, key=lambda rule: rule.priority)
    return tuple(_priority_of(rule, terms, at) for rule in rules)


def _priority_of(rule: PriorityRule, terms: Terms, at: datetime) -> PriorityOffer:
    promises = assess_all(terms, rule.priority, responded_at=None, now=at)
    further = (
        (each, explain_target(terms, rule.priority, Promised(each)))
        for each in terms.further_targets
    )
    return PriorityOffer(
        rule,
        promises.first_answer.response,
        tuple(
            FurtherOffer(target, sentence, promises.of(target).due)
            for target, sentence in further
            if sentence
        ),
    )
