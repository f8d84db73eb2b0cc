"""Mail: whose it is and which ticket it may join. What cannot be registered is in
``kept_mail``."""

from email.utils import getaddresses

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)
from helpdesk.utils import get_customers

from beesender_support.enforcement import admission_log, loaders
from beesender_support.enforcement.intake import comes_by_mail
from beesender_support.enforcement.never_lose import log_and_carry_on
from beesender_support.enforcement.site_time import now
from beesender_support.policy.senders import customer_to_judge, is_stray
from beesender_support.policy.tiers import EMAIL

# Whose sender?


@log_and_carry_on
def find_contact(doc: Document, method: str | None = None) -> None:
    """Helpdesk finds a contact by the primary address; a mail may come from another.

    A contact whose primary address it is goes first, as Helpdesk has it.
    """
    if doc.contact or not comes_by_mail(doc):
        return
    found = frappe.get_all(
        "Contact Email",
        {"email_id": doc.raised_by, "parenttype": "Contact"},
        pluck="parent",
        order_by="is_primary desc, creation",
        limit=1,
    )
    doc.contact = found[0] if found else None


@log_and_carry_on
def find_customer(doc: Document, method: str | None = None) -> None:
    """Helpdesk names no customer on mail of a contact who belongs to several."""
    is_open = doc.is_new() and doc.contact and not doc.customer
    if not is_open or not comes_by_mail(doc):
        return
    if frappe.db.get_single_value("HD Settings", "auto_set_customer_from_contact"):
        customers = get_customers(contact=doc.contact)
        plans = [plan for each in customers for plan in loaders.plans_of(each)]
        doc.customer = customer_to_judge(plans, doc.contact, now())


# Which ticket?


def part_from_foreign_ticket(doc: Document) -> None:
    """A stranger's mail that names a ticket in its subject becomes a ticket of its own.

    Frappe joins mail to the ticket that its subject names, whoever sent it. Mail that
    answers a message of the ticket stays: its sender was sent that message. Tickets
    outside the policy are plain Helpdesk's.
    """
    if not _is_joined_by_subject(doc):
        return
    ticket = frappe.db.get_value(
        "HD Ticket",
        doc.reference_name,
        ["name", "raised_by", "contact", "customer", "beesender_admission"],
        as_dict=True,
    )
    if not ticket or not ticket.beesender_admission:
        return
    if is_stray(doc.sender, [ticket.raised_by]) and is_stray(
        doc.sender, participants_of(ticket, doc.sender)
    ):
        give_own_ticket(doc, ticket.name)


def participants_of(ticket: frappe._dict, sender: str) -> set[str]:
    """Addresses of the contact and their colleagues, of all who were written to or wrote
    on the ticket, and ``sender`` if an agent's."""
    member, email = map(frappe.qb.DocType, ("HD Customer Member", "Contact Email"))
    colleagues = (
        frappe.qb.from_(member)
        .select(member.contact_name)
        .where(member.parent == (ticket.customer or ""))
    )
    addresses = (
        frappe.qb.from_(email)
        .select(email.email_id)
        .where((email.parent == (ticket.contact or "")) | email.parent.isin(colleagues))
        .run(pluck=True)
    )
    written = frappe.get_all(
        "Communication",
        {"reference_doctype": "HD Ticket", "reference_name": ticket.name},
        ["sender", "recipients", "cc", "bcc"],
    )
    headers = [text for row in written for text in row.values() if text]
    agents = frappe.get_all("HD Agent", {"user": sender, "is_active": 1}, pluck="user")
    return {*addresses, *(each for _, each in getaddresses(headers)), *agents}


def give_own_ticket(doc: Document, foreign_ticket: str) -> None:
    ticket = _insert_ticket(doc)
    doc.update({"reference_name": ticket.name, "reference_owner": None})
    details = _(
        "The subject names ticket {0}, but the sender takes no part in it: this became"
        " a ticket of its own."
    ).format(foreign_ticket)
    admission_log.record(
        "Stray reply",
        ticket=ticket.name,
        customer=ticket.customer,
        contact=doc.sender,
        channel=EMAIL,
        details=details,
    )
    log_ticket_activity(ticket.name, details)


def _is_joined_by_subject(doc: Document) -> bool:
    """Received by mail, on a ticket, and not in answer to a message on it."""
    return bool(
        doc.reference_doctype == "HD Ticket"
        and doc.sent_or_received == "Received"
        and doc.email_account
        and doc.sender
        and not doc.in_reply_to
    )


def _insert_ticket(doc: Document) -> Document:
    """As Frappe does for mail that names no ticket; nothing is left of one that fails."""
    ticket = frappe.new_doc("HD Ticket", subject=doc.subject, raised_by=doc.sender)
    ticket.flags.ignore_mandatory = True
    frappe.db.savepoint("stray_reply")
    try:
        return ticket.insert(ignore_permissions=True)
    except Exception:
        frappe.db.rollback(save_point="stray_reply")
        raise
