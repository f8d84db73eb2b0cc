"""What the texts of notices say about a request, in the reader's language: plain text by
the name of each variable."""

from collections.abc import Mapping
from datetime import datetime
from html import unescape
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_fullname, get_system_timezone, get_url

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import UnknownTimeZone
from beesender_support.policy.response.deadline_explanation import (
    explain_further,
    no_promise_for,
    state_promise,
)
from beesender_support.policy.response.promises import Promises
from beesender_support.policy.sold.targets import FIRST_ANSWER, SOLUTION
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.wording.renderer import in_words, reader

Values = Mapping[str, str]


class Chosen(NamedTuple):
    """The category and priority of a request, at some time."""

    category: str | None
    priority: str | None


def of_request(doc: Document) -> Values:
    """Which request it is, whose, and where it is shown."""
    return {
        "ticket": str(doc.name),
        "subject": unescape(doc.subject or ""),
        "person": _person(doc),
        "customer": doc.customer or "",
        "request_link": get_url(f"/helpdesk/my-tickets/{doc.name}"),
    }


def of_promise(doc: Document, now: datetime) -> Values:
    """What was understood, and what is promised for it."""
    promises = promise.promises_of(doc)
    terms = promise.terms_of(doc)
    return {
        "category": category_in_words(doc.ticket_type),
        "priority": priority_in_words(doc.beesender_priority),
        "support_state": (
            support_state(terms.calendar, now, zone_of_client(doc)) if terms else ""
        ),
        "promise": promise_in_words(doc, promises, now),
        "why": why_in_words(doc, promises),
    }


def category_in_words(category: str | None) -> str:
    return _(category) if category else ""


def priority_in_words(code: str | None) -> str:
    """``P1 · System fully down``, to stand within a sentence."""
    meaning = code and catalogue.priority_meanings().get(code)
    return f"{code} · {_(meaning).rstrip('.')}" if meaning else code or ""


def support_state(calendar: Calendar, now: datetime, zone: str) -> str:
    if calendar.is_open(now):
        return _("Support is open now.")
    opens_at = moment_in_zone(calendar.next_open(now), zone)
    return _("Support opens {0}.").format(opens_at)


def promise_in_words(doc: Document, promises: Promises, now: datetime) -> str:
    """By when the client has an answer, or a solution where they have the answer."""
    zone = zone_of_client(doc)
    awaited = {each.target: each.awaited_by for each in promises.each()}
    if due := awaited.get(FIRST_ANSWER):
        if due > now:
            return _("We answer by {0}.").format(moment_in_zone(due, zone))
        return _(
            "We promised to answer by {0}. We are late, and we are working on it."
        ).format(moment_in_zone(due, zone))
    if not promises.first_answer.response.due:
        category = catalogue.category_for(doc.ticket_type)
        name = category.name if category else doc.ticket_type or ""
        return in_words(no_promise_for(name))
    if due := awaited.get(SOLUTION):
        return _("We solve it by {0}.").format(moment_in_zone(due, zone))
    return ""


def why_in_words(doc: Document, promises: Promises) -> str:
    """What the plan promises, from which the deadline came, and what it promises
    besides."""
    terms = promise.terms_of(doc)
    if terms is None:
        return ""
    sentences = []
    if promises.first_answer.response.due:
        sentences.append(state_promise(terms, doc.beesender_priority))
    sentences += explain_further(terms, doc.beesender_priority, promises)
    return " ".join(map(in_words, sentences))


# When, and where the client is


def moment_in_zone(instant: datetime, zone: str) -> str:
    """``Mon 2026-11-23 12:30 (GMT+3)``."""
    local = instant.astimezone(time_zone(zone))
    return f"{reader().weekday_and_moment(local)} ({zone})"


def zone_of_client(doc: Document) -> str:
    """The zone that the contact's user has chosen, else the plan's.

    Frappe gives every new user the zone of the site, so that one was not chosen.
    """
    of_site = get_system_timezone()
    user = doc.contact and frappe.db.get_value("Contact", doc.contact, "user")
    chosen = user and frappe.db.get_value("User", user, "time_zone")
    terms = promise.terms_of(doc)
    for name in (chosen if chosen != of_site else None, terms and terms.time_zone):
        if name and _is_known(name):
            return name
    return of_site


def _is_known(name: str) -> bool:
    try:
        time_zone(name)
    except UnknownTimeZone:
        return False
    return True


# People


def people_on(doc: Document) -> str:
    """Whoever it is assigned to; empty where that is nobody."""
    assigned = frappe.parse_json(doc.get("_assign") or "[]")
    return reader().listed([get_fullname(each) for each in assigned])


def _person(doc: Document) -> str:
    name = doc.contact and frappe.db.get_value("Contact", doc.contact, "full_name")
    return name or doc.raised_by or ""
