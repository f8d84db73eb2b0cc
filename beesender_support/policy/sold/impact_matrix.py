"""Which priority a request has by what is affected and whether there is a way round."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from beesender_support.policy.errors import (
    HalfAnImpact,
    InvalidValue,
    NoName,
    NothingListed,
    RepeatedImpact,
)

# Whether there is a way round, and that it makes no difference.
EITHER, YES, NO = "Either", "Yes", "No"
ANSWERS = (YES, NO)
MAX_AFFECTED = 140


@dataclass(frozen=True, slots=True)
class ImpactRule:
    """A priority for an answer to *what is affected* and one to *is there a way round*.

    ``affected`` is the answer as it is offered and stored.
    """

    affected: str
    priority: str
    way_round: str = EITHER


class ImpactOption(NamedTuple):
    """An answer to *what is affected*, and the priority of each answer to *is there a way
    round*."""

    affected: str
    priorities: Mapping[str, str]

    @property
    def asks_way_round(self) -> bool:
        """The second question is asked only where the answer changes the priority."""
        return len(set(self.priorities.values())) > 1


@dataclass(frozen=True, slots=True)
class ImpactMatrix:
    """The rules of a category, as an admin draws them: every pair of answers has one."""

    rules: tuple[ImpactRule, ...]

    # In the order of the rules.
    options: tuple[ImpactOption, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not self.rules:
            raise NothingListed("impact_rules", "-")
        names: dict[str, str] = {}
        codes: dict[str, dict[str, str]] = {}
        for rule in self.rules:
            key = _as_compared(rule.affected)
            if not key or len(rule.affected) > MAX_AFFECTED:
                raise NoName("affected", rule.affected, most=MAX_AFFECTED)
            name = names.setdefault(key, rule.affected)
            for answer in _answers_of(rule):
                if answer in codes.setdefault(key, {}):
                    raise RepeatedImpact("affected", name)
                codes[key][answer] = rule.priority
        for key, priorities in codes.items():
            if len(priorities) < len(ANSWERS):
                raise HalfAnImpact("affected", names[key])
        options = (ImpactOption(names[key], each) for key, each in codes.items())
        object.__setattr__(self, "options", tuple(options))

    def option(self, affected: str) -> ImpactOption | None:
        """The option of this text, whatever its case and spaces."""
        wanted = _as_compared(affected)
        return next(
            (each for each in self.options if _as_compared(each.affected) == wanted),
            None,
        )


def _answers_of(rule: ImpactRule) -> tuple[str, ...]:
    if rule.way_round == EITHER:
        return ANSWERS
    if rule.way_round not in ANSWERS:
        raise InvalidValue("way_round", rule.way_round, allowed=(EITHER, YES, NO))
    return (rule.way_round,)


def _as_compared(text: str) -> str:
    return " ".join(text.split()).casefold()
