"""What the customer portal asks."""

import frappe
from helpdesk.helpdesk.doctype.hd_ticket import api as helpdesk_ticket

from beesender_support.enforcement import banner


@frappe.whitelist()
def show_outside_hours_banner(ticket_name: str) -> dict:
    """Helpdesk's banner, by the hours of the ticket's plan where it has one."""
    ticket = frappe.get_doc("HD Ticket", ticket_name)
    ticket.check_permission("read")
    if ticket.beesender_admission:
        return banner.outside_hours(ticket)
    return helpdesk_ticket.show_outside_hours_banner(ticket_name)
