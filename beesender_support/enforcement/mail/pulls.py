"""Every mail that Frappe took from a server is accounted for when its turn ends.

Frappe registers one mail after another and commits or rolls back after each; at that
moment this module checks what became of the mail. A listener of any app may have
swallowed a fault after which the database dropped what was written: then the commit
would be empty, and the mail neither a ticket nor a row in the log. Frappe also silently
drops mail that seems to come from our own mailbox.

Callbacks of the database connection run at that moment, and register themselves again
for the next transaction.
"""

import sys
from collections.abc import Callable

import frappe
from frappe import _
from frappe.email.receive import InboundMail, SentEmailInInboxError
from frappe.model.document import Document

from beesender_support.enforcement.safety import dead_mail
from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records.tickets import admission_log
from beesender_support.records.tickets.incoming_mail import (
    Pull,
    mail_being_settled,
    sent_by,
)


class NotWritten(frappe.ValidationError):
    """The database does not have what Frappe believes it wrote."""


# Start watching


def watch(doc: Document | None = None, method: str | None = None) -> None:
    """Watch the mail that this connection registers; repeated calls have no effect."""
    _add(frappe.db.before_commit, before_commit)
    _add(frappe.db.before_rollback, reconnect)
    _add(frappe.db.after_rollback, after_rollback)


def watch_job(method: str | None = None, **job: object) -> None:
    if (method or "").endswith("pull_from_email_account"):
        watch()


def watch_request() -> None:
    path = frappe.request.path if frappe.request else ""
    if "email_account.pull_emails" in path:
        watch()


def _add(callbacks, callback: Callable[[], None]) -> None:
    if callback not in getattr(callbacks, "_functions", ()):
        callbacks.add(callback)


# Callbacks


def before_commit() -> None:
    # A commit resets its callbacks, so they are added again: after it, and if it fails.
    _add(frappe.db.after_commit, after_commit)
    _add(frappe.db.before_rollback, reconnect_and_watch)
    if pull := mail_being_settled():
        account_for(pull)


def after_commit() -> None:
    dead_mail.not_yet_committed().clear()
    watch()


def reconnect() -> None:
    """A lost connection costs one mail, not all that were fetched with it: otherwise
    Frappe's rollback would fail, and with it the pull."""
    if mail_being_settled() is None:
        return
    try:
        frappe.db.sql("select 1")
    except Exception:
        frappe.db.connect()


def reconnect_and_watch() -> None:
    reconnect()
    _add(frappe.db.after_rollback, after_rollback)


def after_rollback() -> None:
    # Added while it runs, it would be called endlessly.
    _add(frappe.db.before_commit, before_commit)
    _add(frappe.db.before_rollback, reconnect_and_watch)
    for row in dead_mail.not_yet_committed():
        admission_log.record(**row)
    pull = mail_being_settled()
    if pull is None or pull.mail.flags.beesender_is_settling:
        return
    if pull.mail.flags.beesender_is_over:
        # A commit from here calls this again.
        return
    pull.mail.flags.beesender_is_settling = True
    try:
        settle_given_up(pull, sys.exc_info()[1])
    except Exception:
        frappe.logger("beesender_support").exception("a mail that was given up")
    finally:
        pull.mail.flags.beesender_is_settling = False


# What became of it?


def account_for(pull: Pull) -> None:
    """Before a commit: raise NotWritten if the mail would be in neither place."""
    mail = pull.mail
    if mail.flags.beesender_is_settled or mail.flags.beesender_is_settling:
        return
    if fault := sys.exc_info()[1]:
        if not is_kept(mail):
            keep(mail, fault)
    elif not is_written(pull.communication):
        raise NotWritten(
            _("The mail was registered, but the database has dropped what was written.")
        )
    mail.flags.beesender_is_settled = True


def settle_given_up(pull: Pull, fault: BaseException | None) -> None:
    """After a rollback: mail that Frappe drops, or cannot even log, is stored here."""
    mail = pull.mail
    mail.flags.beesender_is_settled = False
    if isinstance(fault, SentEmailInInboxError):
        mail.flags.beesender_is_over = True
        settle_ignored(mail)
        frappe.db.commit()
    elif mail.flags.beesender_failed:
        # Frappe could not log the fault either, and continues with the next mail.
        mail.flags.beesender_is_over = True
        keep(mail, fault)
        frappe.db.commit()
    mail.flags.beesender_failed = True


def settle_ignored(mail: InboundMail) -> None:
    """Frappe treats it as our own mail because of Reply-To or X-Original-From; it may
    be somebody else's request."""
    if mail.flags.beesender_automatic:
        log_automatic(mail)
        return
    sender = sent_by(mail).address
    if not sender or sender == normalize_address(mail.email_account.email_id or ""):
        # From the mailbox itself: Frappe's guard against loops.
        return
    mail.from_email = sender
    try:
        mail.process()
        frappe.db.commit()
    except SentEmailInInboxError:
        frappe.db.rollback()
        log_automatic(mail)
    except Exception as fault:
        frappe.db.rollback()
        keep(mail, fault)


def is_written(communication: object) -> bool:
    """Whether the communication, and the ticket it is on, are in the database."""
    if not isinstance(communication, Document):
        return True
    found = frappe.db.get_value(
        "Communication",
        communication.name,
        ["reference_doctype", "reference_name"],
        as_dict=True,
    )
    if not found:
        return False
    if found.reference_doctype != "HD Ticket":
        return True
    return bool(frappe.db.exists("HD Ticket", found.reference_name))


def is_kept(mail: InboundMail) -> bool:
    source = mail.flags.beesender_kept_from
    return bool(
        source and frappe.db.exists("Beesender Admission Log", {"source": source})
    )


def keep(mail: InboundMail, fault: BaseException | None) -> None:
    """The mail with its raw content, unless it was registered after all."""
    if dead_mail.is_registered(mail):
        return
    source = f"Mail/{dead_mail.digest(mail.raw_message)}"
    admission_log.record(
        **dead_mail.entry(
            source,
            dead_mail.as_text(mail.raw_message),
            repr(fault),
            account=mail.email_account.name,
        ),
        **dead_mail.form_of(mail.raw_message),
    )
    mail.flags.beesender_kept_from = source


def log_automatic(mail: InboundMail) -> None:
    """A machine's answer, whole; with the ticket on which Frappe would have put it."""
    row = dead_mail.entry(
        f"Automatic/{dead_mail.digest(mail.raw_message)}",
        dead_mail.as_text(mail.raw_message),
        "automatic_mail",
        account=mail.email_account.name,
    )
    ticket = mail.flags.beesender_ticket
    admission_log.record(
        **{
            **row,
            **dead_mail.form_of(mail.raw_message),
            "event": "Automatic mail",
            # Nobody has to look at it; whoever does may still make a ticket of it.
            "queue_state": None,
            "channel": EMAIL,
            "contact": (sent_by(mail).address or row["contact"])[:140],
            "ticket": (
                ticket if ticket and frappe.db.exists("HD Ticket", ticket) else None
            ),
        }
    )
