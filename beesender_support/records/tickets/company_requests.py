"""All requests of a customer: read for the people who manage it, in a fixed number of
queries however many there are."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Any, NamedTuple

import frappe
from frappe.query_builder import Order
from frappe.query_builder.functions import Count, Min

from beesender_support.policy.requests.company_list import ROWS_A_PAGE, Wanted
from beesender_support.records.tables import escaped_for_like
from beesender_support.records.tickets.promise import FACTS, FIELDS_OF_TARGET

TICKET = "HD Ticket"
_SHOWN = (
    *FACTS,
    "subject",
    "status",
    "contact",
    "raised_by",
    "customer",
    "resolution_by",
    "beesender_channel",
    "beesender_admission_reason",
    "beesender_tier",
)


class Used(NamedTuple):
    """What requests of a customer have: the contacts and channels, and since when there
    are any, in naive site time."""

    contacts: frozenset[str]
    channels: frozenset[str]
    since: datetime | None


def used_by(customer: str) -> Used:
    ticket = frappe.qb.DocType(TICKET)
    rows = (
        frappe.qb.from_(ticket)
        .select(ticket.contact, ticket.beesender_channel, Min(ticket.creation))
        .where((ticket.customer == customer) & (ticket.is_merged == 0))
        .groupby(ticket.contact, ticket.beesender_channel)
    ).run()
    return Used(
        frozenset(contact for contact, _channel, _since in rows if contact),
        frozenset(channel for _contact, channel, _since in rows if channel),
        min((since for _contact, _channel, since in rows), default=None),
    )


def number_of(customer: str, wanted: Wanted) -> int:
    ticket = frappe.qb.DocType(TICKET)
    query = frappe.qb.from_(ticket).select(Count("*"))
    return int(_matching(query, ticket, customer, wanted).run()[0][0])


def rows_of(
    customer: str, wanted: Wanted, most: int = ROWS_A_PAGE
) -> Sequence[frappe._dict]:
    """The newest first, from the first row of the page that is wanted."""
    ticket = frappe.qb.DocType(TICKET)
    query = frappe.qb.from_(ticket).select(*(ticket[each] for each in _SHOWN))
    rows: Sequence[frappe._dict] = (
        _matching(query, ticket, customer, wanted)
        .orderby(ticket.creation, order=Order.desc)
        .orderby(ticket.name, order=Order.desc)
        .limit(most)
        .offset(wanted.first_row)
    ).run(as_dict=True)
    return rows


def _matching(query: Any, ticket: Any, customer: str, wanted: Wanted) -> Any:
    query = query.where((ticket.customer == customer) & (ticket.is_merged == 0))
    for column, value in (
        (ticket.contact, wanted.person),
        (ticket.beesender_priority, wanted.priority),
        (ticket.ticket_type, wanted.category),
        (ticket.beesender_channel, wanted.channel),
    ):
        if value:
            query = query.where(column == value)
    if wanted.state:
        first, second, third = (
            ticket[fields.state] == wanted.state for fields in FIELDS_OF_TARGET.values()
        )
        query = query.where(first | second | third)
    if wanted.month:
        query = query.where(ticket.creation >= wanted.month)
    if wanted.month_after:
        query = query.where(ticket.creation < wanted.month_after)
    if wanted.text:
        # Frappe stores a subject as HTML if it looks like it.
        typed = escaped_for_like(wanted.text)
        escaped = escaped_for_like(escape(wanted.text, False))
        found = ticket.subject.like(f"%{typed}%") | ticket.subject.like(f"%{escaped}%")
        # A number may stand in a subject, too: that of an order or of an error.
        for number in wanted.numbers:
            found |= ticket.name == number
        query = query.where(found)
    return query
