"""A client asks for what their plan includes by number, such as an update, for a day: a
request in Helpdesk, and a reservation that is given back if it is closed without use.
"""

from datetime import date

import frappe
from frappe import _
from frappe.utils import escape_html
from helpdesk.helpdesk.doctype.hd_ticket import api as helpdesk_ticket
from helpdesk.utils import get_customers

from beesender_support.enforcement.allowances import asked_entitlements, taking
from beesender_support.enforcement.plans import seats
from beesender_support.policy.allowances.ledger import RESERVE
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.access import concern_about, may_view
from beesender_support.policy.requests.impact import is_rated_by_impact
from beesender_support.policy.sold.channels import PORTAL
from beesender_support.policy.sold.entitlements import COUNT
from beesender_support.records.people.session_contact import contact_of
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.wording.allowances.balance_words import title_of, unit_of
from beesender_support.wording.renderer import fill, in_words

MAX_DESCRIPTION = 10_000


def request(
    user: str, plan: str, entitlement: str, on: date, description: str, key: str
) -> str:
    """Reserve one for a day and raise the request; returns its ticket.

    The reservation comes first: whoever is too late, or asks twice, makes no ticket.
    """
    value = _plan_of(user, plan)
    seats.refuse_too_many(user)
    if unit_of(entitlement) != COUNT:
        frappe.throw(_("This is not included by number. Please raise a request."))
    reserved = taking.write(
        {
            "plan": value.name,
            "entitlement": entitlement,
            "action": RESERVE,
            "amount": 1,
            "date": on,
        },
        key,
    )
    if not reserved.ticket:
        ticket = _raise(value, entitlement, on, description)
        # In the transaction in which it is written.
        reserved.db_set("ticket", ticket, update_modified=False)
    return str(reserved.ticket)


def _plan_of(user: str, name: str) -> Plan:
    """The plan, if the session's contact has a seat in force on it. Nobody learns which
    other plans there are."""
    contact, at = contact_of(user), now()
    [plan] = sold_plans.named([name]) or [None]
    members = (
        [each["name"] for each in get_customers(contact=contact, get_roles=True)]
        if contact
        else []
    )
    if plan is None or contact is None or not may_view(plan, contact, members, at):
        raise frappe.PermissionError
    # For contacts without a customer in Helpdesk, the seat determines the customer.
    is_member = plan.customer in members or not members
    if concern := concern_about(plan, contact, at, is_member=is_member):
        frappe.throw(in_words(concern.sentence), frappe.PermissionError)
    return plan


def _raise(plan: Plan, entitlement: str, on: date, description: str) -> str:
    """By Helpdesk's own endpoint, and so by all that decides on a request."""
    subject = fill(_("{0}: wanted on {1}"), title_of(entitlement), on)
    wanted = escape_html(description.strip()[:MAX_DESCRIPTION]).replace("\n", "<br>")
    ticket = helpdesk_ticket.new(
        {
            "subject": subject,
            "description": f"<p>{escape_html(subject)}</p><p>{wanted}</p>",
            "customer": plan.customer,
            "ticket_type": _category(),
            asked_entitlements.FIELD: entitlement,
        },
        [],
    )
    return str(ticket.name)


def _category() -> str | None:
    """One that is promised an answer and asks nothing of its impact: the least urgent,
    and of several the first by name."""
    offered = [
        each
        for each in catalogue.categories()
        if each.promises_response and not is_rated_by_impact(each, PORTAL)
    ]
    least_urgent = max(offered, key=lambda each: each.default_priority, default=None)
    return least_urgent.name if least_urgent else None
