"""How the promise of a ticket stands, in the reader's language.

Times left are counted here, between instants: Helpdesk's own badges mistake the site's
time for the browser's.
"""

from datetime import datetime, timedelta
from typing import TypedDict

from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.plans.categories import Category
from beesender_support.policy.response.deadline_explanation import (
    no_promise_for,
    state_promise,
)
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    NONE,
    Response,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sentences import Sentence
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.wording.reader import MINUTE
from beesender_support.wording.renderer import fill
from beesender_support.wording.renderer import in_words as sentence_in_words
from beesender_support.wording.renderer import reader


class Words(TypedDict):
    """A short ``label`` for a badge or list, and a full ``sentence``."""

    label: str
    sentence: str


class StateInWords(Words):
    """``state``: met, breached, due, at_risk or none."""

    state: str


def in_words(doc: Document) -> StateInWords:
    if not promise.counts_by_itself(doc):
        return {"state": NONE, **_merged(doc)}
    if why := promise.why_unreadable(doc):
        return {"state": NONE, **_unreadable(why)}
    response, terms = promise.response_of(doc), promise.terms_of(doc)
    if response.due is None or terms is None:
        category = catalogue.category_for(doc.ticket_type)
        return {"state": response.state, **why_no_deadline(doc, category)}
    promised = state_promise(terms, doc.beesender_priority)
    return {
        "state": response.state,
        "label": label_of(response, doc),
        "sentence": sentence_in_words(promised),
    }


def short_label(doc: Document) -> str:
    """The ``label`` alone, as lists show it; does not read the present plans."""
    if not promise.counts_by_itself(doc):
        return _merged(doc)["label"]
    if why := promise.why_unreadable(doc):
        return _unreadable(why)["label"]
    return label_of(promise.response_of(doc), doc)


def label_of(response: Response, doc: Document) -> str:
    """How a promise stands, in a few words; ``response`` may be one that is foreseen."""
    due, terms = response.due, promise.terms_of(doc)
    if due is None or terms is None:
        return _label_without_deadline(doc)
    answered = promise.answered_at(doc)
    if answered and response.state == MET:
        return _in_time(response, terms, answered)
    if answered and response.state == BREACHED:
        return _too_late(response, answered - due)
    if doc.status_category == "Resolved":
        return _("Closed without an answer")
    left = due - now()
    if response.state == BREACHED:
        return _("Overdue by {0}").format(reader().length(max(-left, MINUTE)))
    if left < MINUTE:
        return _("Due in less than a minute")
    return _("Due in {0}").format(reader().length(left))


def _in_time(response: Response, terms: Terms, answered: datetime) -> str:
    """Support time is named as such where it differs from time on the clock."""
    used, elapsed = response.used or timedelta(), answered - terms.started_at
    if elapsed <= timedelta():
        return _("Answered at once")
    if not used:
        return _("Answered before support opened")
    is_by_the_wall = elapsed - used < MINUTE
    if used < MINUTE:
        return (
            _("Fulfilled in less than a minute")
            if is_by_the_wall
            else _("Fulfilled in less than a minute of support time")
        )
    length = reader().support_time(used)
    if is_by_the_wall:
        return _("Fulfilled in {0}").format(length)
    return _("Fulfilled in {0} of support time").format(length)


def _too_late(response: Response, since_due: timedelta) -> str:
    """After closing time an answer may be late by no support time at all."""
    late_by = response.late_by or timedelta()
    if late_by < MINUTE:
        return _("Answered too late")
    length = reader().support_time(late_by)
    if since_due - late_by < MINUTE:
        return _("Failed by {0}").format(length)
    return _("Failed by {0} of support time").format(length)


def why_no_deadline(doc: Document, category: Category | None) -> Words:
    """No promise for the category, or none yet: a request that waits for admission."""
    label = _label_without_deadline(doc)
    if doc.beesender_admission != "Accepted":
        return {"label": label, "sentence": held_requests.reason_in_words(doc)}
    unpromised = no_promise_for(category.name if category else doc.ticket_type or "")
    return {"label": label, "sentence": sentence_in_words(unpromised)}


def _label_without_deadline(doc: Document) -> str:
    if doc.beesender_admission == "Accepted":
        return _("Not promised")
    return _(doc.beesender_admission) if doc.beesender_admission else ""


def _unreadable(why: Sentence | str) -> Words:
    """The app or its tz database is older than the terms, or somebody edited them."""
    return {
        "label": _("Cannot be recounted"),
        "sentence": fill(
            _(
                "The promise on this ticket cannot be recounted: {0}. The stored"
                " deadline stays. Ask your administrator to check the terms."
            ),
            why,
        ),
    }


def _merged(doc: Document) -> Words:
    """Nobody answers a merged ticket: the request is answered in the other."""
    if not doc.merged_with:
        return {"label": _("Merged"), "sentence": _("This request was merged.")}
    return {
        "label": _("Merged into #{0}").format(doc.merged_with),
        "sentence": _(
            "This request was merged into #{0}. It is answered there, by the promise of"
            " that request."
        ).format(doc.merged_with),
    }
