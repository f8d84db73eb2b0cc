"""Open requests with their stored deadlines, read in lots by key."""

from collections.abc import Iterator

import frappe

from beesender_support.policy.lint.deadlines import Request
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


def open_requests(**filters: object) -> Iterator[Request]:
    """Those with terms that can be read and that are counted by themselves."""
    last = 0
    while True:
        rows = frappe.get_all(
            "HD Ticket",
            {
                **filters,
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
            if request := request_of(row):
                yield request
        if len(rows) < LOT:
            return
        last = rows[-1].name


def request_of(row: frappe._dict) -> Request | None:
    """None where the terms cannot be read: that is a finding of its own."""
    terms = promise.terms_of(row)
    if terms is None:
        return None
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
