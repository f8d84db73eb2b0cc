"""The promise on a ticket: its frozen terms, the instants that settle it, and how it stands."""

import json
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.response.response_state import (
    NO_PROMISE,
    Response,
    assess,
    counts,
    is_still_promised,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.records import settings
from beesender_support.records.site_time import (
    from_column,
    now,
    to_instant,
    to_site_time,
)
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.ticket_context import Assessed, context_of

# Columns of this app in naive UTC, except when the request was registered.
UTC_FIELDS = (
    "beesender_due_at",
    "beesender_at_risk_at",
    "beesender_answered_at",
    "beesender_closed_at",
)
# Of which tickets the promise counts, as a filter: those for which ``counts`` says so.
COUNTED = {"is_merged": 0}
# The columns needed to tell how the promise of a ticket stands.
FACTS = (
    "name",
    "ticket_type",
    "creation",
    "status_category",
    "is_merged",
    "merged_with",
    "first_responded_on",
    "response_by",
    "beesender_admission",
    "beesender_priority",
    "beesender_terms",
    "beesender_registered_at",
    "beesender_due_at",
    "beesender_answered_at",
    "beesender_closed_at",
)


# Terms


class Unreadable(NamedTuple):
    """Terms that this version of the app, or of the tz database, cannot read."""

    why: Sentence | str


def write_terms(doc: Document, terms: Terms | None) -> None:
    """Freeze the terms on the ticket; Helpdesk counts from the start of their clock."""
    doc.beesender_terms = json.dumps(terms.as_dict()) if terms else None
    if terms:
        doc.service_level_agreement_creation = to_site_time(terms.started_at)
        # Other steps of this save need not parse the text again.
        context_of(doc).terms = doc.beesender_terms, terms


def terms_of(doc: Document) -> Terms | None:
    """What the ticket was promised, as frozen on it; None also where that cannot be
    read, see ``why_unreadable``."""
    terms = _read(doc)
    if not isinstance(terms, Terms):
        return None
    if terms.promises_response is None:
        category = catalogue.category_for(doc.ticket_type)
        return terms.moved_to(category) if category else terms
    return terms


def why_unreadable(doc: Document) -> Sentence | str | None:
    """Why the terms on a ticket cannot be read; None where they can, or there are none."""
    terms = _read(doc)
    return terms.why if isinstance(terms, Unreadable) else None


def unreadable_tickets() -> dict[str, Sentence | str]:
    """Open tickets whose terms cannot be read, and why: one of each format and zone."""
    rows = frappe.db.sql(
        """select min(name) from `tabHD Ticket`
        where beesender_terms is not null and status_category != 'Resolved'
        group by json_value(beesender_terms, '$.format'),
            json_value(beesender_terms, '$.time_zone')""",
        pluck=True,
    )
    tickets = frappe.get_all("HD Ticket", {"name": ("in", rows)}, FACTS) if rows else []
    reasons = {str(each.name): why_unreadable(each) for each in tickets}
    return {name: why for name, why in reasons.items() if why}


def _read(doc: Document) -> Terms | Unreadable | None:
    stored = doc.beesender_terms
    if not stored:
        return None
    written = context_of(doc).terms if isinstance(doc, Document) else None
    if written and written[0] == stored:
        return written[1]
    return _terms(stored if isinstance(stored, str) else json.dumps(stored))


# A page of a list has up to 500 tickets, each with terms of its own.
@lru_cache(maxsize=2048)
def _terms(stored: str) -> Terms | Unreadable:
    try:
        terms = Terms.from_dict(json.loads(stored))
        # A zone that the tz database lacks is detected here, not while counting.
        terms.calendar.next_open(terms.started_at)
    except KeyError as fault:
        return Unreadable(Sentence(_("{name} is missing"), {"name": str(fault)}))
    except PolicyError as fault:
        return Unreadable(fault.sentence)
    except (TypeError, ValueError, AttributeError) as fault:
        return Unreadable(str(fault))
    return terms


# Instants


def registered_at(doc: Document) -> datetime:
    """When the ticket was registered."""
    return from_column(doc.beesender_registered_at) or to_instant(doc.creation)


def answered_at(doc: Document) -> datetime | None:
    """The instant of the first answer to what was promised.

    A stamp that only Helpdesk's field has is from before this app stored its own.
    """
    if answered := from_column(doc.beesender_answered_at):
        return answered
    stamp = doc.beesender_terms and doc.first_responded_on
    return to_instant(stamp, near=now()) if stamp else None


def closed_at(doc: Document) -> datetime | None:
    return from_column(doc.beesender_closed_at)


# How it stands


def counts_by_itself(doc: Document) -> bool:
    """Whether its promise is shown and counted as its own; see ``COUNTED`` for queries."""
    return counts(is_merged=bool(doc.is_merged))


def response_of(doc: Document) -> Response:
    """How the promise stands now; of a merged ticket that nobody answered, and of terms
    that cannot be read, nothing is said."""
    facts = _facts_of(doc)
    if facts is None:
        return NO_PROMISE
    return assess(
        facts.terms,
        facts.priority,
        responded_at=facts.answered_at,
        closed_at=facts.closed_at,
        now=now(),
        at_risk_share=settings.current().at_risk_share,
    )


def hand_on_response(
    doc: Document, response: Response, answered: datetime | None
) -> None:
    """Store the response of a decision for the results of the same save.

    Not of a closed ticket, and not where the columns hold another instant than
    ``answered``: the decision knew of neither.
    """
    facts = _facts_of(doc)
    context_of(doc).response = None
    if facts and (facts.answered_at, facts.closed_at) == (answered, None):
        context_of(doc).response = facts, response


def response_in_save(doc: Document) -> Response:
    """That of the decision made in this save, if nothing it depends on changed since;
    else how the promise stands now."""
    context = context_of(doc)
    handed_on, context.response = context.response, None
    if handed_on and handed_on[0] == _facts_of(doc):
        return handed_on[1]
    return response_of(doc)


def _facts_of(doc: Document) -> Assessed | None:
    terms, answered = terms_of(doc), answered_at(doc)
    if terms is None or not is_still_promised(
        is_merged=bool(doc.is_merged), is_answered=bool(answered)
    ):
        return None
    return Assessed(terms, doc.beesender_priority, answered, closed_at(doc))


def is_promised(doc: Document) -> bool:
    terms = terms_of(doc)
    return bool(terms and terms.promise_for(doc.beesender_priority))
