"""Warnings and breaches of a ticket's promises, as its debts: who of support hears of a
share that is used up."""

from collections.abc import Iterator
from functools import partial
from html import unescape

import frappe
from frappe import _
from frappe.utils import get_system_timezone, get_url

from beesender_support.enforcement.notices.debts import Debts, Owed, about_ticket
from beesender_support.enforcement.outgoing.mailer import Notice
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.notices.warnings import (
    Crossing,
    crossings_of,
    who_hears,
)
from beesender_support.records.notices.ticket_facts import TicketFacts
from beesender_support.records.people import staff
from beesender_support.records.people.staff import Member
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.renderer import fill, reader

WARNING, BREACHED = "promise_warning", "promise_breached"


def owed_by(facts: TicketFacts) -> Debts:
    """The warnings of a ticket that are owed now, and when it owes the next one."""
    terms = facts.terms
    if terms is None or not promise.counts_by_itself(facts.ticket):
        return Debts()
    crossings = crossings_of(
        (*facts.promises.earlier, *facts.promises.each()),
        terms,
        facts.lot.warning_shares[facts.ticket.beesender_tier or ""],
        _told(facts),
        now=facts.now,
        since=facts.lot.since,
    )
    owed = [
        *(_owed(facts, each, is_missed=True) for each in crossings.missed),
        *(_owed(facts, each, is_missed=False) for each in crossings.to_say),
    ]
    return Debts(tuple(owed), crossings.next_at)


def _told(facts: TicketFacts) -> list[str]:
    prefix = _key(facts, "")
    return [
        each.key.removeprefix(prefix)
        for each in facts.logged
        if each.kind in (WARNING, BREACHED)
    ]


def _key(facts: TicketFacts, crossing: str) -> str:
    return f"promise/{facts.name}/{crossing}"


def _owed(facts: TicketFacts, crossing: Crossing, *, is_missed: bool) -> Owed:
    make = partial(_notice, facts, crossing, is_missed)
    return Owed(make, crossing.at, is_missed)


def _notice(facts: TicketFacts, crossing: Crossing, is_missed: bool) -> Notice:
    kind = BREACHED if crossing.is_breach else WARNING
    hearing = () if is_missed else _hearing(facts, crossing)
    return Notice(
        kind=kind,
        key=_key(facts, crossing.key),
        recipients=staff.recipients(hearing, kind),
        values=partial(_values, facts, crossing),
        **about_ticket(facts),
        target=crossing.target,
        share=crossing.share,
        owed_at=crossing.at,
        due_at=crossing.due,
    )


def _hearing(facts: TicketFacts, crossing: Crossing) -> list[Member]:
    """Whoever works on it, else the team; with the deadline near also those who answer
    for it. Each once."""
    others = (
        member
        for group in who_hears(crossing.share)
        for member in getattr(facts.staff, group)
    )
    hearing = {each.user: each for each in (*facts.staff.nearest, *others)}
    return list(hearing.values())


def _values(facts: TicketFacts, crossing: Crossing) -> dict[str, str]:
    """The variables of both texts, in the language spoken."""
    return dict(_each_value(facts, crossing))


def _each_value(facts: TicketFacts, crossing: Crossing) -> Iterator[tuple[str, str]]:
    ticket, code = facts.ticket, facts.ticket.beesender_priority or ""
    meaning = catalogue.priority_meanings().get(code)
    yield "ticket", facts.name
    yield "ticket_link", get_url(f"/helpdesk/tickets/{facts.name}")
    yield "subject", unescape(ticket.subject or "")
    yield "customer", ticket.customer or ""
    category = ticket.ticket_type
    yield "category", _(category) if category else ""
    yield "priority", f"{code}: {_(meaning)}" if meaning else code
    yield "target", _(TARGET_NAMES[crossing.target])
    yield "due", _by_the_clock_of_the_site(crossing)
    if crossing.is_breach:
        return
    yield "share", str(crossing.share)
    response = facts.promises.of(crossing.target)
    yield "left", reader(frappe.local.lang).support_time(response.left)


def _by_the_clock_of_the_site(crossing: Crossing) -> str:
    """As Helpdesk's lists show it."""
    if crossing.due is None:
        return ""
    zone = get_system_timezone()
    return f"{fill('{0}', crossing.due.astimezone(time_zone(zone)))} ({zone})"
