"""Replies to the chatbot and the site widget about a request, in the user's
language."""

from datetime import datetime
from typing import Annotated, Literal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone
from pydantic import WithJsonSchema
from typing_extensions import TypedDict

from beesender_support.enforcement.chat.payloads import Registration
from beesender_support.enforcement.requests import held_requests
from beesender_support.enforcement.safety.dead_letters import log_fault
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.response.deadline_explanation import explain_promise
from beesender_support.policy.sentences import Sentence
from beesender_support.records.site_time import now, to_instant
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.wording.language import speaking
from beesender_support.wording.renderer import in_words, reader

Verdict = Literal["accepted", "held", "declined"]
# Outside the policy nothing is said of admission, and nothing stands against a request.
VERDICTS: dict[str, Verdict] = {"Held": "held", "Declined": "declined"}


# An instant as ISO text, with the offset of the plan's zone.
Stamp = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class _Said(TypedDict):
    ticket: str | None
    verdict: Verdict
    reason: str | None
    sentence: str
    response_due: Stamp | None
    explanation: str | None


class Reply(_Said):
    """``sentence`` and ``explanation`` are in the user's language, ``reason`` is a code.
    ``response_due`` is None where nothing is promised, ``ticket`` while an agent has the
    request."""

    priority: str | None


class Registered(Reply, total=False):
    """``priority_corrected_from`` is absent where no ticket could be made."""

    priority_corrected_from: str | None


class Standing(Reply):
    """``status`` is Helpdesk's."""

    status: str | None
    first_responded_at: Stamp | None


def registered(ticket: str | None, payload: Registration) -> Registered:
    """The answer to a registration, also to a repeated one."""
    with speaking(payload.language):
        if ticket is None:
            return {**_of_dead_letter()}
        doc = frappe.get_doc("HD Ticket", ticket)
        correction = _correction(doc, payload.priority)
        return {
            **_said(doc, correction),
            "priority": doc.beesender_priority,
            "priority_corrected_from": payload.priority if correction else None,
        }


def standing(ticket: str | None, language: str) -> Standing:
    """The answer to a question about a request."""
    with speaking(language):
        if ticket is None:
            return {**_of_dead_letter(), "status": None, "first_responded_at": None}
        doc = frappe.get_doc("HD Ticket", ticket)
        answered = promise.answered_at(doc) or (
            doc.first_responded_on and _instant(doc.first_responded_on)
        )
        return {
            **_said(doc),
            "priority": doc.beesender_priority,
            "status": doc.status,
            "first_responded_at": _stamp(doc, answered) if answered else None,
        }


def _of_dead_letter() -> Reply:
    return {
        "ticket": None,
        "verdict": "held",
        "reason": "fault",
        "sentence": _("We have your request. A support agent registers it by hand."),
        "response_due": None,
        "explanation": None,
        "priority": None,
    }


def _said(doc: Document, correction: Sentence | None = None) -> _Said:
    """The ticket is registered whatever happens here, so a fault costs only the
    sentence."""
    verdict = VERDICTS.get(doc.beesender_admission, "accepted")
    said: _Said = {
        "ticket": doc.name,
        "verdict": verdict,
        "reason": doc.beesender_admission_reason or None,
        "sentence": _("Request {0} is registered.").format(doc.name),
        "response_due": None,
        "explanation": None,
    }
    try:
        due = promise.response_of(doc).due
        said["response_due"] = _stamp(doc, due) if due else None
        said["explanation"] = _explanation(doc, due, correction)
        said["sentence"] = _sentence(doc, verdict, due)
    except Exception as fault:
        log_fault("Beesender Support: a chat answer could not be put in words", fault)
    return said


def _sentence(doc: Document, verdict: str, due: datetime | None) -> str:
    if verdict == "held":
        waiting = _("Request {0} is registered and waits for a support agent.")
        return f"{waiting.format(doc.name)} {held_requests.reason_in_words(doc)}"
    if verdict == "declined":
        return _("Request {0} was declined.").format(doc.name)
    if doc.first_responded_on:
        return _("Support has answered request {0}.").format(doc.name)
    terms = promise.terms_of(doc)
    if due and terms:
        local = due.astimezone(terms.calendar.zone)
        return _("Request {0} is registered. Support answers by {1} ({2}).").format(
            doc.name, reader().moment(local), terms.time_zone
        )
    return _("Request {0} is registered.").format(doc.name)


def _explanation(
    doc: Document, due: datetime | None, correction: Sentence | None
) -> str | None:
    """Why this priority and this deadline; None where there is nothing to explain."""
    sentences = [correction] if correction else []
    if terms := promise.terms_of(doc):
        category = catalogue.category_for(doc.ticket_type)
        name = category.name if category else doc.ticket_type
        sentences.append(explain_promise(terms, name, doc.beesender_priority, due))
    return " ".join(map(in_words, sentences)) or None


def _correction(doc: Document, asked: str | None) -> Sentence | None:
    """Why the requested priority is not allowed; None where it is, or outside the
    policy."""
    category = catalogue.category_for(doc.ticket_type)
    if not (asked and category and doc.beesender_admission):
        return None
    return settle_priority(category, asked).correction


def _instant(site_time: datetime) -> datetime:
    return to_instant(site_time, near=now())


def _stamp(doc: Document, instant: datetime) -> Stamp:
    """With the offset of the plan's zone; the site's for a ticket without terms."""
    terms = promise.terms_of(doc)
    zone = terms.calendar.zone if terms else time_zone(get_system_timezone())
    return instant.astimezone(zone).isoformat(timespec="seconds")
