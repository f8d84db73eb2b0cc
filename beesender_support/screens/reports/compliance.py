"""How promises were kept, by what requests have in common, and how long it took.

The outcome and the support time of each promise are stored with its ticket when its clock
settles, so nothing is counted anew from terms: one statement reads a few columns, however
many tickets there are.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple

import frappe
from frappe import _

from beesender_support.policy.reports.service_report import ranked
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    OPEN_STATES,
    compliance,
    share_in_percent,
)
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    TARGETS,
)
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.promise import (
    COUNTED,
    EARLIER_BREACHED,
    EARLIER_MET,
    FIELDS_OF_HELPDESK,
    FIELDS_OF_TARGET,
    NEXT_ANSWER_TIMES,
    RESPONSE_STATE,
)
from beesender_support.screens.reports.asked import (
    AGENT,
    COLUMNS,
    MONTH,
    START,
    Asked,
    Filters,
    Listed,
    choice_of,
    column_of,
    refuse,
)

NARROWED_BY = ("tier", "customer", "priority", "category", AGENT, "team")
# A month and a tier, unless something else is chosen.
BY_MONTH_AND_TIER = "month_and_tier"
GROUPS = (BY_MONTH_AND_TIER, *NARROWED_BY, MONTH)
PERCENTS = (50, 90, 95)
# How the last promise of a target stands, and how many earlier ones were met and broken.
COUNTED_OF_TARGET = {
    **{each: (FIELDS_OF_TARGET[each].state, "0", "0") for each in TARGETS},
    NEXT_ANSWER: (FIELDS_OF_TARGET[NEXT_ANSWER].state, EARLIER_MET, EARLIER_BREACHED),
}
# The column with the support time of what was given, in seconds.
TIME_OF_TARGET = {
    **{target: fields.took for target, fields in FIELDS_OF_HELPDESK.items()},
    NEXT_ANSWER: NEXT_ANSWER_TIMES,
}
MET_STATE, BREACHED_STATE = RESPONSE_STATE[MET], RESPONSE_STATE[BREACHED]
OPEN_WORDS = tuple(RESPONSE_STATE[each] for each in OPEN_STATES)


class Spread(NamedTuple):
    """Support time of what was given, in seconds, by nearest rank."""

    median: float | None = None
    p90: float | None = None
    p95: float | None = None


class Kept(NamedTuple):
    """Of the requests of one group, by its key: how many promises were met, broken, also
    while nobody has kept them, and are not yet known."""

    key: tuple[Any, ...]
    met: int
    breached: int
    open: int
    spread: Spread

    @property
    def promised(self) -> int:
        return self.met + self.breached + self.open


class Compliance(NamedTuple):
    asked: Asked
    target: str
    groups: tuple[str, ...]
    rows: list[Kept]
    spread: Spread

    @property
    def met(self) -> int:
        return sum(each.met for each in self.rows)

    @property
    def breached(self) -> int:
        return sum(each.breached for each in self.rows)

    @property
    def open(self) -> int:
        return sum(each.open for each in self.rows)

    def listed(self, key: Iterable[Any]) -> Listed:
        """Which tickets a row counts, besides those of ``listed_as``."""
        found: Listed = {}
        for group, value in zip(self.groups, key, strict=True):
            found.update(self.asked.listed_in(group, value, START))
        return found

    def listed_as(self, *states: str) -> Listed | None:
        """Which tickets a figure counts in all rows. None of next answers: of those a
        ticket has several, and only the last one's state is a column."""
        if self.target == NEXT_ANSWER:
            return None
        return {
            **self.asked.listed(START),
            **({} if "tier" in self.asked.chosen else {COLUMNS["tier"]: ["is", "set"]}),
            "is_merged": ["=", 0],
            FIELDS_OF_TARGET[self.target].state: (
                ["=", states[0]] if len(states) == 1 else ["in", [*states]]
            ),
        }


def percent(met: int, breached: int) -> float | None:
    """None where no outcome is known."""
    share = compliance(met, breached)
    return None if share is None else share_in_percent(share)


def target_of(filters: Filters | None) -> str:
    """The target that a report is about."""
    target = (filters or {}).get("target") or FIRST_ANSWER
    if target not in TARGETS:
        refuse(_("{0} is not a target."), target)
    return str(target)


def counted(filters: Filters | None, otherwise_from: date) -> Compliance:
    """A ticket that was merged into another is answered there and counted once; one on
    which nothing is owed any more is not counted. Of next answers each one counts."""
    asked = Asked.of(filters, otherwise_from, NARROWED_BY)
    target = target_of(filters)
    by = choice_of(filters, "group_by", GROUPS)
    groups = (MONTH, "tier") if by == BY_MONTH_AND_TIER else (by,)
    rows, over_all = _kept(_facts(asked, target, groups))
    return Compliance(asked, target, groups, _in_order(rows, groups), over_all)


class _Group:
    """The figures of a group while its tickets are gone through."""

    __slots__ = ("breached", "met", "open", "times")

    def __init__(self) -> None:
        self.met = self.breached = self.open = 0
        self.times: list[float] = []


def _kept(facts: Iterable[tuple[Any, ...]]) -> tuple[list[Kept], Spread]:
    """By group, and how long all of them took. Tickets come as plain rows, and are gone
    through once: the ranks of times in each group and in all of them cost a database
    three times as long as it takes to read them."""
    groups: dict[tuple[Any, ...], _Group] = defaultdict(_Group)
    for *key, state, met, breached, seconds in facts:
        group = groups[tuple(key)]
        is_met, is_breached = state == MET_STATE, state == BREACHED_STATE
        group.met += is_met + met
        group.breached += is_breached + breached
        group.open += state in OPEN_WORDS
        if isinstance(seconds, str):
            group.times += json.loads(seconds)
        elif seconds is not None and (is_met or is_breached):
            group.times.append(seconds)
    rows = [
        Kept(key, group.met, group.breached, group.open, _spread(group.times))
        for key, group in groups.items()
    ]
    return rows, _spread(chain.from_iterable(each.times for each in groups.values()))


def _spread(times: Iterable[float]) -> Spread:
    ordered = sorted(times)
    if not ordered:
        return Spread()
    return Spread(*(ranked(ordered, each) for each in PERCENTS))


def _facts(asked: Asked, target: str, groups: tuple[str, ...]) -> Sequence[Any]:
    """Of each ticket: its groups, the state of its last promise, how many earlier ones
    were met and broken, and the support time of what was given."""
    state, met, breached = COUNTED_OF_TARGET[target]
    conditions, values = asked.conditions(START)
    keys = ", ".join(column_of(each, START) for each in groups)
    column = TIME_OF_TARGET[target]
    seconds = column if target == NEXT_ANSWER else f"{column} + 0e0"
    return frappe.db.sql(
        f"""select {keys}, {state}, {met}, {breached}, {seconds}
        from `tabHD Ticket`
        where ({state} in %(states)s or {met} + {breached} > 0)
            and is_merged = %(is_merged)s
            and beesender_tier is not null and {conditions}""",  # noqa: S608 - conditions hold placeholders and permissions
        {**values, **COUNTED, "states": tuple(RESPONSE_STATE.values())},
    )


def _in_order(rows: list[Kept], groups: tuple[str, ...]) -> list[Kept]:
    """Months in time, tiers by rank and priorities by their codes; of all others those
    first of which most was promised."""
    ranks = {tier.name: rank for rank, tier in enumerate(catalogue.tiers())}

    def place(row: Kept) -> tuple[Any, ...]:
        found: list[Any] = []
        for group, value in zip(groups, row.key, strict=True):
            if group == "tier":
                found += [ranks.get(value, len(ranks)), str(value)]
            elif group in (MONTH, "priority"):
                found.append(str(value or "~"))
            else:
                found += [-row.promised, str(value or "~")]
        return tuple(found)

    return sorted(rows, key=place)
