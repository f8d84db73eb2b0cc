"""The tickets of ``triage``: a table with a row for each request."""

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from io import BufferedReader
from typing import Any, NamedTuple

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
from beesender_support.files.tables import Readers, read_rows
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.requests.triage import Request
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import CHANNELS

# What says how the solution went; a file may have either, both or none.
MAY_LACK = ("resolved_at", "pauses")
_LAST_BITS = 0xFFFF


class Ticket(NamedTuple):
    """A request with the name its file gives it, and where it stands there."""

    place: Place
    name: str
    customer: str
    contact: str | None
    channel: str
    category: Category
    priority: str | None
    opened_at: datetime
    first_responded_at: datetime | None
    resolved_at: datetime | None = None
    pauses: tuple[Pause, ...] = ()

    @property
    def request(self) -> Request:
        return Request(
            customer=self.customer,
            contact=self.contact,
            channel=self.channel,
            category=self.category,
            priority=self.priority,
            opened_at=self.opened_at,
            first_responded_at=self.first_responded_at,
            happenings=happenings_of(self.pauses, self.resolved_at),
            closed_at=self.resolved_at,
        )


class Tickets(NamedTuple):
    """The sound tickets of a file, read lazily; ``has_solution`` says whether the file
    has a column of ``MAY_LACK``."""

    has_solution: bool
    each: Iterator[Ticket]


class Seen:
    """The names seen so far, at 20 bytes each: a set of a million would take eighty
    megabytes. The hash of each is stored among those with the same last bits."""

    def __init__(self) -> None:
        self._hashes: list[array[int] | None] = [None] * (_LAST_BITS + 1)

    def before(self, name: str, place: Place) -> bool:
        """Whether ``name``, which stands at ``place``, was seen before."""
        number = hash(name)
        hashes = self._hashes[number & _LAST_BITS]
        if hashes is None:
            self._hashes[number & _LAST_BITS] = array("q", (number,))
            return False
        if number in hashes:
            return True
        hashes.append(number)
        return False


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
    return Tickets(rows.has_optional, sound_tickets(rows.values, faults, Seen()))


def sound_tickets(
    rows: Iterable[tuple[Place, list[Any]]], faults: Faults, seen: Seen
) -> Iterator[Ticket]:
    """As ``read_tickets``, of rows as their readers read them."""
    for place, values in rows:
        ticket = Ticket(place, *values)
        if _is_in_order(ticket, faults):
            if seen.before(ticket.name, place):
                warn_of_a_repeated(ticket.name, place, faults)
            if ticket.contact and "@" not in ticket.contact:
                faults.warn(
                    f"{quoted(ticket.contact)} is no address, so it has no seat.",
                    place,
                    kind="contact",
                )
            yield ticket


def warn_of_a_repeated(ticket: str, place: Place, faults: Faults) -> None:
    faults.warn(
        f"{quoted(ticket)} stands further up too. Both are decided.",
        place,
        kind="ticket",
    )


def _is_in_order(ticket: Ticket, faults: Faults) -> bool:
    """Whether nothing comes before the request, and no pause after its solution; else
    it is reported."""
    opened, responded = ticket.opened_at, ticket.first_responded_at
    resolved_at = ticket.resolved_at
    if not (resolved_at or ticket.pauses) and (not responded or responded >= opened):
        return True
    refused: list[tuple[str, object, str]] = []
    if responded and responded < opened:
        refused.append(("first_responded_at", responded, _or_later(opened)))
    if resolved_at and resolved_at < opened:
        refused.append(("resolved_at", resolved_at, _or_later(opened)))
    for pause in ticket.pauses:
        if pause.start < opened:
            refused.append(("pauses", pause, f"a start at {_or_later(opened)}"))
        elif resolved_at and pause.start > resolved_at:
            until = f"a start at resolved_at ({resolved_at.isoformat()}) or earlier"
            refused.append(("pauses", pause, until))
    for column, value, allowed in refused:
        faults.report(InvalidValue(column, value, allowed=allowed), ticket.place)
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
