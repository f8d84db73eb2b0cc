"""A finding: something that keeps, or will keep, a promise from being kept."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from beesender_support.policy.lint.codes import CODES, Code
from beesender_support.policy.sentences import Sentence


class Finding(NamedTuple):
    """``place`` is the name of what is to be corrected, of the kind that the code says;
    ``about`` tells two findings of one code and place apart. ``context`` are the values
    of its sentences."""

    code: str
    place: str
    context: Mapping[str, Any]
    customer: str = ""
    about: str = ""

    @property
    def kind(self) -> Code:
        return CODES[self.code]

    @property
    def severity(self) -> str:
        return self.kind.severity

    @property
    def sentence(self) -> Sentence:
        return Sentence(self.kind.sentence, self.context)

    @property
    def what_to_do(self) -> Sentence:
        return Sentence(self.kind.what_to_do, self.context)

    @property
    def key(self) -> tuple[str, str, str]:
        """The same each time that the same is found."""
        is_passing = self.kind.place in self.kind.passing
        return self.code, "" if is_passing else self.place, self.about


def found(
    kind: Code, place: str, *, customer: str = "", about: str = "", **context: object
) -> Finding:
    return Finding(kind.code, place, context, customer, about)
