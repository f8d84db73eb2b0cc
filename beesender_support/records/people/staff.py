"""Who of support stands behind tickets: assignees, teams and their leads, success
managers, and those on duty.

Of a whole lot of tickets at once: the number of queries does not grow with the lot.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import frappe

from beesender_support.policy.notices.staff import DEFAULT, EVERYTHING, is_mailed
from beesender_support.records.people.people import AGENT_ROLES
from beesender_support.records.people.readers import Recipient, site_language

SETTINGS, ON_DUTY = "Beesender Support Settings", "Beesender On Duty"
TEAM, TEAM_MEMBER, AGENT = "HD Team", "HD Team Member", "HD Agent"


class Member(NamedTuple):
    """A user of support who works here now.

    ``language`` is the one they chose, or None. ``is_agent`` says whether they see the
    bell in Helpdesk. ``by_mail`` is a choice of ``policy.notices.staff``; whoever is
    no agent has mail only.
    """

    user: str
    address: str
    language: str | None
    is_agent: bool
    by_mail: str


class Staff(NamedTuple):
    """The people behind one ticket, each only if they work here now."""

    assignees: tuple[Member, ...] = ()
    team: tuple[Member, ...] = ()
    team_lead: tuple[Member, ...] = ()
    success_manager: tuple[Member, ...] = ()
    on_duty: tuple[Member, ...] = ()

    @property
    def nearest(self) -> tuple[Member, ...]:
        """The assignees, else the team."""
        return self.assignees or self.team


def behind(tickets: Sequence[Mapping[str, Any]]) -> dict[str, Staff]:
    """By name of the ticket. A row needs ``name``, ``_assign``, ``agent_group`` and
    ``beesender_success_manager``, as the columns have them."""
    teams = {row.get("agent_group") for row in tickets} - {None, ""}
    people, leads = _of_teams(teams)
    duty = _duty()
    members = members_named(
        {
            *(user for row in tickets for user in _assigned(row)),
            *(row.get("beesender_success_manager") for row in tickets),
            *(user for users in people.values() for user in users),
            *leads.values(),
            *(user for user, _team in duty),
        }
    )

    def known(users: Iterable[str | None]) -> tuple[Member, ...]:
        return tuple(
            members[user] for user in dict.fromkeys(users) if user and user in members
        )

    return {
        row["name"]: Staff(
            assignees=_agents(known(_assigned(row))),
            team=_agents(known(people.get(row.get("agent_group") or "", ()))),
            team_lead=known([leads.get(row.get("agent_group") or "")]),
            success_manager=known([row.get("beesender_success_manager")]),
            on_duty=known(
                user for user, team in duty if team in (None, row.get("agent_group"))
            ),
        )
        for row in tickets
    }


def members_named(users: Iterable[str | None]) -> dict[str, Member]:
    """Those of ``users`` who work here now: enabled, and agents or users of Desk.

    An agent whose record is switched off does not. A client's user is never one of ours,
    whoever assigned a ticket to them.
    """
    names = sorted({user for user in users if user and user != "Guest"})
    if not names:
        return {}
    rows = frappe.get_all(
        "User",
        {"name": ("in", names), "enabled": 1},
        ["name", "email", "language", "user_type"],
        order_by=None,
    )
    with_role = set(
        frappe.get_all(
            "Has Role",
            {
                "parenttype": "User",
                "parent": ("in", names),
                "role": ("in", sorted(AGENT_ROLES)),
            },
            pluck="parent",
            order_by=None,
        )
    )
    records = {
        row.name: row
        for row in frappe.get_all(
            AGENT,
            {"name": ("in", names)},
            ["name", "is_active", "beesender_notices_by_mail"],
            order_by=None,
        )
    }
    found = {}
    for row in rows:
        record = records.get(row.name)
        is_agent = bool(record.is_active) if record else row.name in with_role
        if is_agent or (not record and row.user_type == "System User"):
            found[row.name] = Member(
                row.name,
                row.email or row.name,
                row.language or None,
                is_agent,
                record.beesender_notices_by_mail or DEFAULT if record else EVERYTHING,
            )
    return found


def users_on_duty() -> list[str]:
    """Whether they still work here or not, for whatever team."""
    return [user for user, _team in _duty()]


def recipients(members: Iterable[Member], kind: str) -> list[Recipient]:
    """By the bell in Helpdesk, and by mail as each wants it for this kind of notice;
    whoever is no agent sees no bell and is always mailed."""
    return [
        Recipient(
            each.language or site_language(),
            address=(
                each.address
                if not each.is_agent or is_mailed(each.by_mail, kind)
                else None
            ),
            user=each.user if each.is_agent else None,
        )
        for each in members
    ]


def time_zones_of_teams() -> dict[str, str]:
    """By team, for the enabled teams that have a zone of their own."""
    return dict(
        frappe.get_all(
            TEAM,
            {"disabled": 0, "beesender_time_zone": ("is", "set")},
            ["name", "beesender_time_zone"],
            as_list=True,
        )
    )


def _agents(members: Iterable[Member]) -> tuple[Member, ...]:
    return tuple(member for member in members if member.is_agent)


def _assigned(ticket: Mapping[str, Any]) -> list[str]:
    """Frappe keeps the open assignments of a document in this column, too."""
    try:
        users = json.loads(ticket.get("_assign") or "[]")
    except ValueError:
        return []
    return [user for user in users if isinstance(user, str)]


def _of_teams(
    teams: set[str | None],
) -> tuple[dict[str, list[str]], dict[str, str | None]]:
    """The users of each team in their order, and its lead; a disabled team has
    neither."""
    if not teams:
        return {}, {}
    leads = dict(
        frappe.get_all(
            TEAM,
            {"name": ("in", sorted(filter(None, teams))), "disabled": 0},
            ["name", "beesender_lead"],
            as_list=True,
            order_by=None,
        )
    )
    people: dict[str, list[str]] = defaultdict(list)
    for row in frappe.get_all(
        TEAM_MEMBER,
        {"parent": ("in", sorted(leads)), "parenttype": TEAM},
        ["parent", "user"],
        order_by="idx",
    ):
        people[row.parent].append(row.user)
    return people, leads


def _duty() -> list[tuple[str, str | None]]:
    """Those on duty, each for one team or, with None, for all tickets."""
    return [
        (row.user, row.team or None)
        for row in frappe.get_all(
            ON_DUTY,
            {"parenttype": SETTINGS},
            ["user", "team"],
            order_by="idx",
        )
    ]
