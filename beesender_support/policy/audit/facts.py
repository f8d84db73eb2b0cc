"""By what a request was decided: the facts of that moment, so that anybody can decide again.

Plans, seats and categories are edited later. A decision is checked by what they said
when it was made, and by the same functions that made it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from beesender_support.policy.audit.form import (
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    ListOf,
    Maybe,
    Record,
    one_of,
    record,
)
from beesender_support.policy.audit.stamps import as_text, instant
from beesender_support.policy.plans.plan_state import PLAN_STATUSES
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REASONS,
    REFUSED,
    Admission,
    admit,
    tier_of_admission,
)
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.requests.triage import Decision, Request
from beesender_support.policy.sold.categories import Category, PriorityRule

# By the policy | by an agent, of a held request | by that of the whole it was split off.
JUDGED, ADMITTED, CONTINUED = "judged", "admitted", "continued"
WAYS = (JUDGED, ADMITTED, CONTINUED)
# Of a customer with more plans only the one that decided is kept.
MOST_PLANS = 20


@dataclass(frozen=True, slots=True)
class SoldThen:
    """A plan as it was when it decided. ``seats`` are those of the contact who asked:
    first and last day, whether suspended, and whether somebody had ended it."""

    name: str
    status: str
    time_zone: str
    starts_on: date
    ends_on: date | None
    tier: str
    rank: int
    registration_channels: tuple[str, ...]
    seats: tuple[tuple[date | None, date | None, bool, bool], ...]

    @classmethod
    def of(cls, plan: Plan, contact: str | None) -> "SoldThen":
        return cls(
            plan.name,
            plan.status,
            plan.time_zone,
            plan.starts_on,
            plan.ends_on,
            plan.tier.name,
            plan.tier.rank,
            tuple(sorted(plan.tier.registration_channels)),
            tuple(
                (seat.from_date, seat.to_date, seat.is_suspended, bool(seat.ended_at))
                for seat in (plan.seats_of(contact) if contact else ())
            ),
        )

    def plan(self, contact: str | None, at: datetime) -> Plan:
        """The same as a plan of the policy, as far as it decides who may ask."""
        return Plan(
            name=self.name,
            customer="",
            tier=tier_of_admission(self.tier, self.rank, self.registration_channels),
            time_zone=self.time_zone,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            status=self.status,
            seats=tuple(
                Seat(contact or "", first, last, is_suspended, at if is_ended else None)
                for first, last, is_suspended, is_ended in self.seats
            ),
        )

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "status": self.status,
            "time_zone": self.time_zone,
            "starts_on": self.starts_on.isoformat(),
            "ends_on": _day_text(self.ends_on),
            "tier": self.tier,
            "rank": self.rank,
            "registration_channels": [*self.registration_channels],
            "seats": [
                {
                    "from_date": _day_text(first),
                    "to_date": _day_text(last),
                    "is_suspended": is_suspended,
                    "is_ended": is_ended,
                }
                for first, last, is_suspended, is_ended in self.seats
            ],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "SoldThen":
        return cls(
            stored["name"],
            stored["status"],
            stored["time_zone"],
            date.fromisoformat(stored["starts_on"]),
            _day(stored["ends_on"]),
            stored["tier"],
            stored["rank"],
            tuple(stored["registration_channels"]),
            tuple(
                (
                    _day(each["from_date"]),
                    _day(each["to_date"]),
                    each["is_suspended"],
                    each["is_ended"],
                )
                for each in stored["seats"]
            ),
        )


@dataclass(frozen=True, slots=True)
class AskedThen:
    """Who asked for what, and what decided it. ``opened_at`` is the start of the clock
    that the decision gave; ``allowed`` are the priorities of the category.
    ``has_more_plans``: the customer had more than are kept here."""

    opened_at: datetime
    customer: str | None
    contact: str | None
    contact_is_known: bool
    sender_is_verified: bool
    channel: str
    hold_unplanned: bool
    answers_at_once: bool
    category: str
    promises_response: bool
    allowed: tuple[str, ...]
    default: str
    requested: str | None
    plans: tuple[SoldThen, ...]
    has_more_plans: bool = False

    @classmethod
    def of(
        cls,
        request: Request,
        plans: Sequence[Plan],
        decision: Decision,
        *,
        hold_unplanned: bool,
        answers_at_once: bool,
    ) -> "AskedThen":
        has_more = len(plans) > MOST_PLANS
        decided = decision.admission.plan
        kept = plans
        if has_more:
            kept = [decided] if decided else []
        category = request.category
        return cls(
            request.opened_at,
            request.customer,
            request.contact,
            request.contact_is_known,
            request.sender_is_verified,
            request.channel,
            hold_unplanned,
            answers_at_once,
            category.name,
            category.promises_response,
            category.allowed_priorities,
            category.default_priority,
            request.priority,
            tuple(SoldThen.of(each, request.contact) for each in kept),
            has_more,
        )

    def admission(self) -> Admission:
        """Who may ask, decided again."""
        return admit(
            [each.plan(self.contact, self.opened_at) for each in self.plans],
            customer=self.customer,
            contact=self.contact,
            channel=self.channel,
            at=self.opened_at,
            sender_is_verified=self.sender_is_verified,
            contact_is_known=self.contact_is_known,
            hold_unplanned=self.hold_unplanned,
            answers_at_once=self.answers_at_once,
        )

    def priority(self) -> str:
        """The priority that the category gives, settled again."""
        rules = tuple(PriorityRule(each, each == self.default) for each in self.allowed)
        category = Category(self.category, self.promises_response, rules)
        return settle_priority(category, self.requested).code

    def as_dict(self) -> dict[str, Any]:
        return {
            "opened_at": as_text(self.opened_at),
            "customer": self.customer,
            "contact": self.contact,
            "contact_is_known": self.contact_is_known,
            "sender_is_verified": self.sender_is_verified,
            "channel": self.channel,
            "hold_unplanned": self.hold_unplanned,
            "answers_at_once": self.answers_at_once,
            "category": self.category,
            "promises_response": self.promises_response,
            "allowed": [*self.allowed],
            "default": self.default,
            "requested": self.requested,
            "plans": [each.as_dict() for each in self.plans],
            "has_more_plans": self.has_more_plans,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "AskedThen":
        return cls(
            **{
                **stored,
                "opened_at": instant(stored["opened_at"]),
                "allowed": tuple(stored["allowed"]),
                "plans": tuple(map(SoldThen.from_dict, stored["plans"])),
            }
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided on a request: ``how`` is one of ``WAYS``, ``by`` whose session it
    was. ``asked`` is by what; None where an agent or the whole decided. ``whole`` is the
    ticket that it was split off."""

    how: str
    at: datetime
    by: str | None
    verdict: str
    reason: str | None
    plan: str | None
    tier: str | None
    priority: str | None
    started_at: datetime | None
    asked: AskedThen | None = None
    whole: str | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "how": self.how,
            "at": as_text(self.at),
            "by": self.by,
            "verdict": self.verdict,
            "reason": self.reason,
            "plan": self.plan,
            "tier": self.tier,
            "priority": self.priority,
            "started_at": self.started_at and as_text(self.started_at),
            "asked": self.asked and self.asked.as_dict(),
            "whole": self.whole,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Decided":
        started_at, asked = stored["started_at"], stored["asked"]
        return cls(
            **{
                **stored,
                "at": instant(stored["at"]),
                "started_at": started_at and instant(started_at),
                "asked": asked and AskedThen.from_dict(asked),
            }
        )


def decided(
    how: str,
    decision: Decision,
    *,
    at: datetime,
    by: str | None,
    asked: AskedThen | None = None,
) -> Decided:
    """A decision of the policy, as it is kept."""
    admission, terms = decision.admission, decision.terms
    plan = admission.plan
    return Decided(
        how,
        at,
        by,
        admission.verdict,
        admission.reason,
        plan.name if plan else None,
        decision.tier,
        decision.priority,
        terms.started_at if terms else None,
        asked,
    )


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


_SEAT = record(
    from_date=Maybe(DAY), to_date=Maybe(DAY), is_suspended=FLAG, is_ended=FLAG
)
_PLAN = record(
    name=TEXT,
    status=one_of(*PLAN_STATUSES),
    time_zone=TEXT,
    starts_on=DAY,
    ends_on=Maybe(DAY),
    tier=TEXT,
    rank=NUMBER,
    registration_channels=ListOf(TEXT),
    seats=ListOf(_SEAT),
)
_ASKED = record(
    opened_at=INSTANT,
    customer=Maybe(TEXT),
    contact=Maybe(TEXT),
    contact_is_known=FLAG,
    sender_is_verified=FLAG,
    channel=TEXT,
    hold_unplanned=FLAG,
    answers_at_once=FLAG,
    category=TEXT,
    promises_response=FLAG,
    allowed=ListOf(TEXT),
    default=TEXT,
    requested=Maybe(TEXT),
    plans=ListOf(_PLAN),
    has_more_plans=FLAG,
)
DECIDED: Record = record(
    how=one_of(*WAYS),
    at=INSTANT,
    by=Maybe(TEXT),
    verdict=one_of(ACCEPTED, HELD, REFUSED),
    reason=Maybe(one_of(*REASONS)),
    plan=Maybe(TEXT),
    tier=Maybe(TEXT),
    priority=Maybe(TEXT),
    started_at=Maybe(INSTANT),
    asked=Maybe(_ASKED),
    whole=Maybe(TEXT),
)
