"""Categories of requests and the priorities each allows."""

from dataclasses import dataclass, field

from beesender_support.policy.errors import (
    ImpactNotAllowed,
    NoSingleDefault,
    NothingListed,
    RepeatedPriority,
)
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.impact_matrix import ImpactMatrix


@dataclass(frozen=True, slots=True)
class Priority:
    """A promise level: ``code`` P1 is the most urgent. ``ticket_priority`` is the
    helpdesk's name for it."""

    code: str
    ticket_priority: str
    meaning: str


@dataclass(frozen=True, slots=True)
class PriorityRule:
    """A priority that a category allows, and when to choose it."""

    priority: str
    is_default: bool = False
    when_to_use: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of request. It allows at least one priority, and one is the default.

    ``description_template`` is what its description should answer: one question a line.
    ``impact`` gives the priority by the client's answers where ``asks_impact``; else the
    client chooses one, and the matrix waits.
    """

    name: str
    promises_response: bool
    priority_rules: tuple[PriorityRule, ...]
    meaning: str = ""
    description_template: str = ""
    impact: ImpactMatrix | None = None
    asks_impact: bool = False

    # Codes, most urgent first.
    allowed_priorities: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        codes = [rule.priority for rule in self.priority_rules]
        if not codes or len(set(codes)) != len(codes):
            raise RepeatedPriority("priority_rules", tuple(codes) or "-")
        if sum(rule.is_default for rule in self.priority_rules) != 1:
            raise NoSingleDefault("is_default", Name(self.name))
        object.__setattr__(self, "allowed_priorities", tuple(sorted(codes)))
        if self.asks_impact:
            self._check_impact()

    def _check_impact(self) -> None:
        if self.impact is None:
            raise NothingListed("impact_rules", "-")
        for rule in self.impact.rules:
            if rule.priority not in self.allowed_priorities:
                raise ImpactNotAllowed(
                    "priority",
                    rule.priority,
                    affected=Name(rule.affected),
                    category=Name(self.name),
                    allowed=self.allowed_priorities,
                )

    @property
    def asked_impact(self) -> ImpactMatrix | None:
        """The matrix that clients are asked by; None where they choose a priority."""
        return self.impact if self.asks_impact else None

    @property
    def questions(self) -> tuple[str, ...]:
        """The questions that a description of this category should answer."""
        lines = map(str.strip, self.description_template.splitlines())
        return tuple(filter(None, lines))

    @property
    def default_priority(self) -> str:
        return next(rule.priority for rule in self.priority_rules if rule.is_default)

    def settle_priority(self, requested: str | None) -> str:
        """The priority a request gets: the requested one if allowed, else the highest
        allowed one that is no higher; the default if none was requested."""
        if not requested:
            return self.default_priority
        allowed = self.allowed_priorities
        return next((code for code in allowed if code >= requested), allowed[-1])
