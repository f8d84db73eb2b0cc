"""The promise of a ticket at a glance, and why its deadline is when it is.

Instants are given in UTC, as ISO text: the browser shows them in the reader's zone.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone, tzinfo
from itertools import accumulate
from typing import Literal, TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.calendar.calendar import BREAK, HOLIDAY, NIGHT, WEEKEND
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import UnknownTimeZone
from beesender_support.policy.response.deadline_explanation import (
    Closure,
    Passage,
    explain_deadline,
)
from beesender_support.policy.response.response_state import NO_PROMISE, Response
from beesender_support.policy.response.terms import Terms
from beesender_support.records.site_time import iso_text
from beesender_support.records.tickets import promise
from beesender_support.screens.ticket import labels, promise_in_words
from beesender_support.wording.renderer import reader

# A mail is registered within the minute in which its clock starts.
AT_ONCE = timedelta(minutes=1)


class Zone(TypedDict):
    """``time_zone`` is a name that browsers know, empty if there is none."""

    label: str
    time_zone: str


class Glance(promise_in_words.StateInWords):
    """How a promise stands, when it is due, and when it was answered.

    ``due`` and ``answered`` are instants; ``zones`` those to show them in besides the
    reader's own; ``labels`` what stands around it all, by name.
    """

    due: str | None
    answered: str | None
    zones: list[Zone]
    language: str
    labels: dict[str, str]


Kind = Literal["received", "started", "counted", "closed", "due", "answered"]


class Line(TypedDict):
    """What happened at an instant, or, of support time counted or not, ``until`` one."""

    kind: Kind
    at: str
    until: str | None
    words: str


class Explanation(Glance):
    lines: list[Line]


def glance_or_none(doc: Document) -> Glance | None:
    """None for a ticket outside the policy."""
    return glance(doc) if doc.beesender_admission else None


def glance(doc: Document) -> Glance:
    response = _response_of(doc)
    answered = promise.answered_at(doc) if response.due else None
    return {
        **promise_in_words.in_words(doc),
        "due": iso_text(response.due),
        "answered": iso_text(answered),
        "zones": zones_of(doc) if response.due else [],
        "language": frappe.local.lang,
        "labels": labels.of_promise(),
    }


def explain(doc: Document) -> Explanation | None:
    """The promise at a glance, and line by line how its time ran; None for a ticket
    outside the policy."""
    if not doc.beesender_admission:
        return None
    return {**glance(doc), "lines": _lines(doc)}


def _response_of(doc: Document) -> Response:
    """Of a merged ticket none: the request is answered in the other."""
    return promise.response_of(doc) if promise.counts_by_itself(doc) else NO_PROMISE


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


def _lines(doc: Document) -> list[Line]:
    response, terms = _response_of(doc), promise.terms_of(doc)
    if response.due is None or response.target is None or terms is None:
        return [_received(doc)]
    passages = explain_deadline(terms, response.target)
    lines = [_received(doc), *_start_of_clock(doc, terms)]
    lines += _passages_in_words(passages, response.target)
    lines.append(_line("due", response.due, _("The answer is due")))
    if answered := promise.answered_at(doc):
        lines.append(_line("answered", answered, _("Support answered")))
    # Stable: events at one instant stay in this order.
    return sorted(lines, key=lambda line: line["at"])


def _received(doc: Document) -> Line:
    at = promise.registered_at(doc)
    return _line("received", at, _("The request was received"))


def _start_of_clock(doc: Document, terms: Terms) -> Iterable[Line]:
    if abs(terms.started_at - promise.registered_at(doc)) > AT_ONCE:
        yield _line("started", terms.started_at, _("The clock started"))


def _passages_in_words(
    passages: tuple[Passage, ...], target: timedelta
) -> Iterable[Line]:
    totals = accumulate(passage.worked for passage in passages)
    for passage, used in zip(passages, totals, strict=True):
        kind: Kind = "counted" if passage.worked else "closed"
        words = _counted(passage, used, target) if passage.worked else _closed(passage)
        yield _line(kind, passage.start, words, until=passage.end)


def _counted(passage: Passage, used: timedelta, target: timedelta) -> str:
    context = {
        "worked": reader().support_time(passage.worked),
        "used": reader().support_time(used),
        "target": reader().support_time(target),
        "days": passage.days,
        "closed": _reasons(passage.closed),
    }
    if passage.days == 1:
        return _("{worked} of support time: {used} of {target}").format(**context)
    return _(
        "{worked} of support time on {days} days: {used} of {target}."
        " Not counted in between: {closed}"
    ).format(**context)


def _closed(passage: Passage) -> str:
    return _("Not counted: {0}").format(_reasons(passage.closed))


def _reasons(closed: tuple[Closure, ...]) -> str:
    names = {NIGHT: _("night"), BREAK: _("break"), WEEKEND: _("weekend")}
    return reader().listed(
        [
            (
                _("holiday {0}").format(description).strip()
                if reason == HOLIDAY
                else names[reason]
            )
            for reason, description in closed
        ]
    )


def _line(kind: Kind, at: datetime, words: str, until: datetime | None = None) -> Line:
    in_utc = at.astimezone(timezone.utc)
    return {
        "kind": kind,
        "at": in_utc.isoformat(),
        "until": iso_text(until),
        "words": words,
    }


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
