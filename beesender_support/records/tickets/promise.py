"""The promises on a ticket: their frozen terms, what happened since, and how they stand."""

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import frappe
from frappe.model.document import Document

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.response.clocks import (
    OVER,
    WAITING,
    Event,
    Happening,
)
from beesender_support.policy.response.promises import (
    NOTHING_PROMISED,
    Promises,
    assess_all,
)
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    PAUSED,
    Response,
    counts,
    is_still_promised,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)
from beesender_support.records import settings
from beesender_support.records.site_time import (
    from_column,
    now,
    to_instant,
    to_site_time,
)
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.ticket_context import Assessed, context_of


class TargetFields(NamedTuple):
    """The columns that say how the promise of a target stands."""

    state: str
    due_at: str
    at_risk_at: str


FIELDS_OF_TARGET = {
    FIRST_ANSWER: TargetFields(
        "beesender_response_state", "beesender_due_at", "beesender_at_risk_at"
    ),
    NEXT_ANSWER: TargetFields(
        "beesender_next_answer_state",
        "beesender_next_answer_due_at",
        "beesender_next_answer_at_risk_at",
    ),
    SOLUTION: TargetFields(
        "beesender_solution_state",
        "beesender_solution_due_at",
        "beesender_solution_at_risk_at",
    ),
}


class FieldsOfHelpdesk(NamedTuple):
    """Helpdesk's columns of what was given once: until when it was to be, in site time,
    and in seconds how long it took and by how much it was late."""

    due: str
    took: str
    late_by: str


# Of next answers, which a ticket has several of, Helpdesk has none.
FIELDS_OF_HELPDESK = {
    FIRST_ANSWER: FieldsOfHelpdesk(
        "response_by", "first_response_time", "first_response_failed_by"
    ),
    SOLUTION: FieldsOfHelpdesk(
        "resolution_by", "resolution_time", "resolution_failed_by"
    ),
}
# How a promise stands, as lists filter for it; empty where nothing is owed.
RESPONSE_STATE = {
    DUE: "Due",
    AT_RISK: "At risk",
    PAUSED: "Paused",
    MET: "Met",
    BREACHED: "Breached",
}
# The soonest deadline of what nobody has given yet; lists are sorted by it. Where nothing
# is owed it lies beyond all others, because a database sorts an empty one first.
NEXT_DUE, NOTHING_DUE = "beesender_next_due_at", datetime(9999, 12, 31)
# Columns of this app in naive UTC, except when the request was registered.
UTC_FIELDS = (
    NEXT_DUE,
    "beesender_due_at",
    "beesender_at_risk_at",
    "beesender_answered_at",
    "beesender_closed_at",
    *FIELDS_OF_TARGET[NEXT_ANSWER][1:],
    *FIELDS_OF_TARGET[SOLUTION][1:],
)
# How many promises of a next answer were met and broken before the present one.
EARLIER_MET = "beesender_next_answers_met"
EARLIER_BREACHED = "beesender_next_answers_breached"
# The support time of each next answer that was given, in seconds, as a JSON list.
NEXT_ANSWER_TIMES = "beesender_next_answer_times"
# From which share of a target its promise counted as at risk when it was last stored.
AT_RISK_PERCENT = "beesender_at_risk_percent"
STATE_FIELDS = (
    *(FIELDS_OF_TARGET[each].state for each in TARGETS),
    EARLIER_MET,
    EARLIER_BREACHED,
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
    "beesender_events",
    "beesender_closing_reason",
    "on_hold_since",
    "resolution_date",
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


# What happened


def happenings_of(doc: Document) -> tuple[Happening, ...]:
    """What moved the clocks of the ticket since they started, besides its first answer.

    Of a ticket from before this was stored: the status that it has. What cannot be read
    counts as nothing, so no pause is made up.
    """
    stored = doc.beesender_events
    if not stored:
        return tuple(_by_its_status(doc))
    return _happenings(stored if isinstance(stored, str) else json.dumps(stored))


@lru_cache(maxsize=2048)
def _happenings(stored: str) -> tuple[Happening, ...]:
    try:
        return tuple(map(Happening.from_list, json.loads(stored)))
    except (TypeError, ValueError):
        return ()


def _by_its_status(doc: Document) -> Iterator[Happening]:
    if doc.status_category == WAITING and doc.on_hold_since:
        yield Happening(Event.PAUSED, to_instant(doc.on_hold_since, near=now()))
    if doc.status_category == OVER and (closed := closed_at(doc)):
        is_solved = is_solution(doc.beesender_closing_reason)
        terms = terms_of(doc)
        yield Happening(
            Event.RESOLVED if is_solved else Event.CLOSED,
            closed,
            doc.beesender_priority,
            terms.promises_now if terms else None,
        )


def next_answer_times_of(promises: Promises) -> str | None:
    """As its column stores them; None where no next answer was given."""
    times = [each.total_seconds() for each in promises.times_of(NEXT_ANSWER)]
    return json.dumps(times) if times else None


def write_happenings(doc: Document, happenings: Iterable[Happening]) -> None:
    doc.beesender_events = json.dumps([each.as_list() for each in happenings])


def is_solution(closing_reason: str | None) -> bool:
    """Whether closing for this reason counts as a solution; without a reason it does."""
    if not closing_reason:
        return True
    counted = frappe.get_cached_value(
        "Beesender Closing Reason", closing_reason, "counts_as_solution"
    )
    # A reason that an admin deleted was one when the ticket was closed for it.
    return bool(counted)


# How it stands


def counts_by_itself(doc: Document) -> bool:
    """Whether its promise is shown and counted as its own; see ``COUNTED`` for queries."""
    return counts(is_merged=bool(doc.is_merged))


def response_of(doc: Document) -> Response:
    """How the promise of the first answer stands now, as ``promises_of`` says it."""
    return promises_of(doc).first_answer.response


def promises_of(doc: Document) -> Promises:
    """How the promises stand now; of a merged ticket that nobody answered, and of terms
    that cannot be read, nothing is said."""
    facts = _facts_of(doc)
    if facts is None:
        return NOTHING_PROMISED
    return assess_all(
        facts.terms,
        facts.priority,
        responded_at=facts.answered_at,
        closed_at=facts.closed_at,
        happenings=facts.happenings,
        now=now(),
        at_risk_share=settings.current().at_risk_share,
    )


def hand_on_promises(
    doc: Document, promises: Promises, answered: datetime | None
) -> None:
    """Store the promises of a decision for the results of the same save.

    Not of a closed ticket, and not where the columns hold another instant than
    ``answered``: the decision knew of neither.
    """
    facts = _facts_of(doc)
    context_of(doc).promises = None
    if facts and (facts.answered_at, facts.closed_at) == (answered, None):
        context_of(doc).promises = facts, promises


def promises_in_save(doc: Document) -> Promises:
    """Those of the decision made in this save, if nothing they depend on changed since;
    else how the promises stand now."""
    context = context_of(doc)
    handed_on, context.promises = context.promises, None
    if handed_on and handed_on[0] == _facts_of(doc):
        return handed_on[1]
    return promises_of(doc)


def _facts_of(doc: Document) -> Assessed | None:
    terms, answered = terms_of(doc), answered_at(doc)
    if terms is None or not is_still_promised(
        is_merged=bool(doc.is_merged), is_answered=bool(answered)
    ):
        return None
    if doc.is_merged:
        terms = terms.of_first_answer()
    return Assessed(
        terms,
        doc.beesender_priority,
        answered,
        closed_at(doc),
        happenings_of(doc) if terms.ever_promised_more else (),
    )


def promised_targets(doc: Document) -> frozenset[str]:
    """The targets that are promised for the ticket's priority and category."""
    terms = terms_of(doc)
    if terms is None:
        return frozenset()
    priority = doc.beesender_priority
    promised = {
        each for each in FURTHER_TARGETS if terms.length_of(each, priority) is not None
    }
    if terms.promise_for(priority):
        promised.add(FIRST_ANSWER)
    return frozenset(promised)


def is_promised(doc: Document) -> bool:
    """Whether a first answer is promised."""
    return FIRST_ANSWER in promised_targets(doc)
