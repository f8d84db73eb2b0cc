"""Escalation: which rules apply to what happens to a ticket, and what is left to do.

A rule applies once to each event. What happened before a rule was switched on is none of
its events, so switching it on says nothing about the past. What was owed and is settled
by now, since nobody was there to say it in time, is missed: it is logged and not said.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from beesender_support.policy.errors import (
    DisabledTeam,
    NothingToDo,
    UnknownName,
)
from beesender_support.policy.plans.limits import check_name, whole_number
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.targets import TARGETS
from beesender_support.policy.sold.tiers import MAX_TARGET_HOURS

REGISTERED, HELD, WARNING, BREACH, HELD_LONGER = EVENTS = (
    "Registered",
    "Held",
    "Warning",
    "Breach",
    "Held longer",
)
OF_A_PROMISE = (WARNING, BREACH)
ASSIGNEE, TEAM, TEAM_LEAD, SUCCESS_MANAGER, ON_DUTY = WHOM = (
    "assignee",
    "team",
    "team_lead",
    "success_manager",
    "on_duty",
)
MIN_SHARE, MAX_SHARE = 1, 99
# A promise is late from the first instant after its deadline.
_AFTER = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """An escalation rule; the first in order is asked first.

    ``event`` is one of EVENTS. ``share`` is in percent of the working time, for a
    WARNING; ``support_hours`` count for HELD_LONGER. ``tier``, ``priority``,
    ``category`` and ``target`` limit it; None for any. ``tells`` are of WHOM, ``users``
    are told besides. ``since`` is when it was switched on.
    """

    name: str
    title: str
    event: str
    since: datetime
    share: int | None = None
    support_hours: int | None = None
    tier: str | None = None
    priority: str | None = None
    category: str | None = None
    target: str | None = None
    tells: frozenset[str] = frozenset()
    users: tuple[str, ...] = ()
    team: str | None = None
    assign_to: str | None = None
    tag: str | None = None

    def __post_init__(self) -> None:
        check_name("title", self.title)
        if self.event not in EVENTS:
            raise UnknownName("event", self.event, allowed=tuple(map(Name, EVENTS)))
        if self.event == WARNING:
            whole_number("share", self.share, MIN_SHARE, MAX_SHARE)
        if self.event == HELD_LONGER:
            whole_number("support_hours", self.support_hours, 1, MAX_TARGET_HOURS)
        if self.target and self.target not in TARGETS:
            raise UnknownName("target", self.target, allowed=tuple(map(Name, TARGETS)))
        for each in self.tells.difference(WHOM):
            raise UnknownName("tells", each, allowed=tuple(map(Name, WHOM)))
        if not (self.tells or self.users or self.has_action):
            raise NothingToDo("title", self.title)

    @property
    def has_action(self) -> bool:
        return bool(self.team or self.assign_to or self.tag)

    def concerns(self, ticket: "Ticket") -> bool:
        """Whether the ticket is one of those the rule is for."""
        return all(
            wanted is None or wanted == found
            for wanted, found in (
                (self.tier, ticket.tier),
                (self.priority, ticket.priority),
                (self.category, ticket.category),
            )
        )


def check_team(team: str | None, *, is_disabled: bool) -> None:
    """Raise DisabledTeam for a team that gets no tickets."""
    if team and is_disabled:
        raise DisabledTeam("team", team)


class Promise(NamedTuple):
    """One promise of a ticket; with its target, ``started_at`` tells it from others.

    ``due`` is None while the deadline moves and where nothing is owed any more;
    ``settled_at`` is when it was kept, or the ticket closed, None before.
    ``at_share`` gives the instant at which so many percent of its time are used.
    """

    target: str
    started_at: datetime
    due: datetime | None
    settled_at: datetime | None
    at_share: Callable[[int], datetime]


class Ticket(NamedTuple):
    """What rules ask of a ticket.

    ``accepted_at`` and ``held_at`` say since when it is one or the other, None where it
    is not. ``is_answered`` counts a ticket that is over as well. ``add_support_time``
    counts on from an instant, in the hours of the plan.
    """

    name: str
    tier: str | None
    priority: str | None
    category: str | None
    accepted_at: datetime | None
    held_at: datetime | None
    is_answered: bool
    promises: tuple[Promise, ...]
    add_support_time: Callable[[datetime, timedelta], datetime]


class Escalation(NamedTuple):
    """A rule that applies to an event, which ``key`` names; ``at`` is its instant.

    ``is_missed``: it is too late to say so. ``changes_team`` and ``assigns`` are False
    where a rule before it does so.
    """

    rule: Rule
    key: str
    at: datetime
    target: str | None = None
    due: datetime | None = None
    is_missed: bool = False
    changes_team: bool = False
    assigns: bool = False


class Outlook(NamedTuple):
    """What rules say of a ticket up to now, and when they have something to say next."""

    escalations: tuple[Escalation, ...]
    next_at: datetime | None


def in_order(rules: Iterable[tuple[int, Rule]]) -> tuple[Rule, ...]:
    """Rules by the number that an admin gave them; equal ones by name."""
    return tuple(
        rule
        for _number, rule in sorted(rules, key=lambda each: (each[0], each[1].name))
    )


def outlook(rules: Sequence[Rule], ticket: Ticket, now: datetime) -> Outlook:
    """All that ``rules``, which are in order, say of a ticket, said before or not."""
    happened, coming = [], []
    for rule in rules:
        if not rule.concerns(ticket):
            continue
        for each in _events(rule, ticket, now):
            if each.at > now:
                coming.append(each.at)
            elif each.at >= rule.since:
                happened.append(each)
    return Outlook(tuple(happened), min(coming, default=None))


def left_to_do(
    escalations: Iterable[Escalation], said: Collection[str]
) -> tuple[Escalation, ...]:
    """Those of one ticket that nobody was told of. Of several that want another team, or
    another assignee, the first has its way."""
    left, has_team, has_assignee = [], False, False
    for each in escalations:
        if each.key in said:
            continue
        if not each.is_missed:
            each = each._replace(
                changes_team=bool(each.rule.team) and not has_team,
                assigns=bool(each.rule.assign_to) and not has_assignee,
            )
            has_team = has_team or each.changes_team
            has_assignee = has_assignee or each.assigns
        left.append(each)
    return tuple(left)


def _events(rule: Rule, ticket: Ticket, now: datetime) -> Iterator[Escalation]:
    if rule.event in OF_A_PROMISE:
        for promise in ticket.promises:
            if rule.target in (None, promise.target):
                yield from _of_promise(rule, ticket, promise, now)
    elif rule.event == REGISTERED:
        if at := ticket.accepted_at:
            yield _event(rule, ticket, at, at, is_missed=ticket.is_answered)
    elif at := ticket.held_at:
        hours = timedelta(hours=rule.support_hours or 0)
        owed = ticket.add_support_time(at, hours) if rule.event == HELD_LONGER else at
        yield _event(rule, ticket, at, owed)


def _of_promise(
    rule: Rule, ticket: Ticket, promise: Promise, now: datetime
) -> Iterator[Escalation]:
    due, settled_at = promise.due, promise.settled_at
    if due is None:
        return
    # An answer at the very instant of the deadline is in time.
    at = due + _AFTER if rule.event == BREACH else promise.at_share(rule.share or 0)
    if settled_at and settled_at < at:
        return
    # Once a promise is broken, a warning of it is no news.
    is_missed = bool(settled_at) or (rule.event == WARNING and due < now)
    event = _event(rule, ticket, promise.started_at, at, promise.target, is_missed)
    yield event._replace(due=due)


def _event(
    rule: Rule,
    ticket: Ticket,
    origin: datetime,
    at: datetime,
    target: str | None = None,
    is_missed: bool = False,
) -> Escalation:
    parts = (
        rule.name,
        ticket.name,
        rule.event,
        target,
        rule.share if rule.event == WARNING else rule.support_hours,
        f"{origin:%Y%m%dT%H%M%S}",
    )
    key = "/".join(str(each) for each in parts if each is not None)
    return Escalation(rule, key, at, target, is_missed=is_missed)
