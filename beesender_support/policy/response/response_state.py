"""The response clock: what was promised, until when, and how it stands.

The clock starts when a request is registered and never pauses. It counts the tier's
support hours in the plan's zone. ``Terms`` are what was promised at that moment; they
are stored with the request, so that nothing sold or edited later changes them. The
first answer settles the promise: after it, not even another category or priority
changes it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from beesender_support.policy.response.terms import Terms

MET, BREACHED, DUE, AT_RISK, NONE = "met", "breached", "due", "at_risk", "none"
# A request is at risk when this share of its target is used up.
AT_RISK_SHARE = 0.75


@dataclass(frozen=True, slots=True)
class Response:
    """How a promise stands. All but ``state`` are None without a promise.

    ``used`` is working time from the start of the clock to the answer, or to now;
    ``late_by`` is working time from the deadline to the answer, zero if in time;
    ``at_risk_from`` is the instant from which an unanswered request is at risk;
    ``overdue`` is elapsed time from the deadline of an unanswered request to now, or to
    when it was closed.
    """

    state: str = NONE
    due: datetime | None = None
    target: timedelta | None = None
    used: timedelta | None = None
    late_by: timedelta | None = None
    at_risk_from: datetime | None = None
    overdue: timedelta | None = None


NO_PROMISE = Response()


def assess(
    terms: Terms,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    closed_at: datetime | None = None,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """How the promise of ``terms`` stands at ``now``.

    No promise: a category that makes none, a tier without a target for ``priority``, or
    terms without a clock. An answer at the very instant of the deadline is in time.
    Closing a request, at ``closed_at``, is no answer: unanswered it is late when its
    deadline comes, but how late grows no further.
    """
    target = terms.promise_for(priority)
    if target is None:
        return NO_PROMISE
    calendar = terms.calendar
    due = calendar.add(terms.started_at, target)
    at_risk_from = calendar.add(terms.started_at, target * at_risk_share)
    if responded_at:
        state = MET if responded_at <= due else BREACHED
        until = responded_at
    else:
        last = min(now, closed_at) if closed_at else now
        state = BREACHED if now > due else _state_in_time(last, at_risk_from)
        until = max(due, last) if now > due else now
    return Response(
        state,
        due,
        target,
        used=calendar.between(terms.started_at, until),
        late_by=calendar.between(due, until) if until > due else timedelta(),
        at_risk_from=at_risk_from,
        overdue=until - due if state == BREACHED and not responded_at else None,
    )


def _state_in_time(now: datetime, at_risk_from: datetime) -> str:
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
