"""A fault of this app never costs a request, and opens no way around a promise.

Mail that raises while it is registered is gone: it was already marked as read. So a
failing handler is logged, and the ticket continues as plain Helpdesk's. A signed-in
client sees the answer and still has what they typed: there a fault before the decision
is finished refuses, since clients could provoke it.
"""

from contextlib import suppress
from functools import wraps
from typing import NoReturn, Protocol

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records import settings


class Refused(frappe.ValidationError):
    """A sentence for the caller, raised only where the caller sees it."""


def refuse(sentence: str) -> NoReturn:
    frappe.throw(sentence, Refused, title=_("Not registered"))


class Handler(Protocol):
    """What doc_events name: called with the event, or by other code without one."""

    __name__: str

    def __call__(self, doc: Document, method: str | None = None) -> None: ...


def log_and_carry_on(handler: Handler) -> Handler:
    """Let through what is meant for the caller, log anything else.

    Meant for the caller are refusals, except of mail, and faults of the database after
    which the transaction cannot continue. A handler that fails before the document is
    written leaves it as it found it; where a client's ticket is decided, the client is
    refused.
    """

    @wraps(handler)
    def guarded(doc: Document, method: str | None = None) -> None:
        found = dict(vars(doc))
        try:
            handler(doc, method)
        except Exception as fault:
            if _is_for_the_caller(fault, doc):
                raise
            if (method or "").startswith("before_"):
                vars(doc).clear()
                vars(doc).update(found)
            if _decides_for_a_client(doc, method):
                _refuse_for(fault, handler, doc)
            _log(f"{handler.__name__} of {doc.doctype}", doc)

    return guarded


def log_and_refuse(handler: Handler) -> Handler:
    """Let refusals through, and refuse for any other fault, which is logged."""

    @wraps(handler)
    def guarded(doc: Document, method: str | None = None) -> None:
        try:
            handler(doc, method)
        except (frappe.ValidationError, frappe.PermissionError):
            raise
        except Exception as fault:
            if ends_the_transaction(fault):
                raise
            _refuse_for(fault, handler, doc)

    return guarded


def ends_the_transaction(fault: Exception) -> bool:
    """Whether the database dropped what the request wrote, or may have.

    A column that is not there yet, because the site was not migrated, does no such harm.
    """
    if isinstance(fault, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
        return True
    if frappe.db.is_interface_error(fault):
        # By the driver, what is raised once the connection is gone.
        return True
    is_fatal = isinstance(fault, (frappe.db.OperationalError, frappe.db.InternalError))
    return is_fatal and not frappe.db.is_missing_column(fault)


def _is_for_the_caller(fault: Exception, doc: Document) -> bool:
    if isinstance(fault, Refused):
        return not _comes_by_mail(doc)
    return ends_the_transaction(fault)


def _decides_for_a_client(doc: Document, method: str | None) -> bool:
    return (
        doc.doctype == "HD Ticket"
        and (method or "").startswith("before_")
        and not is_agent()
        and _may_concern_a_plan()
    )


def _may_concern_a_plan() -> bool:
    """Where nothing was sold there is nothing to circumvent; if that cannot be read,
    assume there is."""
    try:
        return settings.is_in_use()
    except Exception:
        return True


def _refuse_for(fault: Exception, handler: Handler, doc: Document) -> NoReturn:
    """Refuse because of a fault of ours. The log outlives the transaction."""
    _log(f"{handler.__name__} of {doc.doctype}", doc, defer_insert=True)
    what_failed = (
        _("Your request could not be registered because of a fault on our side.")
        if doc.is_new()
        else _("What you sent could not be saved because of a fault on our side.")
    )
    address = _support_address()
    what_to_do = (
        _("Nothing you typed is lost: please try again, or write to {0}.").format(
            address
        )
        if address
        else _("Nothing you typed is lost: please try again, or tell support by phone.")
    )
    try:
        refuse(f"{what_failed} {what_to_do}")
    except Refused as refusal:
        raise refusal from fault


def _support_address() -> str | None:
    """The mailbox that takes requests, if there is one and it can be read."""
    with suppress(Exception):
        found = frappe.get_all(
            "Email Account",
            {"enable_incoming": 1},
            pluck="email_id",
            order_by="default_incoming desc, creation",
            limit=1,
        )
        return found[0] if found else None
    return None


def _comes_by_mail(doc: Document) -> bool:
    return doc.is_new() and (
        doc.get("beesender_channel") == EMAIL
        or (
            doc.get("sent_or_received") == "Received" and bool(doc.get("email_account"))
        )
    )


def _log(what_failed: str, doc: Document, *, defer_insert: bool = False) -> None:
    try:
        frappe.log_error(
            title=f"Beesender Support: {what_failed}",
            reference_doctype=doc.doctype,
            reference_name=doc.name if not doc.is_new() else None,
            defer_insert=defer_insert,
        )
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        # If the database cannot be logged to, the log file is tried.
        with suppress(Exception):
            frappe.logger("beesender_support").exception(what_failed)
