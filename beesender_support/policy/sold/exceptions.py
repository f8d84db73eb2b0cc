"""Exceptions: what was agreed for one plan alone, otherwise than its tier says."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from types import MappingProxyType
from typing import NamedTuple

from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    SupportHours,
    Window,
)
from beesender_support.policy.errors import RepeatedException, UnknownName
from beesender_support.policy.sentences import Name, Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.entitlements import (
    Amount,
    Amounts,
    SoldEntitlement,
    frozen_amounts,
)
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    NO_LENGTHS,
    SOLUTION,
    TARGETS,
    Targets,
    frozen,
)
from beesender_support.policy.sold.tiers import Tier

# Kinds of rows. Those of support hours make up the week together.
RESPONSE_TARGET, SUPPORT_HOURS, CONTACT_LIMIT, ENTITLEMENT = (
    "Response target",
    "Support hours",
    "Authorized contacts",
    "Entitlement",
)
KINDS = (RESPONSE_TARGET, SUPPORT_HOURS, CONTACT_LIMIT, ENTITLEMENT)

_INSTEAD = {
    FIRST_ANSWER: _(
        "A first answer to {priorities} within {target} of support time instead of {before}"
    ),
    NEXT_ANSWER: _(
        "Each next answer to {priorities} within {target} of support time instead of {before}"
    ),
    SOLUTION: _(
        "A solution of {priorities} within {target} of support time instead of {before}"
    ),
}
_NEW = {
    FIRST_ANSWER: _("A first answer to {priorities} within {target} of support time"),
    NEXT_ANSWER: _("Each next answer to {priorities} within {target} of support time"),
    SOLUTION: _("A solution of {priorities} within {target} of support time"),
}
_HOURS = _("Support hours: {hours} instead of {before}")
_CONTACTS = _("Authorized contacts: {number} instead of {before}")
_INCLUDED = _("{entitlement}: {included}")


class Row(NamedTuple):
    """One exception as it was agreed. Of its kind only the values that belong to it
    count; without a ``window`` support hours are around the clock."""

    kind: str
    priority: str = ""
    target: str = FIRST_ANSWER
    length: timedelta = timedelta()
    window: Window | None = None
    limit: int = 0
    entitlement: str = ""
    amount: Amount = 0


@dataclass(frozen=True, slots=True)
class Exceptions:
    """What a plan has instead of what its tier says. None, or nothing listed: as the
    tier says."""

    targets: Targets = field(default_factory=dict, hash=False)
    windows: tuple[Window, ...] | None = None
    authorized_contact_limit: int | None = None
    entitlements: Amounts = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "targets", frozen(self.targets))
        frozen_amounts(self.entitlements)
        # Nothing is an amount, too: what the tier includes and this plan does not.
        kept = MappingProxyType(dict(self.entitlements))
        object.__setattr__(self, "entitlements", kept)

    def __bool__(self) -> bool:
        return bool(
            self.targets
            or self.windows is not None
            or self.authorized_contact_limit is not None
            or self.entitlements
        )

    def applied_to(self, tier: Tier) -> Tier:
        """The tier as it was sold with this plan; raises PolicyError for what no tier can
        be."""
        if not self:
            return tier
        sold = tier.promising(
            {
                target: {**tier.targets.get(target, NO_LENGTHS), **lengths}
                for target, lengths in self.targets.items()
            }
        )
        return replace(
            sold,
            windows=sold.windows if self.windows is None else self.windows,
            authorized_contact_limit=(
                sold.authorized_contact_limit
                if self.authorized_contact_limit is None
                else self.authorized_contact_limit
            ),
            entitlements={**sold.entitlements, **self.entitlements},
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """What of the terms of a request is an exception, to be frozen with them."""
        hours = () if self.windows is None else (HOURS_CODE,)
        return (
            *hours,
            *(
                code_of_target(target, priority)
                for target, lengths in sorted(self.targets.items())
                for priority in sorted(lengths)
            ),
        )


NO_EXCEPTIONS = Exceptions()
HOURS_CODE = "support_hours"


def code_of_target(target: str, priority: str) -> str:
    return f"{target} {priority}"


def exceptions_of(
    rows: Iterable[Row],
    priorities: Collection[str],
    entitlements: Collection[str],
) -> Exceptions:
    """The exceptions of all rows; raises UnknownName, RepeatedException."""
    targets: dict[str, dict[str, timedelta]] = {}
    windows: list[Window] = []
    amounts: dict[str, Amount] = {}
    limit: int | None = None
    is_around_the_clock = False
    for row in rows:
        if row.kind == RESPONSE_TARGET:
            _check_known("priority", row.priority, priorities)
            _check_known("target", row.target, TARGETS)
            if row.priority in targets.setdefault(row.target, {}):
                raise RepeatedException("exceptions", row.priority)
            targets[row.target][row.priority] = row.length
        elif row.kind == SUPPORT_HOURS:
            if is_around_the_clock or (windows and row.window is None):
                raise RepeatedException("exceptions", Name(SUPPORT_HOURS))
            if row.window is None:
                is_around_the_clock = True
            else:
                windows.append(row.window)
        elif row.kind == CONTACT_LIMIT:
            if limit is not None:
                raise RepeatedException("exceptions", Name(CONTACT_LIMIT))
            limit = row.limit
        else:
            _check_known("kind", row.kind, KINDS)
            _check_known("entitlement", row.entitlement, entitlements)
            if row.entitlement in amounts:
                raise RepeatedException("exceptions", row.entitlement)
            amounts[row.entitlement] = row.amount
    return Exceptions(
        targets=targets,
        windows=AROUND_THE_CLOCK if is_around_the_clock else tuple(windows) or None,
        authorized_contact_limit=limit,
        entitlements=amounts,
    )


def differences(
    exceptions: Exceptions, tier: Tier, entitlements: Mapping[str, SoldEntitlement]
) -> Iterator[Sentence]:
    """What was agreed otherwise than ``tier`` says, a sentence each."""
    if exceptions.windows is not None:
        hours = {"hours": exceptions.windows, "before": tier.windows}
        yield Sentence(
            _HOURS, {name: SupportHours(each) for name, each in hours.items()}
        )
    for target, lengths in exceptions.targets.items():
        sold = tier.targets.get(target, NO_LENGTHS)
        for priority, length in sorted(lengths.items()):
            before = sold.get(priority)
            yield Sentence(
                (_INSTEAD if before else _NEW)[target],
                {"priorities": (priority,), "target": length, "before": before},
            )
    if exceptions.authorized_contact_limit is not None:
        yield Sentence(
            _CONTACTS,
            {
                "number": exceptions.authorized_contact_limit,
                "before": tier.authorized_contact_limit,
            },
        )
    for code in exceptions.entitlements:
        if sold_as := entitlements.get(code):
            included = sold_as.included(exceptions.entitlements)
            title = Name(sold_as.title)
            yield Sentence(_INCLUDED, {"entitlement": title, "included": included})


def _check_known(field_name: str, value: str, known: Collection[str]) -> None:
    if value not in known:
        raise UnknownName(field_name, value, allowed=tuple(map(Name, known)))
