"""The contact of the signed-in user, the same on every screen and for every request.

Found by the user a contact belongs to: addresses change, and others may have them too.
"""

import frappe

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
    contacts = frappe.get_all(
        "Contact", {"user": user}, pluck="name", order_by="creation, name"
    )
    if len(contacts) > 1:
        plans = [plan for each in contacts for plan in sold_plans.with_seat(each)]
        return own_contact(contacts, plans, now())
    return contacts[0] if contacts else _with_address_of(user)


def session_contact() -> str | None:
    return contact_of(frappe.session.user)


def _with_address_of(user: str) -> str | None:
    address = frappe.db.get_value("User", user, "email")
    found = address and frappe.get_all(
        "Contact",
        {"email_id": address, "user": ("is", "not set")},
        pluck="name",
        order_by="creation, name",
        limit=1,
    )
    return found[0] if found else None
