"""Contacts as the checks of seats see them, each fact in one query."""

from collections import defaultdict
from collections.abc import Iterable

import frappe

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.plans.plans import Plan


def contacts_with_access() -> set[str]:
    """The contacts whose user can log in."""
    contact, user = frappe.qb.DocType("Contact"), frappe.qb.DocType("User")
    rows = (
        frappe.qb.from_(contact)
        .join(user)
        .on(user.name == contact.user)
        .select(contact.name)
        .where(user.enabled == 1)
    ).run(pluck=True)
    return set(rows)


def members_by_customer() -> dict[str, set[str]]:
    """The contacts of each customer, as Helpdesk knows them."""
    members: dict[str, set[str]] = defaultdict(set)
    for row in frappe.get_all(
        "HD Customer Member",
        {"parenttype": "HD Customer"},
        ["parent", "contact_name"],
        order_by=None,
    ):
        members[row.parent].add(row.contact_name)
    return members


def contacts_by_address(plans: Iterable[Plan]) -> dict[str, set[str]]:
    """Everybody who has an address of a contact with a seat, by its normal form."""
    seated = {seat.contact for plan in plans for seat in plan.seats}
    if not seated:
        return {}
    rows = frappe.get_all(
        "Contact Email",
        {"parenttype": "Contact"},
        ["parent", "email_id"],
        order_by=None,
    )
    contacts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        contacts[normalize_address(row.email_id or "")].add(row.parent)
    return {
        address: theirs
        for address, theirs in contacts.items()
        if address and len(theirs) > 1 and theirs & seated
    }
