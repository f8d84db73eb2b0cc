"""When a plan ends soon, what follows it, and when its client is notified."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, PlanState
from beesender_support.policy.plans.plans import Plan

NOTICE_DAYS = (30, 7, 1)
# A plan or a seat ends soon when it ends within the days of the earliest notice.
SOON_DAYS = max(NOTICE_DAYS)
# What comes after a plan: another that is sold, a draft of its renewal, or nothing.
RENEWED, DRAFTED, OPEN = "renewed", "drafted", "open"


class Dated(Protocol):
    """A plan, as far as it says what follows what."""

    @property
    def name(self) -> str: ...

    @property
    def customer(self) -> str: ...

    @property
    def status(self) -> str: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date | None: ...


class Renewing(Dated, Protocol):
    """A plan that may be the renewal of another, which it names."""

    @property
    def renews(self) -> str | None: ...


_Dated = TypeVar("_Dated", bound=Dated)
_Renewing = TypeVar("_Renewing", bound=Renewing)


def end_notice_due(plan: Plan, at: datetime) -> int | None:
    """Which notice of the end is due: 30, 7 or 1 days before, in the plan's zone.

    The latest that applies, so a notice missed on its day is sent later, unless the
    next one is due by then.
    """
    left = days_left(plan, at)
    if left is None:
        return None
    return min(days for days in NOTICE_DAYS if left <= days)


def next_plan(plan: _Dated, others: Iterable[_Dated]) -> _Dated | None:
    """The next plan of the customer that is sold: an active one that begins by the day
    after this one ends, and lasts longer; of several the longest. Each day is one of its
    own plan's zone."""
    if plan.ends_on is None:
        return None
    following = [
        other
        for other in others
        if other.name != plan.name
        and other.customer == plan.customer
        and other.status == ACTIVE
        and other.starts_on <= plan.ends_on + timedelta(days=1)
        and (other.ends_on is None or other.ends_on > plan.ends_on)
    ]
    return _longest(following)


def what_follows(
    plan: _Renewing, others: Iterable[_Renewing]
) -> tuple[str, _Renewing | None]:
    """``RENEWED`` and the next plan that is sold; otherwise ``DRAFTED`` and the draft of
    its renewal, of several the one that would last longest; otherwise ``OPEN``."""
    others = list(others)
    if sold := next_plan(plan, others):
        return RENEWED, sold
    draft = _longest(
        each for each in others if each.status == DRAFT and each.renews == plan.name
    )
    return (DRAFTED, draft) if draft else (OPEN, None)


def _longest(plans: Iterable[_Dated]) -> _Dated | None:
    return max(plans, key=lambda each: each.ends_on or date.max, default=None)


def is_continued(plan: Plan, others: Iterable[Plan]) -> bool:
    """Whether the next plan of the customer is sold."""
    return next_plan(plan, others) is not None


def days_until_end(plan: Plan, at: datetime) -> int | None:
    """Days from today to the last day in the plan's zone; None for an open end."""
    if plan.ends_on is None:
        return None
    return (plan.ends_on - plan.today(at)).days


def days_left(plan: Plan, at: datetime) -> int | None:
    """Days until the last one of a plan that ends soon, 0 on that day; else None.

    A plan that is yet to start may end soon as well; one that is suspended, a draft or
    over does not: its end changes nothing.
    """
    if plan.state_at(at) not in (PlanState.IN_FORCE, PlanState.NOT_STARTED):
        return None
    is_soon = plan.ends_on is not None and ends_within_notice(
        plan.ends_on, plan.today(at)
    )
    return days_until_end(plan, at) if is_soon else None


def ends_soon(plan: Plan, at: datetime) -> bool:
    return days_left(plan, at) is not None


def ends_within_notice(last_day: date, today: date) -> bool:
    """Whether a last day that is still to come is ``today`` or within ``SOON_DAYS``."""
    return 0 <= (last_day - today).days <= SOON_DAYS
