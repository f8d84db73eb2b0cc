"""The tickets of ``triage``: a CSV file with a row for each request."""

from collections.abc import Iterable, Iterator
from datetime import tzinfo
from typing import NamedTuple

from beesender_support.cli.cells import (
    instant_of,
    optional,
    read_category,
    read_channel,
    read_priority,
    text_of,
)
from beesender_support.cli.csv_files import Readers, read_rows
from beesender_support.cli.faults import Faults
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.triage import Request


class Ticket(NamedTuple):
    """A request with the name its file gives it; ``place`` is the file and row."""

    place: str
    name: str
    request: Request


def readers_of_tickets(zone: tzinfo | None) -> Readers:
    """What each column may contain; stamps without an offset are read in ``zone``."""
    return {
        "ticket": text_of("ticket"),
        "customer": text_of("customer"),
        "contact": text_of("contact"),
        "channel": read_channel,
        "category": read_category,
        "priority": optional(read_priority),
        "opened_at": instant_of("opened_at", zone),
        "first_responded_at": optional(instant_of("first_responded_at", zone)),
    }


def read_tickets(
    lines: Iterable[str], name: str, zone: tzinfo | None, faults: Faults
) -> Iterator[Ticket]:
    """Each sound ticket of ``lines``; the faults of the others are told."""
    for place, values in read_rows(lines, name, readers_of_tickets(zone), faults):
        ticket, *facts = values
        request = Request(*facts)
        if _is_in_order(request, place, faults):
            yield Ticket(place, ticket, request)


def _is_in_order(request: Request, place: str, faults: Faults) -> bool:
    opened, responded = request.opened_at, request.first_responded_at
    if responded is None or responded >= opened:
        return True
    allowed = f"opened_at ({opened.isoformat()}) or later"
    faults.tell(InvalidValue("first_responded_at", responded, allowed=allowed), place)
    return False
