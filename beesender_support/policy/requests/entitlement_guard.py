"""Whether a plan includes what a request asks for, and what is said of it.

Nothing is blocked by it: a request is registered all the same, and an agent answers that
it is not included, or handles it and says why.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from beesender_support.policy.sentences import Name, Sentence, TierName
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.entitlements import (
    COUNT,
    YES_OR_NO,
    Amount,
    SoldEntitlement,
)
from beesender_support.policy.sold.tiers import Tier

INCLUDED, NOT_INCLUDED, USED_UP = "included", "not_included", "used_up"

IS_INCLUDED = _("The {tier} plan includes: {entitlement}.")
IS_COUNTED = _("The {tier} plan includes: {entitlement} ({included}).")
HOURS_LEFT = _("Left in this contract year: {left} h.")
NUMBER_LEFT = _("Left in this contract year: {left}.")
IS_NOT_INCLUDED = _("The {tier} plan does not include: {entitlement}.")
HIGHER_INCLUDES = _("The {higher} plan includes it.")
IS_USED_UP = _(
    "What the {tier} plan includes of this is used up in this contract year:"
    " {entitlement} ({included})."
)
FOR_THE_CLIENT = _(
    "You can send the request all the same: we register it and answer you."
)


@dataclass(frozen=True, slots=True)
class Guarded:
    """How a plan stands to what was asked for; ``said`` is for agents and clients."""

    state: str
    said: tuple[Sentence, ...]

    @property
    def is_included(self) -> bool:
        return self.state == INCLUDED


def guard(
    asked: SoldEntitlement,
    tier: Tier,
    remaining: Amount | None = None,
    *,
    tiers: Iterable[Tier] = (),
) -> Guarded:
    """Whether ``tier`` includes ``asked``.

    ``remaining`` is what is left of it in the contract year, None where that is not
    counted. ``tiers`` are those on offer: the lowest above that includes it is named.
    """
    included = asked.included(tier.entitlements)
    values = {
        "tier": TierName(tier.name),
        "entitlement": Name(asked.title),
        "included": included,
    }
    if not included.amount:
        higher = _lowest_that_includes(asked, tier, tiers)
        return Guarded(NOT_INCLUDED, (Sentence(IS_NOT_INCLUDED, values), *higher))
    if asked.unit == YES_OR_NO:
        return Guarded(INCLUDED, (Sentence(IS_INCLUDED, values),))
    if remaining is None:
        return Guarded(INCLUDED, (Sentence(IS_COUNTED, values),))
    if remaining <= 0:
        return Guarded(USED_UP, (Sentence(IS_USED_UP, values),))
    left = Sentence(
        NUMBER_LEFT if asked.unit == COUNT else HOURS_LEFT, {"left": Decimal(remaining)}
    )
    return Guarded(INCLUDED, (Sentence(IS_COUNTED, values), left))


def said_to_client(guarded: Guarded) -> tuple[Sentence, ...]:
    """What the client reads before sending."""
    if guarded.is_included:
        return guarded.said
    return (*guarded.said, Sentence(FOR_THE_CLIENT))


def _lowest_that_includes(
    asked: SoldEntitlement, tier: Tier, tiers: Iterable[Tier]
) -> tuple[Sentence, ...]:
    above = [
        each
        for each in tiers
        if each.rank > tier.rank
        and not each.no_longer_sold
        and each.entitlements.get(asked.code)
    ]
    lowest = min(above, key=lambda each: (each.rank, each.name), default=None)
    if lowest is None:
        return ()
    return (Sentence(HIGHER_INCLUDES, {"higher": TierName(lowest.name)}),)
