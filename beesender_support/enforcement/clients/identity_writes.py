"""What clients write on contacts and customers: only support decides who somebody is.

Admission depends on a request's contact and customer. Frappe lets any signed-in user
create contacts, write those they created, and add rows to the tables of any contact;
Helpdesk lets a customer's manager write the customer. Adding an address, a member or a
domain that way would let a client ask in another person's name, or receive others'
requests.

This applies to sessions that may write only through a client's role. What server code
saves without checking permissions, such as a user's profile, was checked by that code.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.requests.client_fields import (
    CLIENT_ROLES,
    SAYS_WHO_A_CUSTOMER_IS,
)
from beesender_support.records import settings
from beesender_support.records.people.contacts import contact_with_address
from beesender_support.records.people.people import is_of_a_customer
from beesender_support.records.people.phones import contacts_with_phone


def validate_contact(doc: Document) -> None:
    """A contact identifies a person; a client's own must not take over others'
    identity."""
    if not _is_written_by_client(doc, doc.doctype):
        return
    before = doc.get_doc_before_save()
    identity = _identity_of(doc)
    if before and identity == _identity_of(before):
        return
    if before and is_of_a_customer(doc.name):
        _refuse_contact()
    user, addresses, numbers = identity
    if user not in (None, frappe.session.user) or any(
        _is_of_somebody_else(address, doc.name) for address in addresses
    ):
        _refuse_contact()
    if numbers and _is_number_of_others(numbers, doc.name):
        _refuse_contact()


def refuse_row(doc: Document, method: str | None = None) -> None:
    """A row that is written or deleted by itself bypasses its record's checks."""
    if _is_written_by_client(doc, doc.parenttype):
        _refuse_contact() if doc.parenttype == "Contact" else _refuse_customer()


def validate_customer(doc: Document) -> None:
    """Its manager may change no member's customer and no domain that identifies
    strangers."""
    before = doc.get_doc_before_save()
    if not before or not _is_written_by_client(doc, doc.doctype):
        return
    added = _members_of(doc) - _members_of(before)
    if added or any(
        (doc.get(name) or None) != (before.get(name) or None)
        for name in SAYS_WHO_A_CUSTOMER_IS
    ):
        _refuse_customer()


def refuse_to_clients(doc: Document, method: str | None) -> None:
    """Renaming, merging and deleting records that requests and plans refer to."""
    if not _is_written_by_client(doc, doc.doctype):
        return
    if doc.doctype == "HD Customer":
        _refuse_customer()
    if method != "on_trash" or is_of_a_customer(doc.name):
        _refuse_contact()


# Who writes?


def _is_written_by_client(doc: Document, doctype: str | None) -> bool:
    if doc.flags.ignore_permissions or is_agent() or not settings.is_in_use():
        return False
    roles = set(frappe.get_roles()) - CLIENT_ROLES
    return not any(
        rule.write and not rule.if_owner and not rule.permlevel and rule.role in roles
        for rule in frappe.get_meta(doctype or doc.doctype).permissions
    )


# Whose is it?


def _identity_of(contact: Document) -> tuple[str | None, frozenset, frozenset]:
    """What identifies a contact: its user, its addresses and its numbers."""
    return (
        contact.user or None,
        frozenset(normalize_address(row.email_id or "") for row in contact.email_ids),
        frozenset(row.phone for row in contact.phone_nos if row.phone),
    )


def _is_of_somebody_else(address: str, contact: str | None) -> bool:
    if contact_with_address(address) not in (None, contact):
        return True
    user = frappe.db.get_value("User", {"email": address})
    return user not in (None, frappe.session.user)


def _is_number_of_others(numbers: frozenset[str], contact: str | None) -> bool:
    return any(contacts_with_phone(number) - {contact} for number in numbers)


def _members_of(customer: Document) -> set[str]:
    return {row.contact_name for row in customer.contacts}


# Refusals


def _refuse_contact() -> None:
    frappe.throw(
        _("Only support agents can change who a contact is. Please ask support."),
        frappe.PermissionError,
    )


def _refuse_customer() -> None:
    frappe.throw(
        _("Only support agents can change who belongs to a customer. Please ask them."),
        frappe.PermissionError,
    )
