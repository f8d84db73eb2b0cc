"""Open requests with their stored deadlines, read in lots by key."""

import json
from collections.abc import Iterator

import frappe

from beesender_support.policy.lint.deadlines import Request, Unreadable
from beesender_support.policy.sold.targets import TARGETS
from beesender_support.records.site_time import from_column
from beesender_support.records.tickets import promise

LOT = 1_000
_FIELDS = list(
    dict.fromkeys(
        (
            *promise.FACTS,
            "customer",
            *(fields.due_at for fields in promise.FIELDS_OF_TARGET.values()),
        )
    )
)


def open_requests() -> Iterator[Request | Unreadable]:
    """Those with terms that are counted by themselves."""
    last = 0
    while True:
        rows = frappe.get_all(
            "HD Ticket",
            {
                "name": (">", last),
                "status_category": ("!=", "Resolved"),
                "beesender_terms": ("is", "set"),
                "beesender_admission": "Accepted",
                **promise.COUNTED,
            },
            _FIELDS,
            order_by="name",
            limit=LOT,
        )
        for row in rows:
            yield request_of(row)
        if len(rows) < LOT:
            return
        last = rows[-1].name


def request_of(row: frappe._dict) -> Request | Unreadable:
    terms = promise.terms_of(row)
    if terms is None:
        why = promise.why_unreadable(row) or ""
        return Unreadable(str(row.name), why, _zone_of(row.beesender_terms))
    return Request(
        ticket=str(row.name),
        customer=row.customer or "",
        terms=terms,
        priority=row.beesender_priority,
        due={
            target: from_column(row[promise.FIELDS_OF_TARGET[target].due_at])
            for target in TARGETS
        },
        responded_at=promise.answered_at(row),
        happenings=promise.happenings_of(row) if terms.ever_promised_more else (),
    )


def _zone_of(stored: str) -> str:
    """What terms that cannot be read still say of it."""
    try:
        terms = json.loads(stored)
    except ValueError:
        return ""
    return str(terms.get("time_zone", "")) if isinstance(terms, dict) else ""
