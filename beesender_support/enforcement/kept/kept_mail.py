"""Kept mail becomes a ticket by Frappe's own receiver, as if it arrived now: with its
sender, Message-ID, thread, body and attachments, and by the same admission.
"""

from email import message_from_bytes
from email.message import Message
from email.utils import getaddresses
from typing import NoReturn

import frappe
from frappe import _
from frappe.email.receive import SentEmailInInboxError
from frappe.model.document import Document
from helpdesk.overrides.email_account import CustomInboundMail

from beesender_support.enforcement.safety import dead_mail
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.records.people.session import acting_as
from beesender_support.records.tickets.incoming_mail import sent_by
from beesender_support.wording.renderer import reader

ACCOUNT = "Email Account"
# Headers that say to which mailbox a mail came.
TO = ("Delivered-To", "X-Original-To", "To", "Cc")
# What stands for a letter that Frappe's own copy has lost.
LOST_LETTER = "\ufffd"
BYTES_OF_MEGABYTE = 1_000_000


class CannotBeRegistered(frappe.ValidationError):
    """A sentence for whoever makes a ticket of the mail."""


def is_mail(kept: Document) -> bool:
    return kept.event in ("Mail kept", "Automatic mail")


def raw_of(kept: Document) -> bytes:
    return dead_mail.as_bytes(kept.raw_content or "", bool(kept.raw_is_escaped))


def concerns(kept: Document) -> list[str]:
    """What is missing of the mail, and what to do about it."""
    said = []
    if kept.raw_is_cut_off:
        megabytes = reader().number(dead_mail.MOST_BYTES // BYTES_OF_MEGABYTE)
        said.append(
            _(
                "Only the first {0} MB were kept: the last attachments are missing or"
                " damaged. Ask the sender for them on the ticket, or get the mail from the"
                " mail server."
            ).format(megabytes)
        )
    if LOST_LETTER in (kept.raw_content or ""):
        said.append(
            _(
                "Letters outside ASCII were lost and are shown as {0}. Ask the sender to"
                " repeat what cannot be read; attachments are whole."
            ).format(LOST_LETTER)
        )
    if not message_from_bytes(raw_of(kept))["From"]:
        said.append(
            _(
                "The mail does not say who sent it, so it may fail again: then create a"
                " ticket by hand."
            )
        )
    return said


def registered_as(kept: Document) -> str | None:
    """The ticket that the same mail of the same sender became: it was delivered again."""
    if not is_mail(kept) or not kept.raw_content:
        return None
    mail = _mail_of(kept, frappe.new_doc(ACCOUNT))
    if mail is None or not mail.message_id:
        return None
    rows = frappe.get_all(
        "Communication",
        {
            "message_id": mail.message_id,
            "sent_or_received": "Received",
            "reference_doctype": "HD Ticket",
        },
        ["reference_name", "sender"],
        order_by="creation",
    )
    sender = sent_by(mail).address
    return next(
        (
            row.reference_name
            for row in rows
            if sender and normalize_address(row.sender or "") == sender
        ),
        None,
    )


def register(kept: Document, account: str | None, arrived_at: object) -> str:
    """The ticket that the mail became, or that it joined."""
    found = account_of(kept) or account
    if found not in accounts():
        _refuse(_("Choose the mailbox to which the mail came."))
    mail = _mail_of(kept, _account_for_tickets(found))
    if mail is None:
        raise ValueError(_("The mail cannot be read"))
    mail.flags.beesender_is_wanted = True
    mail.flags.beesender_arrived_at = arrived_at
    if sender := sent_by(mail).address:
        # Frappe drops what seems to come from our own mailbox by a Reply-To.
        mail.from_email = sender
        _take_no_other_for(mail, sender)
    try:
        with acting_as("Administrator"):
            communication = mail.process()
    except SentEmailInInboxError:
        _refuse(_("The mail comes from our own mailbox, which writes no requests."))
    if communication.reference_doctype != "HD Ticket":
        raise ValueError(_("The mail did not become a ticket"))
    return str(communication.reference_name)


def _take_no_other_for(mail: CustomInboundMail, sender: str) -> None:
    """Frappe takes a mail for the one with its Message-ID that it has, whoever sent that: in
    version 15 also to another mailbox."""
    there = mail.is_exist_in_system()
    if there and normalize_address(there.sender or "") != sender:
        mail.is_exist_in_system = lambda: None


def accounts() -> list[str]:
    """The mailboxes whose mail becomes tickets."""
    folders = frappe.get_all(
        "IMAP Folder", {"append_to": "HD Ticket", "parenttype": ACCOUNT}, pluck="parent"
    )
    named = frappe.get_all(
        ACCOUNT,
        or_filters={"append_to": "HD Ticket", "name": ("in", folders or [""])},
        pluck="name",
        order_by="default_incoming desc, name",
    )
    return list(dict.fromkeys(named))


def account_of(kept: Document) -> str | None:
    """The mailbox a mail came to: the one that is noted, the one it was sent to, or the
    only one."""
    offered = accounts()
    if kept.email_account in offered:
        return str(kept.email_account)
    if not kept.raw_content:
        return None
    addresses = _sent_to(message_from_bytes(raw_of(kept)))
    rows = frappe.get_all(
        ACCOUNT, {"name": ("in", offered or [""])}, ["name", "email_id"]
    )
    meant = [
        row.name for row in rows if normalize_address(row.email_id or "") in addresses
    ]
    return next((each[0] for each in (meant, offered) if len(each) == 1), None)


def _sent_to(mail: Message) -> frozenset[str]:
    headers = [str(text) for name in TO for text in mail.get_all(name, [])]
    return frozenset(
        normalize_address(address)
        for _name, address in getaddresses(headers)
        if address
    )


def _account_for_tickets(name: str) -> Document:
    """A copy that is never saved."""
    account = frappe.get_doc(ACCOUNT, name)
    if not account.use_imap:
        account.append_to = "HD Ticket"
    return account


def _mail_of(kept: Document, account: Document) -> CustomInboundMail | None:
    """None where Frappe cannot parse it."""
    try:
        return CustomInboundMail(raw_of(kept), account, append_to="HD Ticket")
    except Exception:
        return None


def _refuse(sentence: str) -> NoReturn:
    frappe.throw(sentence, CannotBeRegistered, title=_("Not registered"))
