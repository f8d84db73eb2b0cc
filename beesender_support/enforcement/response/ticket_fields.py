"""How the promise stands, written into Helpdesk's own fields of a ticket."""

from datetime import datetime

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.response import waking
from beesender_support.enforcement.response.agreement import ensure_agreement
from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.response.promises import (
    FIRST_ANSWER_DUE,
    MORE_DUE,
    Promises,
)
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    PAUSED,
    Response,
    owed,
)
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.records import settings
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import (
    from_column,
    now,
    to_column,
    to_site_time,
)
from beesender_support.records.tickets.promise import (
    AT_RISK_PERCENT,
    EARLIER_BREACHED,
    EARLIER_MET,
    FACTS,
    FIELDS_OF_TARGET,
    NEXT_ANSWER_TIMES,
    NEXT_DUE,
    NOTHING_DUE,
    RESPONSE_STATE,
    STATE_FIELDS,
    UTC_FIELDS,
    answered_at,
    next_answer_times_of,
    promised_targets,
    promises_in_save,
    promises_of,
    terms_of,
    why_unreadable,
    write_terms,
)
from beesender_support.records.tickets.ticket_context import request_context

AGREEMENT_STATUS = {
    FIRST_ANSWER_DUE: "First Response Due",
    MORE_DUE: "Resolution Due",
    PAUSED: "Paused",
    MET: "Fulfilled",
    BREACHED: "Failed",
}
# What Helpdesk counts for a solution; its own where none is promised.
SOLUTION_FIELDS = (
    "resolution_date",
    "resolution_time",
    "resolution_failed_by",
    "total_hold_time",
)
# What is written of a promise, in Helpdesk's fields and in this app's.
RESULT_FIELDS = (
    "beesender_terms",
    "beesender_events",
    *STATE_FIELDS,
    NEXT_ANSWER_TIMES,
    *UTC_FIELDS,
    AT_RISK_PERCENT,
    "sla",
    "response_by",
    "resolution_by",
    "service_level_agreement_creation",
    "first_responded_on",
    "first_response_time",
    "first_response_failed_by",
    "agreement_status",
    *SOLUTION_FIELDS,
)


# What ``store_display`` needs of a ticket.
DISPLAYED = (*FACTS, FIELDS_OF_TARGET[SOLUTION].due_at)


def move_to_category(doc: Document, category: Category) -> None:
    """Another category was chosen for the ticket: what that promises today counts."""
    if terms := terms_of(doc):
        write_terms(doc, terms.moved_to(category))


def restart_clock(doc: Document, started_at: datetime) -> None:
    """An agent manager corrected the start of the clock."""
    if terms := terms_of(doc):
        write_terms(doc, terms.corrected(started_at))


def write_answer(doc: Document, answered: datetime | None) -> None:
    """Note the first answer: it settles the promise by the priority of now."""
    doc.beesender_answered_at = to_column(answered)
    if terms := terms_of(doc):
        priority = doc.beesender_priority
        settled = terms.settled(priority) if answered else terms.unsettled()
        if settled != terms:
            write_terms(doc, settled)


def note_closing(doc: Document) -> None:
    """When the ticket was closed; nothing, nor why, once it is open again."""
    if doc.status_category != "Resolved":
        doc.beesender_closed_at = doc.beesender_closing_reason = None
    elif not doc.beesender_closed_at:
        doc.beesender_closed_at = to_column(now())


def choose_agreement(doc: Document) -> None:
    """Name the tier's agreement, so that Helpdesk shows the tier."""
    if not doc.beesender_admission:
        return
    before = doc.get_doc_before_save()
    if why_unreadable(doc):
        doc.sla = (before and before.sla) or doc.sla
    elif promised := promised_targets(doc):
        agreement = ensure_agreement(
            doc.beesender_tier, doc.is_new(), with_solution=SOLUTION in promised
        )
        doc.sla = agreement or doc.sla
        if doc.is_new():
            request_context().with_agreement.add(str(doc.name))
    elif before and not before.sla:
        # Helpdesk cannot save a ticket without an agreement and would log its own
        # choice as a change at every save; write_results takes it off again.
        before.sla = doc.sla


def write_results(doc: Document) -> None:
    """Put how the promise stands into Helpdesk's own fields.

    Without a promise the ticket has no agreement: Helpdesk's hourly job would call an
    agreement without a deadline failed.
    """
    if why_unreadable(doc):
        _keep_results(doc)
        return
    promises, has_terms = promises_in_save(doc), bool(doc.beesender_terms)
    doc.agreement_status = AGREEMENT_STATUS.get(promises.overall)
    _write_states(doc, promises)
    _write_first_answer(doc, promises.of(FIRST_ANSWER), has_terms)
    _write_solution(doc, promises)
    if not (doc.response_by or doc.resolution_by):
        doc.sla = None


def _write_states(doc: Document, promises: Promises) -> None:
    for target, fields in FIELDS_OF_TARGET.items():
        response = owed(promises.of(target))
        doc.set(fields.state, RESPONSE_STATE.get(response.state))
        doc.set(fields.due_at, to_column(response.due))
        doc.set(fields.at_risk_at, to_column(response.at_risk_from))
    doc.set(NEXT_DUE, next_due_of(doc, promises))
    doc.set(AT_RISK_PERCENT, settings.current().at_risk_share * 100)
    settled = [each.response.state for each in promises.earlier]
    doc.set(EARLIER_MET, settled.count(MET))
    doc.set(EARLIER_BREACHED, settled.count(BREACHED))
    doc.set(NEXT_ANSWER_TIMES, next_answer_times_of(promises))


def next_due_of(doc: Document, promises: Promises) -> datetime | None:
    """The soonest deadline of what nobody has given yet, as its column stores it; None
    outside the policy, where this app counts nothing."""
    if not doc.beesender_admission:
        return None
    due = promises.next_due(is_closed=doc.status_category == OVER)
    return to_column(due) if due else NOTHING_DUE


def _write_first_answer(doc: Document, response: Response, has_terms: bool) -> None:
    answered = answered_at(doc) if has_terms else None
    doc.response_by = response.due and to_site_time(response.due)
    if has_terms:
        doc.first_responded_on = answered and to_site_time(answered)
    is_answered = bool(response.due and answered)
    doc.first_response_time = response.used.total_seconds() if is_answered else None
    doc.first_response_failed_by = (
        response.late_by.total_seconds() if is_answered and response.late_by else None
    )


def _write_solution(doc: Document, promises: Promises) -> None:
    """Where a solution is promised, Helpdesk's fields say what is counted here: when it
    is due, how long it took, and how much of the support hours the pauses were."""
    response, run = owed(promises.of(SOLUTION)), promises.run_of(SOLUTION)
    doc.resolution_by = response.due and to_site_time(response.due)
    doc.resolution_failed_by = None
    if run is None:
        return
    if response.due is None:
        # It does not count in Helpdesk's averages either.
        doc.resolution_time = None
        return
    stopped = run.stopped_at
    doc.resolution_date = stopped and to_site_time(stopped)
    doc.resolution_time = response.used.total_seconds() if stopped else None
    if stopped and response.late_by:
        doc.resolution_failed_by = response.late_by.total_seconds()
    calendar = terms_of(doc).when_settled(run.decided_at).calendar
    doc.total_hold_time = sum(
        calendar.between(start, end).total_seconds()
        for start, end in run.gaps
        if end is not None
    )


def store_display(row: Document) -> None:
    """Write the instants of a promise into Helpdesk's fields, in the site's zone."""
    terms = terms_of(row)
    if terms is None:
        return
    due = from_column(row.beesender_due_at)
    solution_due = from_column(row.beesender_solution_due_at)
    answered = from_column(row.beesender_answered_at)
    solved = promises_of(row).run_of(SOLUTION)
    frappe.db.set_value(
        "HD Ticket",
        row.name,
        {
            "service_level_agreement_creation": to_site_time(terms.started_at),
            "response_by": due and to_site_time(due),
            "resolution_by": solution_due and to_site_time(solution_due),
            "first_responded_on": answered and to_site_time(answered),
            **(
                {"resolution_date": to_site_time(solved.stopped_at)}
                if solved and solved.stopped_at
                else {}
            ),
        },
        update_modified=False,
    )


def _keep_results(doc: Document) -> None:
    """Nothing can be recounted, so the promise stays as it is stored. The answer is
    stored for the time when it can."""
    stored = doc.get_doc_before_save() or frappe.get_doc("HD Ticket", doc.name)
    answered = doc.beesender_answered_at
    for fieldname in set(RESULT_FIELDS) - set(SOLUTION_FIELDS):
        doc.set(fieldname, stored.get(fieldname))
    if answered:
        doc.beesender_answered_at = answered
        doc.first_responded_on = to_site_time(from_column(answered))


def store_results(doc: Document) -> None:
    """Write the results of a saved ticket without another save."""
    write_results(doc)
    waking.wake_up(doc)
    doc.db_set(
        {fieldname: doc.get(fieldname) for fieldname in (*RESULT_FIELDS, NEXT_NOTICE)},
        update_modified=False,
    )
