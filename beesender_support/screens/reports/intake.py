"""What came in: by channel and hour of the week, and what was decided on it."""

from datetime import date
from typing import Any, NamedTuple

import frappe

from beesender_support.screens.reports.asked import (
    AGENT,
    COLUMNS,
    REGISTERED,
    Asked,
    Filters,
    Listed,
    choice_of,
    column_of,
)

NARROWED_BY = (
    "tier",
    "customer",
    "priority",
    "category",
    AGENT,
    "team",
    "channel",
    "verdict",
)
BY_HOUR = "hour"
# An hour of the week, unless something else is chosen.
GROUPS = (BY_HOUR, "verdict", "channel", "month", "customer")
# What is decided on a request; nothing, of one outside the policy.
ACCEPTED, HELD, DECLINED = "Accepted", "Held", "Declined"
VERDICTS = (ACCEPTED, HELD, DECLINED)
_HOURS = "weekday(creation), hour(creation), coalesce(beesender_channel, '')"


class HourOfChannel(NamedTuple):
    """Requests registered in an hour of the week; Monday is 0. ``channel`` is a code,
    empty for those from before this app."""

    weekday: int
    hour: int
    channel: str
    requests: int


class Intake(NamedTuple):
    """Requests by a key, and what was decided on them."""

    key: tuple[Any, ...]
    requests: int
    accepted: int
    held: int
    declined: int

    @property
    def outside(self) -> int:
        """Plain requests of customers without a plan."""
        return self.requests - self.accepted - self.held - self.declined


def asked_of(filters: Filters | None, otherwise_from: date) -> Asked:
    return Asked.of(filters, otherwise_from, NARROWED_BY)


def group_of(filters: Filters | None) -> str:
    return choice_of(filters, "group_by", GROUPS)


def by_hour(asked: Asked) -> list[HourOfChannel]:
    """How many requests were registered, by hour of the week and channel."""
    conditions, values = asked.conditions(REGISTERED)
    rows = frappe.db.sql(
        f"""select {_HOURS}, count(*) from `tabHD Ticket`
        where {conditions} group by 1, 2, 3 order by 1, 2, 3""",  # noqa: S608 - conditions hold placeholders and permissions
        values,
    )
    return [HourOfChannel(*row) for row in rows]


def by_group(asked: Asked, groups: tuple[str, ...]) -> list[Intake]:
    """By the columns of ``groups``, the most first; months in time."""
    conditions, values = asked.conditions(REGISTERED)
    keys = ", ".join(column_of(each, REGISTERED) for each in groups)
    decided = ", ".join(
        f"sum(coalesce({COLUMNS['verdict']}, '') = %(is_{each})s)" for each in VERDICTS
    )
    rows = frappe.db.sql(
        f"""select {keys}, count(*), {decided} from `tabHD Ticket`
        where {conditions}
        group by {', '.join(str(at + 1) for at in range(len(groups)))}""",  # noqa: S608 - conditions hold placeholders and permissions
        {**values, **{f"is_{each}": each for each in VERDICTS}},
    )
    size = len(groups)
    found = [Intake(tuple(row[:size]), *map(int, row[size:])) for row in rows]
    if groups[0] == "month":
        return sorted(found, key=lambda each: each.key)
    return sorted(found, key=lambda each: (-each.requests, str(each.key)))


def listed(asked: Asked, groups: tuple[str, ...], key: tuple[Any, ...]) -> Listed:
    """The tickets of a row, beside those of ``listed_as``."""
    found: Listed = {}
    for group, value in zip(groups, key, strict=True):
        found.update(asked.listed_in(group, value, REGISTERED))
    return found


def listed_as(asked: Asked, verdict: str | None = None) -> Listed:
    """Of all rows: all tickets, or those decided so; ``""`` for outside the policy."""
    found = asked.listed(REGISTERED)
    if verdict is None:
        return found
    decided = ["=", verdict] if verdict else ["is", "not set"]
    return {**found, COLUMNS["verdict"]: decided}
