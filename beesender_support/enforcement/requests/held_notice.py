"""Notifies the sender of a held mail, once, that the request waits for admission."""

from datetime import timedelta

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.outgoing import mailer, request_values
from beesender_support.enforcement.requests.held_requests import (
    log_event,
    reason_in_words,
)
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.notices.client_notices import REQUEST_HELD
from beesender_support.policy.requests.held_requests import (
    QUIET,
    Notice,
    is_read_by_a_person,
    may_be_notified,
)
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records.people import readers
from beesender_support.records.site_time import now, to_instant, to_site_time
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.wording.language import site_language, speaking

# Site time may be put back by an hour or two while it passes.
SPARE = timedelta(hours=2)


def log_and_notify(doc: Document) -> None:
    """In a language of their own, not in that of the job which takes mail."""
    if doc.beesender_channel != EMAIL:
        log_event(doc, "Held")
        return
    with speaking(site_language()):
        log_event(doc, "Held")
    if _may_be_notified(doc):
        notify_sender(doc)
        with speaking(site_language()):
            log_event(doc, "Sender told", contact=normalize_address(doc.raised_by))


def _may_be_notified(doc: Document) -> bool:
    address = doc.raised_by
    return may_be_notified(
        address,
        channel=doc.beesender_channel,
        waits_for_answer=not context_of(doc).waits_for_no_answer,
        notices=_notices_to(address) if is_read_by_a_person(address) else (),
        now=now(),
    )


def _notices_to(address: str) -> list[Notice]:
    """Those of the last day, to whatever the database takes for this address."""
    rows = frappe.get_all(
        "Beesender Admission Log",
        {
            "event": "Sender told",
            "contact": normalize_address(address),
            "creation": (">", to_site_time(now() - QUIET - SPARE)),
        },
        ["contact", "creation"],
    )
    return [Notice(row.contact, to_instant(row.creation, near=now())) for row in rows]


def notify_sender(doc: Document) -> None:
    mailer.send(
        mailer.Notice(
            kind=REQUEST_HELD,
            key=f"{REQUEST_HELD}/{doc.name}",
            recipients=[
                readers.address(
                    doc.raised_by, contact=doc.contact, plan=doc.beesender_plan
                )
            ],
            values=lambda: {
                **request_values.of_request(doc),
                "reason": reason_in_words(doc),
            },
            ticket=str(doc.name),
            plan=doc.beesender_plan,
            customer=doc.customer,
            tier=doc.beesender_tier,
            category=doc.ticket_type,
            priority=doc.beesender_priority,
            owed_at=now(),
        )
    )
