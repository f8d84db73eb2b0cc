"""Starts a re-rating that was confirmed: at once, or as a background job in batches."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.rerating import rerating_runs
from beesender_support.enforcement.rerating.rerating import (
    apply_batch,
    bases_of,
    basis_of,
    plan_names_of,
    plans_of,
    readable,
    refuse_another_basis,
    waiting_tickets,
)

MAY_RERATE = ("System Manager", "Agent Manager")
# Up to so many at once; more become a job, in batches that are committed one by one.
MOST_AT_ONCE, BATCH = 200, 100


class _Queued(TypedDict):
    queued: int


class Started(_Queued, total=False):
    """How many tickets wait in a background job; where none do, how many were re-rated."""

    rerated: int


def start(scope: Document, tickets: list[str], why: str, basis: str) -> Started:
    """Re-rate the chosen tickets, now or in a background job.

    ``basis`` is that of the preview which was confirmed.
    """
    if not tickets:
        frappe.throw(_("Choose at least one ticket."))
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept with every ticket."))
    plans = plans_of(scope)
    refuse_another_basis(plans, basis)
    # Of the chosen ones those that still wait and that the user may read.
    tickets = [str(each.name) for each in readable(waiting_tickets(plans, tickets))]
    if len(tickets) > MOST_AT_ONCE:
        return {"queued": queue(scope, tickets, why, basis)}
    return {"queued": 0, "rerated": apply_batch(plans, tickets, why)}


def queue(scope: Document, tickets: list[str], why: str, basis: str) -> int:
    frappe.enqueue(
        apply_in_batches,
        queue="long",
        enqueue_after_commit=True,
        doctype=scope.doctype,
        name=scope.name,
        tickets=tickets,
        why=why,
        basis=basis,
        run=rerating_runs.begin(scope, tickets, why),
    )
    return len(tickets)


def apply_in_batches(
    doctype: str, name: str, tickets: list[str], why: str, basis: str, run: str
) -> None:
    """The background job; its starter is notified when it is done, or why it stopped.

    Each batch reads in a transaction of its own what the tier and plans say by now.
    """
    # A job uses English unless a language is set.
    frappe.set_user_lang(frappe.session.user)
    scope = frappe.get_doc(doctype, name)
    plans, rerated = plans_of(scope), 0
    if basis_of(plans) != basis:
        rerating_runs.end(run, rerating_runs.CHANGED, rerated)
        return
    confirmed, outcome = bases_of(plans), rerating_runs.DONE
    try:
        for start in range(0, len(tickets), BATCH):
            if not rerating_runs.goes_on(run, rerated):
                return
            frappe.db.commit()
            batch = tickets[start : start + BATCH]
            names = plan_names_of(batch)
            plans = plans_of(scope, names)
            found = bases_of(plans)
            if any(found.get(each) != confirmed.get(each) for each in names):
                outcome = rerating_runs.CHANGED
                break
            rerated += apply_batch(plans, batch, why)
            frappe.db.commit()
    except Exception:
        frappe.db.rollback()
        frappe.log_error(
            title="Beesender Support: re-rating",
            reference_doctype=doctype,
            reference_name=name,
        )
        outcome = rerating_runs.FAILED
    rerating_runs.end(run, outcome, rerated)
