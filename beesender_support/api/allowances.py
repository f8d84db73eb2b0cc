"""What is taken of a plan's allowances: by agents from a ticket, by clients in the portal.

``key`` is made by the browser for one press of a button, so that a second press, or the
same request sent again, takes nothing more.
"""

import frappe
from frappe.model.document import Document
from frappe.utils import getdate
from helpdesk.utils import agent_only

from beesender_support.enforcement.allowances import requesting, taking
from beesender_support.screens.allowances import on_ticket
from beesender_support.screens.allowances.on_ticket import AllowancesOfTicket


@frappe.whitelist()
@agent_only
def of_ticket(ticket: str) -> AllowancesOfTicket:
    """What is left of the allowances of a ticket's plan, and what it took of them."""
    return on_ticket.of_ticket(_ticket(ticket, "read"))


@frappe.whitelist(methods=["POST"])
@agent_only
def use(
    ticket: str,
    entitlement: str,
    key: str,
    amount: str = "1",
    date: str = "",
    reason: str = "",
) -> None:
    """Note that something was used; hours beyond the allowance are billable."""
    doc = _ticket(ticket, "write")
    on = getdate(date) if date else None
    taking.use(doc, entitlement, amount, on, reason, key)


@frappe.whitelist(methods=["POST"])
@agent_only
def reserve(
    ticket: str,
    entitlement: str,
    key: str,
    amount: str = "1",
    date: str = "",
    reason: str = "",
) -> None:
    """Reserve something for a day; it is given back if the ticket is closed without it."""
    doc = _ticket(ticket, "write")
    on = getdate(date) if date else None
    taking.reserve(doc, entitlement, amount, on, reason, key)


@frappe.whitelist(methods=["POST"])
@agent_only
def give_back(ticket: str, entry: str, reason: str, key: str) -> None:
    """Give back what an entry of the ticket reserved or used."""
    taking.give_back(_ticket(ticket, "write"), entry, reason, key)


@frappe.whitelist(methods=["POST"])
def request(
    plan: str, entitlement: str, date: str, key: str, description: str = ""
) -> str:
    """A client asks for one of what their plan includes by number, for a day: a request
    with a reservation. Returns the ticket."""
    return requesting.request(
        frappe.session.user, plan, entitlement, getdate(date), description, key
    )


def _ticket(name: str, permission: str) -> Document:
    doc = frappe.get_doc("HD Ticket", name)
    doc.check_permission(permission)
    return doc
