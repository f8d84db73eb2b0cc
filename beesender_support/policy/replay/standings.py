"""How a past request stands on one side of a replay: under what was, or what would be."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from beesender_support.policy.requests.admission import ACCEPTED
from beesender_support.policy.requests.triage import Decision
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    OPEN_STATES,
    compliance,
)
from beesender_support.policy.sold.targets import TARGETS

# Each request is one of these on each side. MET and BREACHED are those of a promise:
# a request is breached once any of its promises is, and met once all are kept.
OUTSIDE, HELD, UNPROMISED, OPEN = "outside", "held", "unpromised", "open"
STANDINGS = (MET, BREACHED, OPEN, UNPROMISED, HELD, OUTSIDE)


class Outcome(NamedTuple):
    """How many promises of one target are kept, broken, and not yet known."""

    met: int = 0
    breached: int = 0
    open: int = 0

    @property
    def compliance(self) -> float | None:
        """From 0 to 1; None where no outcome is known."""
        return compliance(self.met, self.breached)

    def plus(self, other: "Outcome") -> "Outcome":
        return Outcome(*map(sum, zip(self, other, strict=True)))


NO_OUTCOME = Outcome()
_OF_STATE = {MET: Outcome(met=1), BREACHED: Outcome(breached=1)} | dict.fromkeys(
    OPEN_STATES, Outcome(open=1)
)


class Side(NamedTuple):
    """How a request stands on one side; ``outcomes`` are those of its promises, a pair
    of target and outcome each."""

    standing: str
    outcomes: tuple[tuple[str, Outcome], ...] = ()


OUTSIDE_POLICY, IS_HELD = Side(OUTSIDE), Side(HELD)


class Replayed(NamedTuple):
    """A past request on both sides. ``at`` is when it was registered; ``tier`` is that
    of before, or, where there was none, of after; ``customer`` is empty where it has a
    plan on neither side."""

    at: datetime
    tier: str
    priority: str
    customer: str
    before: Side
    after: Side


def side_of(promises: Promises) -> Side:
    """How an accepted request stands by its promises."""
    each = (promises.first_answer, *promises.further, *promises.earlier)
    return Side(_standing(one.response.state for one in each), tuple(_outcomes(each)))


def side_of_decision(decision: Decision) -> Side:
    """How a request stands by the whole decision on it; one that would be refused
    counts as held."""
    if decision.admission.verdict != ACCEPTED:
        return IS_HELD
    if decision.admission.is_outside_policy:
        return OUTSIDE_POLICY
    return side_of(decision.promises)


def replayed(at: datetime, before: Decision, after: Decision) -> Replayed:
    """A request that was decided by two sets of plans, of the customer as they write
    it."""
    plan = before.admission.plan or after.admission.plan
    return Replayed(
        at,
        before.tier or after.tier or "",
        (after if before.admission.is_outside_policy else before).priority or "",
        plan.customer if plan else "",
        side_of_decision(before),
        side_of_decision(after),
    )


def _standing(states: Iterable[str]) -> str:
    found = {*states}
    if BREACHED in found:
        return BREACHED
    if not found.isdisjoint(OPEN_STATES):
        return OPEN
    return MET if MET in found else UNPROMISED


def _outcomes(each: Iterable[Promised]) -> Iterable[tuple[str, Outcome]]:
    found: dict[str, Outcome] = {}
    for one in each:
        if outcome := _OF_STATE.get(one.response.state):
            found[one.target] = found.get(one.target, NO_OUTCOME).plus(outcome)
    return ((target, found[target]) for target in TARGETS if target in found)
