"""Who calls, on the page on which an agent takes down a request."""

import frappe
from helpdesk.utils import agent_only

from beesender_support.enforcement.people import callers, new_contacts
from beesender_support.enforcement.people.callers import Caller
from beesender_support.screens.callers import agents_form
from beesender_support.screens.callers.agents_form import AgentsForm


@frappe.whitelist()
@agent_only
def form() -> AgentsForm:
    """The calls of lately that wait for a ticket, and the words of the page."""
    return agents_form.agents_form()


@frappe.whitelist()
@agent_only
def who_has(number: str) -> Caller:
    """Whose number it is, as far as contacts have it."""
    return callers.who_has(number)


@frappe.whitelist(methods=["POST"])
@agent_only
def make_contact(
    customer: str, name: str, email: str = "", phone: str = "", why: str = ""
) -> str:
    """A contact of the customer with a seat on its plan in force; the contact."""
    new_contacts.refuse_who_may_not(customer)
    return new_contacts.make_and_seat(customer, name, email, phone, why)
