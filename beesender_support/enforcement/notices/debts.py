"""What a ticket owes, as those who decide it tell the pass that says it."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from beesender_support.enforcement.outgoing.mailer import Notice
from beesender_support.records.notices.ticket_facts import TicketFacts


def about_ticket(facts: TicketFacts) -> dict[str, str | None]:
    """What a notice about a ticket says of it in the log."""
    ticket = facts.ticket
    return {
        "ticket": facts.name,
        "plan": ticket.beesender_plan,
        "customer": ticket.customer,
        "tier": ticket.beesender_tier,
        "category": ticket.ticket_type,
        "priority": ticket.beesender_priority,
    }


class Owed(NamedTuple):
    """One thing that is owed now.

    ``notice`` is called only to say it: until then no document is loaded. ``is_missed``:
    it came too late to be worth saying, and is logged alone. ``act`` is what is done to
    the ticket besides, in the same transaction, once. ``owed_at`` is when it became owed;
    what was owed before the app told anybody anything counts as missed.
    """

    notice: Callable[[], Notice]
    owed_at: datetime
    is_missed: bool = False
    act: Callable[[], None] | None = None


class Debts(NamedTuple):
    """What a ticket owes now, and the next instant at which it owes something if nothing
    happens to it; None if it never will."""

    owed: tuple[Owed, ...] = ()
    next_at: datetime | None = None
