"""An agent manager corrects the clock of a ticket, and says why.

Nobody else moves it: Helpdesk's own fields for its start and for the first answer show
what is counted here, and what a form, a script or an import writes there is reverted.
"""

import json
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.sold.targets import FIRST_ANSWER
from beesender_support.records.site_time import now
from beesender_support.records.tickets import admission_log, promise
from beesender_support.records.tickets.ticket_context import AgentDecision, context_of

MAY_CORRECT = ("Agent Manager", "System Manager")


def correct(
    doc: Document, why: str, started_at: datetime | None, answered_at: datetime | None
) -> None:
    """Count from another start, or to another first answer; what is None stays."""
    terms = promise.terms_of(doc)
    if terms is None:
        frappe.throw(_("Nothing is counted on ticket {0}.").format(doc.name))
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept with the ticket."))
    if started_at is None and answered_at is None:
        frappe.throw(_("Give the start of the clock, the first answer, or both."))
    answered = answered_at or promise.answered_at(doc)
    _refuse_impossible(started_at or terms.started_at, answered)
    before = _stamps(doc)

    def write(saved: Document) -> None:
        if started_at:
            ticket_fields.restart_clock(saved, started_at)
        ticket_fields.write_answer(saved, answered)

    context_of(doc).agent = AgentDecision(clock_correction=write)
    doc.save()
    admission_log.record(
        "Clock corrected",
        ticket=doc.name,
        customer=doc.customer,
        plan=doc.beesender_plan,
        details=why,
        before=json.dumps(before),
        after=json.dumps(_stamps(doc)),
    )
    log_ticket_activity(doc.name, _("corrected the clock. Why: {0}").format(why))


def _refuse_impossible(started_at: datetime, answered_at: datetime | None) -> None:
    if max(filter(None, (started_at, answered_at))) > now():
        frappe.throw(_("That is in the future. Enter a time that has passed."))
    if answered_at and answered_at < started_at:
        frappe.throw(_("The answer was before the start of the clock. Give both."))


def _stamps(doc: Document) -> dict[str, str | None]:
    terms, answered = promise.terms_of(doc), promise.answered_at(doc)
    promises = promise.promises_of(doc)
    due = promises.of(FIRST_ANSWER).due
    return {
        "started_at": terms.started_at.isoformat(),
        "answered_at": answered and answered.isoformat(),
        "due": due and due.isoformat(),
        **{
            f"{each.target}_due": each.due.isoformat()
            for each in promises.each()
            # Paused, a promise has no deadline until it continues.
            if each.target != FIRST_ANSWER and each.due
        },
    }
