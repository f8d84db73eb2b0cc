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
from beesender_support.policy.response.deadline_explanation import (
    explain_further,
    explain_promise,
)
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.sentences import Sentence, marked
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.records.site_time import now, to_instant
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.wording.language import speaking
from beesender_support.wording.renderer import in_words, reader

Verdict = Literal["accepted", "held", "declined"]
# Outside the policy nothing is said of admission, and nothing stands against a request.
VERDICTS: dict[str, Verdict] = {"Held": "held", "Declined": "declined"}
# Of what is promised besides the first answer.
_KEYS = {NEXT_ANSWER: "next_answer_due", SOLUTION: "solution_due"}
_REGISTERED = marked("Request {0} is registered.")
_ANSWERED = marked("Support has answered request {0}.")
# By whether it was answered, whether an answer is due, and whether a solution is.
_SENTENCES = {
    (False, False, False): _REGISTERED,
    (False, True, False): marked(
        "Request {0} is registered. Support answers by {1} ({2})."
    ),
    (False, False, True): marked(
        "Request {0} is registered. Support solves it by {1} ({2})."
    ),
    (False, True, True): marked(
        "Request {0} is registered. Support answers by {1} and solves it by {2} ({3})."
    ),
    (True, False, False): _ANSWERED,
    (True, True, False): marked(
        "Support answers your last message about request {0} by {1} ({2})."
    ),
    (True, False, True): marked(
        "Support has answered request {0} and solves it by {1} ({2})."
    ),
    (True, True, True): marked(
        "Support answers your last message about request {0} by {1} and solves the"
        " request by {2} ({3})."
    ),
}


# An instant as ISO text, with the offset of the plan's zone.
Stamp = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]


class _Further(TypedDict, total=False):
    """What is promised besides the first answer: absent where that is nothing, None
    while its deadline moves because support waits."""

    next_answer_due: Stamp | None
    solution_due: Stamp | None


class _Said(_Further):
    ticket: str | None
    verdict: Verdict
    reason: str | None
    sentence: str
    response_due: Stamp | None
    explanation: str | None
    category: str | None
    support_hours: str | None


class Reply(_Said):
    """``sentence``, ``explanation`` and ``support_hours`` are in the user's language,
    ``reason`` is a code and ``category`` a name as ``register`` takes it.
    ``response_due`` is None where nothing is promised, ``support_hours`` where no plan
    has them, ``ticket`` while an agent has the request."""

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
        "category": None,
        "support_hours": None,
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
        "category": doc.ticket_type or None,
        "support_hours": None,
    }
    try:
        promises = promise.promises_of(doc)
        due = promises.of(FIRST_ANSWER).due
        said["response_due"] = _stamp(doc, due) if due else None
        said.update(_further(doc, promises))
        said["explanation"] = _explanation(doc, promises, correction)
        said["support_hours"] = _support_hours(doc)
        said["sentence"] = _sentence(doc, verdict, promises)
    except Exception as fault:
        log_fault("Beesender Support: a chat answer could not be put in words", fault)
    return said


def _further(doc: Document, promises: Promises) -> _Further:
    return {
        key: each.due and _stamp(doc, each.due)
        for each in promises.each()
        if (key := _KEYS.get(each.target))
    }


def _sentence(doc: Document, verdict: str, promises: Promises) -> str:
    if verdict == "held":
        waiting = _("Request {0} is registered and waits for a support agent.")
        return f"{waiting.format(doc.name)} {held_requests.reason_in_words(doc)}"
    if verdict == "declined":
        return _("Request {0} was declined.").format(doc.name)
    if any(_is_solved(each) for each in promises.each()):
        return _("Support has solved request {0}.").format(doc.name)
    awaited = {each.target: each.awaited_by for each in promises.each()}
    is_answered = bool(doc.first_responded_on)
    answer = awaited.get(NEXT_ANSWER if is_answered else FIRST_ANSWER)
    solution = awaited.get(SOLUTION)
    template = _(_SENTENCES[is_answered, bool(answer), bool(solution)])
    terms = promise.terms_of(doc)
    if terms is None:
        return template.format(doc.name)
    zone = terms.calendar.zone
    moments = [
        reader().moment(due.astimezone(zone)) for due in (answer, solution) if due
    ]
    return template.format(doc.name, *moments, terms.time_zone)


def _support_hours(doc: Document) -> str | None:
    """When support works on the request, in the zone of its plan."""
    terms = promise.terms_of(doc)
    if terms is None:
        return None
    hours = reader().support_hours(terms.calendar.support_hours)
    return f"{hours}, {terms.time_zone}"


def _is_solved(promised: Promised) -> bool:
    is_solution = promised.target == SOLUTION
    return is_solution and bool(promised.run and promised.run.stopped_at)


def _explanation(
    doc: Document, promises: Promises, correction: Sentence | None
) -> str | None:
    """Why this priority and these deadlines; None where there is nothing to explain."""
    sentences = [correction] if correction else []
    if terms := promise.terms_of(doc):
        category = catalogue.category_for(doc.ticket_type)
        name = category.name if category else doc.ticket_type
        due = promises.of(FIRST_ANSWER).due
        sentences.append(explain_promise(terms, name, doc.beesender_priority, due))
        sentences += explain_further(terms, doc.beesender_priority, promises)
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
