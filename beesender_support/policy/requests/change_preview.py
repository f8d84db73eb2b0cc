"""What is promised of a request under another category or priority."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.response.clocks import Happening
from beesender_support.policy.response.promises import (
    NOTHING_PROMISED,
    Promises,
    assess_all,
)
from beesender_support.policy.response.response_state import AT_RISK_SHARE, Response
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sold.categories import Category


@dataclass(frozen=True, slots=True)
class Change:
    """The priority a request would get, why it is not the requested one, and what would
    be promised."""

    priority: str
    correction: Sentence | None = None
    promises: Promises = NOTHING_PROMISED

    @property
    def response(self) -> Response:
        """The promise of the first answer."""
        return self.promises.first_answer.response


def foresee(
    terms: Terms | None,
    category: Category,
    requested: str | None,
    *,
    responded_at: datetime | None,
    now: datetime,
    closed_at: datetime | None = None,
    happenings: Iterable[Happening] = (),
    at_risk_share: float = AT_RISK_SHARE,
) -> Change:
    """The same clocks with other targets: what has elapsed stays. ``terms`` is None where
    no clock runs; a promise that is settled stays as it is."""
    settled = settle_priority(category, requested)
    if terms is None:
        return Change(settled.code, settled.correction)
    promises = assess_all(
        terms.moved_to(category),
        settled.code,
        responded_at=responded_at,
        now=now,
        closed_at=closed_at,
        happenings=happenings,
        at_risk_share=at_risk_share,
    )
    return Change(settled.code, settled.correction, promises)
