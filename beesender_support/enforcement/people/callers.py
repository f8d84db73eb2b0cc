"""Who calls, and the ticket that is made of a call.

telephony logs a call when it rings. An agent who takes down a request during the call, or
after it, links the log to the ticket; a call that is completed then counts as it does on
any ticket.
"""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_to_date, format_datetime, now_datetime
from helpdesk.utils import get_customers

from beesender_support.enforcement.safety.dead_letters import log_fault
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.records.people.phones import contacts_with_phone
from beesender_support.wording.renderer import fill

CALL, TICKET = "TP Call Log", "HD Ticket"
# How long a call is offered, and at most so many.
HOURS, MOST = 24, 10
SAVEPOINT = "beesender_call"
# Of what an agent's form sends.
FIELD = "beesender_call"


class Call(TypedDict):
    """A call of lately that no ticket was made of; ``label`` says who and when."""

    name: str
    number: str
    label: str


class Caller(TypedDict):
    """``contact`` is the only one with the number, ``customer`` the only one of theirs;
    empty where there is none, or more. ``words`` say so; ``is_unknown`` where nobody has
    it."""

    contact: str
    customer: str
    is_unknown: bool
    words: str


def who_has(number: str) -> Caller:
    """Who calls from a number, as far as contacts have it."""
    contacts = sorted(contacts_with_phone(number))
    if len(contacts) != 1:
        return {
            "contact": "",
            "customer": "",
            "is_unknown": not contacts,
            "words": (
                fill(
                    _("Several contacts have this number: {0}."),
                    tuple(map(_full_name, contacts[:MOST])),
                )
                if contacts
                else _(
                    "No contact has this number. Choose the customer, then make a contact."
                )
            ),
        }
    (contact,) = contacts
    customers = sorted(get_customers(contact=contact))
    return {
        "contact": contact,
        "customer": customers[0] if len(customers) == 1 else "",
        "is_unknown": False,
        "words": _full_name(contact),
    }


def calls_of(user: str) -> list[Call]:
    """Incoming calls of lately, to this agent or to nobody in particular, of which no
    ticket was made; none to who may not read calls."""
    if not frappe.has_permission(CALL, "read"):
        return []
    rows = _incoming(user, {}, MOST * 3)
    linked = frappe.get_all(
        "Dynamic Link",
        {
            "parenttype": CALL,
            "parent": ("in", [row.name for row in rows] or [""]),
            "link_doctype": TICKET,
        },
        pluck="parent",
    )
    return [
        {
            "name": row.name,
            "number": row.number or "",
            "label": f"{row.number} · {format_datetime(row.creation)}",
        }
        for row in rows
        if row.name not in linked
    ][:MOST]


def _incoming(user: str, named: dict[str, str], limit: int) -> list[frappe._dict]:
    """Calls of lately that this user may read, to them or to nobody in particular."""
    return frappe.get_list(
        CALL,
        filters={
            **named,
            "type": "Incoming",
            "creation": (">", add_to_date(now_datetime(), hours=-HOURS)),
        },
        or_filters=[["receiver", "=", user], ["receiver", "is", "not set"]],
        fields=["name", "`tabTP Call Log`.`from` as number", "creation"],
        order_by="creation desc",
        limit=limit,
    )


def call_taken_down(request: dict) -> str | None:
    """The call that an agent's form names; it is no field of a ticket."""
    return request.pop(FIELD, None) or None


def link(ticket: str, call: str) -> None:
    """Link the call to the ticket that was made of it; what keeps it from that costs no
    ticket."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        _link(ticket, call)
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point=SAVEPOINT)
        log_fault("Beesender Support: a call was not linked to its ticket", fault)


def _link(ticket: str, call: str) -> None:
    log = _locked(call)
    if log is None:
        frappe.msgprint(
            _("The call was not linked: it is not yours, or of another ticket.")
        )
        return
    log.append("links", {"link_doctype": TICKET, "link_name": ticket})
    # Whose call it is was checked.
    log.save(ignore_permissions=True)


def _locked(call: str) -> Document | None:
    """A call that may be offered to whoever asks, however many came after it; of two who
    link it at once the second finds the ticket of the first."""
    user = frappe.session.user
    may_read = frappe.has_permission(CALL, "read")
    if not may_read or not _incoming(user, {"name": call}, limit=1):
        return None
    log = frappe.get_doc(CALL, call, for_update=True)
    return None if any(row.link_doctype == TICKET for row in log.links) else log


def _full_name(contact: str) -> str:
    return str(frappe.db.get_value("Contact", contact, "full_name") or contact)
