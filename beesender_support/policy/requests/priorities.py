"""The priority that a request gets, and what is said where another was asked for."""

from typing import NamedTuple

from beesender_support.policy.plans.categories import Category
from beesender_support.policy.sentences import Name, Sentence
from beesender_support.policy.sentences import marked as _

CORRECTED = _("{category} allows {allowed}, so {asked} became {settled}.")
REFUSED = _("{category} allows these priorities: {allowed}. Please choose one of them.")


class SettledPriority(NamedTuple):
    """``code`` is empty only of a request outside the policy that names none.

    ``corrected_from`` is the code that was asked for where the category does not allow
    it, and ``correction`` says so.
    """

    code: str
    corrected_from: str | None = None
    correction: Sentence | None = None


def settle_priority(category: Category, asked: str | None) -> SettledPriority:
    """As asked where the category allows it, else lowered to what it allows."""
    code = category.settle_priority(asked)
    if not asked or asked == code:
        return SettledPriority(code)
    return SettledPriority(code, asked, explain_correction(category, asked, code))


def refuse_priority(
    category: Category, asked: str | None, *, answers_at_once: bool
) -> Sentence | None:
    """Why a priority is an error; None where it is allowed, or corrected instead.

    Whoever reads the answer before anything is lost, as in the portal, chooses another
    one. Elsewhere nobody would read the error, so the priority is corrected.
    """
    if not answers_at_once or settle_priority(category, asked).correction is None:
        return None
    return Sentence(
        REFUSED,
        {"category": Name(category.name), "allowed": category.allowed_priorities},
    )


def explain_correction(category: Category, asked: str, settled: str) -> Sentence:
    """Why a request did not get the priority it asked for."""
    return Sentence(
        CORRECTED,
        {
            "category": Name(category.name),
            "allowed": category.allowed_priorities,
            "asked": asked,
            "settled": settled,
        },
    )
