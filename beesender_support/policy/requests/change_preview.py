"""The promise of a request under another category or priority."""

from dataclasses import dataclass
from datetime import datetime

from beesender_support.policy.plans.categories import Category
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.response.response_state import (
    AT_RISK_SHARE,
    NO_PROMISE,
    Response,
    assess,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Change:
    """The priority a request would get, why it is not the requested one, and its
    promise."""

    priority: str
    correction: Sentence | None = None
    response: Response = NO_PROMISE


def foresee(
    terms: Terms | None,
    category: Category,
    requested: str | None,
    *,
    responded_at: datetime | None,
    now: datetime,
    closed_at: datetime | None = None,
    at_risk_share: float = AT_RISK_SHARE,
) -> Change:
    """The same clock with another target. ``terms`` is None where no clock runs; a promise
    that an answer settled stays as it is."""
    settled = settle_priority(category, requested)
    if terms is None:
        return Change(settled.code, settled.correction)
    response = assess(
        terms.moved_to(category),
        settled.code,
        responded_at=responded_at,
        now=now,
        closed_at=closed_at,
        at_risk_share=at_risk_share,
    )
    return Change(settled.code, settled.correction, response)
