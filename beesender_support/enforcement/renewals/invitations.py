"""Invites the people with a seat on a plan to the portal, by Helpdesk's own invitations.

Nobody is invited twice, however many click: the customer is locked for each invitation,
and what others committed since is read. Frappe commits with the mail of each, and lets
the lock go by it.
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
    users = _users_of(rows)
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


def _users_of(rows: list[frappe._dict]) -> dict[str, int]:
    """Whether they are enabled, by name and by address, in lower case."""
    addresses = [row.email_id or "" for row in rows]
    found = frappe.get_all(
        "User",
        or_filters=[
            ["name", "in", [*addresses, *(row.user or "" for row in rows)]],
            ["email", "in", addresses],
        ],
        fields=["name", "email", "enabled"],
    )
    by_address = {each.email.casefold(): each.enabled for each in found if each.email}
    return by_address | {each.name.casefold(): each.enabled for each in found}


def _state(row: frappe._dict, users: dict[str, int], invited: set[str]) -> str:
    """Whoever has no user of theirs has that of their address: by it they log in, and for
    it Helpdesk makes no invitation."""
    own, address = (each.casefold() for each in (row.user or "", row.email_id or ""))
    for each in (own, address):
        if each in users:
            return HAS_ACCESS if users[each] else DISABLED
    if not address:
        return NO_ADDRESS
    return INVITED if address in invited else NOT_INVITED


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
        seats.locked_plan(name)
        if states_of([contact], latest=True).get(contact) != NOT_INVITED:
            answer["already"].append(contact)
            continue
        # One that fails holds up no other, and leaves no invitation.
        frappe.db.savepoint(SAVEPOINT)
        try:
            customer = frappe.get_doc("HD Customer", doc.customer)
            made = customer.add_contacts([contact])["invite_result"]
        except frappe.PermissionError:
            raise
        except Exception as error:
            is_undone = _undone()
            frappe.clear_messages()
            why = strip_html(str(error)) or type(error).__name__
            if not is_undone:
                why = _(
                    "The mail could not be sent yet and is tried again: {0}"
                ).format(why)
            answer["failed"].append({"contact": contact, "why": why})
            continue
        if made["invited_emails"]:
            answer["invited"].append(contact)
        elif made["pending_invite_emails"]:
            # Two contacts with one address.
            answer["already"].append(contact)
        else:
            answer["failed"].append({"contact": contact, "why": _why_not(made)})
    return answer


def _undone() -> bool:
    """Whether a failed invitation was taken back. It is not where its mail waits in the
    queue, since Frappe has committed both by then."""
    try:
        frappe.db.rollback(save_point=SAVEPOINT)
    except (frappe.db.OperationalError, frappe.db.ProgrammingError):
        return False
    return True


def _why_not(made: dict[str, list[str]]) -> str:
    if made["disabled_user_emails"]:
        return _("The user is disabled.")
    if made["accepted_invite_emails"]:
        return _("An invitation was accepted before. Its user has another address now.")
    return _("Helpdesk made no invitation.")


def _in_state(states: dict[str, str], state: str) -> list[str]:
    return [contact for contact, each in states.items() if each == state]
