"""Past tickets as a replay judges them: read in lots by their names, never written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

import frappe
from pypika.functions import Count
from pypika.terms import Criterion

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.replay.drafts import MERGED, UNREADABLE, Past
from beesender_support.policy.requests.admission import UNKNOWN_SENDER
from beesender_support.policy.response.clocks import OVER, Event, Happening
from beesender_support.records.site_time import (
    now,
    to_column,
    to_instant,
    to_site_time,
)
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets import promise

TICKET = "HD Ticket"
LOT = 500
FIELDS = (
    *dict.fromkeys(
        (
            *promise.FACTS,
            "customer",
            "contact",
            "priority",
            "beesender_channel",
            "beesender_plan",
            "beesender_tier",
            "beesender_admission_reason",
        )
    ),
)
ACCEPTED = "Accepted"
_NOT_ACCEPTED = ("Held", "Declined")
# One whose reason nobody noted is held whatever is sold.
_NO_REASON = UNKNOWN_SENDER
_ADMITTED = ("Admitted once", "Admitted with a seat")


class Scope(NamedTuple):
    """Which tickets: registered from the ``first`` day to the ``last``, both inclusive,
    in ``zone``; of all ``tiers`` and ``customers`` where none are listed."""

    first: date
    last: date
    zone: str
    tiers: Sequence[str] = ()
    customers: Sequence[str] = ()

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, datetime.min.time(), time_zone(self.zone))

    @property
    def end(self) -> datetime:
        """The first instant that is no longer in it."""
        day = self.last + timedelta(days=1)
        return datetime.combine(day, datetime.min.time(), time_zone(self.zone))


# A past request, or why it is not judged.
Read = Past | str


def lots(scope: Scope) -> Iterator[list[Read]]:
    """The tickets of ``scope`` in the order of their names, a query or two a lot."""
    last = None
    while rows := _rows(scope, last):
        yield _read(rows)
        last = rows[-1].name


def count(scope: Scope) -> int:
    ticket = frappe.qb.DocType(TICKET)
    query = frappe.qb.from_(ticket).select(Count("*")).where(_in_scope(scope))
    return int(query.run()[0][0])


def names(scope: Scope, limit: int) -> list[str]:
    """Those of ``scope``, at most so many."""
    ticket = frappe.qb.DocType(TICKET)
    query = frappe.qb.from_(ticket).select(ticket.name).where(_in_scope(scope))
    return [str(name) for (name,) in query.orderby(ticket.name).limit(limit).run()]


def _rows(scope: Scope, last: object) -> list[frappe._dict]:
    ticket = frappe.qb.DocType(TICKET)
    query = frappe.qb.from_(ticket).select(*(ticket[field] for field in FIELDS))
    query = query.where(_in_scope(scope))
    if last is not None:
        query = query.where(ticket.name > last)
    return query.orderby(ticket.name).limit(LOT).run(as_dict=True)


def _in_scope(scope: Scope) -> Criterion:
    ticket = frappe.qb.DocType(TICKET)
    criterion = _registered(scope)
    if scope.tiers:
        criterion &= ticket.beesender_tier.isin(list(scope.tiers))
    if scope.customers:
        criterion &= ticket.customer.isin(list(scope.customers))
    return criterion


def _registered(scope: Scope) -> Criterion:
    """Tickets from before this app stored the instant have the site's time alone."""
    ticket = frappe.qb.DocType(TICKET)
    stored = ticket.beesender_registered_at
    first, end = to_column(scope.start), to_column(scope.end)
    site_first, site_end = to_site_time(scope.start), to_site_time(scope.end)
    return ((stored >= first) & (stored < end)) | (
        stored.isnull() & (ticket.creation >= site_first) & (ticket.creation < site_end)
    )


def _read(rows: list[frappe._dict]) -> list[Read]:
    named = {row.beesender_plan for row in rows if not row.beesender_terms}
    plans = {plan.name: plan for plan in sold_plans.named(filter(None, named))}
    vouched = _vouched(rows)
    return [
        _past(row, plans.get(row.beesender_plan or ""), str(row.name) in vouched)
        for row in rows
    ]


def _vouched(rows: list[frappe._dict]) -> set[str]:
    """The tickets that an agent admitted."""
    admitted = frappe.get_all(
        "Beesender Admission Log",
        {
            "ticket": ("in", [str(row.name) for row in rows]),
            "event": ("in", _ADMITTED),
        },
        pluck="ticket",
    )
    return set(map(str, admitted))


def _past(row: frappe._dict, plan: Plan | None, is_vouched: bool) -> Read:
    if row.is_merged:
        return MERGED
    if promise.why_unreadable(row):
        return UNREADABLE
    terms = promise.terms_of(row)
    is_accepted = terms is not None or (
        row.beesender_admission == ACCEPTED and row.beesender_plan
    )
    held_for = None
    if row.beesender_admission in _NOT_ACCEPTED:
        held_for = row.beesender_admission_reason or _NO_REASON
    category = catalogue.category_for(row.ticket_type)
    priority = row.beesender_priority or ""
    if category and not priority:
        requested = catalogue.priority_code_of(row.priority)
        priority = category.settle_priority(requested)
    past = Past(
        customer=row.customer or "",
        contact=row.contact,
        channel=row.beesender_channel or "",
        priority=priority,
        registered_at=promise.registered_at(row),
        tier=row.beesender_tier or "",
        held_for=held_for,
        is_outside=not (is_accepted or held_for),
        is_vouched=is_vouched,
        terms=terms,
        category=category,
        plan=plan,
        responded_at=promise.answered_at(row),
        closed_at=promise.closed_at(row),
        happenings=promise.happenings_of(row),
    )
    return past if terms else _with_stamps_of_host(past, row)


def _with_stamps_of_host(past: Past, row: frappe._dict) -> Past:
    """Of a request that was promised nothing only Helpdesk may have noted when it was
    answered and closed."""
    answered, closed = past.responded_at, past.closed_at
    if not answered and row.first_responded_on:
        answered = to_instant(row.first_responded_on, near=now())
    happenings = past.happenings
    if row.status_category == OVER and not closed and row.resolution_date:
        closed = to_instant(row.resolution_date, near=now())
    if closed and not happenings:
        happenings = (Happening(Event.RESOLVED, closed),)
    return replace(past, responded_at=answered, closed_at=closed, happenings=happenings)
