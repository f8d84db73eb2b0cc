"""What moves the clocks of a ticket besides its first answer: stored when it happens.

Statuses say when support waits and when the request is resolved; messages and calls say
when the customer asks again and is answered. Only what moves a clock is stored.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import chain

import frappe
from frappe.model.document import Document

from beesender_support.policy.response import answering
from beesender_support.policy.response.clocks import (
    AWAITED,
    MESSAGES,
    OVER,
    Event,
    Happening,
    changes_anything,
    runs_of,
    state_after,
    status_after,
    status_events,
)
from beesender_support.policy.response.promises import in_order
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.targets import NEXT_ANSWER
from beesender_support.records.people.people import (
    address_of,
    addresses_of_client,
    is_agent_user,
    support_among,
)
from beesender_support.records.site_time import now, to_instant, to_site_time
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.incoming_mail import is_senders_own
from beesender_support.records.tickets.ticket_context import (
    AnswerNoted,
    MessageNoted,
    request_context,
)


def note_message(communication: Document) -> None:
    """Note what somebody wrote on a ticket until it is saved for it, within this
    request. What a program sent, or nobody vouches for, asks nothing."""
    if not (
        communication.reference_doctype == "HD Ticket"
        and communication.sent_or_received == "Received"
        and communication.communication_type == "Communication"
        and is_senders_own()
    ):
        return
    noted = MessageNoted(
        sender=address_of(communication.sender or communication.owner),
        received=to_instant(communication.creation, near=now()),
        communication=communication,
    )
    request_context().messages.append(noted)


def take_noted(doc: Document) -> MessageNoted | None:
    """The first message noted for a ticket, if any; none is noted afterwards."""
    ticket, messages = str(doc.name), request_context().messages
    theirs = [
        each for each in messages if str(each.communication.reference_name) == ticket
    ]
    for each in theirs:
        messages.remove(each)
    return theirs[0] if theirs else None


def follow(doc: Document, answer: AnswerNoted | None) -> None:
    """Store what happened since the ticket was last saved.

    ``answer`` was noted for this save; if it is the first, it is stored as such already.
    What happens on a merged ticket moves no clock.
    """
    message = take_noted(doc)
    terms = promise.terms_of(doc)
    if terms is None or doc.is_merged:
        return
    log = list(promise.happenings_of(doc.get_doc_before_save()))
    # Each looks at the log as those before it left it.
    for happening, source in chain(
        _asked(doc, terms, log, message),
        _answered(doc, terms, log, answer),
        _asked_meanwhile(doc, terms, log, answer),
        _moved(doc, terms, log),
    ):
        if changes_anything(_happened(doc, terms, log), happening):
            log.append(happening)
            if source:
                moved = request_context().moved_by
                moved.setdefault(str(doc.name), {})[source] = happening
    if log or doc.beesender_events:
        promise.write_happenings(doc, log)


def follow_status(doc: Document) -> None:
    """Of a request that left the policy and may return: support waits, and requests are
    resolved, also while nothing is promised."""
    log = list(promise.happenings_of(doc.get_doc_before_save()))
    log += [happening for happening, _source in _moved(doc, None, log)]
    promise.write_happenings(doc, log)


def answer_by_call(
    doc: Document, began_at: datetime, ended_at: datetime
) -> datetime | None:
    """When a call answered what the customer has asked since the first answer; None
    where it did not."""
    terms = promise.terms_of(doc)
    if terms is None:
        return None
    log = _happened(doc, terms, promise.happenings_of(doc))
    given = answering.answered_by_call(began_at, ended_at, _asked_at(log, terms))
    return given if changes_anything(log, Happening(Event.ANSWERED, given)) else None


Sourced = tuple[Happening, str | None]


def _asked(
    doc: Document, terms: Terms, log: list[Happening], message: MessageNoted | None
) -> Iterator[Sourced]:
    """A message of the customer's, where it starts a clock: only then is its sender
    looked for."""
    if message is None or NEXT_ANSWER not in terms.further_targets:
        return
    if state_after(NEXT_ANSWER, _happened(doc, terms, log)) not in AWAITED:
        return
    if _is_of_client(doc, message.sender):
        # In the order in which it was seen, even if the machine's clock was set back.
        at = max(message.received, _happened(doc, terms, log)[-1].at)
        yield Happening(Event.CUSTOMER_WROTE, at), message.communication.name


def _is_of_client(doc: Document, sender: str | None) -> bool:
    return bool(
        sender and not support_among([sender]) and sender in addresses_of_client(doc)
    )


def _answered(
    doc: Document, terms: Terms, log: list[Happening], answer: AnswerNoted | None
) -> Iterator[Sourced]:
    if answer is None:
        return
    asked = _asked_at(_happened(doc, terms, log), terms)
    given = answering.answered_by_mail(answer.sent, answer.received, terms.started_at)
    crossed = answer.sent is not None and given == answer.sent < asked
    if answer.communication and not crossed:
        # Of two that came in order the later is later, even if the machine's clock was
        # set back. A mail that was sent before the question does not answer it.
        given = max(given, asked)
    yield _settling(doc, terms, Event.ANSWERED, given), answer.communication


def _asked_meanwhile(
    doc: Document, terms: Terms, log: list[Happening], answer: AnswerNoted | None
) -> Iterator[Sourced]:
    """What was said after an answer that came to light later, such as a call that is
    logged afterwards: while that was not known, it changed nothing."""
    if answer is None or NEXT_ANSWER not in terms.further_targets:
        return
    given = answer.sent or answer.received
    if answer.communication and given == answer.received:
        return
    for message in frappe.get_all(
        "Communication",
        {
            "reference_doctype": "HD Ticket",
            "reference_name": doc.name,
            "sent_or_received": "Received",
            "communication_type": "Communication",
            "creation": (">", to_site_time(given)),
        },
        ["name", "sender", "owner", "creation"],
        order_by="creation",
        limit=20,
    ):
        received = to_instant(message.creation, near=now())
        asked = Happening(Event.CUSTOMER_WROTE, received)
        if changes_anything(_happened(doc, terms, log), asked) and _is_of_client(
            doc, address_of(message.sender or message.owner)
        ):
            yield asked, message.name
    # What was the first answer until now is one of the others.
    known = promise.answered_at(doc.get_doc_before_save())
    if known and known != promise.answered_at(doc):
        yield _settling(doc, terms, Event.ANSWERED, known), None


def _moved(
    doc: Document, terms: Terms | None, log: list[Happening]
) -> Iterator[Sourced]:
    """A change of the status, also one that was written past every handler.

    An admin who edits a reason for closing changes nothing of what was closed for it.
    """
    status, counts = status_after(log)
    reason = doc.beesender_closing_reason
    is_as_it_was = (
        status == doc.status_category == OVER
        and reason == doc.get_doc_before_save().beesender_closing_reason
    )
    # In the order in which it was seen, even if the machine's clock was set back.
    at = max([now(), *(each.at for each in log if each.event not in MESSAGES)])
    for event in status_events(
        status,
        doc.status_category,
        counts_before=counts,
        counts_after=counts if is_as_it_was else promise.is_solution(reason),
    ):
        if event is Event.REOPENED and _is_asked_again(terms):
            yield Happening(Event.CUSTOMER_WROTE, at), None
        yield _settling(doc, terms, event, at), None


def _is_asked_again(terms: Terms | None) -> bool:
    """A client who reopens a request asks again, in words that follow or without. As of
    messages, nothing is stored of it where no next answer is promised."""
    is_promised = terms is not None and NEXT_ANSWER in terms.further_targets
    return is_promised and not is_agent_user(frappe.session.user)


def _settling(
    doc: Document, terms: Terms | None, event: Event, at: datetime
) -> Happening:
    is_promised = terms.promises_now if terms else None
    return Happening(event, at, doc.beesender_priority, is_promised)


def _happened(doc: Document, terms: Terms, log: list[Happening]) -> list[Happening]:
    return in_order(terms.started_at, promise.answered_at(doc), log)


def _asked_at(happened: list[Happening], terms: Terms) -> datetime:
    """Since when the customer has waited for the next answer; the start of the terms if
    they do not."""
    runs = runs_of(NEXT_ANSWER, happened)
    return runs[-1].started_at if runs else terms.started_at
