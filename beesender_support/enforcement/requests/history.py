"""Tickets that are closed when they are inserted, or imported overdue: nothing is promised for the past."""

from datetime import datetime

import frappe
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.requests.triage import Decision
from beesender_support.policy.response.promises import is_history_of_solution
from beesender_support.policy.response.response_state import is_history
from beesender_support.records.site_time import now, to_column, to_instant
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.ticket_context import request_context


def take_over_the_past(doc: Document, decision: Decision, status: str | None) -> None:
    """A ticket that is closed when it is inserted, or imported overdue, is history.

    Helpdesk opens every new ticket. Nothing is counted for history unless both stamps
    are given: a breach that nobody here knew of is not one of today's.
    """
    is_closed = is_agent() and _is_resolved(status)
    if is_closed:
        doc.status, doc.status_category = status, "Resolved"
        request_context().closed_history[str(doc.name)] = status
        doc.beesender_closed_at = to_column(_closed_at(doc))
    if decision.terms and is_history(
        decision.response,
        is_closed=is_closed,
        is_imported=bool(frappe.flags.in_import),
    ):
        promise.write_terms(doc, decision.terms.without_clock())
    elif decision.terms and is_history_of_solution(
        decision.promises,
        is_closed=is_closed,
        is_closing_known=bool(doc.resolution_date),
        is_imported=bool(frappe.flags.in_import),
    ):
        promise.write_terms(doc, decision.terms.of_first_answer())


def keep_history_closed(doc: Document) -> None:
    """Helpdesk opens a ticket again when it stores its first message."""
    if status := request_context().closed_history.get(str(doc.name)):
        doc.status, doc.status_category = status, "Resolved"


def end_history(doc: Document) -> None:
    """The ticket is inserted; reopening it from now on is deliberate."""
    request_context().closed_history.pop(str(doc.name), None)


def _is_resolved(status: str | None) -> bool:
    if not status or status == "Open":
        return False
    category = frappe.get_cached_value("HD Ticket Status", status, "category")
    return category == "Resolved"


def _closed_at(doc: Document) -> datetime:
    if doc.resolution_date:
        return to_instant(doc.resolution_date, near=now())
    return now()
