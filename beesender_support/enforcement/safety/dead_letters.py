"""Requests from outside are registered or, if that fails, kept whole in the admission log."""

import traceback
from collections.abc import Callable
from typing import TypeVar

import frappe
from frappe import _
from pydantic import BaseModel

from beesender_support.records.tickets import admission_log

LOG = "Beesender Admission Log"
ATTEMPTS = 5
SAVEPOINT = "beesender_intake"
# Another transaction was faster; what it wrote is seen after starting over.
CONFLICTS = (
    frappe.QueryDeadlockError,
    frappe.QueryTimeoutError,
    frappe.DuplicateEntryError,
    frappe.UniqueValidationError,
    frappe.TimestampMismatchError,
)

Result = TypeVar("Result")


def register_or_keep(
    work: Callable[[], Result], payload: BaseModel, source: str
) -> Result | None:
    """The result of ``work``; None where the payload was kept, now or under an earlier
    try, as the admission log's entry from ``source``.

    What was kept may be tried again by whoever sent it. Work that meets another transaction starts over from the last commit, so it has to
    read again whatever it depends on.
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
    keep(payload, source, fault)
    return None


def is_kept(source: str) -> bool:
    return bool(frappe.db.exists(LOG, {"source": source}))


def let_go(source: str) -> None:
    """What was kept is registered now, and need not be registered by hand."""
    frappe.db.set_value(
        LOG,
        {"source": source, "raw_content": ("is", "set")},
        {"raw_content": None, "details": _("Registered by a later try.")},
    )


def keep(payload: BaseModel, source: str, fault: Exception, **fields: object) -> None:
    log_fault("Beesender Support: a request could not be registered", fault)
    given = payload.model_dump(mode="json")
    admission_log.record(
        "Fault",
        source=source,
        contact=given.get("contact_email") or given.get("contact_phone"),
        channel=given.get("channel"),
        details=repr(fault)[:1000],
        raw_content=frappe.as_json(given),
        **fields,
    )


def log_fault(title: str, fault: Exception) -> None:
    frappe.log_error(title=title, message="".join(traceback.format_exception(fault)))


def undo(savepoint: str) -> None:
    try:
        frappe.db.rollback(save_point=savepoint)
    except frappe.db.OperationalError:
        # Something committed meanwhile, and the savepoint is gone.
        frappe.db.rollback()
