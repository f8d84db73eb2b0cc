"""Who somebody is by what they say of themselves: any of a contact's addresses or numbers."""

import re

import frappe
from frappe.contacts.doctype.contact.contact import get_contact_name


def contact_with(email: str | None, phone: str | None) -> str | None:
    """The contact with this e-mail address; without an address, with this phone.

    A known phone beside an unknown address proves nothing: phones are public, and the
    answers go to the address.
    """
    return get_contact_name(email) if email else contact_with_phone(phone)


def contact_with_phone(phone: str) -> str | None:
    """The only contact with this number, however either is written.

    A number that several contacts share says nothing about who asks.
    """
    digits = _digits(phone)
    rows = frappe.get_all(
        "Contact Phone",
        {"parenttype": "Contact", "phone": ("like", f"%{digits[-2:]}")},
        ["parent", "phone"],
    )
    contacts = {row.parent for row in rows if _digits(row.phone) == digits}
    return contacts.pop() if len(contacts) == 1 else None


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)
