"""A second opinion on the clocks of a request: walks through its quarter hours.

Slow and plain on purpose. It knows neither the state table nor a run nor the arithmetic
of the calendar: it keeps in mind what is true of the request, looks at every quarter of
an hour, and notes those in which a clock runs. Everything in a story happens at a full
quarter; a tick is a quarter's number from the start of the clocks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.response.clocks import Event
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
)
from beesender_support.tests.policy.calendar.oracle import is_open_at, zone_called

QUARTER = timedelta(minutes=15)
MESSAGES = (Event.ANSWERED, Event.CUSTOMER_WROTE)


@dataclass
class Promise:
    """A promise as seen so far.

    ``asked`` is the tick in which it began, ``ran`` are those in which its clock ran; in
    the first it may stand. ``stood_from`` is when it last came to stand, None while it
    runs. ``closed`` is since when the request is closed with the promise unkept.
    ``is_dropped``: nothing is owed, late or not.
    """

    asked: int = 0
    ran: list[int] = field(default_factory=list)
    stood_from: int | None = None
    settled: int | None = None
    closed: int | None = None
    is_paused: bool = False
    is_set_aside: bool = False
    is_dropped: bool = False


class FirstAnswer:
    """Owed from the start to the first answer, whatever the status of the request."""

    def __init__(self) -> None:
        self.promises = [Promise()]

    def see(self, event: Event, tick: int) -> None:
        (promise,) = self.promises
        if promise.settled is not None:
            return
        if event is Event.ANSWERED:
            promise.settled = promise.stood_from = tick
            promise.closed = None
        elif event in (Event.RESOLVED, Event.CLOSED) and promise.closed is None:
            promise.closed = tick
        elif event is Event.REOPENED:
            promise.closed = None


class NextAnswer:
    """Owed from the customer's first message after an answer to the next answer.

    Closing the request sets it aside: reopened it is owed again, and what the customer
    writes instead is owed an answer of its own.
    """

    def __init__(self) -> None:
        self.promises: list[Promise] = []
        self.was_answered = False
        self.is_asked = False

    def see(self, event: Event, tick: int) -> None:
        last = self.promises[-1] if self.promises else None
        is_aside = bool(last and last.is_set_aside)
        if event is Event.ANSWERED:
            self.was_answered = True
            if last and last.settled is None:
                if self.is_asked or is_aside:
                    last.settled = tick
                    last.is_set_aside = False
                if self.is_asked:
                    last.stood_from = tick
            self.is_asked = False
        elif event is Event.CUSTOMER_WROTE:
            if self.was_answered and not self.is_asked:
                self.promises.append(Promise(asked=tick))
                self.is_asked = True
        elif event in (Event.RESOLVED, Event.CLOSED):
            if last and self.is_asked:
                last.is_set_aside, last.stood_from = True, tick
                self.is_asked = False
        elif event is Event.REOPENED and last and is_aside:
            last.is_set_aside, last.stood_from = False, None
            self.is_asked = True


class Solution:
    """Owed while the request is neither solved nor closed; waiting takes no time."""

    def __init__(self) -> None:
        self.promises = [Promise()]
        self.is_waiting = self.is_over = False

    def see(self, event: Event, tick: int) -> None:
        (promise,) = self.promises
        if event is Event.PAUSED and not self.is_over:
            self.is_waiting = True
        elif event is Event.RESUMED and not self.is_over:
            self.is_waiting = False
        elif event in (Event.RESOLVED, Event.CLOSED):
            if not self.is_over:
                promise.settled = tick
            self.is_over, self.is_waiting = True, False
            promise.is_dropped = event is Event.CLOSED
        elif event is Event.REOPENED and self.is_over:
            self.is_over, promise.is_dropped, promise.settled = False, False, None
        promise.is_paused = self.is_waiting
        stands = self.is_waiting or self.is_over
        if not stands:
            promise.stood_from = None
        elif promise.stood_from is None:
            promise.stood_from = tick


FOLLOWERS = {FIRST_ANSWER: FirstAnswer, NEXT_ANSWER: NextAnswer, SOLUTION: Solution}


@dataclass(frozen=True)
class Judgement:
    """How a promise stands, in ticks; as ``Response``."""

    state: str
    due: int
    used: int
    late_by: int
    at_risk_from: int
    overdue: int | None


@dataclass(frozen=True)
class Story:
    """What happened to a request whose clocks start at ``start``, looked at ``now``.

    ``happened`` are events by their ticks, in any order; those of one tick are in theirs.
    """

    calendar: Calendar
    start: datetime
    happened: tuple[tuple[int, Event], ...]
    now: int

    def instant(self, tick: int) -> datetime:
        return self.start + tick * QUARTER

    @cached_property
    def _opened(self) -> dict[int, bool]:
        return {}

    def is_open(self, tick: int) -> bool:
        if tick not in self._opened:
            zone = zone_called(self.calendar.time_zone)
            local = self.instant(tick).astimezone(zone)
            self._opened[tick] = is_open_at(self.calendar, local)
        return self._opened[tick]

    def promises(self, target: str) -> list[Promise]:
        follower = FOLLOWERS[target]()
        for tick, event in sorted(self.happened, key=lambda each: each[0]):
            if tick < 0 and event not in MESSAGES:
                follower.see(event, 0)
        for tick in range(self.now + 1):
            for at, event in self.happened:
                if at == tick:
                    follower.see(event, tick)
            if tick < self.now:
                for promise in follower.promises:
                    if promise.stood_from is None:
                        promise.ran.append(tick)
        return follower.promises

    def judgements(self, target: str, length: int) -> list[Judgement]:
        """How each promise of ``target`` stands that allows ``length`` ticks."""
        return [self._judge(promise, length) for promise in self.promises(target)]

    def _judge(self, promise: Promise, length: int) -> Judgement:
        due = self._used_up(promise, length)
        at_risk_from = self._used_up(promise, length * 3 // 4)
        after = [tick for tick in promise.ran if tick >= due]
        looked_at = self.now if promise.closed is None else promise.closed
        if after and promise.settled is None:
            # How late it is grows only as long as the request is open.
            end = max(due, looked_at)
            after = [tick for tick in after if tick < end]
            used = self._worked([tick for tick in promise.ran if tick < end])
            return Judgement(
                "withdrawn" if promise.is_dropped else "breached",
                due,
                used,
                0 if promise.is_dropped else used - length,
                at_risk_from,
                None if promise.is_dropped else len(after),
            )
        used = self._worked(promise.ran)
        late_by = 0
        if promise.is_dropped:
            state = "withdrawn"
        elif promise.settled is not None:
            state = "breached" if after else "met"
            late_by = used - length if after else 0
        elif promise.is_set_aside:
            state = "withdrawn"
        elif promise.is_paused:
            state = "paused"
        else:
            state = "at_risk" if looked_at >= at_risk_from else "due"
        return Judgement(state, due, used, late_by, at_risk_from, None)

    def _worked(self, ticks: list[int]) -> int:
        return sum(map(self.is_open, ticks))

    def _used_up(self, promise: Promise, length: int) -> int:
        """The end of the tick in which ``length`` is used up, if it goes on like this."""
        for tick in self._ticks_of(promise):
            length -= self.is_open(tick)
            if not length:
                return tick + 1
        raise AssertionError("the ticks have no end")

    def _ticks_of(self, promise: Promise) -> Iterator[int]:
        yield from promise.ran
        following = self.now if promise.stood_from is None else promise.stood_from
        if promise.settled is not None and not promise.is_dropped:
            following = promise.settled
        while True:
            yield following
            following += 1
