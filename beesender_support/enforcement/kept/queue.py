"""What could not be registered waits in the admission log until somebody decides on it.

A row is decided once, by whoever locks it first; what was kept stays in it whatever is
decided, but for access details.
"""

from collections.abc import Callable
from typing import NoReturn, TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, format_datetime, get_fullname, now
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.kept import kept_chat, kept_mail
from beesender_support.enforcement.safety import dead_letters
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.records import settings

LOG = "Beesender Admission Log"
OPEN, MADE, DISMISSED = "Open", "Made a ticket", "Dismissed"
MAY_DECIDE = ("Agent Manager", "System Manager")
SAVEPOINT = "beesender_kept"


class Made(TypedDict):
    """The ticket that holds what was kept; ``is_new`` is whether this call made it."""

    ticket: str
    is_new: bool
    words: str


class Overview(TypedDict):
    """``obstacle`` says why no ticket can be made of it, and what to do instead;
    ``concerns`` what is missing of it. ``account`` is the mailbox it came to, and
    ``accounts`` are those to choose from, where that has to be asked."""

    obstacle: str | None
    concerns: list[str]
    account: str | None
    accounts: list[str]


def overview(row: str) -> Overview:
    kept = frappe.get_doc(LOG, row)
    refuse_what_does_not_wait(kept)
    of_mail = kept_mail.is_mail(kept)
    account = kept_mail.account_of(kept) if of_mail else None
    return {
        "obstacle": _obstacle(kept),
        "concerns": kept_mail.concerns(kept) if of_mail else [],
        "account": account,
        "accounts": kept_mail.accounts() if of_mail and not account else [],
    }


def make_ticket(row: str, account: str | None = None) -> Made:
    """Register what was kept as it would have been; one that was registered meanwhile
    is found. ``account`` is the mailbox, where the row does not say which."""
    kept = locked(row)
    if kept.queue_state == MADE and kept.ticket:
        return {"ticket": kept.ticket, "is_new": False, "words": _who_decided(kept)}
    refuse_what_does_not_wait(kept)
    if obstacle := _obstacle(kept):
        frappe.throw(escape_html(obstacle))
    arrived_at = kept.creation if settings.current().clock_from_arrival else None
    found = kept_mail.registered_as(kept) or kept_chat.registered_as(kept)
    ticket = found or _registered(kept, account, arrived_at)
    decide(kept, MADE, ticket=ticket)
    log_ticket_activity(ticket, _("took the request over from what was kept"))
    return {"ticket": ticket, "is_new": not found, "words": _in_words(ticket, found)}


def dismiss(row: str, why: str) -> None:
    """Nothing has to be done about it. What was kept stays in the log."""
    kept = locked(row)
    if kept.queue_state != OPEN:
        frappe.throw(escape_html(_who_decided(kept)))
    if not why.strip():
        frappe.throw(_("Say why nothing has to be done about it."))
    decide(kept, DISMISSED, queue_reason=why.strip())


def locked(row: str) -> Document:
    """Of two who decide at once the second waits here, and reads what was decided."""
    return frappe.get_doc(LOG, row, for_update=True)


def decide(kept: Document, state: str, **fields: object) -> None:
    kept.db_set(
        {
            "queue_state": state,
            "queue_decided_by": frappe.session.user,
            "queue_decided_at": now(),
            **kept_chat.without_access(kept),
            **fields,
        }
    )


def refuse_what_does_not_wait(kept: Document) -> None:
    """What was dismissed may still become a ticket, and so may a machine's answer."""
    if kept.queue_state in (OPEN, DISMISSED) or kept.event == "Automatic mail":
        return
    frappe.throw(escape_html(_who_decided(kept)))


def _registered(kept: Document, account: str | None, arrived_at: object) -> str:
    said = len(frappe.local.message_log)
    frappe.db.savepoint(SAVEPOINT)
    register: Callable = (
        kept_mail.register if kept_mail.is_mail(kept) else kept_chat.register
    )
    try:
        ticket = register(kept, account, arrived_at)
    except kept_mail.CannotBeRegistered:
        raise
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        frappe.db.rollback(save_point=SAVEPOINT)
        del frappe.local.message_log[said:]
        _refuse_for(fault)
    # What Helpdesk says to whoever registers is not meant for who made the ticket of it.
    del frappe.local.message_log[said:]
    return ticket


def _refuse_for(fault: Exception) -> NoReturn:
    dead_letters.log_fault(
        "Beesender Support: kept mail could not be registered", fault
    )
    frappe.throw(
        _(
            "It still cannot be registered: {0}. The fault is in the Error Log, and what"
            " was kept is unchanged. Mend the cause and try again, or create a ticket by"
            " hand and dismiss this row."
        ).format(escape_html(str(fault) or type(fault).__name__)),
        title=_("Not registered"),
    )


def _obstacle(kept: Document) -> str | None:
    if not kept.raw_content:
        return _(
            "The mail itself was lost. Ask the sender to send it again, if you know who"
            " it was, and dismiss this row."
        )
    return None if kept_mail.is_mail(kept) else kept_chat.obstacle(kept)


def _who_decided(kept: Document) -> str:
    if kept.queue_state == MADE and kept.ticket:
        if not kept.queue_decided_by:
            return _("It was registered as ticket {0}.").format(kept.ticket)
        return _("{0} made ticket {1} of it ({2}).").format(*_by(kept, kept.ticket))
    if kept.queue_state == DISMISSED:
        return _("{0} dismissed it: {1} ({2}).").format(*_by(kept, kept.queue_reason))
    return _("This row does not wait for anybody.")


def _by(kept: Document, what: str) -> tuple[str, str, str]:
    decided_at = format_datetime(kept.queue_decided_at)
    return get_fullname(kept.queue_decided_by), what, decided_at


def _in_words(ticket: str, found: str | None) -> str:
    said = (
        _("It had been registered meanwhile, as ticket {0}.")
        if found
        else _("It is ticket {0} now.")
    )
    return said.format(ticket)
