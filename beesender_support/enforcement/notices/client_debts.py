"""What a ticket owes its client, for the pass that says it."""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from beesender_support.enforcement.notices import client_notice
from beesender_support.enforcement.notices.debts import Debts, Owed
from beesender_support.policy.notices.client_notices import (
    CLIENT_NOTICES,
    PROMISE_MISSED,
    REQUEST_CONFIRMED,
    Awaited,
    How,
)
from beesender_support.policy.notices.client_notices import Owed as OwedToClient
from beesender_support.policy.notices.client_notices import (
    Standing,
    Told,
    owed_to_client,
)
from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.sold.targets import FIRST_ANSWER
from beesender_support.records.notices.ticket_facts import TicketFacts
from beesender_support.records.site_time import from_column
from beesender_support.records.tickets import promise

# Of a state column: the promise waits to be kept, and its clock runs.
_AWAITED = ("Due", "At risk", "Breached")


def owed_by(facts: TicketFacts) -> Debts:
    ticket = facts.ticket
    if not ticket.beesender_tells_client:
        return Debts()
    told = [
        Told(each.kind, each.at, each.category, each.priority, each.due_at, each.target)
        for each in facts.logged
        if each.kind in CLIENT_NOTICES
    ]
    standing = _standing(facts)
    owed = [
        _as_debt(facts, standing, each)
        for each in owed_to_client(told, standing, facts.now)
    ]
    later = [each.due_at for each in standing.awaited if each.due_at > facts.now]
    return Debts(tuple(owed), min(later, default=None))


def _standing(facts: TicketFacts) -> Standing:
    ticket = facts.ticket
    return Standing(
        ticket=facts.name,
        tells_client=bool(ticket.beesender_tells_client),
        admission=ticket.beesender_admission or None,
        category=ticket.ticket_type or None,
        priority=ticket.beesender_priority or None,
        channel=ticket.beesender_channel,
        registered_at=promise.registered_at(ticket),
        due_at=from_column(ticket.beesender_due_at),
        awaited=tuple(_awaited(facts)),
        is_answered=bool(ticket.beesender_answered_at),
        is_closed=ticket.status_category == OVER,
        is_merged=bool(ticket.is_merged),
    )


def _awaited(facts: TicketFacts) -> Iterator[Awaited]:
    """By the columns: nothing is counted for a ticket that may owe nothing."""
    ticket = facts.ticket
    for target, fields in promise.FIELDS_OF_TARGET.items():
        due_at = from_column(ticket[fields.due_at])
        if target == FIRST_ANSWER:
            is_awaited = not (
                ticket.beesender_answered_at or ticket.beesender_closed_at
            )
        else:
            is_awaited = ticket[fields.state] in _AWAITED
        if due_at and is_awaited:
            yield Awaited(target, due_at)


def _as_debt(facts: TicketFacts, standing: Standing, owed: OwedToClient) -> Owed:
    owed_at = _owed_at(facts.now, standing, owed)
    return Owed(
        partial(client_notice.notice, facts, owed, owed_at),
        owed_at=owed_at,
        is_missed=owed.how is How.MISSED,
    )


def _owed_at(now: datetime, standing: Standing, owed: OwedToClient) -> datetime:
    if owed.kind == REQUEST_CONFIRMED:
        return standing.registered_at
    if owed.kind == PROMISE_MISSED and owed.due_at:
        return owed.due_at
    return now
