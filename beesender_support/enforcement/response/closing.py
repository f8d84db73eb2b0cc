"""Closing a request that nobody solved, for a reason that does not count as a solution."""

from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.sold.targets import SOLUTION
from beesender_support.records.tickets import promise

REASON, STATUS = "Beesender Closing Reason", "HD Ticket Status"


class ClosingReason(NamedTuple):
    name: str
    when_to_use: str | None


def reasons_for(doc: Document) -> tuple[ClosingReason, ...]:
    """For which a ticket may be closed without a solution; none where no solution is
    promised, or where it was closed so already."""
    if SOLUTION not in promise.promised_targets(doc) or doc.is_merged:
        return ()
    if doc.status_category == OVER and not promise.is_solution(
        doc.beesender_closing_reason
    ):
        return ()
    rows = frappe.get_all(
        REASON,
        {"counts_as_solution": 0},
        ["name", "meaning"],
        order_by="name",
    )
    return tuple(ClosingReason(row.name, row.meaning) for row in rows)


def close_without_solution(doc: Document, reason: str) -> None:
    """Close a ticket for a reason that is no solution: the promise of one is neither
    kept nor broken."""
    if reason not in {each.name for each in reasons_for(doc)}:
        frappe.throw(
            _(
                "This ticket cannot be closed for the reason {0}. Reload the page."
            ).format(reason)
        )
    doc.beesender_closing_reason = reason
    if doc.status_category != OVER:
        doc.status = _closed_status()
    doc.save()


def _closed_status() -> str:
    """Helpdesk's own status for it; where that was switched off, another that ends a
    request."""
    ending = frappe.get_all(
        STATUS, {"category": OVER, "enabled": 1}, pluck="name", order_by="name"
    )
    if not ending:
        frappe.throw(
            _("No status of Helpdesk's ends a request. Ask your administrator.")
        )
    return "Closed" if "Closed" in ending else ending[0]
