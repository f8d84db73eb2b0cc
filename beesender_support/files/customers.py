"""Customers by name, compared as a site's database does, and names that nearly match."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from unicodedata import normalize

from beesender_support.policy.plans.customer_names import (
    comparable_letter,
    comparable_name,
)
from beesender_support.policy.plans.plans import Plan

# Cyrillic letters that look like Latin ones, and are easily typed for them.
_LOOK_ALIKES = str.maketrans("авекмнорстухіј", "abekmhopctyxij")
# In a shorter name one letter makes another name too often.
_SHORTEST_TO_MISSPELL = 8


class PlansByCustomer:
    """All plans of each customer."""

    def __init__(self) -> None:
        self._plans: dict[str, list[Plan]] = defaultdict(list)
        self._key_of: dict[str, str] = {}
        self._like: dict[str, str] = {}

    def add(self, plan: Plan) -> None:
        key = comparable_name(plan.customer)
        self._plans[key].append(plan)
        # A name in its usual spelling then costs one look-up.
        self._key_of[plan.customer] = key
        for spelling in _misspellings_of(plan.customer):
            self._like.setdefault(spelling, plan.customer)

    def of(self, customer: str) -> Sequence[Plan]:
        key = self._key_of.get(customer) or comparable_name(customer)
        return self._plans.get(key, ())

    def nearly(self, customer: str) -> str | None:
        """A customer with plans whose name differs from ``customer`` only in blanks,
        punctuation, how its letters are composed, look-alikes, or by one letter."""
        found = map(self._like.get, _misspellings_of(customer))
        return next(filter(None, found), None)


def _misspellings_of(name: str) -> Iterator[str]:
    """The letters and digits of a name, first all, then without one of its letters: two
    names that differ by one letter have one of these in common."""
    base = "".join(map(comparable_letter, normalize("NFD", name))).translate(
        _LOOK_ALIKES
    )
    letters = "".join(filter(str.isalnum, base)) or name
    yield letters
    if len(letters) >= _SHORTEST_TO_MISSPELL:
        for position, letter in enumerate(letters):
            # A digit tells one customer from the next.
            if not letter.isdigit():
                yield letters[:position] + letters[position + 1 :]
