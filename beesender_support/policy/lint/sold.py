"""Tiers, priorities and categories: what is sold, and cannot be kept as it is."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from beesender_support.policy.calendar.windows import DAY, MINUTE, Window
from beesender_support.policy.lint.codes import (
    CATEGORY_WITHOUT_DEFAULT,
    CATEGORY_WITHOUT_PRIORITY,
    HOLE_BEFORE_MIDNIGHT,
    PRIORITY_WITHOUT_TICKET_PRIORITY,
    TIER_NO_LONGER_USED,
    TIER_WITHOUT_ANSWER_CHANNEL,
    TIER_WITHOUT_REQUEST_CHANNEL,
    TIER_WITHOUT_SEATS,
    TIER_WITHOUT_TARGET,
)
from beesender_support.policy.lint.findings import Finding, found
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Elapsed, Name, TierName
from beesender_support.policy.sold.tiers import Tier

# Forms that cannot say 24:00 end a day so much earlier.
LONGEST_HOLE = MINUTE


def check_tier(tier: Tier, priorities: Sequence[str]) -> Iterator[Finding]:
    """What a promise needs and the tier lacks; ``priorities`` are those of the site."""
    title = TierName(tier.name)
    promised = frozenset().union(*tier.targets.values())
    without_target = tuple(each for each in priorities if each not in promised)
    if without_target:
        yield found(
            TIER_WITHOUT_TARGET, tier.name, tier=title, priorities=without_target
        )
    for lacks, code in (
        (not tier.registration_channels, TIER_WITHOUT_REQUEST_CHANNEL),
        (not tier.answer_channels, TIER_WITHOUT_ANSWER_CHANNEL),
        (tier.authorized_contact_limit == 0, TIER_WITHOUT_SEATS),
    ):
        if lacks:
            yield found(code, tier.name, tier=title)


def check_hours(tier: Tier) -> Iterator[Finding]:
    """The first window that ends just before a midnight from which the next one goes on:
    of a week with a hole each night it is said once."""
    if hole := first_hole(tier.windows):
        title = TierName(tier.name)
        yield found(HOLE_BEFORE_MIDNIGHT, tier.name, tier=title, **hole)


def first_hole(windows: Iterable[Window]) -> dict[str, Any]:
    """The ``evening`` and ``morning`` window and the ``length`` of what lies between;
    nothing where there is none."""
    hole = next(_holes(tuple(windows)), None)
    if hole is None:
        return {}
    evening, morning = hole
    length = Elapsed(seconds=DAY - evening.end)
    return {"evening": evening, "morning": morning, "length": length}


def _holes(windows: Sequence[Window]) -> Iterator[tuple[Window, Window]]:
    at_midnight = {each.weekday: each for each in windows if each.start == 0}
    for each in windows:
        after = at_midnight.get((each.weekday + 1) % 7)
        if after and DAY - LONGEST_HOLE <= each.end < DAY:
            yield each, after


def check_used(
    tiers: Iterable[Tier], plans: Collection[Plan], now: datetime
) -> Iterator[Finding]:
    """Tiers that are no longer sold, and that no plan has which has not ended."""
    used = {plan.tier.name for plan in plans if not plan.has_ended(now)}
    for tier in tiers:
        if tier.no_longer_sold and tier.name not in used:
            yield found(TIER_NO_LONGER_USED, tier.name, tier=TierName(tier.name))


def check_priorities(unmapped: Iterable[str]) -> Iterator[Finding]:
    """``unmapped`` are those for which the helpdesk has none."""
    for code in unmapped:
        yield found(PRIORITY_WITHOUT_TICKET_PRIORITY, code, priority=code)


def check_categories(
    defaults: Mapping[str, Sequence[bool]],
) -> Iterator[Finding]:
    """``defaults`` are the categories as they are stored, with no rule of theirs applied:
    for each priority they list, whether it is the default."""
    for name, marks in defaults.items():
        if not marks:
            yield found(CATEGORY_WITHOUT_PRIORITY, name, category=Name(name))
        elif sum(marks) != 1:
            yield found(
                CATEGORY_WITHOUT_DEFAULT, name, category=Name(name), count=sum(marks)
            )
