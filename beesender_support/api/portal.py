"""What the customer portal asks."""

import frappe
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket import api as helpdesk_ticket

from beesender_support.enforcement import banner, explanation, seats


@frappe.whitelist()
def show_outside_hours_banner(ticket_name: str) -> dict:
    """Helpdesk's banner, by the hours of the ticket's plan where it has one."""
    ticket = _readable(ticket_name)
    if ticket.beesender_admission:
        return banner.outside_hours(ticket)
    return helpdesk_ticket.show_outside_hours_banner(ticket_name)


@frappe.whitelist()
def promise_in_words(ticket: str) -> dict:
    """How the promise of a ticket stands, and until when it is to be kept."""
    return explanation.glance(_readable(ticket))


@frappe.whitelist()
def explain_deadline(ticket: str) -> dict:
    """Why the deadline of a ticket is when it is, line by line."""
    return explanation.explain(_readable(ticket))


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


def _readable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("read")
    return doc
