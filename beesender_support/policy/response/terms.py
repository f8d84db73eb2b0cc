"""The terms of a request: what was promised for it, frozen when its clock starts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any, NamedTuple

from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.calendar.windows import Window
from beesender_support.policy.calendar.zones import (
    Offsets,
    offsets_of,
    time_zone_database_version,
)
from beesender_support.policy.errors import UnknownFormat
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NO_LENGTHS,
    Lengths,
    Targets,
    frozen,
)

_FORMAT = 4
# What formats 1 to 3 did not say: a plan could only close days.
_ABSENT_FROM_FORMAT_3: dict[str, Any] = {"working_days": ()}
# What formats 1 and 2 did not say: they knew the first answer only.
_ABSENT_FROM_FORMAT_2: dict[str, Any] = {
    "further_targets": {},
    "promises_later": None,
    "former": (),
}
_ABSENT_FROM_FORMAT_1 = {
    "category": None,
    "promises_response": None,
    "settled_priority": None,
    "has_clock": True,
}
# By format: what it did not say, and what it meant.
_ABSENT_FROM = {
    3: _ABSENT_FROM_FORMAT_3,
    2: {**_ABSENT_FROM_FORMAT_3, **_ABSENT_FROM_FORMAT_2},
    1: {**_ABSENT_FROM_FORMAT_3, **_ABSENT_FROM_FORMAT_2, **_ABSENT_FROM_FORMAT_1},
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a request was promised when its clock started at ``started_at``.

    ``category`` is the one it was registered in, or moved to before it was answered,
    and ``promises_response`` what that category said then; both None in terms of format
    1. ``settled_priority`` is the priority at the first answer, None before it.
    ``has_clock`` is False for a past request that was imported without the stamps from
    which its promise could be assessed. ``response_targets`` are those of the first
    answer, ``further_targets`` those of other targets by their name. ``promises_later``
    is what the category promises that the request was moved to after its first answer:
    the targets that are open then follow it. None if it was not moved. ``former`` are
    the terms before each re-rating by which something had been settled, in order.
    ``excepted`` are the codes of what the plan had instead of what its tier said.
    ``offsets`` are those of the zone from the year in which the clock started to the end
    of the next one, by the ``time_zone_database`` of then: no term, but it shows whether
    the same terms are counted otherwise today. Empty where nobody noted them.
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
    further_targets: Targets = field(default_factory=dict, hash=False)
    promises_later: bool | None = None
    former: tuple["Former", ...] = ()
    excepted: tuple[str, ...] = ()
    time_zone_database: str = field(default_factory=time_zone_database_version)
    working_days: tuple[WorkingDay, ...] = ()
    offsets: Offsets = field(default=(), compare=False)
    _calendar: Calendar | None = field(
        default=None, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "response_targets", MappingProxyType(dict(self.response_targets))
        )
        object.__setattr__(self, "further_targets", frozen(self.further_targets))

    @classmethod
    def of(
        cls,
        plan: Plan,
        category: Category,
        started_at: datetime,
        settled_priority: str | None = None,
    ) -> "Terms":
        """The terms of ``plan`` for a request in ``category``, registered at ``started_at``.

        ``settled_priority`` is that of a request which is already answered. All
        holidays of the plan are stored: the clock may be restarted at an earlier day.
        """
        terms = cls(
            started_at=started_at,
            **_sold(plan),
            category=category.name,
            promises_response=category.promises_response,
            settled_priority=settled_priority,
            offsets=offsets_of(
                plan.time_zone, started_at.astimezone(timezone.utc).year
            ),
        )
        # Equal to the calendar of these terms, and laid out already.
        object.__setattr__(terms, "_calendar", plan.calendar)
        return terms

    @property
    def calendar(self) -> Calendar:
        calendar = self._calendar
        if calendar is None:
            # Finding it costs more than using it.
            calendar = calendar_of(
                self.time_zone, self.windows, self.holidays, self.working_days
            )
            object.__setattr__(self, "_calendar", calendar)
        return calendar

    @property
    def first_year(self) -> int:
        """The year, by UTC, from which ``offsets`` are."""
        return self.started_at.astimezone(timezone.utc).year

    @property
    def is_settled(self) -> bool:
        return self.settled_priority is not None

    def promise_for(self, priority: str) -> timedelta | None:
        """The target of a request with ``priority`` in support time; None without a
        promise. Once settled, the priority at the first answer counts."""
        terms = self.at_first_answer
        if not (terms.promises_response and terms.has_clock):
            return None
        return terms.response_targets.get(terms.settled_priority or priority)

    @property
    def at_first_answer(self) -> "Terms":
        """The terms by which the first answer was settled; these while it is open."""
        if not self.former:
            return self
        settled = (each.terms for each in self.former if each.terms.is_settled)
        return next(settled, self)

    def when_settled(self, at: datetime | None) -> "Terms":
        """The terms by which a promise besides the first answer was settled at an
        instant; these while it is open."""
        if at is None:
            return self
        return next((each.terms for each in self.former if at <= each.until), self)

    @property
    def ever_promised_more(self) -> bool:
        """Whether more than the first answer is promised, or was before a re-rating."""
        if self.further_targets or not self.former:
            return bool(self.further_targets)
        return any(each.terms.further_targets for each in self.former)

    @property
    def targets(self) -> Targets:
        """The working time promised, by target and priority."""
        return {FIRST_ANSWER: self.response_targets, **self.further_targets}

    def length_of(
        self, target: str, priority: str, is_promised: bool | None = None
    ) -> timedelta | None:
        """The working time of ``target`` for ``priority``; None where nothing is
        promised.

        ``is_promised`` says whether the category promised anything when the promise was
        settled, None while it is open.
        """
        if is_promised is None:
            is_promised = self.promises_now
        if not (is_promised and self.has_clock):
            return None
        return self.targets.get(target, NO_LENGTHS).get(priority)

    @property
    def promises_now(self) -> bool | None:
        """Whether the present category promises anything."""
        if self.promises_later is None:
            return self.promises_response
        return self.promises_later

    def restarted(self, at: datetime) -> "Terms":
        """The same promise with the clock started at another instant, and unsettled."""
        return replace(
            self,
            started_at=at,
            offsets=_offsets_from(self, at),
            settled_priority=None,
            has_clock=True,
            promises_response=self.promises_now,
            promises_later=None,
            former=(),
        )

    def corrected(self, started_at: datetime) -> "Terms":
        """The clocks had started at another instant; what is settled stays settled."""
        former = _each_former(self, lambda each: each.corrected(started_at))
        return replace(
            self,
            started_at=started_at,
            offsets=_offsets_from(self, started_at),
            has_clock=True,
            former=former,
        )

    def moved_to(self, category: Category) -> "Terms":
        """The request is another kind of request now; a settled promise stays."""
        if self.is_settled:
            return self._moved_later_to(category)
        return replace(
            self,
            category=category.name,
            promises_response=category.promises_response,
        )

    def _moved_later_to(self, category: Category) -> "Terms":
        """After the first answer only what is promised besides it follows."""
        if not self.further_targets or category.promises_response == self.promises_now:
            return self
        return replace(self, promises_later=category.promises_response)

    def sold_as(self, plan: Plan, *, settled_until: datetime | None = None) -> "Terms":
        """What ``plan`` promises today, for the same clock and category.

        By ``settled_until`` something was settled by these terms, and stays so; None
        where nothing was.
        """
        former = self.former
        if settled_until:
            former = (*former, Former(settled_until, replace(self, former=())))
        return replace(
            self,
            **_sold(plan),
            former=former,
            time_zone_database=time_zone_database_version(),
            offsets=offsets_of(plan.time_zone, self.first_year),
        )

    def by_present_rules(self) -> "Terms":
        """The same terms, counted by the tz database in use."""
        return replace(
            self,
            time_zone_database=time_zone_database_version(),
            offsets=offsets_of(self.time_zone, self.first_year),
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
        """What counted as the first answer was not one."""
        return replace(
            self,
            settled_priority=None,
            promises_response=self.promises_now,
            promises_later=None,
            former=_each_former(self, Terms.unsettled),
        )

    def of_first_answer(self) -> "Terms":
        """Only the first answer is promised any more: the request was merged."""
        if not self.ever_promised_more:
            return self
        former = _each_former(self, Terms.of_first_answer)
        return replace(self, further_targets={}, former=former)

    def without_clock(self) -> "Terms":
        """Nothing is counted: the request was imported without its stamps."""
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
            "response_targets": _in_seconds(self.response_targets),
            "further_targets": {
                target: _in_seconds(lengths)
                for target, lengths in self.further_targets.items()
            },
            "holidays": [
                [each.day.isoformat(), each.description, each.start, each.end]
                for each in self.holidays
            ],
            "working_days": [
                [each.day.isoformat(), each.description, each.start, each.end]
                for each in self.working_days
            ],
            "category": self.category,
            "promises_response": self.promises_response,
            "settled_priority": self.settled_priority,
            "has_clock": self.has_clock,
            "promises_later": self.promises_later,
            "former": [
                [each.until.isoformat(), each.terms.as_dict()] for each in self.former
            ],
            "time_zone_database": self.time_zone_database,
            # As before where nothing is: most plans are as their tiers say.
            **({"excepted": [*self.excepted]} if self.excepted else {}),
            **({"offsets": [[*each] for each in self.offsets]} if self.offsets else {}),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Terms":
        """The reverse of ``as_dict``, also of what formats 1 to 3 wrote; raises
        KeyError, TypeError or ValueError on other data."""
        if stored["format"] in _ABSENT_FROM:
            stored = {**_ABSENT_FROM[stored["format"]], **stored}
        elif stored["format"] != _FORMAT:
            raise UnknownFormat("format", stored["format"])
        return cls(
            started_at=datetime.fromisoformat(stored["started_at"]),
            plan=stored["plan"],
            tier=stored["tier"],
            time_zone=stored["time_zone"],
            windows=tuple(Window(*each) for each in stored["windows"]),
            response_targets=_from_seconds(stored["response_targets"]),
            further_targets={
                target: _from_seconds(lengths)
                for target, lengths in stored["further_targets"].items()
            },
            holidays=tuple(
                Holiday(date.fromisoformat(day), *rest)
                for day, *rest in stored["holidays"]
            ),
            working_days=tuple(
                WorkingDay(date.fromisoformat(day), *rest)
                for day, *rest in stored["working_days"]
            ),
            category=stored["category"],
            promises_response=stored["promises_response"],
            settled_priority=stored["settled_priority"],
            has_clock=stored["has_clock"],
            promises_later=stored["promises_later"],
            former=tuple(
                Former(datetime.fromisoformat(until), cls.from_dict(terms))
                for until, terms in stored["former"]
            ),
            excepted=tuple(stored.get("excepted", ())),
            offsets=tuple((at, offset) for at, offset in stored.get("offsets", ())),
            time_zone_database=stored["time_zone_database"],
        )


class Former(NamedTuple):
    """The terms before a re-rating: whatever was settled until then stays by them."""

    until: datetime
    terms: Terms


def _offsets_from(terms: Terms, started_at: datetime) -> Offsets:
    """Those that are stored belong to the year of the former start."""
    if started_at.astimezone(timezone.utc).year == terms.first_year:
        return terms.offsets
    return ()


def _each_former(terms: Terms, changed: Callable[[Terms], Terms]) -> tuple[Former, ...]:
    return tuple(each._replace(terms=changed(each.terms)) for each in terms.former)


def _in_seconds(lengths: Lengths) -> dict[str, float]:
    return {priority: length.total_seconds() for priority, length in lengths.items()}


def _from_seconds(stored: Mapping[str, float]) -> dict[str, timedelta]:
    return {priority: timedelta(seconds=each) for priority, each in stored.items()}


def _sold(plan: Plan) -> dict[str, Any]:
    """The part of terms that a plan decides."""
    return {
        "plan": plan.name,
        "tier": plan.tier.name,
        "time_zone": plan.time_zone,
        "windows": plan.tier.windows,
        "response_targets": plan.tier.response_targets,
        "further_targets": plan.tier.further_targets,
        "holidays": plan.calendar.holidays,
        "working_days": plan.calendar.working_days,
        "excepted": plan.exceptions.codes,
    }
