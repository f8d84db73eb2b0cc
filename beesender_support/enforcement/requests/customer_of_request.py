"""The customer of a request, where its ticket or Helpdesk does not say."""

import frappe
from frappe.model.document import Document
from helpdesk.utils import get_customers, is_agent

from beesender_support.enforcement.requests.requested import (
    channel_of,
    comes_by_mail,
)
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.mail.senders import is_look_alike
from beesender_support.policy.requests.customers import (
    AskedFor,
    customer_of_contact,
    only_seating_customer,
    seating_customers,
)
from beesender_support.policy.sold.channels import PORTAL
from beesender_support.records.people.contacts import is_stranger, planned_customer_of
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.records.tickets.ticket_context import context_of


def find_customer(doc: Document, method: str | None = None) -> None:
    """Correct what Helpdesk found by an address, then look for the sender and the
    seats."""
    drop_look_alike(doc, method)
    find_customer_of_sender(doc, method)
    find_customer_of_seat(doc, method)


@log_and_carry_on
def drop_look_alike(doc: Document, method: str | None = None) -> None:
    """Helpdesk finds the contact by the database, which treats look-alikes as equal."""
    if not doc.contact or context_of(doc).found_contact == doc.contact:
        return
    before = doc.get_doc_before_save()
    if before and before.contact:
        return
    requested = context_of(doc).requested
    if doc.is_new() and is_agent() and requested and requested.contact == doc.contact:
        # Named by an agent, not found by an address.
        return
    primary = frappe.db.get_value("Contact", doc.contact, "email_id")
    if primary and is_look_alike(primary, doc.raised_by or ""):
        doc.contact = None
        if doc.is_new():
            doc.customer = None


@log_and_carry_on
def find_customer_of_sender(doc: Document, method: str | None = None) -> None:
    """For whom a new request by mail or chat asks.

    Helpdesk takes the only customer a contact is a member of. A seat says it as well, and
    a stranger's domain may.
    """
    if not doc.is_new() or not (context_of(doc).channel or comes_by_mail(doc)):
        return
    if not frappe.db.get_single_value("HD Settings", "auto_set_customer_from_contact"):
        return
    asked_for = _asked_for(doc)
    doc.customer = asked_for.customer
    if asked_for.is_open:
        context_of(doc).customer_is_open = True
    elif asked_for.is_unsaid and is_stranger(doc.contact):
        doc.customer = planned_customer_of(doc.raised_by)


def _asked_for(doc: Document) -> AskedFor:
    named = doc.customer or None
    if not doc.contact:
        return AskedFor(named)
    seating = seating_customers(sold_plans.with_seat(doc.contact), doc.contact, now())
    planned = () if named or seating else _planned_customers_of(doc.contact)
    return customer_of_contact(named, seating, planned)


def _planned_customers_of(contact: str) -> set[str]:
    return {
        each for each in get_customers(contact=contact) if sold_plans.of_customer(each)
    }


@log_and_carry_on
def find_customer_of_seat(doc: Document, method: str | None = None) -> None:
    """In the portal a seat says for whom its contact asks, where nothing else does.

    Giving a seat makes the contact one of the customer's; somebody may end that later.
    """
    if is_agent() or not (doc.is_new() and doc.contact) or doc.customer:
        return
    if channel_of(doc) == PORTAL and not get_customers(contact=doc.contact):
        plans = sold_plans.with_seat(doc.contact)
        doc.customer = only_seating_customer(plans, doc.contact, now())
