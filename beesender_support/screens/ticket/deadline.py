"""The promises of a ticket at a glance.

Instants are given in UTC, as ISO text: the browser shows them in the reader's zone.
"""

from datetime import datetime, tzinfo
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import UnknownTimeZone
from beesender_support.policy.response.promises import NOTHING_PROMISED, Promises
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import FIRST_ANSWER
from beesender_support.records.site_time import iso_text, now
from beesender_support.records.tickets import promise
from beesender_support.screens.ticket import labels, promise_in_words
from beesender_support.screens.ticket.countdown import (
    NOT_COUNTED,
    Countdown,
    Words,
    countdown_of,
    words,
)
from beesender_support.wording.names import TARGET_NAMES


class Zone(TypedDict):
    """``time_zone`` is a name that browsers know, empty if there is none."""

    label: str
    time_zone: str


class Standing(promise_in_words.StateInWords):
    """How a promise stands, and how it goes on."""

    countdown: Countdown


class Promise(Standing):
    """How one promise stands.

    ``name`` is that of the target, ``title`` what stands before its ``label``. ``due``
    is None where it is still moving, or nothing is owed any more; ``settled`` is when it
    was answered or solved. ``labels`` are those of these two.
    """

    target: str
    name: str
    title: str
    due: str | None
    settled: str | None
    labels: dict[str, str]


class Glance(Standing):
    """How the promise of the first answer stands, when it is due, and when it was
    answered; ``promises`` are all that are made, the first answer included.

    ``due`` and ``answered`` are instants; ``zones`` those to show them in besides the
    reader's own; ``labels`` what stands around it all, by name; ``now`` the instant of
    it, and ``words`` what the words of a countdown are made of.
    """

    due: str | None
    answered: str | None
    promises: list[Promise]
    zones: list[Zone]
    language: str
    labels: dict[str, str]
    now: str
    words: Words


def glance(doc: Document) -> Glance:
    return glance_at(doc, promises_of(doc))


def glance_at(doc: Document, promises: Promises) -> Glance:
    response, terms = promises.first_answer.response, promise.terms_of(doc)
    answered = promise.answered_at(doc) if response.due else None
    made = of_each(doc, terms, promises, doc.beesender_priority) if terms else []
    return {
        **promise_in_words.in_words(doc, promises),
        "countdown": (
            countdown_of(promises.first_answer, doc)
            if response.due and terms
            else NOT_COUNTED
        ),
        "due": iso_text(response.due),
        "answered": iso_text(answered),
        "promises": made,
        "zones": zones_of(doc) if made else [],
        "language": frappe.local.lang,
        "labels": labels.of_promise(),
        "now": now().isoformat(),
        "words": words(),
    }


def promises_of(doc: Document) -> Promises:
    """Of a merged ticket none: the request is answered in the other."""
    if not promise.counts_by_itself(doc):
        return NOTHING_PROMISED
    return promise.promises_of(doc)


def of_each(
    doc: Document, terms: Terms, promises: Promises, priority: str
) -> list[Promise]:
    """Each promise, as it stands or as foreseen for another ``priority``."""
    each = promises.each()
    is_only = [promised.target for promised in each] == [FIRST_ANSWER]
    return [
        {
            **promise_in_words.promised_in_words(doc, terms, promised, priority),
            "countdown": countdown_of(promised, doc),
            "target": promised.target,
            "name": _(TARGET_NAMES[promised.target]),
            "title": _("Promise") if is_only else _(TARGET_NAMES[promised.target]),
            "due": iso_text(promised.due),
            "settled": iso_text(promised.run and promised.run.stopped_at),
            "labels": labels.of_target(promised.target),
        }
        for promised in each
    ]


def zones_of(doc: Document) -> list[Zone]:
    """The zones besides the reader's own: the plan's, and for agents the customer's."""
    terms = promise.terms_of(doc)
    if terms is None:
        return []
    zones = [_zone(_("plan: {0}").format(terms.time_zone), terms.time_zone)]
    if is_agent() and (client_zone := _zone_of_contact(doc.contact)):
        label = _("customer: {0}").format(client_zone)
        zones.append(_zone(label, client_zone))
    return zones


def _zone_of_contact(contact: str | None) -> str | None:
    user = contact and frappe.db.get_value("Contact", contact, "user")
    return user and frappe.db.get_value("User", user, "time_zone")


def _zone(label: str, name: str) -> Zone:
    try:
        return {"label": label, "time_zone": _name_for_browsers(time_zone(name))}
    except UnknownTimeZone:
        return {"label": label, "time_zone": ""}


def _name_for_browsers(zone: tzinfo) -> str:
    """``GMT+3`` is ``Etc/GMT-3`` to a browser; half hours are plain offsets."""
    return getattr(zone, "key", None) or datetime.now(zone).isoformat()[-6:]
