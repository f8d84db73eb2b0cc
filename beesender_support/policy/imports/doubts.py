"""Why a row of another system's export is in doubt, or skipped.

A doubt is a PolicyError like any other, so rows are also in doubt for what the rest of
the policy refuses. What is skipped is nothing that anybody would have to look at.
"""

import re
from typing import NamedTuple

from beesender_support.policy.errors import InvalidValue, PolicyError
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sentences import marked as _

_CAPITAL = re.compile("(?<!^)(?=[A-Z])")


class NothingSaid(InvalidValue):
    template = _(
        "{field}: nothing is said. Fill the cell, or give a default in the mapping."
    )


class NotListed(InvalidValue):
    template = _("{field}: {value} is not listed in the files and not known here.")


class SeveralNamed(InvalidValue):
    template = _(
        "{field}: {value} is the name of several. Add a column with addresses."
    )


class NotImported(PolicyError):
    """Why a row is skipped on purpose."""


class RepeatedRow(NotImported):
    template = _("{field}: {value} stands in a row above, too.")


class GoneThere(NotImported):
    template = _("{field}: {value}, so it is no longer kept there.")


class OfTheStaff(NotImported):
    template = _("{field}: {value} works in support and is no client.")


class Finding(NamedTuple):
    """What was found about a row: a stable ``code``, and a sentence.

    ``is_doubt`` is False for what is skipped on purpose.
    """

    code: str
    sentence: Sentence
    is_doubt: bool


def finding_of(error: PolicyError) -> Finding:
    """The code is the name of the error, as in ``not_listed``."""
    code = _CAPITAL.sub("_", type(error).__name__).lower()
    return Finding(code, error.sentence, not isinstance(error, NotImported))
