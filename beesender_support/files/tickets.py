"""The tickets of ``triage``: a table with a row for each request."""

from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from io import BufferedReader
from typing import NamedTuple

from beesender_support.files.cells import (
    Pause,
    asker_of,
    channel_of,
    instant_of,
    optional,
    pauses_of,
    read_category,
    read_priority,
    text_of,
)
from beesender_support.files.faults import Faults, Place, quoted
from beesender_support.files.tables import Readers, Rows, read_rows
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.requests.triage import Request
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.sold.channels import CHANNELS

# What says how the solution went; a file may have either, both or none.
MAY_LACK = ("resolved_at", "pauses")
_LAST_BITS = 0xFFFF


class Ticket(NamedTuple):
    """A request with the name its file gives it, and where it stands there."""

    place: Place
    name: str
    request: Request


class Tickets(NamedTuple):
    """The sound tickets of a file, read lazily; ``has_solution`` says whether the file
    has a column of ``MAY_LACK``."""

    has_solution: bool
    each: Iterator[Ticket]


def readers_of_tickets(
    zone: tzinfo | None, channels: Collection[str] = CHANNELS
) -> Readers:
    """What each column may contain; stamps without an offset are read in ``zone``, and
    requests came by one of ``channels``."""
    return {
        "ticket": text_of("ticket"),
        "customer": text_of("customer"),
        "contact": asker_of("contact"),
        "channel": channel_of("channel", channels),
        "category": read_category,
        "priority": optional(read_priority),
        "opened_at": instant_of("opened_at", zone),
        "first_responded_at": optional(instant_of("first_responded_at", zone)),
        "resolved_at": optional(instant_of("resolved_at", zone)),
        "pauses": pauses_of("pauses", zone),
    }


def read_tickets(
    file: BufferedReader,
    name: str,
    encoding: str,
    zone: tzinfo | None,
    faults: Faults,
    channels: Collection[str] = CHANNELS,
) -> Tickets:
    """Each sound ticket of ``file``; faults of the others are reported, and oddities of
    these."""
    readers = readers_of_tickets(zone, channels)
    rows = read_rows(file, name, encoding, readers, faults, MAY_LACK)
    return Tickets(rows.has_optional, _sound_tickets(rows, faults))


def _sound_tickets(rows: Rows, faults: Faults) -> Iterator[Ticket]:
    seen = _Seen()
    for place, values in rows.values:
        ticket, *facts = values
        resolved_at: datetime | None = None
        pauses: tuple[Pause, ...] = ()
        if rows.has_optional:
            *facts, resolved_at, pauses = facts
        request = Request(*facts)
        if _is_in_order(request, place, faults, resolved_at, pauses):
            if seen.before(ticket):
                faults.warn(
                    f"{quoted(ticket)} stands further up too. Both are decided.",
                    place,
                    kind="ticket",
                )
            if request.contact and "@" not in request.contact:
                faults.warn(
                    f"{quoted(request.contact)} is no address, so it has no seat.",
                    place,
                    kind="contact",
                )
            if resolved_at or pauses:
                request = replace(
                    request,
                    happenings=happenings_of(pauses, resolved_at),
                    closed_at=resolved_at,
                )
            yield Ticket(place, ticket, request)


class _Seen:
    """The names seen so far, at 20 bytes each: a set of a million would take eighty
    megabytes. The hash of each is stored among those with the same last bits."""

    def __init__(self) -> None:
        self._hashes: list[array[int] | None] = [None] * (_LAST_BITS + 1)

    def before(self, name: str) -> bool:
        """Whether ``name`` was seen before."""
        number = hash(name)
        hashes = self._hashes[number & _LAST_BITS]
        if hashes is None:
            self._hashes[number & _LAST_BITS] = array("q", (number,))
            return False
        if number in hashes:
            return True
        hashes.append(number)
        return False


def _is_in_order(
    request: Request,
    place: Place,
    faults: Faults,
    resolved_at: datetime | None,
    pauses: Sequence[Pause],
) -> bool:
    """Whether nothing comes before the request, and no pause after its solution; else
    it is reported."""
    opened, responded = request.opened_at, request.first_responded_at
    refused: list[tuple[str, object, str]] = []
    if responded and responded < opened:
        refused.append(("first_responded_at", responded, _or_later(opened)))
    if resolved_at and resolved_at < opened:
        refused.append(("resolved_at", resolved_at, _or_later(opened)))
    for pause in pauses:
        if pause.start < opened:
            refused.append(("pauses", pause, f"a start at {_or_later(opened)}"))
        elif resolved_at and pause.start > resolved_at:
            until = f"a start at resolved_at ({resolved_at.isoformat()}) or earlier"
            refused.append(("pauses", pause, until))
    for column, value, allowed in refused:
        faults.report(InvalidValue(column, value, allowed=allowed), place)
    return not refused


def _or_later(opened: datetime) -> str:
    return f"opened_at ({opened.isoformat()}) or later"


def happenings_of(
    pauses: Sequence[Pause], resolved_at: datetime | None = None
) -> tuple[Happening, ...]:
    """What happened to a request, in order. A pause that outlasts the solution ends
    with it."""
    happenings = []
    for start, end in pauses:
        happenings.append(Happening(Event.PAUSED, start))
        if end and not (resolved_at and end > resolved_at):
            happenings.append(Happening(Event.RESUMED, end))
    if resolved_at:
        happenings.append(Happening(Event.RESOLVED, resolved_at))
    return tuple(happenings)
