"""Invites the people with a seat on a plan to the portal, by Helpdesk's own invitations.

Nobody is invited twice, however many click: the customer is locked meanwhile, and what
others committed since is read.
"""

from collections.abc import Iterable
from typing import TypedDict

import frappe
from frappe import _
from frappe.utils import strip_html

from beesender_support.enforcement.plans import seats
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_values

INVITATION, HELPDESK = "User Invitation", "helpdesk"
# Whether a contact can log in, or was invited; an expired or cancelled invitation is none.
HAS_ACCESS, INVITED, NOT_INVITED, NO_ADDRESS, DISABLED = (
    "access",
    "invited",
    "none",
    "no_address",
    "disabled",
)
SAVEPOINT = "beesender_invitation"


class Failed(TypedDict):
    contact: str
    why: str


class Invited(TypedDict):
    """Names of contacts: who was invited now, had been invited before, cannot be, since
    there is no address, and who could not be, and why."""

    invited: list[str]
    already: list[str]
    without_address: list[str]
    failed: list[Failed]


def states_of(contacts: Iterable[str], *, latest: bool = False) -> dict[str, str]:
    """By contact, in three queries; ``latest`` also reads what others committed since
    this transaction began, and locks it."""
    names = list(dict.fromkeys(contacts))
    if not names:
        return {}
    rows = frappe.get_all(
        "Contact", {"name": ("in", names)}, ["name", "email_id", "user"]
    )
    users = dict(
        frappe.get_all(
            "User",
            {
                "name": (
                    "in",
                    [each for row in rows for each in (row.user, row.email_id)],
                )
            },
            ["name", "enabled"],
            as_list=True,
        )
    )
    pending = frappe.db.get_values(
        INVITATION,
        {
            "email": ("in", [row.email_id or "" for row in rows]),
            "status": "Pending",
            "app_name": HELPDESK,
        },
        "email",
        for_update=latest,
        pluck=True,
    )
    invited = {each.casefold() for each in pending}
    return {row.name: _state(row, users, invited) for row in rows}


def _state(row: frappe._dict, users: dict[str, int], invited: set[str]) -> str:
    if row.user in users:
        return HAS_ACCESS if users[row.user] else DISABLED
    if not row.email_id:
        return NO_ADDRESS
    return INVITED if row.email_id.casefold() in invited else NOT_INVITED


def invite_all(name: str) -> Invited:
    """Everybody with a seat on the plan that has not ended, and without access."""
    doc = seats.locked_plan(name)
    plan = plan_values.plan_of(doc)
    today = plan.today(now())
    seated = [seat.contact for seat in plan.seats if not seat.has_ended(today)]
    states = states_of(seated, latest=True)
    answer: Invited = {
        "invited": [],
        "already": _in_state(states, INVITED),
        "without_address": _in_state(states, NO_ADDRESS),
        "failed": [
            {"contact": each, "why": _("The user is disabled.")}
            for each in _in_state(states, DISABLED)
        ],
    }
    for contact in _in_state(states, NOT_INVITED):
        # A mail that cannot be sent holds up no other, and leaves no invitation.
        frappe.db.savepoint(SAVEPOINT)
        try:
            customer = frappe.get_doc("HD Customer", doc.customer)
            customer.add_contacts([contact])
            answer["invited"].append(contact)
        except frappe.PermissionError:
            raise
        except Exception as error:
            frappe.db.rollback(save_point=SAVEPOINT)
            frappe.clear_messages()
            why = strip_html(str(error)) or type(error).__name__
            answer["failed"].append({"contact": contact, "why": why})
    return answer


def _in_state(states: dict[str, str], state: str) -> list[str]:
    return [contact for contact, each in states.items() if each == state]
