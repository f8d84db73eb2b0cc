"""By which channels a ticket may be answered, and answers that agents log."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.response import call_makers, first_response
from beesender_support.enforcement.safety.fault_isolation import (
    refuse,
)
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.response.answering import refuse_answer_by
from beesender_support.policy.sentences import Channel
from beesender_support.policy.sold.channels import PHONE, check_logged
from beesender_support.records.site_time import now, to_site_time
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import admission_log, promise
from beesender_support.wording import renderer

OVERRIDDEN = "Answer channel overridden"


def refuse_call(call: Document) -> None:
    """We do not call where the plan has no calls. A client's own call is always
    accepted."""
    if call.type == "Outgoing":
        for ticket in tickets_of(call):
            refuse_channel(ticket, PHONE)


def take_completed_call(call: Document) -> None:
    """A completed call is an answer, if calls count as such and its log can be
    trusted."""
    if (
        call.status == "Completed"
        and counts_as_answer(PHONE)
        and call_makers.may_stop_clock(call)
    ):
        for ticket in tickets_of(call):
            first_response.stop_clock(ticket, *first_response.span_of_call(call))


def tickets_of(call: Document) -> list[str]:
    return [row.link_name for row in call.links if row.link_doctype == "HD Ticket"]


def refuse_channel(ticket: str, channel: str) -> None:
    """Refuse an answer by a channel that the ticket may not be answered by."""
    if refusal := refusal_of(ticket, channel):
        refuse(refusal)


def refusal_of(ticket: str, channel: str) -> str | None:
    """Why the ticket's tier does not include answers by a channel; None where it does,
    or where a manager allowed it for this ticket."""
    tier = frappe.db.get_value("HD Ticket", ticket, "beesender_tier")
    if not tier:
        return None
    refusal = refuse_answer_by(catalogue.tier_named(tier), channel)
    if refusal is None or is_overridden(ticket, channel):
        return None
    return renderer.in_words(refusal)


def counts_as_answer(channel: str) -> bool:
    known = catalogue.channels().get(channel)
    return known is None or known.counts_as_answer


def logged_channels() -> list[str]:
    """The channels by which answers are logged, in the order in which they are offered:
    those that any tier has, since a manager may allow one that the ticket's has not."""
    sold = frozenset().union(*(each.answer_channels for each in catalogue.tiers()))
    return [
        code
        for code, each in catalogue.channels().items()
        if each.is_logged and code in sold
    ]


def is_overridden(ticket: str, channel: str) -> bool:
    return bool(
        frappe.db.exists(
            "Beesender Admission Log",
            {"ticket": ticket, "event": OVERRIDDEN, "channel": channel},
        )
    )


def override(ticket: Document, channel: str, why: str) -> None:
    """An agent manager allows a channel for one ticket, and says why."""
    try:
        check_logged(channel, catalogue.channels())
    except PolicyError as error:
        frappe.throw(renderer.in_words(error.sentence))
    if not why.strip():
        frappe.throw(
            renderer.fill(
                _("Say why this ticket may be answered by {0}."), Channel(channel)
            )
        )
    admission_log.record(
        OVERRIDDEN,
        ticket=ticket.name,
        customer=ticket.customer,
        plan=ticket.beesender_plan,
        channel=channel,
        details=why,
    )


def log_call(ticket: Document, called_at: datetime, note: str) -> None:
    """Log a call that an agent made by hand; the clock stops at the time of the
    call."""
    called_at = _refuse_an_impossible_time(ticket, called_at)
    frappe.get_doc(
        {
            "doctype": "TP Call Log",
            "id": frappe.generate_hash(length=16),
            "telephony_medium": "Manual",
            "type": "Outgoing",
            "status": "Completed",
            "from": frappe.session.user,
            "to": _number_of(ticket.contact) or ticket.contact or ticket.raised_by,
            "caller": frappe.session.user,
            "start_time": to_site_time(called_at),
            "links": _links_of(ticket),
        }
    ).insert(ignore_permissions=True)
    if note.strip():
        ticket.reload().new_comment(frappe.utils.escape_html(note))


def _refuse_an_impossible_time(ticket: Document, called_at: datetime) -> datetime:
    """The time of the call, which people give by the minute."""
    if called_at > now():
        frappe.throw(_("The call is in the future. Enter the time when it was made."))
    registered = promise.registered_at(ticket)
    if called_at < registered.replace(second=0):
        frappe.throw(_("The call was before the request. Give a later time."))
    terms = promise.terms_of(ticket)
    started = terms.started_at if terms else registered
    is_same_minute = called_at == started.replace(second=0)
    return started if is_same_minute else max(called_at, registered)


def _number_of(contact: str | None) -> str | None:
    numbers = contact and frappe.db.get_value(
        "Contact", contact, ["phone", "mobile_no"]
    )
    return next(filter(None, numbers or ()), None)


def _links_of(ticket: Document) -> list[dict[str, str]]:
    linked = (("HD Ticket", ticket.name), ("Contact", ticket.contact))
    return [
        {"link_doctype": doctype, "link_name": name} for doctype, name in linked if name
    ]


def log_answer(ticket: Document, channel: str, text: str) -> None:
    """Log an answer that was given by a channel; if that counts as an answer, it stops
    the clock like any other."""
    try:
        logged = check_logged(channel, catalogue.channels())
    except PolicyError as error:
        frappe.throw(renderer.in_words(error.sentence))
    if not text.strip():
        frappe.throw(_("Write what you answered."))
    if channel == PHONE:
        log_call(ticket, now(), text)
        return
    refuse_channel(ticket.name, channel)
    frappe.get_doc(
        {
            "doctype": "Communication",
            "communication_type": "Communication",
            "communication_medium": "Chat",
            "beesender_is_no_answer": not logged.counts_as_answer,
            "sent_or_received": "Sent",
            "subject": renderer.fill(
                _("Answer by {channel}"), channel=Channel(channel)
            ),
            "content": text,
            "sender": frappe.session.user,
            "reference_doctype": "HD Ticket",
            "reference_name": ticket.name,
        }
    ).insert(ignore_permissions=True)
