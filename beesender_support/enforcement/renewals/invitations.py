"""Invites the people with a seat on a plan to the portal, by Helpdesk's own invitations.

Nobody is invited twice, however many click: the customer is locked, and what others
committed since is read. Mail waits in the queue for the scheduler: Frappe would send it
with the request, and a mail server that is down would end that with a bare error.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypedDict

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.utils import strip_html

from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
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


def invite_all(name: str, only: str | None = None) -> Invited:
    """Everybody with a seat on the plan that has not ended, and without access, or that
    contact ``only``. Commits."""
    doc = seats.locked_plan(name)
    plan = plan_values.plan_of(doc)
    today = plan.today(now())
    seated = [
        seat.contact
        for seat in plan.seats
        if not seat.has_ended(today) and only in (None, seat.contact)
    ]
    if only and not seated:
        frappe.throw(_("This contact has no seat on the plan. Reload the form."))
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
    if not_invited := _in_state(states, NOT_INVITED):
        _check_mail_is_sent()
        with _mail_waits_in_the_queue():
            for contact in not_invited:
                _invite(contact, doc.customer, answer)
            # What Frappe sends at once it sends after this.
            frappe.db.commit()
    return answer


def _invite(contact: str, customer: str, answer: Invited) -> None:
    """One that fails holds up no other, and leaves no invitation."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        made = frappe.get_doc("HD Customer", customer).add_contacts([contact])
    except frappe.PermissionError:
        raise
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_messages()
        why = strip_html(str(fault)) or type(fault).__name__
        answer["failed"].append({"contact": contact, "why": why})
        return
    result = made["invite_result"]
    if result["invited_emails"]:
        answer["invited"].append(contact)
    elif result["pending_invite_emails"]:
        # Two contacts with one address.
        answer["already"].append(contact)
    else:
        answer["failed"].append({"contact": contact, "why": _why_not(result)})


def _check_mail_is_sent() -> None:
    """Frappe itself would say so of each, but not while mail waits."""
    if not EmailAccount.find_default_outgoing():
        frappe.throw(
            _(
                "Nobody was invited: no e-mail account sends mail. Enable outgoing mail on"
                " an e-mail account, make it the default, and invite again."
            ),
            frappe.OutgoingEmailError,
        )


@contextmanager
def _mail_waits_in_the_queue() -> Iterator[None]:
    before = frappe.flags.mute_emails
    frappe.flags.mute_emails = True
    try:
        yield
    finally:
        frappe.flags.mute_emails = before


def _why_not(made: dict[str, list[str]]) -> str:
    if made["disabled_user_emails"]:
        return _("The user is disabled.")
    if made["accepted_invite_emails"]:
        return _("An invitation was accepted before. Its user has another address now.")
    return _("Helpdesk made no invitation.")


def _in_state(states: dict[str, str], state: str) -> list[str]:
    return [contact for contact, each in states.items() if each == state]
