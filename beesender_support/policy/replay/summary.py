"""What a replay found, in a few numbers: as small for a million requests as for ten.

A summary is folded from a stream of requests, or from parts of it that were folded apart.
It counts how requests moved from where they stood to where they would stand; every figure
is read from that.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from types import MappingProxyType
from typing import Any, NamedTuple

from beesender_support.policy.replay.standings import (
    HELD,
    NO_OUTCOME,
    Outcome,
    Replayed,
)
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    compliance,
)
from beesender_support.policy.sold.targets import TARGETS

_FORMAT = 1
HOURS_OF_WEEK = 7 * 24
# The figures of a request or a group of them, as they are published.
FIGURES = (
    "tickets",
    "breached_before",
    "breached_after",
    "breaches_gained",
    "breaches_lost",
    "held_before",
    "held_after",
)

# Where requests stood and would stand, and how many moved so.
Move = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Tally:
    """How requests stand before and after: how many moved from which standing to which."""

    moves: Mapping[Move, int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        kept = {move: number for move, number in self.moves.items() if number}
        object.__setattr__(self, "moves", MappingProxyType(kept))

    @property
    def tickets(self) -> int:
        return sum(self.moves.values())

    def before(self, standing: str) -> int:
        return sum(each for (was, _is), each in self.moves.items() if was == standing)

    def after(self, standing: str) -> int:
        return sum(each for (_was, is_), each in self.moves.items() if is_ == standing)

    def gained(self, standing: str) -> int:
        """How many stand so after and did not before."""
        return self.after(standing) - self.moves.get((standing, standing), 0)

    def lost(self, standing: str) -> int:
        """How many stood so before and do not after."""
        return self.before(standing) - self.moves.get((standing, standing), 0)

    @property
    def compliance_before(self) -> float | None:
        """The share of requests with all promises kept, among those whose outcome is
        known; None where none is."""
        return compliance(self.before(MET), self.before(BREACHED))

    @property
    def compliance_after(self) -> float | None:
        return compliance(self.after(MET), self.after(BREACHED))

    def figures(self) -> dict[str, int]:
        """Plain numbers under the names in ``FIGURES``."""
        return dict(
            zip(
                FIGURES,
                (
                    self.tickets,
                    self.before(BREACHED),
                    self.after(BREACHED),
                    self.gained(BREACHED),
                    self.lost(BREACHED),
                    self.before(HELD),
                    self.after(HELD),
                ),
                strict=True,
            )
        )


class Hour(NamedTuple):
    """Requests registered in one hour of the week, and how many of them are breached."""

    requests: int = 0
    breached_before: int = 0
    breached_after: int = 0

    def plus(self, other: "Hour") -> "Hour":
        return Hour(*map(sum, zip(self, other, strict=True)))


class BothOutcomes(NamedTuple):
    """The promises of one target before and after."""

    before: Outcome = NO_OUTCOME
    after: Outcome = NO_OUTCOME


Tallies = Mapping[str, Tally]
_QUIET_WEEK = (Hour(),) * HOURS_OF_WEEK


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a replay.

    ``tiers``, ``priorities`` and ``customers`` are by name, ``""`` for requests without
    one; each request is in one group of each. ``targets`` count promises, of which a
    request may have several. ``hours`` are the 168 of a week, from Monday at midnight in
    the zone that was given when it was folded. ``not_judged`` are numbers by reason, of
    requests that are in no other figure.
    """

    tiers: Tallies = field(default_factory=dict, hash=False)
    priorities: Tallies = field(default_factory=dict, hash=False)
    customers: Tallies = field(default_factory=dict, hash=False)
    targets: Mapping[str, BothOutcomes] = field(default_factory=dict, hash=False)
    hours: tuple[Hour, ...] = _QUIET_WEEK
    not_judged: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def total(self) -> Tally:
        return _sum(self.tiers.values())

    @property
    def skipped(self) -> int:
        """How many requests were not judged."""
        return sum(self.not_judged.values())

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            "format": _FORMAT,
            "total": self.total.figures(),
            "tiers": _stored(self.tiers),
            "priorities": _stored(self.priorities),
            "customers": _stored(self.customers),
            "targets": {
                target: [list(both.before), list(both.after)]
                for target, both in self.targets.items()
            },
            "hours": [list(hour) for hour in self.hours],
            "not_judged": dict(self.not_judged),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Summary":
        """What ``as_dict`` stored."""
        return cls(
            tiers=_tallies(stored["tiers"]),
            priorities=_tallies(stored["priorities"]),
            customers=_tallies(stored["customers"]),
            targets={
                target: BothOutcomes(*(Outcome(*each) for each in both))
                for target, both in stored["targets"].items()
            },
            hours=tuple(Hour(*each) for each in stored["hours"]),
            not_judged=dict(stored["not_judged"]),
        )


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted of requests, or of a part of them; plain, so that it may be sent
    between processes."""

    tiers: Counter[tuple[str, Move]] = field(default_factory=Counter)
    priorities: Counter[tuple[str, Move]] = field(default_factory=Counter)
    customers: Counter[tuple[str, Move]] = field(default_factory=Counter)
    # By target, 0 for before or 1 for after, and outcome.
    outcomes: Counter[tuple[str, int, Outcome]] = field(default_factory=Counter)
    # By hour of the week, and whether they were and would be breached.
    hours: Counter[tuple[int, bool, bool]] = field(default_factory=Counter)
    not_judged: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Counts") -> None:
        """Those of another part, folded in the same zone."""
        self.tiers.update(other.tiers)
        self.priorities.update(other.priorities)
        self.customers.update(other.customers)
        self.outcomes.update(other.outcomes)
        self.hours.update(other.hours)
        self.not_judged.update(other.not_judged)


class Folding:
    """Requests on their way into a summary; what it holds does not grow with their
    number, but for one entry a customer that has a plan."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.counts = Counts()

    def add(self, request: Replayed) -> None:
        before, after = request.before, request.after
        counts = self.counts
        move = (before.standing, after.standing)
        counts.tiers[request.tier, move] += 1
        counts.priorities[request.priority, move] += 1
        counts.customers[request.customer, move] += 1
        for place, side in enumerate((before, after)):
            for target, outcome in side.outcomes:
                counts.outcomes[target, place, outcome] += 1
        local = request.at.astimezone(self._zone)
        hour = local.weekday() * 24 + local.hour
        was_breached, is_breached = move[0] == BREACHED, move[1] == BREACHED
        counts.hours[hour, was_breached, is_breached] += 1

    def leave_out(self, reason: str, number: int = 1) -> None:
        """Count requests that cannot be judged."""
        self.counts.not_judged[reason] += number

    def summary(self) -> Summary:
        """Of what was added so far."""
        return Summary(
            tiers=_grouped(self.counts.tiers),
            priorities=_grouped(self.counts.priorities),
            customers=_grouped(self.counts.customers),
            targets=dict(self._by_target()),
            hours=self._week(),
            not_judged=dict(self.counts.not_judged),
        )

    def _by_target(self) -> Iterator[tuple[str, BothOutcomes]]:
        for target in TARGETS:
            both = [NO_OUTCOME, NO_OUTCOME]
            for (of, place, outcome), number in self.counts.outcomes.items():
                if of == target:
                    times = Outcome(*(each * number for each in outcome))
                    both[place] = both[place].plus(times)
            if any(map(any, both)):
                yield target, BothOutcomes(*both)

    def _week(self) -> tuple[Hour, ...]:
        week = list(_QUIET_WEEK)
        for (hour, before, after), number in self.counts.hours.items():
            counted = Hour(number, number * before, number * after)
            week[hour] = week[hour].plus(counted)
        return tuple(week)


def _sum(tallies: Iterable[Tally]) -> Tally:
    moves: Counter[Move] = Counter()
    for tally in tallies:
        moves.update(tally.moves)
    return Tally(moves)


def _grouped(counted: Counter[tuple[str, Move]]) -> Tallies:
    groups: dict[str, dict[Move, int]] = {}
    for (name, move), number in counted.items():
        groups.setdefault(name, {})[move] = number
    return {name: Tally(groups[name]) for name in sorted(groups)}


def _stored(tallies: Tallies) -> dict[str, list[list[Any]]]:
    return {
        name: [[*move, number] for move, number in sorted(tally.moves.items())]
        for name, tally in tallies.items()
    }


def _tallies(stored: Mapping[str, Iterable[tuple[str, str, int]]]) -> Tallies:
    return {
        name: Tally({(before, after): number for before, after, number in moves})
        for name, moves in stored.items()
    }
