"""How a promise stands: until when it is to be kept, and whether it was.

A clock counts the tier's support hours in the plan's zone. ``Terms`` are what was
promised when it started; they are stored with the request, so that nothing sold or
edited later changes them. What settles a promise, such as the first answer, settles it
for good: after it, not even another category or priority changes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.response.clocks import ClockState, Run, single_run
from beesender_support.policy.response.terms import Terms

MET, BREACHED, DUE, AT_RISK, NONE = "met", "breached", "due", "at_risk", "none"
# Nothing passes at present | nothing is owed any more.
PAUSED, WITHDRAWN = "paused", "withdrawn"
OPEN_STATES = (DUE, AT_RISK, PAUSED)
# A request is at risk when this share of its target is used up.
AT_RISK_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Response:
    """How a promise stands. All but ``state`` are None without a promise.

    ``used`` is working time from the start of the clock to what settled it, or to now;
    ``late_by`` is working time from the deadline to that, zero if in time;
    ``at_risk_from`` is the instant from which an unkept promise is at risk;
    ``overdue`` is elapsed time from the deadline of an unkept promise to now, or to
    when the request was closed. While a clock is paused, ``due`` and ``at_risk_from``
    are what they would be if it continued at the start of the pause: they move on as
    long as it lasts.
    """

    state: str = NONE
    due: datetime | None = None
    target: timedelta | None = None
    used: timedelta | None = None
    late_by: timedelta | None = None
    at_risk_from: datetime | None = None
    overdue: timedelta | None = None

    @property
    def left(self) -> timedelta:
        """The working time of ``target`` that is not used up."""
        used = self.used or timedelta()
        return max((self.target or timedelta()) - used, timedelta())


NO_PROMISE = Response()


def owed(response: Response) -> Response:
    """The same; of a promise that nothing is owed of any more, none."""
    return NO_PROMISE if response.state == WITHDRAWN else response


def assess(
    terms: Terms,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    closed_at: datetime | None = None,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """How the promise of a first answer in ``terms`` stands at ``now``.

    No promise: a category that makes none, a tier without a target for ``priority``, or
    terms without a clock. An answer at the very instant of the deadline is in time.
    Closing a request, at ``closed_at``, is no answer: unanswered it is late when its
    deadline comes, but how late grows no further.
    """
    run = single_run(terms.started_at, responded_at, closed_at)
    return assess_first(terms, run, priority, now=now, at_risk_share=at_risk_share)


def assess_first(
    terms: Terms,
    run: Run,
    priority: str,
    *,
    now: datetime,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """As ``assess``, of the ``run`` of its clock."""
    target = terms.promise_for(priority)
    if target is None:
        return NO_PROMISE
    return measure(
        terms.at_first_answer.calendar,
        target,
        run,
        now=now,
        at_risk_share=at_risk_share,
    )


def assess_run(
    terms: Terms,
    target: str,
    run: Run,
    priority: str,
    *,
    now: datetime,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """How one run of the clock of ``target`` stands at ``now``.

    A settled run goes by the priority and category that settled it, any other by the
    present ones, and by the terms before a re-rating that came later.
    """
    terms = terms.when_settled(run.decided_at)
    length = terms.length_of(target, run.priority or priority, run.is_promised)
    if length is None:
        return NO_PROMISE
    return measure(terms.calendar, length, run, now=now, at_risk_share=at_risk_share)


def measure(
    calendar: Calendar,
    target: timedelta,
    run: Run,
    *,
    now: datetime,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """How a promise of ``target``, counted in ``calendar``, stands after ``run``.

    It is late from the first instant after its deadline in which the clock runs: a
    promise whose clock is paused at its deadline is not late yet.
    """
    until = run.stopped_at or now
    start, end = run.counted[0]
    # Most clocks never stand: to go through their stretches takes longer than counting.
    has_stood = len(run.counted) > 1 or end != run.stopped_at
    if has_stood:
        due = reached(calendar, run, target)
        at_risk_from = reached(calendar, run, target * at_risk_share)
        is_late = _runs_after(run, due, until)
    else:
        due = calendar.add(start, target)
        at_risk_from = calendar.add(start, target * at_risk_share)
        is_late = due < until
    state = MET
    if not run.stopped_at:
        last = min(now, run.left_at) if run.left_at else now
        state = _state_in_time(run, last, at_risk_from)
        until = max(due, last) if is_late else until
    if is_late:
        state = BREACHED
    used = (
        _counted(calendar, run, until) if has_stood else calendar.between(start, until)
    )
    if run.state is ClockState.VOID:
        state = WITHDRAWN
    late_by, overdue = timedelta(), None
    if state == BREACHED:
        # What is used beyond the target is what passed after the deadline.
        late_by = used - target
        overdue = None if run.stopped_at else _elapsed(run, due, until)
    return Response(state, due, target, used, late_by, at_risk_from, overdue)


def measure_answered(
    calendar: Calendar, target: timedelta, start: datetime, answered_at: datetime
) -> tuple[datetime, str, timedelta]:
    """Of ``measure`` what a list says of a promise that was settled: its deadline, its
    state and the working time used. The clock ran from ``start`` to the answer."""
    due, used = calendar.add_and_between(start, target, answered_at)
    return due, BREACHED if due < answered_at else MET, used


def reached(calendar: Calendar, run: Run, length: timedelta) -> datetime:
    """The earliest instant by which ``length`` of working time has been counted; if the
    clock stopped before, by which it would have been had it run on. Of what was settled
    in a pause, from there: nothing kept looks as if it came after its deadline."""
    left = length
    for start, end in run.ended_before_last:
        passed = calendar.between(start, end)
        if left <= passed:
            return calendar.add(start, left)
        left -= passed
    last, stop = run.counted[-1]
    if run.stopped_at and stop and stop != run.stopped_at:
        passed = calendar.between(last, stop)
        if left > passed:
            return calendar.add(run.stopped_at, left - passed)
    return calendar.add(last, left)


def _runs_after(run: Run, due: datetime, until: datetime) -> bool:
    """Whether the clock runs at an instant after ``due`` and before ``until``."""
    start, end = run.counted[-1]
    if max(start, due) < (min(end, until) if end else until):
        return True
    earlier = run.ended_before_last
    return bool(earlier) and any(max(start, due) < end for start, end in earlier)


def _counted(calendar: Calendar, run: Run, until: datetime) -> timedelta:
    """The working time that the clock counted until then."""
    start, end = run.counted[-1]
    counted = calendar.between(start, min(end, until) if end else until)
    for start, end in run.ended_before_last:
        counted += calendar.between(start, min(end, until))
    return counted


def _elapsed(run: Run, since: datetime, until: datetime) -> timedelta:
    """For how long the clock ran from ``since`` to ``until``, open or not."""
    elapsed = timedelta()
    for start, end in run.counted:
        first, last = max(start, since), min(end, until) if end else until
        elapsed += max(last - first, timedelta())
    return elapsed


_STATES_NOT_RUNNING = {
    ClockState.PAUSED: PAUSED,
    ClockState.SET_ASIDE: WITHDRAWN,
}


def _state_in_time(run: Run, now: datetime, at_risk_from: datetime) -> str:
    if state := _STATES_NOT_RUNNING.get(run.state):
        return state
    return AT_RISK if now >= at_risk_from else DUE


def at_risk_share(percent: float | None) -> float:
    """The share of its target from which a request is at risk, for a setting in
    percent.

    The default if nothing is set. Values stored before there were limits are clamped to
    them.
    """
    return min(max(percent, 1), 100) / 100 if percent else AT_RISK_SHARE


def is_still_promised(*, is_merged: bool, is_answered: bool) -> bool:
    """Whether something is promised of a request with terms.

    A request merged into another before anybody answered it has no promise any more: it
    is answered there. A settled promise stays as it is.
    """
    return is_answered or not is_merged


def counts(*, is_merged: bool) -> bool:
    """Whether the promise of a request is shown, followed by the clock and counted.

    For a request merged into another the promise of the other counts, once.
    """
    return not is_merged


def is_history(response: Response, *, is_closed: bool, is_imported: bool) -> bool:
    """Whether nothing is counted for a request when it is inserted.

    That is an unanswered request which is already closed, or which is imported after
    its deadline: a breach that nobody here knew of is not one of today's.
    """
    if response.state == BREACHED and response.overdue is None:
        # Answered late: both stamps are known.
        return False
    if response.state in (MET, NONE):
        return False
    return is_closed or (is_imported and response.state == BREACHED)


def compliance(met: int, breached: int) -> float | None:
    """The share of promises met among those whose outcome is known, from 0 to 1.

    A promise that is overdue without an answer is broken already. None where no outcome
    is known: nothing promised does not mean everything met.
    """
    known = met + breached
    return met / known if known else None


def share_in_percent(share: float) -> float:
    """A share from 0 to 1, to a tenth of a per cent as all figures give it; what is less
    than all is never rounded up to 100."""
    return 100.0 if share == 1 else min(round(share * 100, 1), 99.9)
