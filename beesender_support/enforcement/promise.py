"""The promise on a ticket: its frozen terms, and how it stands in Helpdesk's own fields."""

import json
from datetime import datetime
from functools import lru_cache

from frappe.model.document import Document

from beesender_support.enforcement import loaders
from beesender_support.enforcement.agreement import ensure_agreement
from beesender_support.enforcement.site_time import now, to_instant, to_site_time
from beesender_support.policy.response import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    NO_PROMISE,
    Response,
    Terms,
    assess,
)

AGREEMENT_STATUS = {
    DUE: "First Response Due",
    AT_RISK: "First Response Due",
    MET: "Fulfilled",
    BREACHED: "Failed",
}
# How the promise stands, as lists filter for it; empty without a promise.
RESPONSE_STATE = {DUE: "Due", AT_RISK: "At risk", MET: "Met", BREACHED: "Breached"}
RESULT_FIELDS = (
    "beesender_response_state",
    "beesender_at_risk_on",
    "sla",
    "response_by",
    "resolution_by",
    "first_responded_on",
    "first_response_time",
    "first_response_failed_by",
    "resolution_failed_by",
    "agreement_status",
)


def write_terms(doc: Document, terms: Terms | None) -> None:
    doc.beesender_terms = json.dumps(terms.as_dict()) if terms else None
    if terms:
        doc.service_level_agreement_creation = to_site_time(terms.started_at)


def terms_of(doc: Document) -> Terms | None:
    """What the ticket was promised, as frozen on it."""
    stored = doc.beesender_terms
    if not stored:
        return None
    return _terms(stored if isinstance(stored, str) else json.dumps(stored))


@lru_cache(maxsize=256)
def _terms(stored: str) -> Terms:
    return Terms.from_dict(json.loads(stored))


def follow_clock_start(doc: Document) -> None:
    """An agent or the system moved the start of the clock."""
    terms = terms_of(doc)
    if terms and doc.has_value_changed("service_level_agreement_creation"):
        start = to_instant(doc.service_level_agreement_creation, near=terms.started_at)
        write_terms(doc, terms.restarted(start))


def restart_clock_of_split(doc: Document) -> None:
    """A part split off a ticket keeps its admission and terms; Helpdesk registers it now."""
    start = doc.service_level_agreement_creation
    write_terms(doc, terms_of(doc).restarted(to_instant(start, near=now())))


def answered_at(doc: Document) -> datetime | None:
    """The instant of the first answer."""
    answered = doc.first_responded_on
    return to_instant(answered, near=now()) if answered else None


def response_of(doc: Document) -> Response:
    """How the promise stands now."""
    terms = terms_of(doc)
    category = loaders.category_for(doc.ticket_type)
    if terms is None or category is None:
        return NO_PROMISE
    return assess(
        terms,
        category,
        doc.beesender_priority,
        responded_at=answered_at(doc),
        now=now(),
        at_risk_share=loaders.settings().at_risk_share,
    )


def is_promised(doc: Document) -> bool:
    terms = terms_of(doc)
    category = loaders.category_for(doc.ticket_type)
    return bool(
        terms
        and category
        and category.promises_response
        and doc.beesender_priority in terms.response_targets
    )


def choose_agreement(doc: Document) -> None:
    """Name the tier's agreement, so that Helpdesk shows the tier."""
    if not doc.beesender_admission:
        return
    before = doc.get_doc_before_save()
    if is_promised(doc):
        doc.sla = ensure_agreement(doc.beesender_tier, doc.is_new()) or doc.sla
    elif before and not before.sla:
        # Helpdesk cannot save a ticket without an agreement and would log its own
        # choice as a change at every save; write_results takes it off again.
        before.sla = doc.sla


def write_results(doc: Document) -> None:
    """Put how the promise stands into Helpdesk's own fields.

    Without a promise the ticket has no agreement: Helpdesk's hourly job would call an
    agreement without a deadline failed.
    """
    response = response_of(doc)
    doc.resolution_by = None
    doc.resolution_failed_by = None
    doc.agreement_status = AGREEMENT_STATUS.get(response.state)
    doc.beesender_response_state = RESPONSE_STATE.get(response.state)
    doc.beesender_at_risk_on = response.due and to_site_time(response.at_risk_from)
    doc.response_by = response.due and to_site_time(response.due)
    is_answered = response.due and doc.first_responded_on
    doc.first_response_time = response.used.total_seconds() if is_answered else None
    doc.first_response_failed_by = (
        response.late_by.total_seconds() if is_answered and response.late_by else None
    )
    if not response.due:
        doc.sla = None


def store_results(doc: Document) -> None:
    """Write the results of a saved ticket without another save."""
    write_results(doc)
    doc.db_set(
        {fieldname: doc.get(fieldname) for fieldname in RESULT_FIELDS},
        update_modified=False,
    )
