"""Whether mail leaves and arrives: tried at once, in words, and within a time limit."""

import imaplib
import poplib
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import TypedDict

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.model.document import Document
from frappe.utils import strip_html, validate_email_address

from beesender_support.enforcement.readiness.mailboxes import waiting_in
from beesender_support.enforcement.safety import rate_limit
from beesender_support.records.lint import surroundings
from beesender_support.records.site_time import now

TESTS_A_MINUTE = 5
# For which a mail server is waited at each of its answers.
SECONDS = 10
FRAPPE_MAIL = "Frappe Mail"
# Of what a server says.
MOST_SAID = 300


class Tried(TypedDict):
    """Whether it worked, and what happened."""

    is_good: bool
    sentence: str


def send_test() -> Tried:
    """A mail to the session's own address, by the account that notices leave by."""
    _refuse_too_many()
    account = EmailAccount.find_default_outgoing()
    if not account:
        return _bad(_("No e-mail account sends mail by default."))
    if frappe.are_emails_muted():
        return _bad(_("Mail is muted on this site (mute_emails in its configuration)."))
    address = frappe.db.get_value("User", frappe.session.user, "email") or ""
    if not validate_email_address(address):
        return _bad(_("Your user has no e-mail address to send a test to."))
    failed = _failure_of(lambda: _send(account, address))
    if failed:
        return _bad(_("{0} did not send: {1}").format(account.name, failed))
    return _good(
        _(
            "{0} has sent a mail to {1}. If it is not there in a few minutes, look among"
            " unwanted mail, and check SPF, DKIM and DMARC of the domain."
        ).format(account.name, address)
    )


def _send(account: Document, address: str) -> None:
    mail = _test_mail(account, address)
    if account.service == FRAPPE_MAIL:
        account.get_frappe_mail_client().send_raw(
            sender=account.email_id, recipients=[address], message=mail.as_string()
        )
        return
    server = account.get_smtp_server()
    server.timeout = SECONDS
    session = server.session
    try:
        session.sendmail(account.email_id, [address], mail.as_bytes())
    finally:
        server.quit()


def _test_mail(account: Document, address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = formataddr(("", account.email_id))
    mail["To"] = address
    mail["Subject"] = _("Test of outgoing mail")
    mail["Date"] = format_datetime(now())
    mail["Message-ID"] = make_msgid(domain="beesender-support.invalid")
    # Who answers mail by a program answers no test.
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(
        _("This mail was sent by a button of the first steps in Beesender Support.")
        + "\n"
    )
    return mail


def check_mailbox(name: str) -> Tried:
    """Whether an account that makes tickets can be read, and what waits in it; nothing is
    fetched."""
    _refuse_too_many()
    known = {
        each.name for each in surroundings.accounts_of_tickets() if each.is_enabled
    }
    if name not in known:
        return _bad(_("{0} makes no tickets of its mail.").format(name))
    account = frappe.get_doc("Email Account", name)
    if account.service == FRAPPE_MAIL:
        failed = _failure_of(account.validate_frappe_mail_settings)
        waiting = ""
    else:
        said: list[str] = []
        failed = _failure_of(lambda: said.append(waiting_in(account, SECONDS)))
        waiting = "".join(said)
    if failed:
        return _bad(
            _(
                "{0} could not be read: {1} Check server, port, encryption, login and"
                " password."
            ).format(name, _sentence(failed))
        )
    return _good(
        " ".join(
            filter(
                None,
                (
                    _("{0} can be read.").format(name),
                    waiting,
                    _(
                        "The scheduler fetches mail every few minutes and makes a ticket of"
                        " each."
                    ),
                ),
            )
        )
    )


def _failure_of(action: Callable[[], object]) -> str | None:
    """What went wrong, in words and without what Frappe would show besides."""
    try:
        action()
    except (
        OSError,
        smtplib.SMTPException,
        imaplib.IMAP4.error,
        poplib.error_proto,
        frappe.ValidationError,
    ) as fault:
        return _in_words(fault)
    finally:
        frappe.clear_messages()
    return None


def _in_words(fault: Exception) -> str:
    if isinstance(fault, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(fault.recipients.values()))
        text = _("the server refuses the recipient ({0})").format(_reply(code, said))
    elif isinstance(fault, smtplib.SMTPResponseException):
        reply = _reply(fault.smtp_code, fault.smtp_error)
        text = _("the server refuses it ({0})").format(reply)
    elif isinstance(fault, TimeoutError) or "timed out" in str(fault):
        text = _("the server does not answer in time")
    else:
        text = strip_html(_said_by(fault)) or type(fault).__name__
    return text[:MOST_SAID]


def _said_by(fault: Exception) -> str:
    """What a mailbox says is left as bytes."""
    said = fault.args[0] if fault.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(fault)


def _reply(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return f"{code} {' '.join(text.split())}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _refuse_too_many() -> None:
    """Nobody is flooded, whoever presses how often."""
    user = f"{frappe.session.user}/mail_tests"
    if rate_limit.requests_of(user) > TESTS_A_MINUTE:
        message = _("At most {0} requests a minute. Try again in a minute.")
        rate_limit.refuse(
            rate_limit.TooManyRequests,
            {
                "field": "",
                "rule": "rate_limit",
                "message": message.format(TESTS_A_MINUTE),
            },
        )


def _good(sentence: str) -> Tried:
    return {"is_good": True, "sentence": sentence}


def _bad(sentence: str) -> Tried:
    return {"is_good": False, "sentence": sentence}
