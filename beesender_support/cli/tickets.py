"""The tickets of ``triage``: a table with a row for each request."""

from collections.abc import Iterator
from datetime import tzinfo
from io import BufferedReader
from typing import NamedTuple

from beesender_support.cli.cells import (
    asker_of,
    instant_of,
    optional,
    read_category,
    read_channel,
    read_priority,
    text_of,
)
from beesender_support.cli.faults import Faults, Place, quoted
from beesender_support.cli.tables import Readers, read_rows
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.triage import Request


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
    """Each sound ticket of ``file``; the faults of the others are told, and what is odd
    about these."""
    # Hashes alone: 90 bytes a ticket instead of its name and as many again.
    seen: set[int] = set()
    readers = readers_of_tickets(zone)
    for place, values in read_rows(file, name, encoding, readers, faults):
        ticket, *facts = values
        request = Request(*facts)
        if _is_in_order(request, place, faults):
            if (identity := hash(ticket)) in seen:
                faults.warn(
                    f"{quoted(ticket)} stands further up too. Both are decided.",
                    place,
                    kind="ticket",
                )
            seen.add(identity)
            if request.contact and "@" not in request.contact:
                faults.warn(
                    f"{quoted(request.contact)} is no address, so it has no seat.",
                    place,
                    kind="contact",
                )
            yield Ticket(place, ticket, request)


def _is_in_order(request: Request, place: Place, faults: Faults) -> bool:
    opened, responded = request.opened_at, request.first_responded_at
    if responded is None or responded >= opened:
        return True
    allowed = f"opened_at ({opened.isoformat()}) or later"
    faults.tell(InvalidValue("first_responded_at", responded, allowed=allowed), place)
    return False
