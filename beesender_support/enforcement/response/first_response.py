"""What stops the response clock: ``policy.response.answering`` decides, from messages and calls."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import frappe
from frappe.model.document import Document
from frappe.utils import cint

from beesender_support.enforcement.response import (
    call_makers,
    happenings,
    merges,
    ticket_fields,
)
from beesender_support.policy.response import answering
from beesender_support.policy.response.answering import Message
from beesender_support.policy.response.response_state import is_still_promised
from beesender_support.records.people.people import (
    address_of,
    addresses_in,
    addresses_of_client,
    is_agent_user,
    is_support,
    support_among,
)
from beesender_support.records.site_time import (
    from_column,
    now,
    to_column,
    to_instant,
    to_site_time,
)
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.incoming_mail import is_senders_own
from beesender_support.records.tickets.ticket_context import (
    AnswerNoted,
    context_of,
    request_context,
)

# Messages


def is_human_answer(communication: Document) -> bool:
    """Words that an agent addressed to the customer of a ticket, not an automatic
    message."""
    if not (
        communication.reference_doctype == "HD Ticket"
        and communication.sent_or_received == "Sent"
        and communication.communication_type == "Communication"
        # Logged by a channel that does not count as one.
        and not communication.get("beesender_is_no_answer")
    ):
        return False
    author = author_of(communication)
    if not is_agent_user(author):
        return False
    message = Message(
        by_agent=True,
        is_automatic=_is_of_a_job(communication),
        is_housekeeping=merges.is_sentence_of_helpdesk(communication),
        recipients=addresses_in(
            communication.recipients, communication.cc, communication.bcc
        ),
    )
    if not message.recipients:
        return answering.is_answer(message, client=(), support=())
    ticket = frappe.db.get_value(
        "HD Ticket",
        communication.reference_name,
        ["name", "raised_by", "contact", "customer"],
        as_dict=True,
    )
    return answering.is_answer(
        message,
        client=addresses_of_client(ticket),
        support=support_among(message.recipients),
    )


def author_of(communication: Document) -> str | None:
    """Who wrote a message; for an agent's own mail, which mail intake registers, its
    sender."""
    if communication.flags.beesender_mail_of_agent:
        return communication.flags.beesender_mail_of_agent
    return communication.owner


def _is_of_a_job(communication: Document) -> bool:
    """Jobs send as Administrator, and nobody's request is under way then."""
    if communication.flags.beesender_mail_of_agent:
        return False
    is_request = bool(getattr(frappe.local, "request", None))
    return communication.owner == "Administrator" and not is_request


def take_mail_of_agent(communication: Document) -> None:
    """An agent answered from their own mail program, with the mailbox in copy.

    It is not a message from the customer: it neither reopens the ticket nor counts as
    one. Mail that only claims to be an agent's is not an answer.
    """
    if not (
        communication.reference_doctype == "HD Ticket"
        and communication.sent_or_received == "Received"
        and communication.communication_type == "Communication"
        and communication.email_account
        and communication.sender
    ):
        return
    recipients = addresses_in(communication.recipients, communication.cc)
    sender = address_of(communication.sender)
    if not (recipients and sender and is_support(sender) and is_senders_own()):
        return
    ticket = frappe.db.get_value(
        "HD Ticket",
        communication.reference_name,
        ["name", "raised_by", "contact", "customer", "beesender_admission"],
        as_dict=True,
    )
    user = frappe.db.get_value("User", {"email": sender})
    if not (ticket and ticket.beesender_admission and is_agent_user(user)):
        return
    if recipients & addresses_of_client(ticket):
        communication.sent_or_received = "Sent"
        # As Helpdesk does with mail of clients.
        communication.reference_name = merges.lives_on_in(ticket.name)
        communication.flags.beesender_mail_of_agent = user


def note_answer(communication: Document) -> None:
    """Note an answer until the ticket is saved for it, within this request."""
    received = to_instant(communication.creation, near=now())
    sent = None
    if communication.flags.beesender_mail_of_agent and communication.communication_date:
        sent = to_instant(communication.communication_date, near=now())
    _note(communication.reference_name, sent, received, communication.name)


def _note(
    ticket: str, sent: datetime | None, received: datetime, source: str | None
) -> None:
    request_context().answers[str(ticket)] = AnswerNoted(sent, received, source)


def take_noted(doc: Document) -> AnswerNoted | None:
    """The answer noted for a ticket, if any; it is no longer noted afterwards."""
    return request_context().answers.pop(str(doc.name), None)


def settle(doc: Document) -> AnswerNoted | None:
    """Settle the promise of the first answer by one that was noted, and return that;
    nothing else answers.

    Helpdesk takes a pause, a resolution or a client's own mail for a first response.
    What is still written on a merged ticket answers nothing that is promised.
    """
    noted = take_noted(doc)
    terms = promise.terms_of(doc)
    if terms is None:
        if noted and promise.why_unreadable(doc):
            answered = to_column(noted.received)
            doc.beesender_answered_at = doc.beesender_answered_at or answered
        return noted
    # A decision in this save has already looked for the answer.
    known = from_column(doc.beesender_answered_at) or promise.answered_at(
        doc.get_doc_before_save()
    )
    answered = known
    if noted and is_still_promised(
        is_merged=bool(doc.is_merged), is_answered=known is not None
    ):
        given = answering.answered_by_mail(noted.sent, noted.received, terms.started_at)
        answered = answering.first_answer(known, given, terms.started_at)
        if answered and known is None and noted.communication:
            merges.note_settled(doc.name, noted.communication)
    doc.first_responded_on = answered and to_site_time(answered)
    if answered or doc.beesender_answered_at:
        ticket_fields.write_answer(doc, answered)
    return noted


# Calls


def stop_clock(ticket: str, began_at: datetime, ended_at: datetime) -> None:
    """A completed call is an answer, at the time it began."""
    doc = frappe.get_doc("HD Ticket", ticket, for_update=True)
    terms = promise.terms_of(doc) if doc.beesender_admission else None
    if terms is None:
        return
    known = promise.answered_at(doc)
    given = answering.answered_by_call(began_at, ended_at, terms.started_at)
    if answering.first_answer(known, given, terms.started_at) == known:
        given = happenings.answer_by_call(doc, began_at, ended_at)
    if given:
        _note(ticket, None, given, None)
        # Users who may log a call on the ticket may stop its clock; webhooks are
        # guests.
        context_of(doc).is_trusted = True
        doc.save(ignore_permissions=True)


def span_of_call(call: Document) -> tuple[datetime, datetime]:
    """When a call began and ended, as far as it is known."""
    began = to_instant(call.start_time or call.creation, near=now())
    if call.end_time:
        return began, max(began, to_instant(call.end_time, near=now()))
    return began, began + timedelta(seconds=max(0, cint(call.duration)))


# A ticket that is decided later


def first_answer_to(doc: Document, started_at: datetime) -> datetime | None:
    """The first answer on a ticket that was outside the policy when it came."""
    answered = None
    for given in (*_calls_on(doc, started_at), *_answers_on(doc, started_at)):
        answered = answering.first_answer(answered, given, started_at)
    return answered


def _answers_on(doc: Document, started_at: datetime) -> Iterator[datetime]:
    """The first message that is an answer, if there is one."""
    rows = frappe.get_all(
        "Communication",
        {
            "reference_doctype": "HD Ticket",
            "reference_name": doc.name,
            "sent_or_received": "Sent",
            "communication_type": "Communication",
        },
        ["name", "creation"],
        order_by="creation",
        limit=20,
    )
    copied = merges.times_of_copies(doc.name) if rows else ()
    for row in rows:
        given = to_instant(row.creation, near=started_at)
        if row.creation in copied or given < started_at:
            continue
        communication = frappe.get_doc("Communication", row.name)
        if merges.announces_split(communication):
            continue
        if is_human_answer(communication):
            yield given
            return


def _calls_on(doc: Document, started_at: datetime) -> Iterator[datetime]:
    for name in frappe.get_all(
        "Dynamic Link",
        {
            "parenttype": "TP Call Log",
            "link_doctype": "HD Ticket",
            "link_name": str(doc.name),
        },
        pluck="parent",
        limit=20,
    ):
        call = frappe.get_doc("TP Call Log", name)
        if call.status == "Completed" and call_makers.was_made_by_support(call):
            yield answering.answered_by_call(*span_of_call(call), started_at)
