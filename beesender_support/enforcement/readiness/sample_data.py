"""Puts in what there is to look at before a site has clients: customers, people, plans and
requests, each marked. Nobody is told of anything, now or later."""

from collections.abc import Iterator
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_system_timezone

from beesender_support.enforcement.readiness import sample_records
from beesender_support.enforcement.readiness.sample_records import SAMPLE_DATA
from beesender_support.enforcement.readiness.silence import silent_plans, silent_tickets
from beesender_support.policy.readiness import samples
from beesender_support.policy.readiness.samples import SampleClient, SampleRequest
from beesender_support.policy.sold.channels import AGENT, EMAIL
from beesender_support.records.site_time import now, to_site_time, today
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.ticket_context import context_of

PLAN, TICKET, CUSTOMER = "Beesender Support Plan", "HD Ticket", "HD Customer"
LICENCE_PRICE = 10_000


def put_in() -> dict[str, int]:
    """How many records of each DocType were made; refused while some are there."""
    sample_records.lock()
    if sample_records.is_any(SAMPLE_DATA):
        frappe.throw(_("Sample data are here already. Take them away first."))
    # Marks of what was deleted by hand would make these older than they are.
    sample_records.forget(SAMPLE_DATA)
    clients = list(samples.sample_clients(catalogue.tiers()))
    if not clients:
        frappe.throw(_("No tier is sold, so there is nothing to show."))
    for client in clients:
        _make(client)
    return {
        doctype: len(names)
        for doctype, names in sample_records.marked(SAMPLE_DATA).items()
    }


def _make(client: SampleClient) -> None:
    with silent_plans():
        customer = _customer(_(client.customer))
        seated = _contact(_(samples.SEATED), client.seated_address)
        colleague = _contact(_(samples.COLLEAGUE), client.colleague_address)
        _members(customer, seated, colleague)
        if not client.ended:
            _portal_user(seated, client.seated_address)
        plan = _plan(client, customer, seated)
    for request in client.requests:
        with silent_tickets():
            contact = colleague if request.is_of_colleague else seated
            _ticket(request, customer, contact, _channel(plan))


def _customer(name: str) -> str:
    """A name that no customer of the site has."""
    free, number = name, 1
    while frappe.db.exists(CUSTOMER, free):
        number += 1
        free = f"{name} {number}"
    doc = frappe.get_doc({"doctype": CUSTOMER, "customer_name": free}).insert()
    sample_records.mark(doc, SAMPLE_DATA)
    return str(doc.name)


def _contact(name: str, address: str) -> str:
    doc = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": name,
            "email_ids": [{"email_id": address, "is_primary": 1}],
        }
    ).insert()
    sample_records.mark(doc, SAMPLE_DATA)
    return str(doc.name)


def _members(customer: str, *contacts: str) -> None:
    doc = frappe.get_doc(CUSTOMER, customer)
    for contact in contacts:
        doc.append("contacts", {"contact_name": contact})
    doc.save()


def _portal_user(contact: str, address: str) -> None:
    """Without a password: nobody signs in as them. After the contact, of whom Frappe
    would make a second one."""
    user = frappe.get_doc(
        {
            "doctype": "User",
            "email": address,
            "first_name": _(samples.SEATED),
            "send_welcome_email": 0,
            "roles": [{"role": "HD Customer"}],
        }
    )
    user.flags.no_welcome_mail = True
    user.insert(ignore_permissions=True)
    frappe.db.set_value("Contact", contact, "user", user.name)
    sample_records.mark(user, SAMPLE_DATA)


def _plan(client: SampleClient, customer: str, contact: str) -> Document:
    # In the zone of the plan, which is the site's.
    day = today()
    doc = frappe.get_doc(
        {
            "doctype": PLAN,
            "customer": customer,
            "tier": client.tier,
            "time_zone": get_system_timezone(),
            "starts_on": day - client.began,
            "ends_on": day - client.ended if client.ended else None,
            "status": "Active",
            "licence_price": LICENCE_PRICE,
            "authorized_contacts": [{"contact": contact}],
        }
    ).insert()
    sample_records.mark(doc, SAMPLE_DATA)
    return doc


def _channel(plan: Document) -> str:
    """Mail, if the tier takes it; else as if somebody had called."""
    tier = catalogue.tier_named(plan.tier)
    return EMAIL if EMAIL in tier.registration_channels else AGENT


def _ticket(
    request: SampleRequest, customer: str, contact: str, channel: str
) -> Document:
    """As it would stand if it had come then: the policy decides on it as on any."""
    registered = now() - request.age
    answered, closed = (
        after and registered + after
        for after in (request.answered_after, request.closed_after)
    )
    doc = frappe.get_doc(
        {
            "doctype": TICKET,
            "subject": _(request.subject),
            "description": _paragraph(_(request.text)),
            "customer": customer,
            "contact": contact,
            "raised_by": frappe.db.get_value("Contact", contact, "email_id"),
            "ticket_type": (
                request.category if catalogue.category_for(request.category) else None
            ),
            "beesender_priority": request.priority,
            "service_level_agreement_creation": to_site_time(registered),
            "first_responded_on": answered and to_site_time(answered),
            "resolution_date": closed and to_site_time(closed),
            **({"status": "Closed"} if closed else {}),
        }
    )
    context = context_of(doc)
    # As of mail by a machine: no notice is owed, and no sender is told.
    context.channel, context.waits_for_no_answer = channel, True
    doc.insert()
    _tell_of_then(doc, registered, answered)
    sample_records.mark(doc, SAMPLE_DATA)
    return doc


def _tell_of_then(
    doc: Document, registered: datetime, answered: datetime | None
) -> None:
    """Dates of what was written then, and the answer, past everything that is sent."""
    opened = to_site_time(registered)
    frappe.db.set_value(
        TICKET,
        doc.name,
        {
            "creation": opened,
            "modified": opened,
            "opening_date": opened.date(),
            "opening_time": opened.time(),
            "beesender_next_notice_at": None,
        },
        update_modified=False,
    )
    of_ticket = {"reference_doctype": TICKET, "reference_name": doc.name}
    for name in frappe.get_all("Communication", of_ticket, pluck="name"):
        stamps = {"creation": opened, "communication_date": opened}
        frappe.db.set_value("Communication", name, stamps, update_modified=False)
    for message in _answers(doc, answered):
        message.db_insert()


def _answers(doc: Document, answered: datetime | None) -> Iterator[Document]:
    if answered is None:
        return
    message = frappe.get_doc(
        {
            "doctype": "Communication",
            "communication_type": "Communication",
            "communication_medium": "Email",
            "sent_or_received": "Sent",
            "subject": f"Re: {doc.subject}",
            "content": _paragraph(_("Sample answer of support.")),
            "sender": frappe.db.get_value("User", frappe.session.user, "email"),
            "recipients": doc.raised_by,
            "communication_date": to_site_time(answered),
            "status": "Linked",
            "reference_doctype": TICKET,
            "reference_name": doc.name,
        }
    )
    message.name = frappe.generate_hash(length=10)
    message.creation = message.modified = to_site_time(answered)
    message.owner = message.modified_by = frappe.session.user
    yield message


def _paragraph(text: str) -> str:
    return f"<p>{escape_html(text)}</p>"
