"""How agents get into a client's system: encrypted, and stored apart from the ticket.

HD Ticket has no column for it, since everyone who reads a ticket reads all of its
columns, and so do mails, webhooks and exports. A new ticket only carries the text,
which is removed before anything else sees the ticket, and from the request as well,
because Frappe logs the content of a failed request. Frappe itself masks arguments
called ``secret`` there.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any, TypedDict

import frappe
from frappe import _, _lt
from frappe.model.document import Document
from frappe.utils import add_to_date, now_datetime
from frappe.utils.password import decrypt, encrypt
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.safety.fault_isolation import refuse
from beesender_support.records import settings
from beesender_support.records.people.session_contact import session_contact
from beesender_support.records.site_time import to_instant
from beesender_support.records.tickets import admission_log
from beesender_support.records.tickets.ticket_context import context_of

DETAILS = "Beesender Access Details"
# The attribute with which a new ticket carries them; not a field of HD Ticket.
FIELD = "beesender_access_details"
MOST_CHARACTERS = 10_000
# How Helpdesk's history says it, after the name of who did it.
GAVE = _lt("gave access details")
REPLACED = _lt("replaced the access details")
ERASED = _lt("erased the access details")
READ = _lt("read the access details")


class Sealed(str):
    """Encrypted by this module; nobody can send one."""


# With a new ticket


def take_from_request(request: dict[str, Any]) -> None:
    """Encrypt the details in the values of a new ticket, before a ticket is made of them."""
    if given := request.pop(FIELD, None):
        request[FIELD] = seal(given)
    scrub(frappe.form_dict)


def take_from(doc: Document) -> None:
    """Remove the details from a ticket before anything else. Those of a new one stay
    sealed."""
    given = vars(doc).pop(FIELD, None)
    if given is None:
        return
    scrub(frappe.form_dict)
    if given and doc.is_new():
        is_sealed = isinstance(given, Sealed)
        context_of(doc).sealed_access_details = given if is_sealed else seal(given)


def store(doc: Document) -> None:
    """Store the details that the new ticket carried."""
    context = context_of(doc)
    sealed, context.sealed_access_details = context.sealed_access_details, None
    if sealed:
        _store(doc.name, sealed)
        log_ticket_activity(doc.name, str(GAVE))


def seal(secret: object) -> Sealed:
    if not isinstance(secret, str) or len(secret) > MOST_CHARACTERS:
        refuse(
            _(
                "Please give the access details as text of at most {0} characters."
            ).format(MOST_CHARACTERS)
        )
    sealed = None
    # The traceback of a fault would show the text.
    with suppress(Exception):
        sealed = Sealed(encrypt(secret))
    if not sealed:
        refuse(
            _(
                "The access details cannot be encrypted on this site, so they were not"
                " stored. Please leave them out and tell us."
            )
        )
    return sealed


def scrub(values: dict[str, Any]) -> None:
    """Remove the details from the values of a request, however deep or as JSON."""
    values.pop(FIELD, None)
    for key, value in values.items():
        if isinstance(value, dict):
            scrub(value)
        elif isinstance(value, str) and FIELD in value:
            values[key] = ""


# On a ticket


class Overview(TypedDict):
    """Whether details are on file, and since when; never what they say.

    ``given_by`` is a person's name, ``given_at`` an instant as ISO text in UTC;
    ``language`` is the reader's.
    """

    is_on_file: bool
    given_by: str | None
    given_at: str | None
    language: str


class OverviewWithLabels(Overview):
    """``labels`` are the words around it, by name."""

    labels: dict[str, str]


class Opened(Overview):
    """``secret`` is the details in plain text."""

    secret: str


def overview(doc: Document) -> Overview:
    row = frappe.db.get_value(
        DETAILS, {"ticket": doc.name}, ["modified", "modified_by"], as_dict=True
    )
    return {
        "is_on_file": bool(row),
        "given_by": row and frappe.utils.get_fullname(row.modified_by),
        "given_at": row and to_instant(row.modified).isoformat(),
        "language": frappe.local.lang,
    }


def give(doc: Document, secret: str) -> None:
    """Put details on file in place of what was there."""
    if not secret.strip():
        refuse(_("Please write the access details, or erase those on file."))
    was_on_file = _store(doc.name, seal(secret))
    log_ticket_activity(doc.name, str(REPLACED if was_on_file else GAVE))


def erase(doc: Document) -> None:
    if _is_on_file(doc.name):
        _delete(doc.name)
        log_ticket_activity(doc.name, str(ERASED))


def read(doc: Document) -> Opened:
    """The details in plain text. Each reading leaves a line in the ticket's history."""
    sealed = frappe.db.get_value(DETAILS, {"ticket": doc.name}, "sealed")
    if not sealed:
        refuse(_("No access details are on file for ticket {0}.").format(doc.name))
    secret = decrypt(sealed)
    log_ticket_activity(doc.name, str(READ))
    # The line above is in the reader's language; this is for whoever checks.
    admission_log.record(
        "Access details read",
        ticket=doc.name,
        customer=doc.customer,
        plan=doc.beesender_plan,
    )
    return {**overview(doc), "secret": secret}


def labels_for_agent() -> dict[str, str]:
    return {
        "title": _("Access details"),
        "given": _("Given by {0} on {1}."),
        "noted": _("That you read them is noted in the history of the ticket."),
        "close": _("Close"),
    }


def labels_for_client() -> dict[str, str]:
    return {
        "action": _("Give access"),
        "title": _("Access details"),
        "given": _("Given by {0} on {1}."),
        "field": _("How support gets into your system"),
        "give_hint": _(
            "Kept encrypted, readable by support agents only, and erased after the request"
            " is closed."
        ),
        "replace_hint": _(
            "They cannot be shown here again. What you write now replaces them."
        ),
        "give": _("Give"),
        "replace": _("Replace"),
        "erase": _("Erase"),
        "cancel": _("Cancel"),
        "kept": _("Support can read the access details now."),
        "erased": _("The access details are erased."),
    }


def is_raised_by_session(doc: Document) -> bool:
    """Only who raised a request gives or erases its details, not every colleague.

    The contact asks; the address that answers go to proves nothing. Where there is no
    contact, who made the ticket.
    """
    if doc.contact:
        return doc.contact == session_contact()
    return frappe.session.user == doc.owner


def refuse_unless_raised_by_session(doc: Document) -> None:
    if not is_raised_by_session(doc):
        frappe.throw(
            _("Only the person who raised the request can change its access details."),
            frappe.PermissionError,
        )


# Their end


def delete(doc: Document) -> None:
    """The ticket is deleted, and its details with it."""
    _delete(doc.name)


def erase_of_closed() -> None:
    """Erase what belongs to tickets closed for long enough, or to none.

    This finds closed tickets however they were closed. Safe to run twice. Tickets are
    only read, without locks: no save of a ticket has to wait.
    """
    now, rows = now_datetime(), _details_with_status()
    _note([each for each in rows if each.is_closed and not each.closed_on], now)
    _note([each for each in rows if not each.is_closed and each.closed_on], None)
    days = settings.current().access_details_days
    frappe.db.delete(DETAILS, {"closed_on": ("<=", add_to_date(now, days=-days))})
    _delete_all([each.name for each in rows if each.is_orphan])


def _details_with_status() -> list[frappe._dict]:
    """What is on file, whether its ticket is closed, and whether it is gone."""
    rows = frappe.get_all(DETAILS, fields=["name", "ticket", "closed_on"])
    tickets = frappe.get_all(
        "HD Ticket",
        {"name": ("in", [each.ticket for each in rows])},
        ["name", "status_category"],
        as_list=True,
    )
    categories = {str(name): category for name, category in tickets}
    for each in rows:
        each.is_closed = categories.get(each.ticket) == "Resolved"
        each.is_orphan = each.ticket not in categories
    return rows


def _note(rows: list[frappe._dict], closed_on: datetime | None) -> None:
    """Since when tickets are closed; of reopened ones nothing stays noted."""
    if rows:
        frappe.db.set_value(
            DETAILS,
            {"name": ("in", [each.name for each in rows])},
            "closed_on",
            closed_on,
            update_modified=False,
        )


def _delete_all(names: list[str]) -> None:
    if names:
        frappe.db.delete(DETAILS, {"name": ("in", names)})


def _store(ticket: str, sealed: Sealed) -> bool:
    """Whether others were on file before."""
    if _is_on_file(ticket):
        # In place, so that no copy of the former text remains.
        frappe.db.set_value(DETAILS, {"ticket": ticket}, "sealed", str(sealed))
        return True
    frappe.get_doc(
        {"doctype": DETAILS, "ticket": ticket, "sealed": str(sealed)}
    ).insert(ignore_permissions=True)
    return False


def _is_on_file(ticket: str) -> bool:
    return bool(frappe.db.exists(DETAILS, {"ticket": ticket}))


def _delete(ticket: str) -> None:
    """Not by deleting a document, of which Frappe would keep a copy."""
    frappe.db.delete(DETAILS, {"ticket": str(ticket)})
