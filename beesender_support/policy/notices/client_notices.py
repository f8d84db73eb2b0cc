"""What a client is owed to be told of a request: the difference between what they were
last told of it and what is true now.

Not an event: what changes and changes back within a minute is not told, and nothing is
told twice.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import NamedTuple

from beesender_support.policy.sold.channels import AGENT, EMAIL

REQUEST_CONFIRMED = "request_confirmed"
REQUEST_HELD = "request_held"
REQUEST_ADMITTED = "request_admitted"
PROMISE_CHANGED = "promise_changed"
PROMISE_MISSED = "promise_missed"
# Each of these says how the request stands as a whole, so the last one is what the client
# knows.
_STATEMENTS = (REQUEST_CONFIRMED, REQUEST_HELD, REQUEST_ADMITTED, PROMISE_CHANGED)
CLIENT_NOTICES = (*_STATEMENTS, PROMISE_MISSED)
# Elsewhere the answer is shown at once where the request was made, and says all of it.
NOT_SHOWN_AT_ONCE = (AGENT, EMAIL)
# Deadlines are read to the minute.
MINUTE = timedelta(minutes=1)
# Longer after it came nobody wants to hear that a request has come.
STALE = timedelta(days=3)


class Told(NamedTuple):
    """A notice to the client of a request, said or only recorded, at an instant ``at``.

    ``due_at`` is the deadline that it named, of the first answer unless it is about
    another ``target``; None where it named none.
    """

    kind: str
    at: datetime
    category: str | None = None
    priority: str | None = None
    due_at: datetime | None = None
    target: str | None = None


class Awaited(NamedTuple):
    """A promise that waits to be kept, and its deadline."""

    target: str
    due_at: datetime


class Standing(NamedTuple):
    """What is true of a request now.

    ``tells_client`` was decided when it was registered, see ``is_told_of``. ``due_at`` is
    the deadline of the first answer, None where none is promised; ``awaited`` are all
    promises that wait to be kept. Instants are aware.
    """

    ticket: str
    tells_client: bool
    admission: str | None
    category: str | None
    priority: str | None
    channel: str | None
    registered_at: datetime
    due_at: datetime | None = None
    awaited: tuple[Awaited, ...] = ()
    is_answered: bool = False
    is_closed: bool = False
    is_merged: bool = False


class How(Enum):
    """``RECORD``: the client sees it elsewhere, so nothing is sent. ``MISSED``: it came
    too late to be worth saying."""

    SAY = "say"
    RECORD = "record"
    MISSED = "missed"


class Owed(NamedTuple):
    """A notice that is owed. ``key`` names it for ever; ``target`` is of a promise that was
    missed, and ``due_at`` the deadline that the notice names."""

    kind: str
    key: str
    how: How = How.SAY
    target: str | None = None
    due_at: datetime | None = None


def is_told_of(*, is_by_machine: bool, is_part: bool, is_import: bool) -> bool:
    """Whether the client hears of a new request at all.

    Not of what a machine wrote, of a part split off a request that they know, or of one
    that an import brings along.
    """
    return not (is_by_machine or is_part or is_import)


def owed_to_client(
    told: Sequence[Told], standing: Standing, now: datetime
) -> tuple[Owed, ...]:
    """What is owed ``now``; ``told`` are all notices to the client of the request, the
    earliest first.

    A declined request was answered by the agent who declined it, a merged one is answered
    in another, and one that was registered before this app told anybody anything stays as
    it is.
    """
    if not standing.tells_client or standing.is_merged:
        return ()
    if standing.admission == "Held":
        return tuple(_of_held(told, standing))
    if standing.admission == "Accepted":
        return tuple(_of_accepted(told, standing, now))
    return ()


def _of_held(told: Sequence[Told], standing: Standing) -> Iterator[Owed]:
    """The sender of a held mail is told when it is registered, if at all: here that is
    only noted. One that was accepted before is another matter."""
    last = _last_statement(told)
    if last is None:
        yield _statement(REQUEST_HELD, told, standing, How.RECORD)
    elif last.kind != REQUEST_HELD:
        how = How.MISSED if standing.is_closed else How.SAY
        yield _statement(REQUEST_HELD, told, standing, how)


def _of_accepted(
    told: Sequence[Told], standing: Standing, now: datetime
) -> Iterator[Owed]:
    last = _last_statement(told)
    statement = None
    if last is None:
        statement = _confirmation(told, standing, now)
    elif last.kind == REQUEST_HELD:
        how = How.MISSED if _has_been_replied_to(standing) else How.SAY
        statement = _statement(REQUEST_ADMITTED, told, standing, how)
    elif _differs(last, standing):
        how = How.SAY if _is_anything_owed(standing) else How.MISSED
        statement = _statement(PROMISE_CHANGED, told, standing, how)
    if statement:
        yield statement
    # What is said now says also what is late; never two mails at once.
    if not (statement and statement.how is How.SAY):
        yield from _missed(told, standing, now)


def _confirmation(told: Sequence[Told], standing: Standing, now: datetime) -> Owed:
    is_stale = now - standing.registered_at > STALE
    if is_stale or _has_been_replied_to(standing):
        how = How.MISSED
    elif standing.channel and standing.channel not in NOT_SHOWN_AT_ONCE:
        how = How.RECORD
    else:
        how = How.SAY
    return _statement(REQUEST_CONFIRMED, told, standing, how)


def _statement(kind: str, told: Sequence[Told], standing: Standing, how: How) -> Owed:
    """The first of its kind is named by the ticket alone, so that whoever registered it
    may have said it."""
    said = sum(each.kind == kind for each in told)
    key = f"{kind}/{standing.ticket}"
    return Owed(kind, f"{key}/{said + 1}" if said else key, how, due_at=standing.due_at)


def _has_been_replied_to(standing: Standing) -> bool:
    """An agent's answer says that the request has come, and more."""
    return standing.is_answered or standing.is_closed


def _is_anything_owed(standing: Standing) -> bool:
    if standing.is_closed:
        return False
    return not standing.is_answered or bool(standing.awaited)


def _differs(last: Told, standing: Standing) -> bool:
    if (last.category, last.priority) != (standing.category, standing.priority):
        return True
    # The first answer settles its deadline, whatever is counted anew.
    return not standing.is_answered and not _is_same(last.due_at, standing.due_at)


def _missed(told: Sequence[Told], standing: Standing, now: datetime) -> Iterator[Owed]:
    if standing.is_closed:
        return
    for target, due_at in standing.awaited:
        if due_at <= now and not _has_been_told(told, target, due_at):
            due = due_at.strftime("%Y%m%dT%H%M%S")
            key = f"{PROMISE_MISSED}/{standing.ticket}/{target}/{due}"
            yield Owed(PROMISE_MISSED, key, target=target, due_at=due_at)


def _has_been_told(told: Sequence[Told], target: str, due_at: datetime) -> bool:
    """By an apology, or by whatever was said of this deadline after it had passed."""
    return any(
        _is_same(each.due_at, due_at)
        and (each.target == target if each.target else each.at >= due_at)
        for each in told
    )


def _last_statement(told: Sequence[Told]) -> Told | None:
    statements = [each for each in told if each.kind in _STATEMENTS]
    return statements[-1] if statements else None


def _is_same(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) < MINUTE
