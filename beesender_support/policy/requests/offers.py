"""What a person may choose in a new request, and what each choice would promise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from beesender_support.policy.plans.categories import Category, PriorityRule
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.response.response_state import (
    NO_PROMISE,
    Response,
    assess,
)
from beesender_support.policy.response.terms import Terms


@dataclass(frozen=True, slots=True)
class PriorityOffer:
    """A priority that its category allows, and what it would promise."""

    rule: PriorityRule
    response: Response = NO_PROMISE


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
    return tuple(
        PriorityOffer(rule, assess(terms, rule.priority, responded_at=None, now=at))
        for rule in rules
    )
