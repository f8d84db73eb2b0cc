"""The priority that a request gets, and the sentence if another was requested."""

from typing import NamedTuple

from beesender_support.policy.sentences import Name, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.categories import Category

CORRECTED = _("{category} allows {allowed}, so {asked} became {settled}.")
REFUSED = _("{category} allows these priorities: {allowed}. Please choose one of them.")


class SettledPriority(NamedTuple):
    """``code`` is empty only of a request outside the policy that names none.

    ``corrected_from`` is the requested code if the category does not allow it, and
    ``correction`` says so.
    """

    code: str
    corrected_from: str | None = None
    correction: Sentence | None = None


def settle_priority(category: Category, requested: str | None) -> SettledPriority:
    """The requested priority if the category allows it, else the nearest that it
    allows."""
    code = category.settle_priority(requested)
    if not requested or requested == code:
        return SettledPriority(code)
    return SettledPriority(
        code, requested, explain_correction(category, requested, code)
    )


def refuse_priority(
    category: Category, requested: str | None, *, answers_at_once: bool
) -> Sentence | None:
    """Why a priority is an error; None where it is allowed, or corrected instead.

    Where people see the error before anything is lost, as in the portal, they choose
    another one. Elsewhere nobody would see it, so the priority is corrected.
    """
    if not answers_at_once or settle_priority(category, requested).correction is None:
        return None
    return Sentence(
        REFUSED,
        {"category": Name(category.name), "allowed": category.allowed_priorities},
    )


def explain_correction(category: Category, requested: str, settled: str) -> Sentence:
    """Why a request did not get the requested priority."""
    return Sentence(
        CORRECTED,
        {
            "category": Name(category.name),
            "allowed": category.allowed_priorities,
            "asked": requested,
            "settled": settled,
        },
    )
