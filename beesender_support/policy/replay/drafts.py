"""A draft tried on a request whose terms are frozen, or that had none.

Under the draft everything counts as if it had been sold from the start, and nothing else
is otherwise: a draft that brings no tier leaves it as it was re-rated, the request came
when it came, and was answered when it was. What its agents would have done differently
nobody knows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from beesender_support.policy.calendar.holidays import Days, merged
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.replay.standings import (
    HELD,
    IS_HELD,
    OUTSIDE,
    OUTSIDE_POLICY,
    Replayed,
    Side,
    side_of,
)
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    CHANNEL_NOT_IN_PLAN,
    UNKNOWN_SENDER,
    UNVERIFIED_SENDER,
    Admission,
    admit,
    takes_channel,
)
from beesender_support.policy.response.clocks import Happening
from beesender_support.policy.response.promises import assess_all
from beesender_support.policy.response.response_state import AT_RISK_SHARE
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import AGENT
from beesender_support.policy.sold.exceptions import NO_EXCEPTIONS, Exceptions
from beesender_support.policy.sold.targets import FIRST_ANSWER, NO_LENGTHS
from beesender_support.policy.sold.tiers import Tier

# Why a request is not judged.
MERGED, NO_TERMS, UNREADABLE, NO_CLOCK, NO_PLAN, IMPOSSIBLE = (
    "merged",
    "no_terms",
    "unreadable_terms",
    "no_clock",
    "no_plan",
    "impossible",
)


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a past request. Instants are aware; ``priority`` is a code.

    ``held_for`` is the reason for which it is or was held until somebody declined it,
    None for one that was accepted, ``is_outside`` the policy or not. ``terms`` are
    those frozen on it; ``plan`` and ``category`` are by what a request without terms
    would be judged: those of today. ``is_vouched``: an agent admitted it.
    """

    customer: str
    contact: str | None
    channel: str
    priority: str
    registered_at: datetime
    tier: str = ""
    held_for: str | None = None
    is_outside: bool = False
    is_vouched: bool = False
    terms: Terms | None = None
    category: Category | None = None
    plan: Plan | None = None
    responded_at: datetime | None = None
    closed_at: datetime | None = None
    happenings: tuple[Happening, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What would be sold instead; what is None or empty stays as it was.

    A ``plan`` brings its tier, zone, dates and seats, without regard to when it runs: it
    is tried on the past. ``tier`` is sold instead of any other, then ``exceptions`` are
    made, and ``days`` replace the holidays and working days, or come to them where they
    ``add_days``.
    """

    plan: Plan | None = None
    tier: Tier | None = None
    exceptions: Exceptions = NO_EXCEPTIONS
    days: Days | None = None
    add_days: bool = False

    _undated: Plan | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        undated = None
        if self.plan:
            sold = self.tier or self.plan.tier
            undated = _undated(self.plan, sold.registration_channels)
        object.__setattr__(self, "_undated", undated)

    def __bool__(self) -> bool:
        return bool(self.plan or self.tier or self.exceptions or self.days is not None)

    @property
    def sold(self) -> Tier | None:
        """The tier that is sold instead, without the exceptions; None where each request
        keeps its own."""
        return self.tier or (self.plan.tier if self.plan else None)

    def terms_for(self, terms: Terms) -> Terms:
        """``terms`` as the draft would have frozen them; raises PolicyError for what
        cannot be."""
        tier = self.sold
        targets = dict(tier.targets if tier else terms.targets)
        for target, lengths in self.exceptions.targets.items():
            targets[target] = {**targets.get(target, NO_LENGTHS), **lengths}
        windows = self.exceptions.windows
        if windows is None:
            windows = tier.windows if tier else terms.windows
        days = self._days_for(terms)
        first_answer: Mapping[str, timedelta] = targets.pop(FIRST_ANSWER)
        return replace(
            terms,
            tier=tier.name if tier else terms.tier,
            time_zone=self.plan.time_zone if self.plan else terms.time_zone,
            windows=tuple(sorted(windows)),
            response_targets=first_answer,
            further_targets=targets,
            holidays=days.holidays,
            working_days=days.working_days,
            # What brings no tier was not sold instead of another.
            former=(
                ()
                if tier
                else tuple(
                    each._replace(terms=self.terms_for(each.terms))
                    for each in terms.former
                )
            ),
        )

    def _days_for(self, terms: Terms) -> Days:
        own = Days(terms.holidays, terms.working_days)
        if self.plan:
            own = Days(self.plan.holidays, self.plan.working_days)
        if self.days is None:
            return own
        return merged(own, [self.days]) if self.add_days else self.days

    def is_of(self, customer: str) -> bool:
        """Whether it has a plan, and that is the customer's."""
        return bool(self.plan) and self.plan.customer == customer  # type: ignore[union-attr]

    def admits(self, past: Past) -> bool:
        """Whether a request would be taken.

        A plan of its customer admits as any other does. What brings none seats nobody
        and unseats nobody: of a request that was taken or held for its channel, the
        channel alone decides, and all others stay held.
        """
        if past.is_vouched and past.held_for is None:
            # No draft takes back what an agent admitted.
            return True
        if self._undated and self.is_of(past.customer):
            return self._admission(self._undated, past).verdict == ACCEPTED
        if past.held_for not in (None, CHANNEL_NOT_IN_PLAN):
            return False
        tier = self.sold
        if tier is None:
            return past.held_for is None
        return takes_channel(tier, _channel_of(past))

    def _admission(self, plan: Plan, past: Past) -> Admission:
        return admit(
            [plan],
            customer=past.customer,
            contact=past.contact,
            channel=_channel_of(past),
            at=past.registered_at,
            sender_is_verified=past.held_for != UNVERIFIED_SENDER,
            contact_is_known=past.held_for != UNKNOWN_SENDER,
            # Whoever asked is asked nothing any more.
            answers_at_once=False,
        )


def _channel_of(past: Past) -> str:
    """Of a request from before channels were noted nobody knows which it was: no draft
    holds it for that."""
    return past.channel or AGENT


def _undated(plan: Plan, channels: frozenset[str]) -> Plan:
    """``plan`` as if it had always been sold and its seats had always been taken, with
    the registration ``channels`` of the tier that is sold with it."""
    return replace(
        plan,
        tier=replace(plan.tier, registration_channels=channels),
        status=ACTIVE,
        starts_on=date.min,
        ends_on=None,
        seats=tuple(
            replace(seat, from_date=None, to_date=None, ended_at=None)
            for seat in plan.seats
        ),
    )


def replay(
    past: Past,
    draft: Draft,
    *,
    now: datetime,
    at_risk_share: float = AT_RISK_SHARE,
) -> Replayed | str:
    """How a request stands and would stand at ``now``; or, of one that cannot be judged,
    why not.

    Under the draft a request that was held and would be taken starts its clocks when it
    was registered. One that would be held has no clock.
    """
    try:
        before = _before(past, now, at_risk_share)
        after = _after(past, draft, before, now, at_risk_share)
    except _NotJudged as fault:
        return fault.reason
    except PolicyError:
        return IMPOSSIBLE
    is_offered = after.standing not in (HELD, OUTSIDE)
    offered = draft.sold.name if draft.sold and is_offered else ""
    is_outside = before is after is OUTSIDE_POLICY
    return Replayed(
        past.registered_at,
        (past.terms.tier if past.terms else past.tier) or offered,
        past.priority,
        "" if is_outside else past.customer,
        before,
        after,
    )


class _NotJudged(Exception):
    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _before(past: Past, now: datetime, share: float) -> Side:
    if past.held_for:
        return IS_HELD
    if past.is_outside:
        return OUTSIDE_POLICY
    if past.terms is None:
        raise _NotJudged(NO_TERMS)
    if not past.terms.has_clock:
        raise _NotJudged(NO_CLOCK)
    return _side(past, past.terms, now, share)


def _after(past: Past, draft: Draft, before: Side, now: datetime, share: float) -> Side:
    if not draft:
        return before
    if past.is_outside and not draft.is_of(past.customer):
        return OUTSIDE_POLICY
    if not draft.admits(past):
        return IS_HELD
    return _side(past, draft.terms_for(past.terms or _offered(past, draft)), now, share)


def _offered(past: Past, draft: Draft) -> Terms:
    """The terms of a request that had none, from its registration on."""
    plan = draft.plan or past.plan
    if plan is None or past.category is None:
        raise _NotJudged(NO_PLAN)
    settled = past.priority if past.responded_at else None
    return Terms.of(plan, past.category, past.registered_at, settled_priority=settled)


def _side(past: Past, terms: Terms, now: datetime, share: float) -> Side:
    return side_of(
        assess_all(
            terms,
            past.priority,
            responded_at=past.responded_at,
            closed_at=past.closed_at,
            happenings=past.happenings,
            now=now,
            at_risk_share=share,
        )
    )
