"""What a client got in a month: requests, promises kept and broken, response times.

A request belongs to the month in which its clock started, or, where none ever ran, in
which it was registered. One that was merged into another is not among them: it is
counted there. Each next answer counts, the earlier ones of a request included.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from beesender_support.policy.allowances.ledger import Balance
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import BREACHED, compliance
from beesender_support.policy.sold.targets import FIRST_ANSWER, TARGETS

_FORMAT = 1
# Why a promise was broken.
GIVEN_LATE, CLOSED_UNKEPT, NOT_GIVEN = "given_late", "closed_unkept", "not_given"
# How a request stands to the plan; each is one of them.
PROMISED, OUTSIDE, HELD, DECLINED = "promised", "outside", "held", "declined"
STANDINGS = (PROMISED, OUTSIDE, HELD, DECLINED)
PERCENTILE = 90
Value = TypeVar("Value", timedelta, float)


class Outcome(NamedTuple):
    """How the promises of one target stand: how many are kept, broken, and not yet
    known."""

    met: int = 0
    breached: int = 0
    open: int = 0

    @property
    def promised(self) -> int:
        return sum(self)

    @property
    def compliance(self) -> float | None:
        """From 0 to 1; None where no outcome is known."""
        return compliance(self.met, self.breached)


class Breach(NamedTuple):
    """A broken promise. ``due`` is an instant and ``overrun`` support time, each None
    where nobody can tell; ``note`` is the reason for closing that an agent gave."""

    ticket: str
    subject: str
    priority: str
    target: str
    due: datetime | None
    overrun: timedelta | None
    reason: str
    note: str = ""


class Reported(NamedTuple):
    """A request of the month. ``outcomes`` are by target; ``response`` is the support
    time until the first answer that was promised, None where it was not given."""

    category: str
    priority: str
    standing: str
    outcomes: Mapping[str, Outcome]
    response: timedelta | None = None
    breaches: tuple[Breach, ...] = ()


class Sold(NamedTuple):
    """A plan of the month: both days inclusive, ``ends_on`` open where None.
    ``has_exceptions`` where something was agreed for it alone, and ``exceptions`` says
    what: by language, a whole sentence each. A tier may be another later, so they are
    kept in words; a report of a time before that has none."""

    plan: str
    tier: str
    time_zone: str
    starts_on: date
    ends_on: date | None
    has_exceptions: bool = False
    exceptions: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def exceptions_in(self, language: str) -> tuple[str, ...]:
        """In English where nobody has translated them."""
        kept = dict(self.exceptions)
        return kept.get(language) or kept.get("en", ())


class Spread(NamedTuple):
    """Response times of ``answers`` requests, of one priority or of all (``""``)."""

    priority: str
    answers: int
    median: timedelta
    percentile: timedelta


class Seats(NamedTuple):
    used: int
    included: int
    day: date


class Allowance(NamedTuple):
    """How an entitlement that is counted in ``unit`` stands in the contract year in which
    the day of the seats lies."""

    entitlement: str
    unit: str
    balance: Balance


class Requested(NamedTuple):
    """How many requests of a category and priority there were."""

    category: str
    priority: str
    requests: int


@dataclass(frozen=True, slots=True)
class ServiceReport:
    """A customer's month, counted at ``counted_at``.

    ``is_over`` says whether the month was over by then. ``plans`` are those of the
    month, in the order of their start; ``updates_per_year`` is what the tier of the last
    one includes, and ``allowances`` are those of its plan; ``entitlements`` are the codes
    of what is included or not without a number, and whether. Both are None in a report of
    a time before they were counted. ``standings`` are numbers of requests.
    """

    customer: str
    month: date
    time_zone: str
    counted_at: datetime
    is_over: bool
    plans: tuple[Sold, ...]
    seats: Seats
    updates_per_year: int
    requested: tuple[Requested, ...] = ()
    standings: Mapping[str, int] = field(default_factory=dict, hash=False)
    outcomes: Mapping[str, Outcome] = field(default_factory=dict, hash=False)
    spreads: tuple[Spread, ...] = ()
    breaches: tuple[Breach, ...] = ()
    allowances: tuple[Allowance, ...] | None = None
    entitlements: tuple[tuple[str, bool], ...] | None = None

    @property
    def requests(self) -> int:
        return sum(self.standings.values())

    def as_dict(self) -> dict[str, Any]:
        """As it is stored: instants and days as ISO text, durations in seconds."""
        return {
            "format": _FORMAT,
            "customer": self.customer,
            "month": self.month.isoformat(),
            "time_zone": self.time_zone,
            "counted_at": self.counted_at.isoformat(),
            "is_over": self.is_over,
            "plans": [_stored(each) for each in self.plans],
            "seats": _stored(self.seats),
            "updates_per_year": self.updates_per_year,
            "requested": [_stored(each) for each in self.requested],
            "standings": dict(self.standings),
            "outcomes": {each: list(one) for each, one in self.outcomes.items()},
            "spreads": [_stored(each) for each in self.spreads],
            "breaches": [_stored(each) for each in self.breaches],
            "allowances": (
                None
                if self.allowances is None
                else [
                    [each.entitlement, each.unit, *map(str, each.balance)]
                    for each in self.allowances
                ]
            ),
            "entitlements": (
                None
                if self.entitlements is None
                else list(map(list, self.entitlements))
            ),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "ServiceReport":
        """What ``as_dict`` stored."""
        return cls(
            customer=stored["customer"],
            month=_day(stored["month"]),
            time_zone=stored["time_zone"],
            counted_at=datetime.fromisoformat(stored["counted_at"]),
            is_over=stored["is_over"],
            plans=tuple(map(_sold, stored["plans"])),
            seats=_seats(stored["seats"]),
            updates_per_year=stored["updates_per_year"],
            requested=tuple(Requested(*each) for each in stored["requested"]),
            standings=dict(stored["standings"]),
            outcomes={each: Outcome(*one) for each, one in stored["outcomes"].items()},
            spreads=tuple(map(_spread, stored["spreads"])),
            breaches=tuple(map(_breach, stored["breaches"])),
            allowances=_allowances(stored.get("allowances")),
            entitlements=_entitlements(stored.get("entitlements")),
        )


def report(requests: Iterable[Reported], **of_month: Any) -> ServiceReport:
    """The figures of a month; ``of_month`` are the fields of ``ServiceReport`` that are
    not counted from its requests."""
    listed = list(requests)
    requested = Counter((each.category, each.priority) for each in listed)
    standings = Counter(each.standing for each in listed)
    breaches = [breach for each in listed for breach in each.breaches]
    return ServiceReport(
        **of_month,
        requested=tuple(
            Requested(*key, number) for key, number in sorted(requested.items())
        ),
        standings={each: standings[each] for each in STANDINGS},
        outcomes=_outcomes(listed),
        spreads=_spreads(listed),
        breaches=tuple(sorted(breaches, key=_by_deadline)),
    )


def breach_of(promised: Promised, *, is_closed: bool) -> str | None:
    """Why the promise is broken; None of one that is not. ``is_closed`` is the request."""
    if promised.response.state != BREACHED:
        return None
    is_given = bool(promised.run and promised.run.stopped_at)
    return reason_of_breach(is_given=is_given, is_closed=is_closed)


def reason_of_breach(*, is_given: bool, is_closed: bool) -> str:
    if is_given:
        return GIVEN_LATE
    return CLOSED_UNKEPT if is_closed else NOT_GIVEN


def nearest_rank(values: Iterable[timedelta], percent: int) -> timedelta:
    """The smallest of the values, of which there is at least one, that ``percent`` % of
    them do not exceed, so always one that was measured; the median for 50 (the
    nearest-rank method)."""
    return ranked(sorted(values), percent)


def ranked(ordered: Sequence[Value], percent: int) -> Value:
    """As ``nearest_rank``, of values in order."""
    # Whole numbers: a share as a float may end up just above the rank it means.
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(rank, 1) - 1]


def _outcomes(requests: Sequence[Reported]) -> dict[str, Outcome]:
    """By target; the first answer always, others where they are promised."""
    totals = {
        target: Outcome(
            *map(sum, zip(Outcome(), *_of_target(requests, target), strict=True))
        )
        for target in TARGETS
    }
    return {
        target: total
        for target, total in totals.items()
        if total.promised or target == FIRST_ANSWER
    }


def _of_target(requests: Sequence[Reported], target: str) -> list[Outcome]:
    return [each.outcomes[target] for each in requests if target in each.outcomes]


def _spreads(requests: Sequence[Reported]) -> tuple[Spread, ...]:
    """Of all requests, then of each priority; none where nothing was answered."""
    times: dict[str, list[timedelta]] = {}
    for each in requests:
        if each.response is not None:
            times.setdefault("", []).append(each.response)
            times.setdefault(each.priority, []).append(each.response)
    return tuple(
        Spread(
            priority,
            len(lengths),
            nearest_rank(lengths, 50),
            nearest_rank(lengths, PERCENTILE),
        )
        for priority, lengths in sorted(times.items())
    )


_NEVER = "9999"


def _by_deadline(breach: Breach) -> tuple[str, str]:
    return breach.due.isoformat() if breach.due else _NEVER, breach.ticket


def _stored(values: tuple[Any, ...]) -> list[Any]:
    return [_plain(each) for each in values]


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.isoformat() if isinstance(value, date) else value


def _sold(stored: Sequence[Any]) -> Sold:
    plan, tier, time_zone, starts_on, ends_on, *more = stored
    last = ends_on and _day(ends_on)
    # Reports of a time before there were exceptions do not say whether there are any,
    # and later ones for a while not which.
    if len(more) > 1:
        more[1] = tuple((language, tuple(said)) for language, said in more[1])
    return Sold(plan, tier, time_zone, _day(starts_on), last, *more)


def _seats(stored: Sequence[Any]) -> Seats:
    used, included, day = stored
    return Seats(used, included, _day(day))


def _spread(stored: Sequence[Any]) -> Spread:
    priority, answers, median, percentile = stored
    return Spread(priority, answers, _length(median), _length(percentile))


def _breach(stored: Sequence[Any]) -> Breach:
    ticket, subject, priority, target, due, overrun, reason, note = stored
    return Breach(
        ticket,
        subject,
        priority,
        target,
        due and datetime.fromisoformat(due),
        None if overrun is None else _length(overrun),
        reason,
        note,
    )


def _entitlements(
    stored: Sequence[Sequence[Any]] | None,
) -> tuple[tuple[str, bool], ...] | None:
    if stored is None:
        return None
    return tuple((code, is_included) for code, is_included in stored)


def _allowances(
    stored: Sequence[Sequence[str]] | None,
) -> tuple[Allowance, ...] | None:
    if stored is None:
        return None
    return tuple(
        Allowance(entitlement, unit, Balance(*map(Decimal, amounts)))
        for entitlement, unit, *amounts in stored
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _length(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)
