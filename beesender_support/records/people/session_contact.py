"""The contact of the signed-in user, the same on every screen and for every request.

Found by the user a contact belongs to: addresses change, and others may have them too.
"""

import frappe
from helpdesk.utils import get_customers

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.mail.senders import is_look_alike
from beesender_support.policy.requests.client_fields import own_contact
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans


def contact_of(user: str) -> str | None:
    """The contact of a user; of several the seated one, else the oldest.

    Without any it is, as in Helpdesk, the one with the user's own address that belongs to
    no other user.
    """
    if user == "Guest":
        return None
    contacts = [
        row.name
        for row in frappe.get_all(
            "Contact", {"user": user}, ["name", "email_id"], order_by="creation, name"
        )
        # Frappe links a contact to any user whom the database takes for equal.
        if not is_look_alike(row.email_id or "", user)
    ]
    if len(contacts) > 1:
        plans = [plan for each in contacts for plan in sold_plans.with_seat(each)]
        return own_contact(contacts, plans, now())
    return contacts[0] if contacts else _with_address_of(user)


def session_contact() -> str | None:
    return contact_of(frappe.session.user)


def managed_by(user: str) -> list[str]:
    """The customers that a user's contact manages in Helpdesk, by name."""
    contact = contact_of(user)
    memberships = get_customers(contact=contact, get_roles=True) if contact else ()
    return sorted(each["name"] for each in memberships if each["is_manager"])


def _with_address_of(user: str) -> str | None:
    address = frappe.db.get_value("User", user, "email")
    if not address:
        return None
    found = frappe.get_all(
        "Contact",
        {"email_id": address, "user": ("is", "not set")},
        ["name", "email_id"],
        order_by="creation, name",
    )
    # The database takes look-alikes for equal.
    own = normalize_address(address)
    return next(
        (row.name for row in found if normalize_address(row.email_id) == own), None
    )
