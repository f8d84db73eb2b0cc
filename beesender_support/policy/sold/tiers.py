"""Tiers: the hours, response targets, channels and entitlements that are sold under one name."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from beesender_support.policy.calendar.calendar import calendar_of
from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, Window
from beesender_support.policy.errors import (
    InvalidTarget,
    Negative,
    OutOfRange,
    UnknownName,
)
from beesender_support.policy.sentences import Field
from beesender_support.policy.sold.entitlements import (
    UPDATES,
    Amounts,
    frozen_amounts,
)
from beesender_support.policy.sold.targets import (
    FIELD_OF_TARGET,
    FIRST_ANSWER,
    FURTHER_TARGETS,
    Targets,
    frozen,
)

MAX_FEE_PERCENT = 100
# A year around the clock; longer is no promise, and Helpdesk would count it day by day.
MAX_TARGET_HOURS = 8_784
MAX_TARGET = timedelta(hours=MAX_TARGET_HOURS)


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of support as sold.

    ``windows`` are in the plan's zone. ``response_targets`` maps a priority code to the
    working time until the first answer, ``further_targets`` does so for each other
    target that is sold. ``entitlements`` maps the code of what is included to how much
    of it: 1, or a number, or hours, of a contract year. A tier that is ``no_longer_sold``
    is kept for the plans that have it.
    """

    name: str
    rank: int
    fee_percent: Decimal
    windows: tuple[Window, ...]
    response_targets: Mapping[str, timedelta] = field(hash=False)
    authorized_contact_limit: int
    registration_channels: frozenset[str]
    answer_channels: frozenset[str]
    entitlements: Amounts = field(default_factory=dict, hash=False)
    further_targets: Targets = field(default_factory=dict, hash=False)
    no_longer_sold: bool = False

    def __post_init__(self) -> None:
        for name in self.further_targets:
            if name not in FURTHER_TARGETS:
                raise UnknownName("further_targets", name, allowed=FURTHER_TARGETS)
        for target, lengths in self.targets.items():
            for priority, length in lengths.items():
                if not timedelta() < length <= MAX_TARGET:
                    raise InvalidTarget(
                        Field(FIELD_OF_TARGET[target], priority),
                        length,
                        most=MAX_TARGET_HOURS,
                    )
        for name in ("fee_percent", "authorized_contact_limit"):
            if getattr(self, name) < 0:
                raise Negative(name, getattr(self, name))
        if self.fee_percent > MAX_FEE_PERCENT:
            raise OutOfRange(
                "fee_percent", self.fee_percent, least=0, most=MAX_FEE_PERCENT
            )
        object.__setattr__(self, "windows", tuple(sorted(self.windows)))
        calendar_of("UTC", self.windows)
        object.__setattr__(
            self, "response_targets", MappingProxyType(dict(self.response_targets))
        )
        object.__setattr__(self, "further_targets", frozen(self.further_targets))
        object.__setattr__(self, "entitlements", frozen_amounts(self.entitlements))

    @property
    def targets(self) -> Targets:
        """The working time sold, by target and priority."""
        return {FIRST_ANSWER: self.response_targets, **self.further_targets}

    @property
    def updates_per_year(self) -> int:
        """The number of updates in a contract year."""
        return int(self.entitlements.get(UPDATES, 0))

    def promising(self, targets: Targets) -> "Tier":
        """The same tier, but for what ``targets`` says of some."""
        sold = {**self.targets, **targets}
        first_answer = sold.pop(FIRST_ANSWER)
        return replace(self, response_targets=first_answer, further_targets=sold)

    @property
    def around_the_clock(self) -> bool:
        return self.windows == AROUND_THE_CLOCK
