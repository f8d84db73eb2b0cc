"""Re-ratings in the background: how far each came, whether it lives, and how it ended.

A killed job notifies nobody. So each batch notes the time, and a job that has been
silent for ``SILENCE`` counts as dead: its starter is notified, and another may be
started in its place. If it is alive after all, it notices that before its next batch.
"""

from datetime import timedelta

import frappe
from frappe import _, _lt
from frappe.model.document import Document

from beesender_support.enforcement import runs
from beesender_support.enforcement.runs import AT_WORK, QUEUED, RUNNING
from beesender_support.records.site_time import now, to_column
from beesender_support.wording.language import language_of_user, speaking

RUN = "Beesender Rerating"
DONE, CHANGED, FAILED, STOPPED = "Done", "Changed", "Failed", "Stopped"
SILENCE = timedelta(seconds=60)
# How it ended, with the number of tickets that were re-rated.
OUTCOMES = {
    DONE: _lt("Re-rated open tickets: {0}."),
    CHANGED: _lt(
        "Re-rated open tickets: {0}. Then the tier or plan was changed: check the rest."
    ),
    FAILED: _lt(
        "Re-rated open tickets: {0}. The rest failed and is unchanged: try again, or look"
        " into the Error Log."
    ),
    STOPPED: _lt(
        "Re-rated open tickets: {0}. Then the job was stopped from outside and the rest is"
        " unchanged: open the table again and re-rate the rest."
    ),
}


def begin(scope: Document, tickets: list[str], why: str) -> str:
    """A new run of a tier or plan; refused while another is at work on it."""
    # Of two that begin at once the second waits here and finds the first.
    frappe.db.get_value(scope.doctype, scope.name, "name", for_update=True)
    of_scope = {"scope_doctype": scope.doctype, "scope": scope.name}
    for run in runs.unfinished(RUN, of_scope):
        if runs.is_alive(run, SILENCE):
            frappe.throw(
                _("Tickets of {0} are being re-rated. Wait until that is done.").format(
                    scope.name
                )
            )
        end(run.name, STOPPED)
    run = {
        "doctype": RUN,
        "scope_doctype": scope.doctype,
        "scope": scope.name,
        "state": QUEUED,
        "chosen": len(tickets),
        "alive_at": to_column(now()),
        "details": why,
    }
    return frappe.get_doc(run).insert(ignore_permissions=True).name


def goes_on(run: str, rerated: int) -> bool:
    """Note that a run lives; False if it was given up meanwhile."""
    state = frappe.db.get_value(RUN, run, "state", for_update=True)
    if state not in AT_WORK:
        return False
    values = {"state": RUNNING, "rerated": rerated, "alive_at": to_column(now())}
    frappe.db.set_value(RUN, run, values)
    return True


def end(run: str, state: str, rerated: int | None = None) -> None:
    """Once only: note how a run ended, and notify its starter."""
    found = frappe.db.get_value(RUN, run, "*", as_dict=True, for_update=True)
    if found.state not in AT_WORK:
        return
    rerated = found.rerated if rerated is None else rerated
    frappe.db.set_value(RUN, run, {"state": state, "rerated": rerated})
    with speaking(language_of_user(found.owner)):
        subject = str(OUTCOMES[state]).format(rerated)
    runs.tell(found.owner, found.scope_doctype, found.scope, subject)


def report_dead() -> None:
    """Every few minutes: runs that fell silent, and those that never began."""
    for run in runs.dead(RUN, SILENCE):
        end(run, STOPPED)
