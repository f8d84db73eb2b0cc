"""The clock of a promise: what starts, pauses and stops it, for every target alike.

A clock goes through the happenings of a request in the order of their instants. What
each does to it is one table; a target differs from another by its rows, and by nothing
else. The first answer starts with the registration, never pauses, and stops at the first
answer. The next answer starts with the first message that the customer writes after an
answer, stops at the next, and then runs anew. The solution starts with the registration,
pauses while support waits, and stops when the request is resolved; reopened it continues
with what had elapsed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any, NamedTuple

from beesender_support.policy.errors import NaiveInstant
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION


class Event(str, Enum):
    """What happens to a request; the values are stored with it.

    ``CLOSED`` is closing without a solution, for a reason that does not count as one.
    """

    REGISTERED = "registered"
    ANSWERED = "answered"
    CUSTOMER_WROTE = "customer_wrote"
    PAUSED = "paused"
    RESUMED = "resumed"
    RESOLVED = "resolved"
    CLOSED = "closed"
    REOPENED = "reopened"


# Words, as opposed to a change of the request's status.
MESSAGES = frozenset({Event.ANSWERED, Event.CUSTOMER_WROTE})


# The categories that the host gives to the statuses of a request.
OPEN, WAITING, OVER = "Open", "Paused", "Resolved"

STATUS_OF: dict[Event | None, str] = {
    Event.PAUSED: WAITING,
    Event.RESUMED: OPEN,
    Event.REOPENED: OPEN,
    Event.RESOLVED: OVER,
    Event.CLOSED: OVER,
}


def status_events(
    before: str | None, after: str | None, *, counts_before: bool, counts_after: bool
) -> tuple[Event, ...]:
    """What a change of the status category means.

    ``counts_before`` and ``counts_after``: the request is not closed for a reason that
    is no solution. Nothing for a category that is unknown.
    """
    over = Event.RESOLVED if counts_after else Event.CLOSED
    if before == after == OVER:
        return (over,) if counts_before != counts_after else ()
    return {
        (OPEN, WAITING): (Event.PAUSED,),
        (WAITING, OPEN): (Event.RESUMED,),
        (OPEN, OVER): (over,),
        (WAITING, OVER): (over,),
        (OVER, OPEN): (Event.REOPENED,),
        (OVER, WAITING): (Event.REOPENED, Event.PAUSED),
    }.get((before or "", after or ""), ())


class ClockState(Enum):
    """``LEFT``: the request was closed with the promise unkept, and the clock runs out.
    ``SET_ASIDE``: the request was closed, so nothing more is owed; late stays late.
    ``VOID``: nothing is owed, whether it was late or not."""

    NOT_STARTED = "not started"
    READY = "ready"
    RUNNING = "running"
    PAUSED = "paused"
    LEFT = "left"
    SET_ASIDE = "set aside"
    VOID = "void"
    SETTLED = "settled"


_COUNTING = frozenset({ClockState.RUNNING, ClockState.LEFT})
# Here a run is over; another may begin.
_OVER = frozenset({ClockState.NOT_STARTED, ClockState.READY})
# What leads here settles the promise: later changes of the priority do not count.
_CLOSED = frozenset({ClockState.SETTLED, ClockState.VOID})
_SETTLING = _OVER | _CLOSED | {ClockState.SET_ASIDE}
# In these a message of the customer's starts a clock.
AWAITED = frozenset({ClockState.READY, ClockState.SET_ASIDE})

_E, _S = Event, ClockState
Table = dict[tuple[ClockState, Event], ClockState]
# What is not in the table changes nothing.
TRANSITIONS: dict[str, Table] = {
    FIRST_ANSWER: {
        (_S.NOT_STARTED, _E.REGISTERED): _S.RUNNING,
        (_S.RUNNING, _E.ANSWERED): _S.SETTLED,
        (_S.RUNNING, _E.RESOLVED): _S.LEFT,
        (_S.RUNNING, _E.CLOSED): _S.LEFT,
        (_S.LEFT, _E.REOPENED): _S.RUNNING,
        (_S.LEFT, _E.ANSWERED): _S.SETTLED,
    },
    NEXT_ANSWER: {
        (_S.NOT_STARTED, _E.ANSWERED): _S.READY,
        (_S.READY, _E.CUSTOMER_WROTE): _S.RUNNING,
        (_S.RUNNING, _E.ANSWERED): _S.READY,
        # A thank-you is closed and not answered. What the customer writes later is
        # another message; a request that was merely reopened still waits for this one.
        (_S.RUNNING, _E.RESOLVED): _S.SET_ASIDE,
        (_S.RUNNING, _E.CLOSED): _S.SET_ASIDE,
        (_S.SET_ASIDE, _E.CUSTOMER_WROTE): _S.RUNNING,
        (_S.SET_ASIDE, _E.REOPENED): _S.RUNNING,
        (_S.SET_ASIDE, _E.ANSWERED): _S.READY,
    },
    SOLUTION: {
        (_S.NOT_STARTED, _E.REGISTERED): _S.RUNNING,
        (_S.RUNNING, _E.PAUSED): _S.PAUSED,
        (_S.PAUSED, _E.RESUMED): _S.RUNNING,
        (_S.RUNNING, _E.RESOLVED): _S.SETTLED,
        (_S.PAUSED, _E.RESOLVED): _S.SETTLED,
        (_S.SETTLED, _E.REOPENED): _S.RUNNING,
        (_S.RUNNING, _E.CLOSED): _S.VOID,
        (_S.PAUSED, _E.CLOSED): _S.VOID,
        (_S.SETTLED, _E.CLOSED): _S.VOID,
        (_S.VOID, _E.RESOLVED): _S.SETTLED,
        (_S.VOID, _E.REOPENED): _S.RUNNING,
    },
}

# The targets whose clock a pause stops.
PAUSING = tuple(
    target
    for target, table in TRANSITIONS.items()
    if any(event is Event.PAUSED for _state, event in table)
)


class Happening(NamedTuple):
    """An event at an instant.

    ``priority``, and whether the category ``is_promised`` anything, are those of the
    request then: by them a promise is settled. None where that does not matter.
    """

    event: Event
    at: datetime
    priority: str | None = None
    is_promised: bool | None = None

    def as_list(self) -> list[Any]:
        """Plain values for JSON."""
        return [
            self.event.value,
            self.at.isoformat(),
            self.priority,
            self.is_promised,
        ]

    @classmethod
    def from_list(cls, stored: Sequence[Any]) -> "Happening":
        """The reverse of ``as_list``; raises TypeError or ValueError on other data."""
        event, stamp, priority, is_promised = stored
        at = datetime.fromisoformat(stamp)
        if at.utcoffset() is None:
            raise NaiveInstant("at", stamp)
        return cls(Event(event), at, priority, is_promised)


def status_after(happenings: Iterable[Happening]) -> tuple[str, bool]:
    """The status category that the happenings left a request in, and whether it is not
    closed for a reason that is no solution."""
    last = None
    for each in happenings:
        last = each.event if each.event in STATUS_OF else last
    return STATUS_OF.get(last, OPEN), last is not Event.CLOSED


Stretch = tuple[datetime, datetime | None]


class Run(NamedTuple):
    """One run of a clock, from its start to what settled it.

    ``counted`` are the stretches ``[start, end)`` in which it ran, in order; the end of
    the last is None while it runs. ``stopped_at`` is when it was settled, ``left_at``
    when the request was closed with the promise unkept. ``priority`` and
    ``is_promised`` are those by which it is settled or nothing is owed, None before.
    """

    counted: tuple[Stretch, ...]
    state: ClockState
    stopped_at: datetime | None = None
    left_at: datetime | None = None
    priority: str | None = None
    is_promised: bool | None = None

    @property
    def started_at(self) -> datetime:
        return self.counted[0][0]

    @property
    def decided_at(self) -> datetime | None:
        """When it was settled, or came to be owed no more; None while it is open."""
        if self.stopped_at or self.state not in _SETTLING:
            return self.stopped_at
        return self.counted[-1][1]

    @property
    def ended_before_last(self) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches before the last: they have an end."""
        return self.counted[:-1]  # type: ignore[return-value]

    @property
    def gaps(self) -> tuple[Stretch, ...]:
        """When it did not run between its start and what settled it; the end of the
        last is None while it is paused."""
        ends = [end for _start, end in self.counted if end is not None]
        starts: list[datetime | None] = [start for start, _end in self.counted[1:]]
        if len(ends) > len(starts) and self.stopped_at != ends[-1]:
            starts.append(self.stopped_at)
        return tuple(gap for gap in zip(ends, starts, strict=False) if gap[0] != gap[1])


def single_run(
    started_at: datetime,
    stopped_at: datetime | None = None,
    left_at: datetime | None = None,
) -> Run:
    """The run of a first answer, as ``runs_of`` gives it for these instants."""
    if stopped_at:
        return Run(((started_at, stopped_at),), ClockState.SETTLED, stopped_at)
    state = ClockState.LEFT if left_at else ClockState.RUNNING
    return Run(((started_at, None),), state, left_at=left_at)


def since(started_at: datetime, happenings: Iterable[Happening]) -> list[Happening]:
    """The happenings of a request whose clocks start at ``started_at``, in order.

    What was said before answers something else. A status that the request had by then,
    it has from the start on.
    """
    # Stable: what happened at one instant stays in its order.
    return [
        Happening(Event.REGISTERED, started_at),
        *(
            each._replace(at=max(each.at, started_at))
            for each in sorted(happenings, key=lambda each: each.at)
            if each.at >= started_at or each.event not in MESSAGES
        ),
    ]


def runs_of(target: str, happenings: Iterable[Happening]) -> tuple[Run, ...]:
    """The runs of the clock of ``target`` over ``happenings``, which are in order."""
    table = TRANSITIONS[target]
    clock = _Clock()
    for each in happenings:
        if state := table.get((clock.state, each.event)):
            clock.move(state, each)
    return clock.runs()


def state_after(target: str, happenings: Iterable[Happening]) -> ClockState:
    """The state of the clock of ``target`` after ``happenings``, which are in order."""
    table, state = TRANSITIONS[target], ClockState.NOT_STARTED
    for each in happenings:
        state = table.get((state, each.event), state)
    return state


def changes_anything(log: Sequence[Happening], happening: Happening) -> bool:
    """Whether ``happening`` changes the clock of any target that went through ``log``,
    which begins with the registration. What changes none need not be stored."""
    first = log[0].at
    before, after = since(first, log[1:]), since(first, [*log[1:], happening])
    return any(runs_of(each, before) != runs_of(each, after) for each in TRANSITIONS)


class _Clock:
    """A clock on its way through the happenings."""

    def __init__(self) -> None:
        self.state = ClockState.NOT_STARTED
        self._finished: list[Run] = []
        self._counted: list[Stretch] = []
        self._settled: Happening | None = None
        self._left_at: datetime | None = None

    def move(self, state: ClockState, by: Happening) -> None:
        if by.event is Event.CUSTOMER_WROTE and self._counted:
            # What was set aside is not continued by another message.
            self._finish(self.state)
        was_counting = self.state in _COUNTING
        is_counting = state in _COUNTING
        if is_counting and not was_counting:
            self._counted.append((by.at, None))
        elif was_counting and not is_counting:
            self._counted[-1] = (self._counted[-1][0], by.at)
        self._left_at = by.at if state is ClockState.LEFT else None
        if state not in _SETTLING:
            self._settled = None
        elif not (self.state in _CLOSED and state in _CLOSED):
            # Another reason for closing does not close again.
            self._settled = by
        self.state = state
        if state in _OVER and self._counted:
            self._finish(ClockState.SETTLED)

    def _finish(self, state: ClockState) -> None:
        self._finished.append(self._run(state))
        self._counted, self._settled = [], None

    def runs(self) -> tuple[Run, ...]:
        if not self._counted:
            return tuple(self._finished)
        return (*self._finished, self._run(self.state))

    def _run(self, state: ClockState) -> Run:
        settled = self._settled
        return Run(
            tuple(self._counted),
            state,
            stopped_at=settled.at if settled and state is ClockState.SETTLED else None,
            left_at=self._left_at,
            priority=settled and settled.priority,
            is_promised=settled and settled.is_promised,
        )
