"""Decision records of many tickets in one file, made in the background.

Each lot is read in a transaction of its own, and notes that the job is alive. The file
belongs to its run, which managers read; erasing a contact removes it.
"""

import json
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_system_timezone, getdate

from beesender_support.enforcement import runs
from beesender_support.enforcement.plans.seats import lock_customers
from beesender_support.enforcement.runs import AT_WORK, QUEUED, RUNNING
from beesender_support.records.audit.decision_record import record_of
from beesender_support.records.replay import past_requests
from beesender_support.records.replay.past_requests import Scope
from beesender_support.records.site_time import now, to_column
from beesender_support.wording.language import language_of_user, speaking

RUN, TICKET = "Beesender Decision Export", "HD Ticket"
MAY_EXPORT = ("Agent Manager", "System Manager")
DONE, FAILED, STOPPED, ERASED = "Done", "Failed", "Stopped", "Erased"
# Tickets of one file, and of one transaction.
MOST_TICKETS, LOT = 5_000, 50
SILENCE = timedelta(minutes=10)
MEMBER = "decisions.jsonl"


def text_of(doc: Document) -> str:
    """The record of one ticket as JSON, to be read by people as well."""
    return json.dumps(record_of(doc).as_dict(), ensure_ascii=False, indent=1)


def start(customer: str, from_date: str, to_date: str) -> str:
    """Export the tickets of a customer that were registered on these days, both
    included; the name of the run."""
    first, last = getdate(from_date), getdate(to_date)
    if last < first:
        frappe.throw(_("The last day is before the first."))
    # Of two that begin at once the second waits here and finds the first.
    lock_customers(customer)
    for run in runs.unfinished(RUN, {"customer": customer}):
        if runs.is_alive(run, SILENCE):
            frappe.throw(
                _(
                    "Decisions of {0} are being exported. Wait until that is done."
                ).format(customer)
            )
        end(run.name, STOPPED)
    names = _tickets(customer, first, last)
    if not names:
        frappe.throw(_("No ticket of {0} was registered then.").format(customer))
    if len(names) > MOST_TICKETS:
        frappe.throw(
            _("These are more than {0} tickets. Choose fewer days.").format(
                MOST_TICKETS
            )
        )
    run = frappe.get_doc(
        {
            "doctype": RUN,
            "customer": customer,
            "from_date": first,
            "to_date": last,
            "state": QUEUED,
            "tickets": len(names),
            "exported": 0,
            "alive_at": to_column(now()),
        }
    ).insert(ignore_permissions=True)
    frappe.enqueue(
        run_export,
        queue="long",
        enqueue_after_commit=True,
        run=run.name,
        names=names,
    )
    return str(run.name)


def _tickets(customer: str, first: Any, last: Any) -> list[str]:
    """Those registered on days of the site that the session's user may read."""
    scope = Scope(first, last, get_system_timezone(), customers=[customer])
    names = past_requests.names(scope, MOST_TICKETS + 1)
    if not names:
        return []
    found = frappe.get_list(
        TICKET, {"name": ("in", names)}, pluck="name", order_by="name", limit=0
    )
    return [str(each) for each in found]


def run_export(run: str, names: list[str]) -> None:
    """The background job; whoever started it is told when it is done."""
    content = BytesIO()
    try:
        with (
            ZipFile(content, "w", ZIP_DEFLATED) as archive,
            archive.open(MEMBER, "w") as member,
        ):
            for begin in range(0, len(names), LOT):
                if not goes_on(run, begin):
                    return
                frappe.db.commit()
                for line in _lines(names[begin : begin + LOT]):
                    member.write(line)
        if not goes_on(run, len(names)):
            return
        _attach(run, content.getvalue())
        end(run, DONE)
    except Exception:
        frappe.db.rollback()
        frappe.log_error(
            title="Beesender Support: export of decisions",
            reference_doctype=RUN,
            reference_name=run,
        )
        end(run, FAILED)
    frappe.db.commit()


def _lines(names: list[str]) -> list[bytes]:
    """A record a line, of those that are still there and may still be read."""
    rows = frappe.get_list(TICKET, {"name": ("in", names)}, pluck="name", limit=0)
    lines = []
    for name in sorted(rows):
        plain = record_of(frappe.get_doc(TICKET, name)).as_dict()
        lines.append(f"{json.dumps(plain, ensure_ascii=False)}\n".encode())
    return lines


def _attach(run: str, content: bytes) -> None:
    file = frappe.get_doc(
        {
            "doctype": "File",
            "file_name": f"decisions-{run}.zip",
            "attached_to_doctype": RUN,
            "attached_to_name": run,
            "attached_to_field": "file",
            "is_private": 1,
            "content": content,
        }
    ).insert(ignore_permissions=True)
    frappe.db.set_value(RUN, run, "file", file.file_url)


# How far it came


def goes_on(run: str, exported: int) -> bool:
    """Note that a run lives; False if it was given up meanwhile."""
    state = frappe.db.get_value(RUN, run, "state", for_update=True)
    if state not in AT_WORK:
        return False
    values = {"state": RUNNING, "exported": exported, "alive_at": to_column(now())}
    frappe.db.set_value(RUN, run, values)
    return True


def end(run: str, state: str) -> None:
    """Once only: note how a run ended, and tell its starter."""
    found = frappe.db.get_value(
        RUN, run, ["state", "owner", "customer"], as_dict=True, for_update=True
    )
    if not found or found.state not in AT_WORK:
        return
    frappe.db.set_value(RUN, run, "state", state)
    with speaking(language_of_user(found.owner)):
        subject = {
            DONE: _("Decisions of {0} are exported."),
            FAILED: _("Decisions of {0} could not be exported: see the Error Log."),
        }.get(state, _("The export of decisions of {0} was stopped: start it again."))
        subject = subject.format(found.customer)
    runs.tell(found.owner, RUN, run, subject)


def report_dead() -> None:
    """Every few minutes: runs that fell silent, and those that never began."""
    for run in runs.dead(RUN, SILENCE):
        end(run, STOPPED)


def remove_files(customers: set[str]) -> None:
    """Of customers of whom somebody is erased: files that name them go, and none is
    finished that was begun before."""
    if not customers:
        return
    for run in runs.unfinished(RUN, {"customer": ("in", list(customers))}):
        end(run.name, STOPPED)
    for run in frappe.get_all(
        RUN, {"customer": ("in", list(customers)), "file": ("is", "set")}, pluck="name"
    ):
        for file in frappe.get_all(
            "File",
            {"attached_to_doctype": RUN, "attached_to_name": run},
            pluck="name",
        ):
            frappe.delete_doc("File", file, ignore_permissions=True, force=True)
        frappe.db.set_value(RUN, run, {"file": None, "state": ERASED})
