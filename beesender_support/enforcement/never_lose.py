"""A fault of this app never costs a request.

Mail that raises while it is registered is gone: it was already marked as read. So a
handler that fails is logged, and the ticket goes on as plain Helpdesk would have it.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.tiers import EMAIL


class Refused(frappe.ValidationError):
    """A sentence for the caller, raised only where the caller reads it."""


def refuse(sentence: str) -> NoReturn:
    frappe.throw(sentence, Refused, title=_("Not registered"))


Handler = Callable[[Document, str | None], None]


def log_and_carry_on(handler: Handler) -> Handler:
    """Let through what is meant for the caller, log anything else.

    Meant for the caller are refusals, except of mail, and faults of the database after
    which the transaction cannot go on. A handler that fails before the document is
    written leaves it as it found it.
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
            _log(f"{handler.__name__} of {doc.doctype}", doc)

    return guarded


def ends_the_transaction(fault: Exception) -> bool:
    """Whether the database dropped what the request wrote, or may have.

    A column that is not there yet, because the site was not migrated, does no such harm.
    """
    if isinstance(fault, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
        return True
    is_fatal = isinstance(fault, (frappe.db.OperationalError, frappe.db.InternalError))
    return is_fatal and not frappe.db.is_missing_column(fault)


def _is_for_the_caller(fault: Exception, doc: Document) -> bool:
    if isinstance(fault, Refused):
        return not _comes_by_mail(doc)
    return ends_the_transaction(fault)


def _comes_by_mail(doc: Document) -> bool:
    return doc.is_new() and (
        doc.get("beesender_channel") == EMAIL
        or (
            doc.get("sent_or_received") == "Received" and bool(doc.get("email_account"))
        )
    )


def _log(what_failed: str, doc: Document) -> None:
    try:
        frappe.log_error(
            title=f"Beesender Support: {what_failed}",
            reference_doctype=doc.doctype,
            reference_name=doc.name if not doc.is_new() else None,
        )
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        # What cannot be logged in the database goes to the log file, if that works.
        with suppress(Exception):
            frappe.logger("beesender_support").exception(what_failed)
