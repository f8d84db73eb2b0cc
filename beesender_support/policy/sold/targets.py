"""What a tier may promise: targets, each a length of working time by priority."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

FIRST_ANSWER, NEXT_ANSWER, SOLUTION = "first_answer", "next_answer", "solution"
TARGETS = (FIRST_ANSWER, NEXT_ANSWER, SOLUTION)
# Those a tier may promise besides the first answer, which is sold on its own.
FURTHER_TARGETS = (NEXT_ANSWER, SOLUTION)
# The field of a tier in which the hours of each are typed.
HOURS_OF_TARGET = {
    FIRST_ANSWER: "hours",
    NEXT_ANSWER: "next_answer_hours",
    SOLUTION: "solution_hours",
}
# The field that a refusal names: the first answer had the table to itself.
FIELD_OF_TARGET = {**HOURS_OF_TARGET, FIRST_ANSWER: "response_targets"}

# Working time by priority code, and by target.
Lengths = Mapping[str, timedelta]
Targets = Mapping[str, Lengths]

NO_LENGTHS: Lengths = MappingProxyType({})
_NO_TARGETS: Targets = MappingProxyType({})


def frozen(targets: Targets) -> Targets:
    """The same that nobody can change, without the targets that promise nothing."""
    if not targets:
        return _NO_TARGETS
    return MappingProxyType(
        {
            target: MappingProxyType(dict(targets[target]))
            for target in TARGETS
            if targets.get(target)
        }
    )
