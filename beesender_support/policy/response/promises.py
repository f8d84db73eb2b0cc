"""Everything that is promised of a request, and how each of it stands."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from beesender_support.policy.response.clocks import (
    Event,
    Happening,
    Run,
    runs_of,
    since,
    single_run,
)
from beesender_support.policy.response.response_state import (
    AT_RISK,
    AT_RISK_SHARE,
    BREACHED,
    DUE,
    MET,
    NO_PROMISE,
    NONE,
    PAUSED,
    WITHDRAWN,
    Response,
    assess_first,
    assess_run,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import FIRST_ANSWER, FURTHER_TARGETS

_NOT_DUE = (PAUSED, WITHDRAWN)
FIRST_ANSWER_DUE, MORE_DUE = "first_answer_due", "more_due"


class Promised(NamedTuple):
    """How one promise stands, and the run of its clock; None where none ran."""

    target: str
    response: Response = NO_PROMISE
    run: Run | None = None

    @property
    def due(self) -> datetime | None:
        """None while the deadline moves, in a pause, and where nothing is owed any
        more."""
        return None if self.response.state in _NOT_DUE else self.response.due

    @property
    def awaited_by(self) -> datetime | None:
        """The deadline of what nobody has given yet, also one that has passed."""
        is_settled = bool(self.run and self.run.decided_at)
        return None if is_settled else self.due


class Promises(NamedTuple):
    """The promises of a request by target, each by the last run of its clock.

    ``earlier`` are those that were settled before the last of their target: one for
    each answer to a message of the customer's but the last.
    """

    first_answer: Promised = Promised(FIRST_ANSWER)
    further: tuple[Promised, ...] = ()
    earlier: tuple[Promised, ...] = ()

    def promised(self, target: str) -> Promised:
        """The one promise, whether anything is promised or not."""
        known = (self.first_answer, *self.further)
        return next((each for each in known if each.target == target), Promised(target))

    def of(self, target: str) -> Response:
        return next(
            (each.response for each in self.each() if each.target == target), NO_PROMISE
        )

    def run_of(self, target: str) -> Run | None:
        return next((each.run for each in self.each() if each.target == target), None)

    def times_of(self, target: str) -> tuple[timedelta, ...]:
        """The support time of each promise of ``target`` that was kept or given late, in
        order; nothing of those that nobody has given."""
        runs = [each for each in self.earlier if each.target == target]
        return tuple(
            each.response.used
            for each in (*runs, self.promised(target))
            if each.response.used is not None and each.run and each.run.stopped_at
        )

    def each(self) -> tuple[Promised, ...]:
        """In the order of the targets; what is not promised is left out."""
        return tuple(
            each
            for each in (self.first_answer, *self.further)
            if each.response.state != NONE
        )

    def next_due(self, *, is_closed: bool) -> datetime | None:
        """The soonest deadline of what nobody has given yet; of a closed request, of
        which nobody awaits anything, none."""
        if is_closed:
            return None
        return min(
            filter(None, (each.awaited_by for each in self.each())), default=None
        )

    @property
    def overall(self) -> str:
        """How the request stands as a whole.

        BREACHED once any promise was broken, else FIRST_ANSWER_DUE, MORE_DUE when
        anything else is due, PAUSED while a clock is paused and nothing is due, MET, or
        NONE.
        """
        states = {each.response.state for each in (*self.each(), *self.earlier)}
        if BREACHED in states:
            return BREACHED
        if self.first_answer.response.state in (DUE, AT_RISK):
            return FIRST_ANSWER_DUE
        if states & {DUE, AT_RISK}:
            return MORE_DUE
        return next((each for each in (PAUSED, MET) if each in states), NONE)


NOTHING_PROMISED = Promises()


def assess_all(
    terms: Terms,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    closed_at: datetime | None = None,
    happenings: Iterable[Happening] = (),
    at_risk_share: float = AT_RISK_SHARE,
) -> Promises:
    """How all promises of ``terms`` stand at ``now``; see ``assess`` and ``assess_run``.

    ``happenings`` are those of the request besides its first answer, in any order.
    """
    run = single_run(terms.started_at, responded_at, closed_at)
    response = assess_first(terms, run, priority, now=now, at_risk_share=at_risk_share)
    first = Promised(FIRST_ANSWER, response, run)
    if not terms.ever_promised_more:
        return Promises(first)
    happened = in_order(terms.started_at, responded_at, happenings)
    further, earlier = [], []
    for target in FURTHER_TARGETS:
        promised = [
            Promised(
                target,
                assess_run(
                    terms, target, run, priority, now=now, at_risk_share=at_risk_share
                ),
                run,
            )
            for run in runs_of(target, happened)
        ]
        further += promised[-1:]
        earlier += promised[:-1]
    return Promises(first, tuple(further), tuple(earlier))


def in_order(
    started_at: datetime,
    responded_at: datetime | None,
    happenings: Iterable[Happening],
) -> list[Happening]:
    """All that happened to a request since its clocks started, the first answer
    included."""
    first = [Happening(Event.ANSWERED, responded_at)] if responded_at else []
    return since(started_at, [*first, *happenings])


def is_history_of_solution(
    promises: Promises, *, is_closed: bool, is_closing_known: bool, is_imported: bool
) -> bool:
    """Whether only the first answer is counted for a request when it is inserted.

    As ``is_history`` of what is promised besides: nobody knows when a closed request was
    solved unless the stamp is given, and a deadline that had passed before an import is
    not broken today.
    """
    if is_closed:
        return not is_closing_known
    return is_imported and any(
        each.response.state == BREACHED for each in promises.further
    )
