"""The language in which somebody other than the session's user reads a notice."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from beesender_support.records.people.contacts import contact_with_address
from beesender_support.records.people.readers import site_language


def language_of(address: str | None, contact: str | None = None) -> str:
    """That of the user behind a contact or an address, else the site's."""
    contact = contact or contact_with_address(address)
    user = contact and frappe.db.get_value("Contact", contact, "user")
    user = user or (address and frappe.db.exists("User", {"email": address}))
    return language_of_user(user)


def language_of_user(user: str | None) -> str:
    """The one that a user has chosen, else the site's; the site's for nobody."""
    return chosen_or_of_site(user and frappe.db.get_value("User", user, "language"))


def chosen_or_of_site(chosen: str | None) -> str:
    return chosen or site_language()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Translate into the language of the person who asks, not of the program."""
    before = frappe.local.lang
    frappe.local.lang = language
    try:
        yield
    finally:
        frappe.local.lang = before
