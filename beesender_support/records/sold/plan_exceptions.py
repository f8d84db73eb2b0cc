"""What was agreed for one plan alone, of the rows of its table."""

from collections.abc import Iterable
from contextlib import suppress
from decimal import Decimal

import frappe
from frappe.model.document import Document
from frappe.utils import cint, flt

from beesender_support.policy.calendar.windows import WEEKDAYS, Window
from beesender_support.policy.errors import PolicyError, UnknownName
from beesender_support.policy.plans import limits
from beesender_support.policy.sentences import Field, Name
from beesender_support.policy.sold import exceptions
from beesender_support.policy.sold.exceptions import (
    CONTACT_LIMIT,
    ENTITLEMENT,
    NO_EXCEPTIONS,
    RESPONSE_TARGET,
    SUPPORT_HOURS,
    Exceptions,
    Row,
)
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import catalogue
from beesender_support.records.sold.policy_values import window_of

TARGET_OF = {
    "First answer": FIRST_ANSWER,
    "Next answer": NEXT_ANSWER,
    "Solution": SOLUTION,
}


def stored(rows: Iterable[Document]) -> Exceptions:
    """As they are stored: nobody's request fails because of one that is invalid by now,
    which is left out."""
    rows = list(rows or ())
    if not rows:
        return NO_EXCEPTIONS
    kept: list[Row] = []
    found = NO_EXCEPTIONS
    for row in rows:
        with suppress(PolicyError):
            found = _of([*kept, read := _row_of(row)])
            kept.append(read)
    return found


def checked(rows: Iterable[Document], tier: Tier) -> Exceptions:
    """As somebody typed them; raises PolicyError for whatever cannot be."""
    found = _of([_row_of(row) for row in rows or ()])
    if found:
        limits.check_reach(found.applied_to(tier))
    return found


def applied(found: Exceptions, tier: Tier) -> Tier:
    """The tier as it was sold with a stored plan; as it is where that cannot be."""
    try:
        return found.applied_to(tier)
    except PolicyError:
        return tier


def of_plans(names: list[str]) -> dict[str, Exceptions]:
    """By plan, of those that have any, in one query."""
    return {name: stored(rows) for name, rows in rows_of_plans(names).items()}


def rows_of_plans(names: list[str]) -> dict[str, list[Document]]:
    by_plan: dict[str, list[Document]] = {}
    # Written plainly: ten thousand names take the builder of queries longer than all else.
    rows = frappe.db.sql(
        """select * from `tabBeesender Plan Exception`
        where parenttype = 'Beesender Support Plan' and parent in %(names)s
        order by parent, idx""",
        {"names": names or [""]},
        as_dict=True,
    )
    for row in rows:
        by_plan.setdefault(row.parent, []).append(row)
    return by_plan


def _of(rows: Iterable[Row]) -> Exceptions:
    return exceptions.exceptions_of(
        rows, catalogue.priority_codes(), [*catalogue.entitlements()]
    )


def _row_of(row: Document) -> Row:
    """Raises PolicyError for a value that its kind cannot have."""
    if row.kind == RESPONSE_TARGET:
        return Row(
            row.kind,
            priority=row.priority or "",
            target=TARGET_OF.get(row.target or "First answer", row.target),
            length=limits.length_of(Field("hours", row.priority or ""), row.hours),
        )
    if row.kind == SUPPORT_HOURS:
        return Row(row.kind, window=_window_of(row))
    if row.kind == CONTACT_LIMIT:
        field = Field("amount", CONTACT_LIMIT)
        limit = limits.whole_number(field, row.amount, 0, limits.MAX_SEATS)
        return Row(row.kind, limit=limit)
    if row.kind != ENTITLEMENT:
        return Row(row.kind or "")
    sold = catalogue.entitlements().get(row.entitlement or "")
    amount = (
        limits.amount_of(sold, row.amount) if sold else Decimal(str(flt(row.amount)))
    )
    return Row(row.kind, entitlement=row.entitlement or "", amount=amount)


def _window_of(row: Document) -> Window | None:
    if cint(row.around_the_clock):
        return None
    if row.weekday not in WEEKDAYS:
        raise UnknownName(
            "weekday", row.weekday or "", allowed=tuple(map(Name, WEEKDAYS))
        )
    return window_of(row)
