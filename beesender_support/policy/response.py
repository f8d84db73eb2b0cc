"""The response clock: what was promised, until when, and how it stands.

The clock starts when a request is registered and never pauses. It counts the tier's
support hours in the plan's zone. ``Terms`` are what was promised at that moment; they
are kept with the request, so that nothing sold or edited later changes them.
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
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request was promised when its clock started at ``started_at``."""

    started_at: datetime
    plan: str
    tier: str
    time_zone: str
    windows: tuple[Window, ...]
    response_targets: Mapping[str, timedelta] = field(hash=False)
    holidays: tuple[Holiday, ...] = ()
    time_zone_database: str = field(default_factory=time_zone_database_version)
    _calendar: Calendar | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "response_targets", MappingProxyType(dict(self.response_targets))
        )

    @classmethod
    def of(cls, plan: Plan, started_at: datetime) -> "Terms":
        """The terms of ``plan`` for a request registered at ``started_at``.

        All holidays of the plan are kept: the clock may be restarted at an earlier day.
        """
        terms = cls(
            started_at=started_at,
            plan=plan.name,
            tier=plan.tier.name,
            time_zone=plan.time_zone,
            windows=plan.tier.windows,
            response_targets=plan.tier.response_targets,
            holidays=plan.calendar.holidays,
        )
        # Equal to the calendar of these terms, and laid out already.
        object.__setattr__(terms, "_calendar", plan.calendar)
        return terms

    @property
    def calendar(self) -> Calendar:
        return self._calendar or calendar_of(
            self.time_zone, self.windows, self.holidays
        )

    def restarted(self, at: datetime) -> "Terms":
        """The same promise with the clock started at another instant."""
        return replace(self, started_at=at)

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
            "time_zone_database": self.time_zone_database,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Terms":
        """The reverse of ``as_dict``; raises KeyError or ValueError on other data."""
        if stored["format"] != _FORMAT:
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
            time_zone_database=stored["time_zone_database"],
        )


@dataclass(frozen=True, slots=True)
class Response:
    """How a promise stands. All but ``state`` are None without a promise.

    ``used`` is working time from the start of the clock to the answer, or to now;
    ``late_by`` is working time from the deadline to the answer, zero if in time;
    ``at_risk_from`` is the instant from which an unanswered request is at risk.
    """

    state: str = NONE
    due: datetime | None = None
    target: timedelta | None = None
    used: timedelta | None = None
    late_by: timedelta | None = None
    at_risk_from: datetime | None = None


NO_PROMISE = Response()


def assess(
    terms: Terms,
    category: Category,
    priority: str,
    *,
    responded_at: datetime | None,
    now: datetime,
    at_risk_share: float = AT_RISK_SHARE,
) -> Response:
    """How the promise of ``terms`` stands at ``now``.

    No promise: a category that makes none, or a tier without a target for ``priority``.
    An answer at the very instant of the deadline is in time.
    """
    target = terms.response_targets.get(priority)
    if not category.promises_response or target is None:
        return NO_PROMISE
    calendar = terms.calendar
    due = calendar.add(terms.started_at, target)
    at_risk_from = calendar.add(terms.started_at, target * at_risk_share)
    until = responded_at or now
    used = calendar.between(terms.started_at, until)
    if until > due:
        state = BREACHED
    elif responded_at:
        state = MET
    else:
        state = AT_RISK if until >= at_risk_from else DUE
    late_by = calendar.between(due, until)
    return Response(state, due, target, used, late_by, at_risk_from)


def compliance(met: int, breached: int) -> float | None:
    """The share of promises kept among those whose outcome is known, from 0 to 1.

    A promise that is overdue without an answer is broken already. None where no outcome
    is known: nothing promised is not everything kept.
    """
    known = met + breached
    return met / known if known else None


def state_promise(terms: Terms, priority: str) -> Sentence:
    """What was promised, without the deadline that came of it."""
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
