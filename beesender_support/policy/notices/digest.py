"""The digest of each morning: when it is due, and which requests it speaks of."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from beesender_support.policy.response.response_state import AT_RISK, BREACHED, DUE

# Of a site that has not chosen the hour.
DEFAULT_HOUR = 8
LAST_HOUR = 23


def digest_day(at: datetime, zone: tzinfo, hour: int) -> date | None:
    """The day whose digest is due at the instant ``at``: today in ``zone``, from ``hour``
    on the clock there. None before it.

    A day that has passed is never due, so that after a longer downtime one digest comes
    and not one for each day.
    """
    local = at.astimezone(zone)
    return local.date() if local.hour >= hour else None


def bounds_of(day: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """The instants at which a local day begins and ends."""
    start = datetime.combine(day, time.min, zone)
    return start, datetime.combine(day + timedelta(days=1), time.min, zone)


class PromiseFact(NamedTuple):
    """How a promise stands; ``due`` is aware."""

    state: str
    due: datetime


class RequestFact(NamedTuple):
    """A request as the digest sees it."""

    ticket: str
    is_open: bool
    is_held: bool
    promises: tuple[PromiseFact, ...]


class Entry(NamedTuple):
    """A request, and the instant for which it is there; None while it is held."""

    ticket: str
    due: datetime | None = None


class Morning(NamedTuple):
    """What a team has to know; the one due soonest comes first. A request is at risk or
    due today, not both."""

    breached: tuple[Entry, ...] = ()
    at_risk: tuple[Entry, ...] = ()
    due_today: tuple[Entry, ...] = ()
    held: tuple[Entry, ...] = ()


def morning_of(requests: Iterable[RequestFact], day: date, zone: tzinfo) -> Morning:
    """``breached`` are promises that were due the day before and are broken, also where
    the request is closed by now; all others are of open requests."""
    requests = tuple(requests)
    yesterday = bounds_of(day - timedelta(days=1), zone)
    today = bounds_of(day, zone)
    open_ones = [each for each in requests if each.is_open]
    at_risk = _soonest(open_ones, (AT_RISK,))
    risky = {each.ticket for each in at_risk}
    due_today = _soonest(open_ones, (DUE,), today)
    return Morning(
        breached=_soonest(requests, (BREACHED,), yesterday),
        at_risk=at_risk,
        due_today=tuple(each for each in due_today if each.ticket not in risky),
        held=tuple(Entry(each.ticket) for each in open_ones if each.is_held),
    )


def _soonest(
    requests: Iterable[RequestFact],
    states: tuple[str, ...],
    within: tuple[datetime, datetime] | None = None,
) -> tuple[Entry, ...]:
    """Requests with a promise in one of ``states`` that is due ``within`` the instants,
    each by the promise that is due first."""
    found = []
    for request in requests:
        due = [
            promise.due
            for promise in request.promises
            if promise.state in states
            and (within is None or within[0] <= promise.due < within[1])
        ]
        if due:
            found.append(Entry(request.ticket, min(due)))
    return tuple(sorted(found, key=lambda each: (each.due, each.ticket)))
