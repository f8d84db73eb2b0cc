"""What the manager of a customer asks of the list of all its requests."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

ROWS_A_PAGE = 25
# A search for more would find nothing, and a page beyond is nobody's to read.
MAX_TEXT, MAX_PAGE, MAX_NAME = 140, 10_000, 140
# With which tickets are numbered: 0042.
DIGITS_OF_A_NUMBER = 4
_MONTH = re.compile(r"(\d{4})-(\d{2})")
_NUMBER = re.compile(r"#?(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Wanted:
    """None wants all. ``month`` is its first day; ``page`` counts from 1. ``state`` is
    that of any promise of a request, as its column holds it."""

    person: str | None = None
    state: str | None = None
    priority: str | None = None
    category: str | None = None
    channel: str | None = None
    month: date | None = None
    text: str | None = None
    page: int = 1

    @property
    def first_row(self) -> int:
        return (self.page - 1) * ROWS_A_PAGE

    @property
    def numbers(self) -> tuple[str, ...]:
        """As one request may be named where the text is nothing but its number: ``0042``
        is found by ``42`` and ``#42``, too."""
        found = _NUMBER.fullmatch(self.text or "")
        return (found[1], found[1].zfill(DIGITS_OF_A_NUMBER)) if found else ()

    @property
    def month_after(self) -> date | None:
        """The first day that is not in the month any more."""
        if self.month is None or (self.month.year, self.month.month) == (9999, 12):
            return None
        year, month = divmod(self.month.year * 12 + self.month.month, 12)
        return date(year, month + 1, 1)

    def is_narrowed(self) -> bool:
        """Whether anything but all requests is asked for."""
        return self != Wanted(page=self.page)


def wanted_of(asked: Mapping[str, object]) -> Wanted:
    """By the names of an address's parameters; what cannot be meant is not asked for."""
    named = {
        name: _text(asked.get(name), MAX_NAME)
        for name in ("person", "state", "priority", "category", "channel")
    }
    return Wanted(
        **named,
        month=_month(asked.get("month")),
        text=_text(asked.get("text"), MAX_TEXT),
        page=_page(asked.get("page")),
    )


def pages_of(number: int) -> int:
    """How many pages so many requests fill; at least one."""
    return max(1, -(-number // ROWS_A_PAGE))


def _text(given: object, most: int) -> str | None:
    cleaned = " ".join(given.split()) if isinstance(given, str) else ""
    return cleaned[:most] or None


def _month(given: object) -> date | None:
    found = _MONTH.fullmatch(given) if isinstance(given, str) else None
    if not found:
        return None
    year, month = int(found[1]), int(found[2])
    return date(year, month, 1) if year and 1 <= month <= 12 else None


def _page(given: object) -> int:
    if not (isinstance(given, str) and re.fullmatch(r"[0-9]{1,6}", given)):
        return 1
    return min(max(int(given), 1), MAX_PAGE)
