"""The response clock: what was promised, until when, and how it stands.

The clock starts when a request is registered and never pauses. It counts the tier's
support hours in the plan's zone. ``Terms`` are what was promised at that moment; they
are kept with the request, so that nothing sold or edited later changes them. The first
answer settles the promise: from then on not even another category or priority does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from beesender_support.policy.sentences import Name, Sentence, SupportHours
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.tiers import Category, Plan
from beesender_support.policy.working_time import (
    Calendar,
    Holiday,
    Window,
    calendar_of,
    time_zone_database_version,
)

MET, BREACHED, DUE, AT_RISK, NONE = "met", "breached", "due", "at_risk", "none"
# A request is at risk when this share of its target is used up.
AT_RISK_SHARE = 0.75
_FORMAT = 2
# What format 1 did not say.
_ABSENT_FROM_FORMAT_1 = {
    "category": None,
    "promises_response": None,
    "settled_priority": None,
    "has_clock": True,
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request was promised when its clock started at ``started_at``.

    ``category`` is the one it was registered in, or moved to before it was answered, and
    ``promises_response`` what that category said then; both None in terms of format 1.
    ``settled_priority`` is the priority at the first answer, None before it.
    ``has_clock`` is False for a request of the past that was taken over without the
    stamps by which its promise could be judged.
    """

    started_at: datetime
    plan: str
    tier: str
    time_zone: str
    windows: tuple[Window, ...]
    response_targets: Mapping[str, timedelta] = field(hash=False)
    holidays: tuple[Holiday, ...] = ()
    category: str | None = None
    promises_response: bool | None = None
    settled_priority: str | None = None
    has_clock: bool = True
    time_zone_database: str = field(default_factory=time_zone_database_version)
    _calendar: Calendar | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "response_targets", MappingProxyType(dict(self.response_targets))
        )

    @classmethod
    def of(
        cls,
        plan: Plan,
        category: Category,
        started_at: datetime,
        settled_priority: str | None = None,
    ) -> "Terms":
        """The terms of ``plan`` for a request in ``category``, registered at ``started_at``.

        ``settled_priority`` is that of a request which is answered already. All holidays of the plan are kept: the clock may be restarted at an earlier day.
        """
        terms = cls(
            started_at=started_at,
            **_sold(plan),
            category=category.name,
            promises_response=category.promises_response,
            settled_priority=settled_priority,
        )
        # Equal to the calendar of these terms, and laid out already.
        object.__setattr__(terms, "_calendar", plan.calendar)
        return terms

    @property
    def calendar(self) -> Calendar:
        if self._calendar is None:
            # Finding it costs more than asking it.
            calendar = calendar_of(self.time_zone, self.windows, self.holidays)
            object.__setattr__(self, "_calendar", calendar)
        return self._calendar

    @property
    def is_settled(self) -> bool:
        return self.settled_priority is not None

    def promise_for(self, priority: str) -> timedelta | None:
        """The target of a request with ``priority`` in support time; None without a
        promise. Once settled, the priority at the first answer counts."""
        if not (self.promises_response and self.has_clock):
            return None
        return self.response_targets.get(self.settled_priority or priority)

    def restarted(self, at: datetime) -> "Terms":
        """The same promise with the clock started at another instant, to be kept anew."""
        return replace(self, started_at=at, settled_priority=None, has_clock=True)

    def moved_to(self, category: Category) -> "Terms":
        """The request is another kind of request now; a settled promise stays."""
        if self.is_settled:
            return self
        return replace(
            self,
            category=category.name,
            promises_response=category.promises_response,
        )

    def sold_as(self, plan: Plan) -> "Terms":
        """What ``plan`` promises today, for the same clock and category."""
        return replace(
            self,
            **_sold(plan),
            time_zone_database=time_zone_database_version(),
        )

    def settled(self, priority: str) -> "Terms":
        """The first answer came when the request had ``priority``."""
        if self.is_settled:
            return self
        terms = replace(self, settled_priority=priority)
        # The same hours in the same zone.
        object.__setattr__(terms, "_calendar", self._calendar)
        return terms

    def unsettled(self) -> "Terms":
        """What was taken for the first answer was none."""
        return replace(self, settled_priority=None)

    def without_clock(self) -> "Terms":
        """Nothing is counted: the request comes from the past, without its stamps."""
        return replace(self, has_clock=False)

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; targets in seconds, windows in seconds of the day."""
        return {
            "format": _FORMAT,
            "started_at": self.started_at.isoformat(),
            "plan": self.plan,
            "tier": self.tier,
            "time_zone": self.time_zone,
            "windows": [[each.weekday, each.start, each.end] for each in self.windows],
            "response_targets": {
                priority: target.total_seconds()
                for priority, target in self.response_targets.items()
            },
            "holidays": [
                [each.day.isoformat(), each.description, each.start, each.end]
                for each in self.holidays
            ],
            "category": self.category,
            "promises_response": self.promises_response,
            "settled_priority": self.settled_priority,
            "has_clock": self.has_clock,
            "time_zone_database": self.time_zone_database,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Terms":
        """The reverse of ``as_dict``, also of what format 1 wrote; raises KeyError,
        TypeError or ValueError on other data."""
        if stored["format"] == 1:
            stored = {**_ABSENT_FROM_FORMAT_1, **stored}
        elif stored["format"] != _FORMAT:
            raise ValueError(f"terms of format {stored['format']} are not known")
        return cls(
            started_at=datetime.fromisoformat(stored["started_at"]),
            plan=stored["plan"],
            tier=stored["tier"],
            time_zone=stored["time_zone"],
            windows=tuple(Window(*each) for each in stored["windows"]),
            response_targets={
                priority: timedelta(seconds=seconds)
                for priority, seconds in stored["response_targets"].items()
            },
            holidays=tuple(
                Holiday(date.fromisoformat(day), *rest)
                for day, *rest in stored["holidays"]
            ),
            category=stored["category"],
            promises_response=stored["promises_response"],
            settled_priority=stored["settled_priority"],
            has_clock=stored["has_clock"],
            time_zone_database=stored["time_zone_database"],
        )


def _sold(plan: Plan) -> dict[str, Any]:
    """The part of terms that a plan decides."""
    return {
        "plan": plan.name,
        "tier": plan.tier.name,
        "time_zone": plan.time_zone,
        "windows": plan.tier.windows,
        "response_targets": plan.tier.response_targets,
        "holidays": plan.calendar.holidays,
    }


@dataclass(frozen=True, slots=True)
class Response:
    """How a promise stands. All but ``state`` are None without a promise.

    ``used`` is working time from the start of the clock to the answer, or to now;
    ``late_by`` is working time from the deadline to the answer, zero if in time;
    ``at_risk_from`` is the instant from which an unanswered request is at risk;
    ``overdue`` is elapsed time from the deadline of an unanswered request to now, or to
    when it was closed.
    """

    state: str = NONE
    due: datetime | None = None
    target: timedelta | None = None
    used: timedelta | None = None
    late_by: timedelta | None = None
    at_risk_from: datetime | None = None
    overdue: timedelta | None = None


NO_PROMISE = Response()


def assess(
    terms: Terms,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    closed_at: datetime | None = None,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """How the promise of ``terms`` stands at ``now``.

    No promise: a category that makes none, a tier without a target for ``priority``, or
    terms without a clock. An answer at the very instant of the deadline is in time.
    Closing a request, at ``closed_at``, is no answer: unanswered it is late when its
    deadline comes, but how late grows no further.
    """
    target = terms.promise_for(priority)
    if target is None:
        return NO_PROMISE
    calendar = terms.calendar
    due = calendar.add(terms.started_at, target)
    at_risk_from = calendar.add(terms.started_at, target * at_risk_share)
    if responded_at:
        state = MET if responded_at <= due else BREACHED
        until = responded_at
    else:
        last = min(now, closed_at) if closed_at else now
        state = BREACHED if now > due else _state_in_time(last, at_risk_from)
        until = max(due, last) if now > due else now
    return Response(
        state,
        due,
        target,
        used=calendar.between(terms.started_at, until),
        late_by=calendar.between(due, until) if until > due else timedelta(),
        at_risk_from=at_risk_from,
        overdue=until - due if state == BREACHED and not responded_at else None,
    )


def _state_in_time(now: datetime, at_risk_from: datetime) -> str:
    return AT_RISK if now >= at_risk_from else DUE


def is_history(response: Response, *, is_closed: bool, is_imported: bool) -> bool:
    """Whether nothing is counted for a request when it is inserted.

    That is one without an answer which is closed already, or is imported when its
    deadline has passed: a breach of which nobody here knew is none of today.
    """
    if response.state == BREACHED and response.overdue is None:
        # Answered late: both stamps are known.
        return False
    if response.state in (MET, NONE):
        return False
    return is_closed or (is_imported and response.state == BREACHED)


def compliance(met: int, breached: int) -> float | None:
    """The share of promises kept among those whose outcome is known, from 0 to 1.

    A promise that is overdue without an answer is broken already. None where no outcome
    is known: nothing promised is not everything kept.
    """
    known = met + breached
    return met / known if known else None


def state_promise(terms: Terms, priority: str) -> Sentence:
    """What was promised, without the deadline that came of it."""
    priority = terms.settled_priority or priority
    return Sentence(
        _(
            "{tier} answers {priority} within {target} of support time"
            " ({windows}, {time_zone})."
        ),
        {
            "tier": terms.tier,
            "priority": priority,
            "target": terms.response_targets[priority],
            "windows": SupportHours(terms.calendar.description),
            "time_zone": terms.time_zone,
        },
    )


def explain_promise(
    terms: Terms, category: Category, priority: str, due: datetime | None
) -> Sentence:
    """One sentence: what was promised and when it falls due, in the plan's zone."""
    if due is None:
        return Sentence(
            _("No response time is promised for {category}."),
            {"category": Name(category.name)},
        )
    promised = state_promise(terms, priority)
    return Sentence(
        _(
            "{tier} answers {priority} within {target} of support time"
            " ({windows}, {time_zone}): by {due}."
        ),
        {**promised.context, "due": due.astimezone(terms.calendar.zone)},
    )
