"""What escalation rules ask for, as a debt of a ticket: who is told, and what is done."""

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

import frappe
from frappe import _

from beesender_support.enforcement.notices import escalation_actions
from beesender_support.enforcement.notices.debts import Debts, Owed, about_ticket
from beesender_support.enforcement.outgoing.mailer import Notice
from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK
from beesender_support.policy.notices.escalation import (
    HELD,
    REGISTERED,
    Escalation,
    Promise,
    Ticket,
    left_to_do,
    outlook,
)
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import reached
from beesender_support.policy.response.terms import Terms
from beesender_support.records.notices import escalation_rules
from beesender_support.records.notices.ticket_facts import TicketFacts
from beesender_support.records.people import staff
from beesender_support.records.people.readers import site_language
from beesender_support.records.people.staff import Member, Staff
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.wording import escalation_words
from beesender_support.wording.language import speaking

ESCALATED, URGENT_REQUEST = "escalated", "urgent_request"


def owed_by(facts: TicketFacts) -> Debts:
    """What rules ask for because of a ticket as it is now, and when they ask next."""
    rules = escalation_rules.enabled()
    if not rules or facts.ticket.is_merged:
        return Debts()
    look = outlook(rules, _as_policy_sees(facts), facts.now)
    said = {each.key for each in facts.logged}
    left = left_to_do(look.escalations, said)
    return Debts(tuple(_owed(facts, each) for each in left), look.next_at)


def _owed(facts: TicketFacts, escalation: Escalation) -> Owed:
    acts = escalation_actions.wanted(escalation)
    return Owed(
        partial(_notice, facts, escalation),
        escalation.at,
        escalation.is_missed,
        partial(escalation_actions.carry_out, facts.name, escalation) if acts else None,
    )


# What rules are asked about


def _as_policy_sees(facts: TicketFacts) -> Ticket:
    ticket, terms, plan = facts.ticket, facts.terms, facts.plan
    is_over = ticket.status_category == "Resolved"
    registered = promise.registered_at(ticket)
    is_accepted = ticket.beesender_admission == "Accepted"
    is_held = ticket.beesender_admission == "Held" and not is_over
    return Ticket(
        name=facts.name,
        tier=ticket.beesender_tier or (plan.tier.name if plan else None),
        priority=ticket.beesender_priority or None,
        category=ticket.ticket_type or None,
        accepted_at=(
            (terms.started_at if terms else registered) if is_accepted else None
        ),
        held_at=registered if is_held else None,
        is_answered=is_over or bool(promise.answered_at(ticket)),
        promises=tuple(_promises(facts, terms)) if terms else (),
        add_support_time=lambda start, length: _calendar(facts).add(start, length),
    )


def _promises(facts: TicketFacts, terms: Terms) -> Iterable[Promise]:
    promises = facts.promises
    return (
        _as_promise(each, terms)
        for each in (*promises.each(), *promises.earlier)
        if each.run and each.response.target
    )


def _as_promise(promised: Promised, terms: Terms) -> Promise:
    run, target = promised.run, promised.response.target
    return Promise(
        promised.target,
        run.started_at,
        promised.due,
        run.decided_at or run.left_at,
        lambda share: reached(terms.calendar, run, target * (share / 100)),
    )


def _calendar(facts: TicketFacts) -> Calendar:
    """That of the plan; where none is known, that of the lowest tier in the zone of the
    site."""
    if facts.plan:
        return facts.plan.calendar
    tiers = catalogue.tiers()
    windows = tiers[0].windows if tiers else AROUND_THE_CLOCK
    return calendar_of(frappe.utils.get_system_timezone(), windows, ())


# What is said


def _notice(facts: TicketFacts, escalation: Escalation) -> Notice:
    ticket = facts.ticket
    kind = _kind(ticket, escalation)
    return Notice(
        kind=kind,
        key=escalation.key,
        recipients=(
            ()
            if escalation.is_missed
            else staff.recipients(_told(facts, escalation), kind)
        ),
        values=partial(escalation_words.values, ticket, escalation),
        **about_ticket(facts),
        target=escalation.target,
        share=escalation.rule.share,
        owed_at=escalation.at,
        due_at=escalation.due,
        details=_details(escalation),
    )


def _details(escalation: Escalation) -> str:
    """Which rule it was and what it does, in the site's language."""
    with speaking(site_language()):
        rule = _("Rule: {0}.").format(escalation.rule.title)
        return "\n".join((rule, *escalation_actions.in_words(escalation)))


def _kind(ticket: Any, escalation: Escalation) -> str:
    codes = catalogue.priority_codes()
    is_urgent = bool(codes) and ticket.beesender_priority == codes[0]
    is_new = escalation.rule.event in (REGISTERED, HELD)
    return URGENT_REQUEST if is_new and is_urgent else ESCALATED


def _told(facts: TicketFacts, escalation: Escalation) -> list[Member]:
    """Each once, however many ways they are named in. Whoever is to have the ticket is
    told as well as whoever has it."""
    rule = escalation.rule
    by_user: dict[str, Member] = {}
    for behind in (facts.staff, _staff_to_come(facts, escalation)):
        for whom in ("assignee", "team", "team_lead", "success_manager", "on_duty"):
            if whom in rule.tells:
                by_user.update({each.user: each for each in _group(behind, whom)})
    if rule.users:
        by_user.update(staff.members_named(rule.users))
    return list(by_user.values())


def _group(behind: Staff, whom: str) -> tuple[Member, ...]:
    return behind.assignees if whom == "assignee" else getattr(behind, whom)


def _staff_to_come(facts: TicketFacts, escalation: Escalation) -> Staff:
    rule, ticket = escalation.rule, facts.ticket
    if not (escalation.changes_team or escalation.assigns):
        return Staff()
    assigned = json.dumps([rule.assign_to]) if escalation.assigns else ticket._assign
    team = rule.team if escalation.changes_team else ticket.agent_group
    changed = {**ticket, "agent_group": team, "_assign": assigned}
    return staff.behind([changed])[ticket.name]
