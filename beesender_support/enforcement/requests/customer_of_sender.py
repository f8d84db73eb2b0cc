"""For which customer a request by mail or chat asks."""

import frappe
from frappe.model.document import Document
from helpdesk.utils import get_customers

from beesender_support.enforcement.requests.requested import comes_by_mail, requested_of
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.mail.senders import is_look_alike
from beesender_support.policy.requests.customers import seating_customers
from beesender_support.records.people.contacts import is_stranger, planned_customer_of
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.records.tickets.ticket_context import context_of


@log_and_carry_on
def drop_look_alike(doc: Document, method: str | None = None) -> None:
    """Helpdesk asks the database for the contact, which takes look-alikes for equal."""
    if not doc.contact or context_of(doc).found_contact == doc.contact:
        return
    before = doc.get_doc_before_save()
    if before and before.contact:
        return
    if doc.is_new() and requested_of(doc).contact == doc.contact:
        # Named by whoever made the ticket, not found by an address.
        return
    primary = frappe.db.get_value("Contact", doc.contact, "email_id")
    if primary and is_look_alike(primary, doc.raised_by or ""):
        doc.contact = None
        if doc.is_new():
            doc.customer = None


@log_and_carry_on
def find_customer(doc: Document, method: str | None = None) -> None:
    """For whom a new request by mail or chat asks.

    Helpdesk takes the only customer a contact is a member of. A seat says it as well, and
    a stranger's domain may.
    """
    if not doc.is_new() or not (context_of(doc).channel or comes_by_mail(doc)):
        return
    if not frappe.db.get_single_value("HD Settings", "auto_set_customer_from_contact"):
        return
    if doc.contact:
        _judge_by_seat(doc)
    if not doc.customer and not context_of(doc).customer_is_open:
        _judge_by_domain(doc)


def _judge_by_seat(doc: Document) -> None:
    """The customer whose plan in force seats the contact; open if it is not one only."""
    seating = seating_customers(sold_plans.with_seat(doc.contact), doc.contact, now())
    if doc.customer in seating:
        return
    if len(seating) == 1:
        doc.customer = seating.pop()
    elif not doc.customer:
        planned = seating or {
            each
            for each in get_customers(contact=doc.contact)
            if sold_plans.of_customer(each)
        }
        if len(planned) == 1:
            doc.customer = planned.pop()
        elif planned:
            context_of(doc).customer_is_open = True


def _judge_by_domain(doc: Document) -> None:
    """Who belongs to no customer, but writes from the domain of one with a plan."""
    if is_stranger(doc.contact):
        doc.customer = planned_customer_of(doc.raised_by)
