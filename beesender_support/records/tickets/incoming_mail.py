"""The mail that Frappe is registering, and its sender by its header fields.

Frappe gives listeners a ticket or a communication, not the mail. The decision needs the
mail's header fields, so the mail is looked up in the frames below: that needs no
override, and works for all code that registers mail by ``InboundMail``.
"""

import sys
from collections.abc import Iterator
from types import FrameType
from typing import NamedTuple

import frappe
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.receive import InboundMail

from beesender_support.policy.mail.authentication import sender_is_vouched_for
from beesender_support.policy.mail.machines import (
    ANSWERED,
    GENERATED,
    WRITTEN,
    kind_of_mail,
)
from beesender_support.policy.mail.senders import sender_of
from beesender_support.records import settings
from beesender_support.records.people.contacts import asks_under_a_plan

# Where a sender wants the answer, or claims to have written what a group passes on.
ANSWERS_TO = ("X-Original-From", "X-Original-Sender", "Reply-To", "Sender")


class Sent(NamedTuple):
    """Who sent a mail.

    ``address`` is in its normal form, and ``is_identified`` where it is that of the only
    mailbox in ``From``. ``is_verified`` is False where nobody vouches for it: nobody is
    identified, or a trusted server does not confirm it.
    """

    address: str | None
    is_identified: bool
    is_verified: bool
    kind: str

    @property
    def is_written(self) -> bool:
        return self.kind == WRITTEN


class Pull(NamedTuple):
    """One mail's turn in Frappe's ``receive``; ``communication`` may be an earlier one's."""

    account: EmailAccount
    mail: InboundMail | None
    communication: object


def mail_being_registered() -> InboundMail | None:
    """The mail that the present call is part of registering."""
    for name, frame in _frames():
        if name == "process":
            mail = frame.f_locals.get("self")
            if isinstance(mail, InboundMail):
                return mail
    return None


def mail_being_settled() -> Pull | None:
    """The mail that ``receive`` is committing or giving up; None within registering it."""
    for name, frame in _frames():
        if name == "process" and isinstance(frame.f_locals.get("self"), InboundMail):
            return None
        if name == "receive":
            at_hand = frame.f_locals
            account, mail = at_hand.get("self"), at_hand.get("mail")
            if isinstance(account, EmailAccount) and isinstance(mail, InboundMail):
                return Pull(account, mail, at_hand.get("communication"))
    return None


def _frames() -> Iterator[tuple[str, FrameType]]:
    frame: FrameType | None = sys._getframe(2)
    while frame:
        yield frame.f_code.co_name, frame
        frame = frame.f_back


def sent_by(mail: InboundMail) -> Sent:
    """Read once for each mail."""
    if mail.flags.beesender_sent is None:
        mail.flags.beesender_sent = _read(mail)
    return mail.flags.beesender_sent


def is_answer_of_machine(mail: InboundMail, ticket: str | None) -> bool:
    """Whether it is a machine's answer to mail from here, and so not a request.

    Automatically submitted mail is an answer if it names our ``ticket`` or answers a
    message of ours.
    """
    sent = sent_by(mail)
    if sent.kind == GENERATED and ticket and names_ticket(mail, ticket):
        return _kind_of(mail, fields_of(mail), answers_us=True) == ANSWERED
    return sent.kind == ANSWERED


def is_senders_own() -> bool:
    """Whether a person wrote the mail being registered, if any, and nothing contradicts
    its sender."""
    mail = mail_being_registered()
    return mail is None or (sent_by(mail).is_verified and sent_by(mail).is_written)


def _read(mail: InboundMail) -> Sent:
    fields = fields_of(mail)
    sender = sender_of(
        _named("From", fields),
        mailbox=mail.email_account.email_id or "",
        answers_to=[text for name in ANSWERS_TO for text in _named(name, fields)],
    )
    kind = _kind_of(mail, fields, answers_us=answers_us(mail))
    if sender.address is None:
        claimed = _most_telling(sender.claims) or mail.from_email
        return Sent(claimed, is_identified=False, is_verified=False, kind=kind)
    trusted = settings.current().trusted_authentication_servers
    vouched = sender_is_vouched_for(fields, trusted, sender.address)
    return Sent(
        sender.address, is_identified=True, is_verified=vouched is not False, kind=kind
    )


def _kind_of(
    mail: InboundMail, fields: list[tuple[str, str]], *, answers_us: bool
) -> str:
    """By the subject as it is read."""
    others = [each for each in fields if each[0].lower() != "subject"]
    return kind_of_mail([*others, ("Subject", mail.subject)], answers_us=answers_us)


def _most_telling(claims: tuple[str, ...]) -> str | None:
    """Of addresses that nobody vouches for, one that assigns the request to the right
    customer."""
    return next(filter(asks_under_a_plan, claims), next(iter(claims), None))


def fields_of(mail: InboundMail) -> list[tuple[str, str]]:
    """Name and text of the header fields as they were sent, the topmost first.

    Encoded words stay encoded; bytes are read as UTF-8.
    """
    return [(name, _text(value)) for name, value in mail.mail.raw_items()]


def _text(value: object) -> str:
    return str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _named(name: str, fields: list[tuple[str, str]]) -> list[str]:
    return [text for each, text in fields if each.lower() == name.lower()]


def answers_us(mail: InboundMail) -> bool:
    """Whether it answers, by Message-ID, what was sent from here."""
    parent = mail.parent_communication()
    if parent and parent.sent_or_received == "Sent":
        return True
    return bool(mail.parent_email_queue())


def joined_by_message(mail: InboundMail, ticket: str) -> bool:
    """Whether the mail answers a message of this ticket by its Message-ID."""
    return any(
        parent
        and parent.reference_doctype == "HD Ticket"
        and str(parent.reference_name) == str(ticket)
        for parent in (mail.parent_email_queue(), mail.parent_communication())
    )


def names_ticket(mail: InboundMail, ticket: str) -> bool:
    """Whether the subject names this ticket, as Frappe reads it."""
    named = mail.get_reference_name_from_subject()
    return bool(named) and frappe.cstr(ticket).casefold() == named.casefold()
