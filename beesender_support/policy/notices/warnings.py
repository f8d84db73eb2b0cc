"""Which warnings of a promise are owed: when a share of its working time is used up, and
when it is broken.

A share is counted like the promise itself, so what pauses the clock moves its instant,
and a night uses nothing up. A promise is one run of the clock of one target with one
length: another priority is another promise, which may warn anew, and the same promise
never warns twice.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import NamedTuple

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.errors import NoShares
from beesender_support.policy.response.clocks import ClockState, Run
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import BREACHED, reached
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import FIRST_ANSWER

DEFAULT_SHARES = (50, 75, 90)
MIN_SHARE, MAX_SHARE, MAX_SHARES = 1, 99, 5
# All of the working time, and more: the promise is broken.
BREACH = 100
# From this share on those who answer for the team hear of it, too.
URGENT_SHARE = 90
# A promise is late from the first instant after its deadline.
_AFTER = timedelta(seconds=1)
# Nothing passes, or the request is closed with the promise unkept: no warning helps now.
_NOT_DRAWING_NEAR = {ClockState.PAUSED, ClockState.LEFT}
_OPEN = {ClockState.RUNNING, *_NOT_DRAWING_NEAR}


class Crossing(NamedTuple):
    """A share of a promise that was used up at an instant ``at``; its share is BREACH
    where that is the deadline of a broken one.

    ``length`` is the working time promised, and ``due`` its deadline.
    """

    target: str
    started_at: datetime
    length: timedelta
    share: int
    at: datetime
    due: datetime | None

    @property
    def key(self) -> str:
        """Names it among all of its request, for ever."""
        return f"{_promise_key(self.target, self.started_at, self.length)}{self.share}"

    @property
    def is_breach(self) -> bool:
        return self.share == BREACH


class Crossings(NamedTuple):
    """``to_say`` is one at most, and one for each promise where several were joined;
    ``missed`` came too late: overtaken by another, or the promise was settled meanwhile.
    ``next_at`` is when the next is owed if nothing happens to the request."""

    to_say: tuple[Crossing, ...] = ()
    missed: tuple[Crossing, ...] = ()
    next_at: datetime | None = None


NOTHING_CROSSED = Crossings()


def shares_of(field: str, typed: object) -> tuple[int, ...]:
    """The shares, in percent, that were typed as ``50, 75, 90``, in order; none for
    nothing. Raises NoShares."""
    text = str(typed or "").replace("%", " ").replace(";", ",").strip()
    if not text:
        return ()
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise NoShares(field, str(typed)[:40])
    shares = sorted({int(part[:4]) for part in parts})
    if len(shares) > MAX_SHARES or not (
        shares[0] >= MIN_SHARE and shares[-1] <= MAX_SHARE
    ):
        raise NoShares(field, str(typed)[:40])
    return tuple(shares)


def crossings_of(
    promises: Iterable[Promised],
    terms: Terms,
    shares: Collection[int],
    told: Collection[str],
    *,
    now: datetime,
    since: datetime | None = None,
) -> Crossings:
    """What is owed ``now`` of the promises of a request.

    ``told`` are the keys of what was said of it or recorded as missed. What was crossed
    before ``since`` counts as told.
    """
    each = [
        _crossings_of_one(
            promised,
            promised.run,
            promised.response.target,
            _calendar_of(terms, promised),
            shares,
            told,
            now,
            since,
        )
        for promised in promises
        if promised.run and promised.response.target
    ]
    instants = [one.next_at for one in each if one.next_at]
    return Crossings(
        tuple(crossing for one in each for crossing in one.to_say),
        tuple(crossing for one in each for crossing in one.missed),
        min(instants) if instants else None,
    )


def _crossings_of_one(
    promised: Promised,
    run: Run,
    length: timedelta,
    calendar: Calendar,
    shares: Collection[int],
    told: Collection[str],
    now: datetime,
    since: datetime | None,
) -> Crossings:
    target, response = promised.target, promised.response
    prefix = _promise_key(target, run.started_at, length)
    known = {int(key[len(prefix) :]) for key in told if key.startswith(prefix)}

    def crossing(share: int, at: datetime) -> Crossing:
        return Crossing(target, run.started_at, length, share, at, response.due)

    is_open, is_broken = run.state in _OPEN, response.state == BREACHED
    # Of what was settled soon, most promises, no instant needs to be counted.
    crossed: list[tuple[int, datetime]] = []
    upcoming = None
    if is_open or _is_worth_counting(response.used, length, shares):
        crossed, upcoming = _crossed(calendar, run, length, sorted(shares), now)
    owed = [
        crossing(share, at)
        for share, at in crossed
        if share not in known and not (since and at < since)
    ]
    breach = crossing(BREACH, response.due) if is_broken and response.due else None
    if breach and BREACH not in known and not (since and breach.at < since):
        owed.append(breach)
    if not is_open:
        return Crossings(missed=tuple(owed))
    if is_broken:
        return Crossings(
            tuple(each for each in owed if each.is_breach),
            tuple(each for each in owed if not each.is_breach),
        )
    breaks_at = None
    if run.state is not ClockState.PAUSED and response.due:
        # After a pause that began at the deadline, when the clock has run again.
        breaks_at = max(response.due, run.counted[-1][0]) + _AFTER
    if run.state is ClockState.LEFT:
        return Crossings(missed=tuple(owed), next_at=breaks_at)
    if run.state is ClockState.PAUSED:
        # Continued, it is as near to its deadline as now, and is told of then.
        return NOTHING_CROSSED
    overtaken = [each for each in owed if each.share < max(known, default=0)]
    to_say = [each for each in owed if each not in overtaken]
    if to_say and not calendar.is_open(now):
        upcoming, to_say = calendar.next_open(now), []
    instants = [each for each in (upcoming, breaks_at) if each]
    return Crossings(
        tuple(to_say[-1:]),
        (*overtaken, *to_say[:-1]),
        min(instants) if instants else None,
    )


def _crossed(
    calendar: Calendar,
    run: Run,
    length: timedelta,
    shares: Iterable[int],
    now: datetime,
) -> tuple[list[tuple[int, datetime]], datetime | None]:
    """The shares that are used up, each with the instant, and the instant of the next
    one."""
    ends = (now, run.left_at, run.counted[-1][1])
    until = min(each for each in ends if each)
    crossed: list[tuple[int, datetime]] = []
    for share in shares:
        at = reached(calendar, run, length * share / 100)
        if at > until:
            return crossed, at
        crossed.append((share, at))
    return crossed, None


def _is_worth_counting(
    used: timedelta | None, length: timedelta, shares: Collection[int]
) -> bool:
    return bool(shares and used and used * 100 >= length * min(shares))


def _calendar_of(terms: Terms, promised: Promised) -> Calendar:
    """The hours in which the promise is counted, and its warnings are delivered."""
    if promised.target == FIRST_ANSWER:
        return terms.at_first_answer.calendar
    decided_at = promised.run.decided_at if promised.run else None
    return terms.when_settled(decided_at).calendar


def _promise_key(target: str, started_at: datetime, length: timedelta) -> str:
    start = started_at.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%S")
    return f"{target}/{start}/{int(length.total_seconds())}/"


def who_hears(share: int) -> Iterator[str]:
    """Those who are told of a share besides whoever works on the ticket."""
    if share >= URGENT_SHARE:
        yield from ("team_lead", "success_manager")
