"""A notice to the client of a request: to whom it goes, in which thread of mails, and
what its text says."""

from collections.abc import Mapping
from datetime import datetime
from functools import cached_property
from html import unescape

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.notices.debts import about_ticket
from beesender_support.enforcement.outgoing import request_values
from beesender_support.enforcement.outgoing.mailer import Notice
from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.notices.client_notices import (
    PROMISE_CHANGED,
    PROMISE_MISSED,
    REQUEST_ADMITTED,
    REQUEST_CONFIRMED,
    REQUEST_HELD,
    How,
    Owed,
)
from beesender_support.policy.requests.held_requests import is_read_by_a_person
from beesender_support.policy.requests.priorities import settle_priority
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records.notices.ticket_facts import Logged, TicketFacts
from beesender_support.records.people import readers
from beesender_support.records.people.people import is_address_of_agent
from beesender_support.records.people.readers import Recipient
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.admission_log import (
    CORRECTED,
    changes_of_promise,
)
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.renderer import in_words

Values = Mapping[str, str]


def notice(facts: TicketFacts, owed: Owed, owed_at: datetime) -> Notice:
    """What is owed, as the mailer says it; what is only recorded reaches nobody."""
    ticket = facts.ticket
    is_said = owed.how is How.SAY
    is_by_mail = is_said and ticket.beesender_channel == EMAIL
    return Notice(
        kind=owed.kind,
        key=owed.key,
        recipients=readers_of(ticket) if is_said else (),
        values=_Said(facts, owed).values,
        **about_ticket(facts),
        target=owed.target,
        owed_at=owed_at,
        due_at=owed.due_at,
        in_reply_to=mail_to_answer(facts.name) if is_by_mail else None,
        subject=subject_of_thread(ticket) if is_by_mail else None,
        details=_recorded(ticket) if owed.how is How.RECORD else "",
    )


def readers_of(ticket: Mapping) -> tuple[Recipient, ...]:
    """Whoever asked, if a person reads mail there: not an agent who spoke for the
    customer, and not a number without an address."""
    address = normalize_address(ticket["raised_by"] or "")
    if not is_read_by_a_person(address) or is_address_of_agent(address):
        return ()
    if address.endswith(".invalid"):
        return ()
    return (
        readers.address(
            ticket["raised_by"],
            contact=ticket["contact"],
            plan=ticket["beesender_plan"],
        ),
    )


def mail_to_answer(ticket: str) -> str | None:
    """The message that the client wrote last by mail."""
    return frappe.db.get_value(
        "Communication",
        {
            "reference_doctype": "HD Ticket",
            "reference_name": ticket,
            "sent_or_received": "Received",
            "communication_medium": "Email",
            "message_id": ("is", "set"),
        },
        "name",
        order_by="creation desc",
    )


def subject_of_thread(ticket: Mapping) -> str:
    """With the number by which an answer joins the ticket, also without its thread."""
    return f"Re: {unescape(ticket['subject'] or '')} (#{ticket['name']})"


def _recorded(ticket: Mapping) -> str:
    if ticket["beesender_admission"] == "Held":
        return _("Nothing to add to what was said when the request was registered.")
    return _("Shown where the request was made.")


class _Said:
    """What the text of a notice says; the ticket is loaded once somebody reads it."""

    def __init__(self, facts: TicketFacts, owed: Owed) -> None:
        self.facts, self.owed = facts, owed

    @cached_property
    def doc(self) -> Document:
        return frappe.get_doc("HD Ticket", self.facts.name)

    def values(self) -> Values:
        doc, kind = self.doc, self.owed.kind
        values = dict(request_values.of_request(doc))
        if kind == REQUEST_HELD:
            return {**values, "reason": held_requests.reason_in_words(doc)}
        values |= request_values.of_promise(doc, self.facts.now)
        if kind == PROMISE_CHANGED:
            return {**values, **self._before(), "reason": self._reason()}
        if kind == PROMISE_MISSED:
            return {**values, **self._missed()}
        return {**values, "correction": self._correction()}

    def _before(self) -> Values:
        """What the client was told last, where that is not true any more."""
        told = self._told
        if told is None or not self._is_other:
            return {"category_before": "", "priority_before": ""}
        return {
            "category_before": request_values.category_in_words(told.category),
            "priority_before": request_values.priority_in_words(told.priority),
        }

    @cached_property
    def _told(self) -> Logged | None:
        """The last notice that named a category and a priority."""
        named = (REQUEST_CONFIRMED, REQUEST_ADMITTED, PROMISE_CHANGED)
        rows = [each for each in self.facts.logged if each.kind in named]
        return rows[-1] if rows else None

    @property
    def _is_other(self) -> bool:
        """Whether the client was told of another category or priority."""
        told, now = self._told, (self.doc.ticket_type, self.doc.beesender_priority)
        return bool(told and (told.category, told.priority) != now)

    def _reason(self) -> str:
        """An agent's own words, or what else moved the deadline."""
        changes = changes_of_promise(self.facts.name)
        if self._is_other:
            now = {
                "category": self.doc.ticket_type,
                "priority": self.doc.beesender_priority,
            }
            last = next((each for each in changes if each.event == CORRECTED), None)
            # An earlier reason says nothing of a later change without one.
            return (last.details or "") if last and last.after == now else ""
        moved = {
            "Re-rated": _("The terms of your plan have changed."),
            "Clock corrected": _("We corrected the time from which we count."),
        }
        return moved.get(changes[0].event, "") if changes else ""

    def _missed(self) -> Values:
        zone = request_values.zone_of_client(self.doc)
        target, due_at = self.owed.target, self.owed.due_at
        return {
            "target": _(TARGET_NAMES[target]) if target else "",
            "due": request_values.moment_in_zone(due_at, zone) if due_at else "",
            "looked_at_by": request_values.people_on(self.doc),
        }

    def _correction(self) -> str:
        """Why it did not get the priority that was asked for."""
        changes = changes_of_promise(self.facts.name)
        asked = next((each.asked for each in changes if each.asked), None)
        category = catalogue.category_for(self.doc.ticket_type)
        if not (asked and category):
            return ""
        correction = settle_priority(category, asked).correction
        return in_words(correction) if correction else ""
