"""A fault of this app never costs a request.

Mail that raises while it is registered is gone: it was already marked as read. So a
handler that fails is logged, and the ticket goes on as plain Helpdesk would have it.
"""

from collections.abc import Callable
from functools import wraps
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document


class Refused(frappe.ValidationError):
    """A sentence for the caller, raised only where the caller reads it."""


def refuse(sentence: str) -> NoReturn:
    frappe.throw(sentence, Refused, title=_("Not registered"))


Handler = Callable[[Document, str | None], None]


def log_and_carry_on(handler: Handler) -> Handler:
    """Let through what is meant for the caller, log anything else.

    Meant for the caller are refusals, and faults of the database, after which the
    transaction cannot go on.
    """

    @wraps(handler)
    def guarded(doc: Document, method: str | None = None) -> None:
        try:
            handler(doc, method)
        except (Refused, *_database_faults()):
            raise
        except Exception:
            frappe.log_error(
                title=f"Beesender Support: {handler.__name__} of {doc.doctype}",
                reference_doctype=doc.doctype,
                reference_name=doc.name if not doc.is_new() else None,
            )

    return guarded


def _database_faults() -> tuple[type[Exception], ...]:
    return (
        frappe.QueryDeadlockError,
        frappe.QueryTimeoutError,
        frappe.db.OperationalError,
        frappe.db.InternalError,
    )
