"""A held request of somebody unknown: its sender becomes a contact and gets a seat, and
the request is admitted, in one step."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, strip_html

from beesender_support.enforcement.people import new_contacts
from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.mail.addresses import address_of, normalize_address
from beesender_support.policy.mail.senders import name_of_sender
from beesender_support.policy.plans.seats import free_seats
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records.people.contacts import (
    contact_with_address,
    is_stranger,
)
from beesender_support.records.people.phones import contact_with_phone, number_behind
from beesender_support.records.site_time import now
from beesender_support.wording.renderer import fill


class NewContact(TypedDict):
    """Whom the sender of a held request would be, and for which customer; ``phone`` is
    all that is known of who gave no address, and empty of others."""

    name: str
    address: str
    phone: str
    words: str


def offered(doc: Document) -> NewContact | None:
    """None where there is nobody to make a contact of, or no seat to give them."""
    address, phone = _address_of(doc), _phone_of(doc)
    plan = held_requests.plan_of(doc)
    is_unknown = doc.beesender_admission_reason == "unknown_sender"
    is_reached = bool(phone) or new_contacts.is_address_of_person(address)
    if not (is_unknown and plan and is_reached):
        return None
    if doc.contact and not (is_stranger(doc.contact) and _is_of_sender(doc)):
        return None
    if not plan.is_in_force(now()) or free_seats(plan, plan.today(now())) < 1:
        return None
    if phone:
        words = _(
            "Who gave the number {0} becomes a contact of {1} and gets a seat. Anybody can"
            " give a number: make sure that they work there."
        )
    else:
        words = _(
            "{0} becomes a contact of {1} and gets a seat. Only the address says who"
            " they are: make sure that they work there."
        )
    return {
        "name": (
            "" if phone else name_of_sender(_name_written_by(doc, address), address)
        ),
        "address": "" if phone else address,
        "phone": phone,
        "words": fill(words, phone or address, doc.customer),
    }


def admit_with_contact(
    doc: Document, name: str = "", why: str = "", email: str = "", phone: str = ""
) -> None:
    """Make the sender a contact of the ticket's customer with a seat, and admit it.

    Of who gave only a number an agent may know the address, ``email``, to which answers
    go from then on, and how the number is written, ``phone``; of others neither counts.
    """
    reason = held_requests.refuse_unless_held(doc)
    new_contacts.refuse_who_may_not(doc.customer)
    address = _address_of(doc)
    if reason == "unverified_sender":
        frappe.throw(
            fill(
                _(
                    "Nothing proves that {0} sent this. Ask them in another way before"
                    " you make them a contact."
                ),
                escape_html(address),
            )
        )
    number = _phone_of(doc)
    # Frappe may have made a contact of whoever wrote.
    if not doc.contact or _is_of_sender(doc):
        doc.contact = new_contacts.make_and_seat(
            doc.customer,
            name.strip() or _name_written_by(doc, address),
            email if number else address,
            (phone.strip() or number) if number else "",
            why=why,
        )
        if number and email.strip():
            doc.raised_by = normalize_address(email)
    held_requests.admit_with_seat(doc, why)


def _is_of_sender(doc: Document) -> bool:
    if phone := _phone_of(doc):
        return contact_with_phone(phone) == doc.contact
    return contact_with_address(_address_of(doc)) == doc.contact


def _phone_of(doc: Document) -> str:
    """The number of a program's user who gave nothing else. A mail may claim any."""
    address = _address_of(doc)
    if doc.beesender_channel == EMAIL or not number_behind(address, ()):
        return ""
    of_ticket = {"reference_doctype": "HD Ticket", "reference_name": doc.name}
    texts = frappe.get_all(
        "Communication", of_ticket, pluck="content", order_by="creation", limit=5
    )
    return number_behind(address, map(strip_html, filter(None, texts)))


def _address_of(doc: Document) -> str:
    return normalize_address(address_of(doc.raised_by or "") or doc.raised_by or "")


def _name_written_by(doc: Document, address: str) -> str:
    """As the first message of the request has it; nobody vouches for it."""
    rows = frappe.get_all(
        "Communication",
        {
            "reference_doctype": "HD Ticket",
            "reference_name": doc.name,
            "sent_or_received": "Received",
        },
        ["sender", "sender_full_name"],
        order_by="creation",
        limit=5,
    )
    return next(
        (
            row.sender_full_name
            for row in rows
            if row.sender_full_name
            and normalize_address(address_of(row.sender or "") or "") == address
        ),
        "",
    )
