"""Requests from outside are registered or, if that fails, stored whole in the admission
log."""

import traceback
from collections.abc import Callable
from typing import TypeVar

import frappe
from frappe import _
from pydantic import BaseModel

from beesender_support.records.tickets import admission_log

LOG = "Beesender Admission Log"
# Beside a kept payload, none of whose fields has this name: its access details, encrypted.
ACCESS = "sealed_access_details"
ATTEMPTS = 5
SAVEPOINT = "beesender_intake"
# Another transaction was faster; a retry sees what it wrote.
CONFLICTS = (
    frappe.QueryDeadlockError,
    frappe.QueryTimeoutError,
    frappe.DuplicateEntryError,
    frappe.UniqueValidationError,
    frappe.TimestampMismatchError,
)

Result = TypeVar("Result")


def register_or_keep(
    work: Callable[[], Result],
    payload: BaseModel,
    source: str,
    access: str | None = None,
    **fields: object,
) -> Result | None:
    """The result of ``work``; None where the payload was stored, now or by an earlier
    attempt, as the admission log's entry from ``source``, with ``access``, encrypted
    access details, and other ``fields`` of the log.

    The sender may try a stored payload again. Work that conflicts with another
    transaction restarts from the last commit, so it must read again everything it
    depends on.
    """
    fault: Exception | None = None
    for _attempt in range(ATTEMPTS):
        frappe.db.savepoint(SAVEPOINT)
        try:
            result = work()
            let_go(source)
            return result
        except CONFLICTS as error:
            frappe.db.rollback()
            fault = error
        except Exception as error:
            undo(SAVEPOINT)
            fault = error
            break
    keep(payload, source, fault, access, **fields)
    return None


def is_kept(source: str) -> bool:
    return bool(frappe.db.exists(LOG, {"source": source}))


def let_go(source: str) -> None:
    """A stored payload is registered now, and need not be registered by hand."""
    frappe.db.set_value(
        LOG,
        {"source": source, "raw_content": ("is", "set")},
        {
            "raw_content": None,
            "details": _("Registered by a later attempt."),
            "queue_state": "Made a ticket",
        },
    )


def keep(
    payload: BaseModel,
    source: str,
    fault: Exception,
    access: str | None = None,
    **fields: object,
) -> None:
    log_fault("Beesender Support: a request could not be registered", fault)
    given = payload.model_dump(mode="json")
    of_payload = {
        "contact": given.get("contact_email") or given.get("contact_phone"),
        "channel": given.get("channel"),
    }
    if access:
        given[ACCESS] = access
    admission_log.record(
        "Fault",
        source=source,
        details=repr(fault)[:1000],
        raw_content=frappe.as_json(given),
        queue_state="Open",
        **{**of_payload, **fields},
    )


def log_fault(title: str, fault: Exception) -> None:
    frappe.log_error(title=title, message="".join(traceback.format_exception(fault)))


def undo(savepoint: str) -> None:
    try:
        frappe.db.rollback(save_point=savepoint)
    except frappe.db.OperationalError:
        # Something committed meanwhile, and the savepoint is gone.
        frappe.db.rollback()
