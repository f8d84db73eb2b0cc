"""Re-rating: what today's tier and plan would change for an open request.

Terms are frozen when the clock starts, and nothing sold or edited later changes them.
The one exception is decided here, and a person has to start it: an open request gets
the present terms of its plan, counted from the same start of the clock. Only what is
still open follows them: what was settled by then stays as it is, by the terms of then.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.response.clocks import Happening
from beesender_support.policy.response.promises import Promised, Promises, assess_all
from beesender_support.policy.response.response_state import (
    AT_RISK_SHARE,
    BREACHED,
    OPEN_STATES,
    Response,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    NEXT_ANSWER,
    NO_LENGTHS,
    SOLUTION,
    TARGETS,
    Lengths,
)

TIER, TIME_ZONE, SUPPORT_HOURS = "tier", "time_zone", "support_hours"
RESPONSE_TIME, OTHER_RESPONSE_TIMES = "response_time", "other_response_times"
NEXT_ANSWER_TIME, OTHER_NEXT_ANSWER_TIMES = (
    "next_answer_time",
    "other_next_answer_times",
)
SOLUTION_TIME, OTHER_SOLUTION_TIMES = "solution_time", "other_solution_times"
HOLIDAYS, WORKING_DAYS = "holidays", "working_days"
TIME_ZONE_RULES = "time_zone_rules"
# What a target takes for the priority of a request, and for the other ones.
TIMES_OF_TARGET = {
    FIRST_ANSWER: (RESPONSE_TIME, OTHER_RESPONSE_TIMES),
    NEXT_ANSWER: (NEXT_ANSWER_TIME, OTHER_NEXT_ANSWER_TIMES),
    SOLUTION: (SOLUTION_TIME, OTHER_SOLUTION_TIMES),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that differs between two terms: ``what`` is one of the codes above."""

    what: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RatedTarget:
    """How one open promise stands before and after.

    The deadline of a ``Response`` moves on in a pause: what is shown is that of its
    ``Promised``.
    """

    promised_before: Promised
    promised_after: Promised

    @property
    def target(self) -> str:
        return self.promised_after.target

    @property
    def before(self) -> Response:
        return self.promised_before.response

    @property
    def after(self) -> Response:
        return self.promised_after.response

    @property
    def is_breached_at_once(self) -> bool:
        """In time by the old terms, late by the new ones."""
        return self.after.state == BREACHED != self.before.state

    @property
    def is_rescued(self) -> bool:
        """Late by the old terms, no longer late by the new ones."""
        return self.before.state == BREACHED != self.after.state

    @property
    def is_overdue(self) -> bool:
        """Late either way."""
        return self.before.state == BREACHED == self.after.state


@dataclass(frozen=True, slots=True)
class Rerating:
    """The new terms of a request, and how its promises stand before and after."""

    terms: Terms
    changes: tuple[Change, ...]
    promises_before: Promises
    promises_after: Promises
    is_answered: bool

    @property
    def before(self) -> Response:
        """Of the first answer."""
        return self.promises_before.of(FIRST_ANSWER)

    @property
    def after(self) -> Response:
        """Of the first answer."""
        return self.promises_after.of(FIRST_ANSWER)

    @property
    def targets(self) -> tuple[RatedTarget, ...]:
        """The promises that are open: a settled one is the same before and after."""
        return tuple(self._open_targets())

    def _open_targets(self) -> Iterator[RatedTarget]:
        for target in TARGETS:
            promises = (self.promises_before, self.promises_after)
            rated = RatedTarget(*(each.promised(target) for each in promises))
            runs = filter(None, (each.run_of(target) for each in promises))
            is_settled = any(run.decided_at for run in runs)
            is_open = {rated.before.state, rated.after.state} & {*OPEN_STATES, BREACHED}
            if is_open and not is_settled:
                yield rated

    @property
    def is_breached_at_once(self) -> bool:
        return any(each.is_breached_at_once for each in self.targets)

    @property
    def is_rescued(self) -> bool:
        return any(each.is_rescued for each in self.targets)


def rerate(
    terms: Terms,
    plan: Plan,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    happenings: Iterable[Happening] = (),
    category: Category | None = None,
    at_risk_share: float = AT_RISK_SHARE,
) -> Rerating | None:
    """The re-rating of an open request with ``terms`` by its ``plan`` as it is now.

    ``category`` is the present one: terms that promised the first answer alone do not
    say to which an answered request was moved.

    None where there is nothing to change: the request was answered, its promise was kept
    or broken by then, and nothing more is or was promised; or it has these terms already.
    """
    is_answered = responded_at is not None
    if is_answered != terms.is_settled or not terms.has_clock:
        return None
    renewed = _moved(terms, terms.sold_as(plan), category)
    if is_answered and not (terms.further_targets or renewed.further_targets):
        return None
    changes = compare(terms, renewed, priority)
    if not changes:
        return None
    happened = tuple(happenings)

    def assessed(each: Terms) -> Promises:
        return assess_all(
            each,
            priority,
            responded_at=responded_at,
            happenings=happened,
            now=now,
            at_risk_share=at_risk_share,
        )

    before = assessed(terms)
    if _settled_anything(terms, before):
        renewed = _moved(terms, terms.sold_as(plan, settled_until=now), category)
    return Rerating(renewed, changes, before, assessed(renewed), is_answered)


def _moved(terms: Terms, renewed: Terms, category: Category | None) -> Terms:
    """The same, in the category that the request was moved to after its first answer."""
    was_noted = terms.further_targets or not terms.is_settled
    if category is None or was_noted or category.name == terms.category:
        return renewed
    return renewed.moved_to(category)


def _settled_anything(terms: Terms, promises: Promises) -> bool:
    """Whether something was settled by these terms, and not by former ones."""
    if terms.is_settled and terms.at_first_answer is terms:
        return True
    return any(
        each.run is not None
        and each.run.decided_at is not None
        and terms.when_settled(each.run.decided_at) is terms
        for each in _besides_first_answer(promises)
    )


def _besides_first_answer(promises: Promises) -> tuple[Promised, ...]:
    return (*promises.further, *promises.earlier)


def compare(before: Terms, after: Terms, priority: str) -> tuple[Change, ...]:
    """What differs, for a request of ``priority``. The name of a plan is no term, and
    what is promised of a first answer that was given is none any more."""
    times: dict[str, tuple[object, object]] = {}
    for target in FURTHER_TARGETS if before.is_settled else TARGETS:
        old, new = (each.targets.get(target, NO_LENGTHS) for each in (before, after))
        own, of_others = TIMES_OF_TARGET[target]
        times[own] = (old.get(priority), new.get(priority))
        times[of_others] = (_without(old, priority), _without(new, priority))
    pairs: dict[str, tuple[object, object]] = {
        TIER: (before.tier, after.tier),
        **times,
        SUPPORT_HOURS: (before.windows, after.windows),
        TIME_ZONE: (before.time_zone, after.time_zone),
        HOLIDAYS: (before.holidays, after.holidays),
        WORKING_DAYS: (before.working_days, after.working_days),
        TIME_ZONE_RULES: (before.time_zone_database, after.time_zone_database),
    }
    return tuple(
        Change(what, *pair) for what, pair in pairs.items() if pair[0] != pair[1]
    )


def _without(lengths: Lengths, priority: str) -> dict[str, timedelta]:
    return {code: lengths[code] for code in lengths if code != priority}
