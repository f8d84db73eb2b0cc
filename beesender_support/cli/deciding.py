"""Decides the tickets of a file: each by itself, or by the precedent that it follows."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import click

from beesender_support.cli.output import (
    Decided,
    Following,
    Format,
    Precedent,
    Record,
    record_of,
    record_with_solution,
    seconds_of,
)
from beesender_support.files.customers import PlansByCustomer
from beesender_support.files.faults import Faults, quoted
from beesender_support.files.tickets import Ticket
from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.triage import Decision, Request
from beesender_support.policy.requests.triage import triage as decide
from beesender_support.policy.response.clocks import single_run
from beesender_support.policy.response.response_state import measure, measure_answered
from beesender_support.policy.sold.tiers import Tier

# Of contacts and customers; a file in which each is another would fill the memory.
_MOST_REMEMBERED = 20_000
# At some kilobytes each. Those of people without a seat name them, so they are many.
_MOST_PRECEDENTS = 4_000


class _Kind(NamedTuple):
    """A precedent, and what is promised in which calendar by the decisions that follow
    it; None where nothing is."""

    precedent: Precedent
    length: timedelta | None
    calendar: Calendar | None


@dataclass(frozen=True)
class Asked:
    """What a run of ``triage`` was asked, read already but for the tickets."""

    tickets: Path
    encoding: str
    time_zone: tzinfo | None
    channels: tuple[str, ...]
    plans: PlansByCustomer
    now: datetime
    hold_unplanned: bool
    style: Format

    @property
    def name(self) -> str:
        return click.format_filename(self.tickets)

    def deciding(self, has_solution: bool) -> "Deciding":
        return Deciding(self.plans, self.now, self.hold_unplanned, has_solution)

    def work(self, has_solution: bool) -> Callable[[Iterator[Ticket], Faults], Any]:
        """Makes the pieces that are written of some of the tickets."""
        deciding, style = self.deciding(has_solution), self.style

        def pieces_of(tickets: Iterator[Ticket], faults: Faults) -> list[Any]:
            pieces = list(map(style.piece_of, deciding.decide_all(tickets, faults)))
            return ["".join(pieces)] if style.is_text else pieces

        return pieces_of


def decided_now(
    request: Request, plans: Sequence[Plan], now: datetime, hold_unplanned: bool
) -> Decision:
    """The whole decision, as far as the request is known by ``now``."""
    return decide(
        as_known_now(request, now),
        plans,
        now=now,
        hold_unplanned=hold_unplanned,
        # A file has no reader who could answer a refusal.
        answers_at_once=False,
    )


def as_known_now(request: Request, now: datetime) -> Request:
    """An open request without the pauses that come after ``now``."""
    if not request.happenings or request.closed_at:
        return request
    known = (each for each in request.happenings if each.at <= now)
    return replace(request, happenings=tuple(known))


@dataclass
class NearMisses:
    """Customers without a plan whose names are nearly those of some that have one."""

    plans: PlansByCustomer
    _nearly: dict[str, str | None] = field(default_factory=dict)

    def warn(self, ticket: Ticket, faults: Faults) -> bool:
        """Whether there is one to warn of; the ticket's customer has no plan."""
        customer = ticket.customer
        if customer not in self._nearly:
            if len(self._nearly) >= _MOST_REMEMBERED:
                self._nearly.clear()
            self._nearly[customer] = self.plans.nearly(customer)
        planned = self._nearly[customer]
        if planned is None:
            return False
        faults.warn(
            f"{quoted(customer)} has no plan, but {quoted(planned)} has one. If they"
            " are one customer, write the name alike.",
            ticket.place,
            kind="customer",
        )
        return True


# By category and priority. None of a kind whose decisions are made one by one.
_Kinds = dict[tuple[str, str | None], _Kind | None]


@dataclass
class Deciding:
    """The facts that every decision of a run shares."""

    plans: PlansByCustomer
    now: datetime
    hold_unplanned: bool
    has_solution: bool

    _kinds: dict[object, _Kinds] = field(default_factory=dict)
    _kinds_sold: dict[tuple[Tier, Calendar] | None, _Kinds] = field(
        default_factory=dict
    )
    _precedents: int = 0

    def __post_init__(self) -> None:
        self._near_misses = NearMisses(self.plans)

    def decide_all(
        self, tickets: Iterator[Ticket], faults: Faults
    ) -> Iterator[Decided]:
        """The decision on each ticket; those that cannot be decided are reported."""
        for ticket in tickets:
            plans = self.plans.of(ticket.customer)
            if not plans:
                self._near_misses.warn(ticket, faults)
            try:
                yield self._decide(ticket, plans)
            except PolicyError as error:
                faults.report(error, ticket.place)

    def _decide(self, ticket: Ticket, plans: Sequence[Plan]) -> Decided:
        kinds = self._kinds_of(ticket, plans)
        key = ticket.category.name, ticket.priority
        if key not in kinds:
            return self._decide_first(ticket, plans, kinds, key)
        kind = kinds[key]
        if kind is None or ticket.pauses:
            return self._record(ticket, self._decision(ticket, plans))
        precedent, length, calendar = kind
        if length is None or calendar is None:
            return Following(ticket.name, precedent)
        opened, answered = ticket.opened_at, ticket.first_responded_at
        if answered:
            due, state, used = measure_answered(calendar, length, opened, answered)
        else:
            run = single_run(opened, None, ticket.resolved_at)
            response = measure(calendar, length, run, now=self.now)
            if response.due is None or response.used is None:
                return self._record(ticket, self._decision(ticket, plans))
            due, state, used = response.due, response.state, response.used
        local = due.astimezone(calendar.zone)
        return Following(ticket.name, precedent, local, state, seconds_of(used))

    def _kinds_of(self, ticket: Ticket, plans: Sequence[Plan]) -> _Kinds:
        """What is known of tickets that are admitted like this one: who asks, by which
        channel, and what of the plans is in force decide that, and nothing else."""
        opened = ticket.opened_at
        if len(plans) == 1:
            plan = plans[0]
            periods: object = plan.period_on(plan.today(opened))
        else:
            periods = tuple([each.period_on(each.today(opened)) for each in plans])
        asked = ticket.customer, ticket.contact, ticket.channel, periods
        kinds = self._kinds.get(asked)
        if kinds is None:
            if len(self._kinds) >= _MOST_REMEMBERED:
                self._kinds.clear()
            kinds = self._kinds[asked] = self._kinds_of_a_new(ticket, plans)
        return kinds

    def _kinds_of_a_new(self, ticket: Ticket, plans: Sequence[Plan]) -> _Kinds:
        """Nothing that is said of an accepted request names a customer or a person:
        those of one tier and calendar share their kinds, and those without a plan."""
        try:
            admission = self._decision(ticket, plans).admission
        except PolicyError:
            return {}
        if admission.reason:
            return {}
        plan = admission.plan
        sold = (plan.tier, plan.calendar) if plan else None
        if sold not in self._kinds_sold and len(self._kinds_sold) >= _MOST_REMEMBERED:
            self._kinds_sold.clear()
        return self._kinds_sold.setdefault(sold, {})

    def _decide_first(
        self,
        ticket: Ticket,
        plans: Sequence[Plan],
        kinds: _Kinds,
        key: tuple[str, str | None],
    ) -> Decided:
        decision = self._decision(ticket, plans)
        record = self._record(ticket, decision)
        terms, response = decision.terms, decision.response
        kinds[key] = None
        if terms is None or not terms.ever_promised_more:
            precedent = Precedent(record, decision.explanation)
            if precedent.has_deadline == (response.due is not None):
                self._make_room()
                calendar = terms.calendar if terms else None
                kinds[key] = _Kind(precedent, response.target, calendar)
        return record

    def _make_room(self) -> None:
        self._precedents += 1
        if self._precedents > _MOST_PRECEDENTS:
            self._kinds.clear()
            self._kinds_sold.clear()
            self._precedents = 1

    def _record(self, ticket: Ticket, decision: Decision) -> Record:
        record = record_with_solution if self.has_solution else record_of
        return record(ticket.name, decision)

    def _decision(self, ticket: Ticket, plans: Sequence[Plan]) -> Decision:
        return decided_now(ticket.request, plans, self.now, self.hold_unplanned)
