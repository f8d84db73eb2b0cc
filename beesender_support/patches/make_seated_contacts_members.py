"""Makes everybody with a seat a contact of the customer, on sites where seats did
not."""

import frappe

from beesender_support.enforcement.plans import seats


def execute() -> None:
    for plan, customer in frappe.get_all(
        seats.PLAN,
        {"status": ("in", ("Active", "Suspended"))},
        ["name", "customer"],
        as_list=True,
    ):
        if frappe.db.exists("HD Customer", customer):
            seats.ensure_memberships(customer, present(seats.contacts_of([plan])))


def present(contacts: list[str]) -> list[str]:
    """Without those that a script removed past every refusal."""
    return frappe.get_all("Contact", {"name": ("in", contacts)}, pluck="name")
