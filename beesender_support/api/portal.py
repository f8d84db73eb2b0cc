"""What the customer portal asks."""

import frappe
from helpdesk.helpdesk.doctype.hd_ticket import api as helpdesk_ticket

from beesender_support.enforcement import banner, promise, seats


@frappe.whitelist()
def show_outside_hours_banner(ticket_name: str) -> dict:
    """Helpdesk's banner, by the hours of the ticket's plan where it has one."""
    ticket = frappe.get_doc("HD Ticket", ticket_name)
    ticket.check_permission("read")
    if ticket.beesender_admission:
        return banner.outside_hours(ticket)
    return helpdesk_ticket.show_outside_hours_banner(ticket_name)


@frappe.whitelist()
def promise_in_words(ticket: str) -> dict[str, str]:
    """How the promise of a ticket stands, for its badges."""
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("read")
    return promise.in_words(doc)


@frappe.whitelist()
def seats_of(plan: str) -> list[dict]:
    """The authorized contacts of a plan, for a manager of its customer."""
    return seats.of_plan(seats.plan_to_manage(plan, frappe.session.user).name)


@frappe.whitelist(methods=["POST"])
def give_seat(plan: str, contact: str) -> None:
    """A customer's manager seats a colleague, within the limit of the tier."""
    doc = seats.plan_to_manage(plan, frappe.session.user)
    seats.refuse_strangers(doc, contact)
    seats.give(doc.name, contact)


@frappe.whitelist(methods=["POST"])
def end_seat(plan: str, contact: str) -> None:
    """A customer's manager ends a colleague's seat."""
    doc = seats.plan_to_manage(plan, frappe.session.user)
    seats.end(doc.name, contact)
