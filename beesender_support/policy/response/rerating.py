"""Re-rating: what today's tier and plan would change for an open request.

Terms are frozen when the clock starts, and nothing sold or edited later changes them.
The one exception is decided here, and a person has to start it: an open request gets
the present terms of its plan, counted from the same start of the clock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.response.response_state import (
    AT_RISK_SHARE,
    BREACHED,
    Response,
    assess,
)
from beesender_support.policy.response.terms import Terms

TIER, TIME_ZONE, SUPPORT_HOURS = "tier", "time_zone", "support_hours"
RESPONSE_TIME, OTHER_RESPONSE_TIMES = "response_time", "other_response_times"
HOLIDAYS, TIME_ZONE_RULES = "holidays", "time_zone_rules"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two terms: ``what`` is one of the codes above."""

    what: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Rerating:
    """The new terms of a request, and how its promise stands before and after."""

    terms: Terms
    changes: tuple[Change, ...]
    before: Response
    after: Response

    @property
    def is_breached_at_once(self) -> bool:
        """In time by the old terms, late by the new ones."""
        return self.after.state == BREACHED != self.before.state

    @property
    def is_rescued(self) -> bool:
        """Late by the old terms, no longer late by the new ones."""
        return self.before.state == BREACHED != self.after.state


def rerate(
    terms: Terms,
    plan: Plan,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    at_risk_share: float = AT_RISK_SHARE,
) -> Rerating | None:
    """The re-rating of an open request with ``terms`` by its ``plan`` as it is now.

    None where there is nothing to change: the request was answered, its promise was kept
    or broken by then; or it has these terms already.
    """
    if responded_at or terms.is_settled or not terms.has_clock:
        return None
    renewed = terms.sold_as(plan)
    changes = compare(terms, renewed, priority)
    if not changes:
        return None
    before, after = (
        assess(
            each,
            priority,
            responded_at=None,
            now=now,
            at_risk_share=at_risk_share,
        )
        for each in (terms, renewed)
    )
    return Rerating(renewed, changes, before, after)


def compare(before: Terms, after: Terms, priority: str) -> tuple[Change, ...]:
    """What differs, for a request of ``priority``. The name of a plan is no term."""

    def others(terms: Terms) -> dict[str, timedelta]:
        targets = terms.response_targets
        return {code: targets[code] for code in targets if code != priority}

    pairs = {
        TIER: (before.tier, after.tier),
        RESPONSE_TIME: (
            before.response_targets.get(priority),
            after.response_targets.get(priority),
        ),
        OTHER_RESPONSE_TIMES: (others(before), others(after)),
        SUPPORT_HOURS: (before.windows, after.windows),
        TIME_ZONE: (before.time_zone, after.time_zone),
        HOLIDAYS: (before.holidays, after.holidays),
        TIME_ZONE_RULES: (before.time_zone_database, after.time_zone_database),
    }
    return tuple(
        Change(what, *pair) for what, pair in pairs.items() if pair[0] != pair[1]
    )
