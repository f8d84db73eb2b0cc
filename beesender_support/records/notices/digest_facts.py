"""What digests speak of, read for all teams at once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

import frappe

from beesender_support.policy.notices.digest import PromiseFact, RequestFact
from beesender_support.policy.response.response_state import AT_RISK, BREACHED, DUE
from beesender_support.policy.sold.targets import TARGETS
from beesender_support.records.people import staff
from beesender_support.records.people.people import AGENT_MANAGER
from beesender_support.records.site_time import from_column, to_column
from beesender_support.records.tickets.promise import FIELDS_OF_TARGET

TEAM, TEAM_MEMBER = "HD Team", "HD Team Member"
LOG = "Beesender Admission Log"
# As the columns have them.
_AT_RISK = "At risk"
_STATES = {"Due": DUE, _AT_RISK: AT_RISK, "Breached": BREACHED}


class Named(NamedTuple):
    """What a digest shows of a request, and the team it is with."""

    fact: RequestFact
    subject: str
    customer: str
    team: str | None


class TeamPeople(NamedTuple):
    """Who of a team works here now; ``time_zone`` is None where it has none of its own."""

    time_zone: str | None
    members: tuple[staff.Member, ...]


def requests_between(start: datetime, end: datetime) -> dict[str, Named]:
    """By ticket: held ones, those at risk, and those with a promise due between two
    instants, in one query."""
    fields = [FIELDS_OF_TARGET[target] for target in TARGETS]
    due = " or ".join(
        f"{each.due_at} >= %(start)s and {each.due_at} < %(end)s" for each in fields
    )
    risky = " or ".join(f"{each.state} = %(at_risk)s" for each in fields)
    columns = ", ".join(f"{each.state}, {each.due_at}" for each in fields)
    rows = frappe.db.sql(
        f"""select name, subject, customer, agent_group, status_category,
            beesender_admission, {columns}
        from `tabHD Ticket`
        where is_merged = 0 and beesender_admission is not null
            and (beesender_admission = 'Held' or {risky} or {due})
        order by creation, name""",  # noqa: S608 - columns of this app
        {
            "start": to_column(start),
            "end": to_column(end),
            "at_risk": _AT_RISK,
        },
        as_dict=True,
    )
    return {str(row.name): _named(row) for row in rows}


def _named(row: frappe._dict) -> Named:
    promises = [
        PromiseFact(_STATES[row[each.state]], due)
        for each in (FIELDS_OF_TARGET[target] for target in TARGETS)
        if row[each.state] in _STATES and (due := from_column(row[each.due_at]))
    ]
    fact = RequestFact(
        ticket=str(row.name),
        is_open=row.status_category != "Resolved",
        is_held=row.beesender_admission == "Held",
        promises=tuple(promises),
    )
    return Named(fact, row.subject or "", row.customer or "", row.agent_group or None)


def teams() -> dict[str, TeamPeople]:
    """Of each enabled team its members and its lead, in as many queries for one team as
    for all."""
    rows = frappe.get_all(
        TEAM, {"disabled": 0}, ["name", "beesender_time_zone", "beesender_lead"]
    )
    users: dict[str, list[str]] = defaultdict(list)
    for row in frappe.get_all(
        TEAM_MEMBER, {"parenttype": TEAM}, ["parent", "user"], order_by="idx"
    ):
        users[row.parent].append(row.user)
    for row in rows:
        users[row.name].append(row.beesender_lead)
    known = staff.members_named({user for each in users.values() for user in each})
    return {
        row.name: TeamPeople(
            row.beesender_time_zone or None, _found(users[row.name], known)
        )
        for row in rows
    }


def managers() -> tuple[staff.Member, ...]:
    """The agent managers who work here now."""
    users = frappe.get_all(
        "Has Role",
        {"parenttype": "User", "role": AGENT_MANAGER},
        pluck="parent",
        order_by="parent",
    )
    return _found(users, staff.members_named(users))


def _found(
    users: Iterable[str | None], known: dict[str, staff.Member]
) -> tuple[staff.Member, ...]:
    return tuple(known[user] for user in dict.fromkeys(users) if user in known)


def kept() -> int:
    """How many requests were kept and wait for somebody."""
    return frappe.db.count(LOG, {"queue_state": "Open"})
