"""Entitlements: what a tier includes beside answers, and how much of it.

An entitlement is known by its code; an amount of zero is not included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from beesender_support.policy.errors import InvalidValue, Negative, TwoAmounts
from beesender_support.policy.sentences import Field, Name

YES_OR_NO, COUNT, HOURS = (
    "Yes or no",
    "Count a contract year",
    "Hours a contract year",
)
UNITS = (YES_OR_NO, COUNT, HOURS)
# Sold by number, and known to integrations by a field of its own.
UPDATES, UPDATES_FIELD = "updates", "updates_per_year"
# Those that tiers had as fields before entitlements were records. Integrations read and
# write them still.
FLAGS = (
    "administrator_questions",
    "end_user_questions",
    "success_manager_in_person",
    "developer_consultation",
    "licence_maintenance",
)
FIELD_OF_ENTITLEMENT = {**{code: code for code in FLAGS}, UPDATES: UPDATES_FIELD}

Amount = int | Decimal
# By the code of the entitlement.
Amounts = Mapping[str, Amount]


@dataclass(frozen=True, slots=True)
class Included:
    """How much of an entitlement a tier includes: a number, or hours, a contract year."""

    amount: Amount
    unit: str

    def __str__(self) -> str:
        if self.unit == YES_OR_NO:
            return "yes" if self.amount else "no"
        unit = " h" if self.unit == HOURS else ""
        if not self.amount:
            return "no"
        return f"up to {Decimal(self.amount).normalize():f}{unit} a contract year"


@dataclass(frozen=True, slots=True)
class SoldEntitlement:
    """Something that tiers may include. ``title`` is what people read, and may be
    translated; one that is not ``enabled`` stays with the tiers that have it, and is
    offered nowhere else.
    """

    code: str
    title: str
    unit: str = YES_OR_NO
    enabled: bool = True

    def __post_init__(self) -> None:
        # The field of a tier holds a whole number of them.
        allowed = (COUNT,) if self.code == UPDATES else UNITS
        if self.unit not in allowed:
            raise InvalidValue(
                "unit", Name(self.unit), allowed=tuple(map(Name, allowed))
            )

    def included(self, amounts: Amounts) -> Included:
        """How much of it ``amounts`` include."""
        return Included(amounts.get(self.code, 0), self.unit)


def frozen_amounts(amounts: Amounts) -> Amounts:
    """The same that nobody can change, without what is not included; whole amounts are
    whole numbers. Raises Negative."""
    for code, amount in amounts.items():
        if amount < 0:
            raise Negative(Field("entitlements", code), amount)
    return MappingProxyType(
        {
            code: int(amount) if amount == int(amount) else amount
            for code, amount in amounts.items()
            if amount
        }
    )


def followed(
    listed: Amounts, listed_before: Amounts, fields: Amounts, fields_before: Amounts
) -> Amounts:
    """The amounts of a tier whose table and whose fields say the same thing twice:
    whichever of the two was changed is followed.

    All are by code. Raises TwoAmounts where both were changed, each to something else.
    """
    amounts = dict(listed)
    for code, given in fields.items():
        said = as_field(code, listed.get(code, 0))
        if given in (said, fields_before.get(code, 0)):
            continue
        if said != as_field(code, listed_before.get(code, 0)):
            field = FIELD_OF_ENTITLEMENT[code]
            raise TwoAmounts(field, given, listed=said)
        amounts[code] = given
    return amounts


def as_field(code: str, amount: Amount) -> int:
    """What the field of an entitlement holds: a number of updates, else yes or no."""
    return int(amount) if code == UPDATES else int(amount > 0)
