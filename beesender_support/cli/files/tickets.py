"""The tickets of ``triage``: a table with a row for each request."""

from array import array
from collections.abc import Iterator
from datetime import tzinfo
from io import BufferedReader
from typing import NamedTuple

from beesender_support.cli.faults import Faults, Place, quoted
from beesender_support.cli.files.cells import (
    asker_of,
    instant_of,
    optional,
    read_category,
    read_channel,
    read_priority,
    text_of,
)
from beesender_support.cli.files.tables import Readers, read_rows
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.requests.triage import Request

_LAST_BITS = 0xFFFF


class Ticket(NamedTuple):
    """A request with the name its file gives it, and where it stands there."""

    place: Place
    name: str
    request: Request


def readers_of_tickets(zone: tzinfo | None) -> Readers:
    """What each column may contain; stamps without an offset are read in ``zone``."""
    return {
        "ticket": text_of("ticket"),
        "customer": text_of("customer"),
        "contact": asker_of("contact"),
        "channel": read_channel,
        "category": read_category,
        "priority": optional(read_priority),
        "opened_at": instant_of("opened_at", zone),
        "first_responded_at": optional(instant_of("first_responded_at", zone)),
    }


def read_tickets(
    file: BufferedReader,
    name: str,
    encoding: str,
    zone: tzinfo | None,
    faults: Faults,
) -> Iterator[Ticket]:
    """Each sound ticket of ``file``; faults of the others are reported, and oddities of
    these."""
    seen = _Seen()
    readers = readers_of_tickets(zone)
    for place, values in read_rows(file, name, encoding, readers, faults):
        ticket, *facts = values
        request = Request(*facts)
        if _is_in_order(request, place, faults):
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


def _is_in_order(request: Request, place: Place, faults: Faults) -> bool:
    opened, responded = request.opened_at, request.first_responded_at
    if responded is None or responded >= opened:
        return True
    allowed = f"opened_at ({opened.isoformat()}) or later"
    faults.report(InvalidValue("first_responded_at", responded, allowed=allowed), place)
    return False
