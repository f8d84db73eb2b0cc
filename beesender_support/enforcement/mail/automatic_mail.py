"""Machines' answers by mail: they are logged, and change nothing."""

import frappe
from frappe.email.receive import InboundMail, SentEmailInInboxError

from beesender_support.enforcement.mail import pulls
from beesender_support.records import settings
from beesender_support.records.tickets.incoming_mail import (
    is_answer_of_machine,
)


def leave_to_log_if_automatic(mail: InboundMail, ticket: str | None) -> None:
    """Raise the error with which Frappe skips a mail; ``pulls`` logs it.

    Absence notices, bounces and other ticket systems' acknowledgements would start
    clocks and reopen tickets that nobody waits for. Where no plan was ever sold, they
    are plain Helpdesk's.
    """
    if not _asks_for_nothing(mail, ticket):
        return
    mail.flags.beesender_automatic = True
    mail.flags.beesender_ticket = ticket
    pulls.watch()
    pulls.log_automatic(mail)
    raise SentEmailInInboxError


def _asks_for_nothing(mail: InboundMail, ticket: str | None) -> bool:
    if mail.flags.beesender_is_wanted:
        # Somebody has read it, and makes a ticket of it.
        return False
    try:
        return settings.is_in_use() and is_answer_of_machine(mail, ticket)
    except Exception:
        frappe.log_error("Beesender Support: a mail's head could not be read")
        return False
