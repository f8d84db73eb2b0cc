"""What is known of tickets when it is asked what they owe: of a lot of them at once, in
the same number of queries however large the lot is."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import frappe

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.response.promises import Promises
from beesender_support.policy.response.terms import Terms
from beesender_support.records import settings
from beesender_support.records.notices.notice_log import LOG
from beesender_support.records.people import staff
from beesender_support.records.people.staff import Staff
from beesender_support.records.site_time import (
    from_column,
    now,
    to_column,
    to_instant,
)
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets import promise

TICKET = "HD Ticket"
# When the pass looks at a ticket again, in UTC; empty where nothing is owed.
NEXT_NOTICE = "beesender_next_notice_at"
# The columns that are read of each ticket.
COLUMNS = tuple(
    dict.fromkeys(
        (
            *promise.FACTS,
            NEXT_NOTICE,
            "subject",
            "status",
            "customer",
            "contact",
            "raised_by",
            "owner",
            "agent_group",
            "_assign",
            "ticket_split_from",
            "beesender_plan",
            "beesender_tier",
            "beesender_channel",
            "beesender_admission_reason",
            "beesender_success_manager",
            "beesender_external_id",
            "beesender_tells_client",
            *promise.STATE_FIELDS,
            *promise.UTC_FIELDS,
        )
    )
)


class Logged(NamedTuple):
    """A row of the notice log; instants are aware, ``at`` is when it was written."""

    kind: str
    key: str
    outcome: str
    at: datetime
    owed_at: datetime | None
    due_at: datetime | None
    category: str | None
    priority: str | None
    target: str | None
    share: int | None


@dataclass(frozen=True)
class TicketFacts:
    """One ticket as it is ``now``. ``ticket`` has the COLUMNS, locked until the
    transaction ends; ``logged`` is all that the notice log says of it, the oldest first.
    """

    ticket: frappe._dict
    now: datetime
    logged: tuple[Logged, ...]
    lot: "Lot"

    @property
    def name(self) -> str:
        return str(self.ticket.name)

    @cached_property
    def terms(self) -> Terms | None:
        return promise.terms_of(self.ticket)

    @cached_property
    def promises(self) -> Promises:
        return promise.promises_of(self.ticket)

    @property
    def plan(self) -> Plan | None:
        """The plan that it is under, as sold now."""
        return self.lot.plans.get(self.ticket.beesender_plan or "")

    @property
    def staff(self) -> Staff:
        """Asked for the first time, this reads the people behind the whole lot."""
        return self.lot.staff.get(self.ticket.name, Staff())


class Lot:
    """Some tickets, looked at together."""

    def __init__(self, tickets: Sequence[frappe._dict], instant: datetime) -> None:
        self._tickets = tickets
        logged = _logged_of(tickets)
        self.facts = [
            TicketFacts(each, instant, tuple(logged.get(str(each.name), ())), self)
            for each in tickets
        ]

    @cached_property
    def plans(self) -> dict[str, Plan]:
        """By name, those of the tickets; drafts are left out."""
        names = {each.beesender_plan for each in self._tickets if each.beesender_plan}
        return {plan.name: plan for plan in sold_plans.named(names)}

    @cached_property
    def staff(self) -> dict[str, Staff]:
        return staff.behind(self._tickets)

    @cached_property
    def since(self) -> datetime | None:
        """What was owed before this instant counts as told."""
        return settings.notices_since()

    @cached_property
    def warning_shares(self) -> dict[str, tuple[int, ...]]:
        """The shares at which support is warned, by tier."""
        tiers = {each.beesender_tier or "" for each in self._tickets}
        return {tier: catalogue.warning_shares_of(tier) for tier in tiers}


def due_tickets(limit: int) -> list[str]:
    """The names of tickets that may owe something, those that wait longest first."""
    return frappe.db.sql(
        f"""select name from `tab{TICKET}` where {NEXT_NOTICE} <= %s
        order by {NEXT_NOTICE} limit %s""",  # noqa: S608
        (to_column(now()), limit),
        pluck=True,
    )


def take(names: Sequence[str]) -> Lot:
    """Those of the tickets that are still due and that nobody else holds, locked until
    the transaction ends.

    It has to be the first statement of its transaction: what is read afterwards is then
    at least as recent as the locks.
    """
    instant = now()
    columns = ", ".join(f"`{each}`" for each in COLUMNS)
    rows = frappe.db.sql(
        f"""select {columns} from `tab{TICKET}`
        where name in %s and {NEXT_NOTICE} <= %s for update skip locked""",  # noqa: S608
        (tuple(names), to_column(instant)),
        as_dict=True,
    )
    return Lot(rows, instant)


def _logged_of(tickets: Sequence[frappe._dict]) -> dict[str, list[Logged]]:
    if not tickets:
        return {}
    rows = frappe.db.sql(
        f"""select ticket, kind, `key`, outcome, owed_at, due_at, category, priority,
            target, share, creation
        from `tab{LOG}` where ticket in %s order by creation, owed_at""",  # noqa: S608
        (tuple(str(each.name) for each in tickets),),
    )
    logged = defaultdict(list)
    for ticket, kind, key, outcome, owed_at, due_at, *about, creation in rows:
        logged[str(ticket)].append(
            Logged(
                kind,
                key,
                outcome,
                to_instant(creation),
                from_column(owed_at),
                from_column(due_at),
                *about,
            )
        )
    return logged


def write_next(instants: Sequence[tuple[str, datetime | None]]) -> None:
    """When each ticket is to be looked at again, in one statement."""
    if not instants:
        return
    cases = " ".join("when %s then %s" for _each in instants)
    values = [
        value for name, instant in instants for value in (name, to_column(instant))
    ]
    frappe.db.sql(
        f"""update `tab{TICKET}` set {NEXT_NOTICE} = case name {cases} end
        where name in %s""",  # noqa: S608
        (*values, tuple(name for name, _instant in instants)),
    )
