"""A client asks for a seat: the people who can give it are told, once a day and contact."""

from typing import TypedDict
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import get_url, get_url_to_form
from helpdesk.utils import get_customers

from beesender_support.enforcement.outgoing.mailer import send
from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.plans.plan_notices import (
    managers_of,
    notice_of_plan,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.access import lacks_a_seat
from beesender_support.policy.sentences import Contact
from beesender_support.records import settings
from beesender_support.records.notices import notice_log
from beesender_support.records.people import readers
from beesender_support.records.people.readers import Recipient
from beesender_support.records.people.session_contact import contact_of
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_values
from beesender_support.wording.renderer import fill

PLAN, KIND = "Beesender Support Plan", "seat_asked"
# Who is told: by the key of the notice.
MANAGERS, SUPPORT = "managers", "support"


class Asked(TypedDict):
    """``sentence`` says what became of it; ``is_told`` whether anybody was told."""

    is_told: bool
    sentence: str


def ask(plan: str, user: str) -> Asked:
    """For the user's own contact, who belongs to the plan's customer and lacks a seat."""
    contact = contact_of(user)
    customer = frappe.db.get_value(PLAN, plan, "customer")
    # The same for a plan of others and for none: nobody learns which plans there are.
    if not contact or customer not in get_customers(contact=contact):
        raise frappe.PermissionError
    value = plan_values.plan_of(frappe.get_doc(PLAN, plan))
    if not lacks_a_seat(value, contact, now()):
        frappe.throw(_("You need no seat on this plan, or it is not in force."))
    # Two presses at once are told of once.
    seats.lock_customers(customer)
    told = [
        _tell(
            value, contact, MANAGERS, _managers(value, contact), _page(value, contact)
        ),
        _tell(value, contact, SUPPORT, _support(value), get_url_to_form(PLAN, plan)),
    ]
    return {
        "is_told": any(told),
        "sentence": (
            _("We passed on that you ask for a seat. You get a mail once you have one.")
            if any(told)
            else _("Nobody could be told by mail. Please ask your account manager.")
        ),
    }


def _tell(
    plan: Plan, contact: str, whom: str, people: list[Recipient], link: str
) -> bool:
    """Whether they were told now or earlier today."""
    if not people:
        return False
    today = plan.today(now())
    key = f"{KIND}/{plan.name}/{today}/{whom}/{contact}"
    address = frappe.db.get_value("Contact", contact, "email_id")
    used = len(plan.active_seats(today))
    said = send(
        notice_of_plan(
            KIND,
            key,
            plan,
            people,
            {
                "person": lambda: fill("{0}", Contact(contact)),
                "address": lambda: address or "",
                "seats_used": lambda: str(used),
                "limit": lambda: str(plan.tier.authorized_contact_limit),
                "plan_link": lambda: link,
            },
        )
    )
    # Of two presses at once the second began to read before the first was written.
    return said or notice_log.was_sent(key)


def _managers(plan: Plan, contact: str) -> list[Recipient]:
    """Nobody where they could not give the seat that they are asked for."""
    if not settings.current().customer_managers_may_swap_seats:
        return []
    others = [each for each in managers_of(plan.customer) if each != contact]
    return readers.contacts(others, plan.name)


def _support(plan: Plan) -> list[Recipient]:
    return readers.users([plan.success_manager], by_bell=False)


def _page(plan: Plan, contact: str) -> str:
    """Of the plan, where a manager gives the seat."""
    asked = urlencode({"plan": plan.name, "seat": contact})
    return get_url(f"/support-plan?{asked}")
