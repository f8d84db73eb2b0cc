"""Starts a re-rating that was confirmed: at once, or as a background job in batches."""

import frappe
from frappe import _, _lt
from frappe.model.document import Document
from frappe.utils.background_jobs import is_job_enqueued

from beesender_support.enforcement.rerating import (
    apply_batch,
    basis_of,
    plans_of,
    readable,
    refuse_another_basis,
    waiting_tickets,
)

MAY_RERATE = ("System Manager", "Agent Manager")
# Up to so many at once; more become a job, in batches that are kept one by one.
MOST_AT_ONCE, BATCH = 200, 100
# How it ended, with the number of tickets that were re-rated.
DONE = _lt("Re-rated open tickets: {0}.")
CHANGED = _lt(
    "Re-rated open tickets: {0}. Then the tier or plan was changed: check the rest."
)
FAILED = _lt(
    "Re-rated open tickets: {0}. The rest failed and is unchanged: try again, or look into"
    " the Error Log."
)


def start(scope: Document, tickets: list[str], why: str, basis: str) -> dict:
    """Re-rate the chosen tickets, now or in a background job: ``{"queued": ...}``.

    ``basis`` is that of the preview which was confirmed.
    """
    if not tickets:
        frappe.throw(_("Choose at least one ticket."))
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept with every ticket."))
    refuse_another_basis(plans_of(scope), basis)
    tickets = may_be_rerated(scope, tickets)
    if len(tickets) > MOST_AT_ONCE:
        return {"queued": queue(scope, tickets, why, basis)}
    return {"queued": 0, "rerated": apply_batch(scope, tickets, why)}


def may_be_rerated(scope: Document, tickets: list[str]) -> list[str]:
    """Of the chosen tickets those that still wait and that the user may read."""
    return [
        str(each.name) for each in readable(waiting_tickets(plans_of(scope), tickets))
    ]


def queue(scope: Document, tickets: list[str], why: str, basis: str) -> int:
    job_id = f"beesender-rerating-{scope.doctype}-{scope.name}"
    if is_job_enqueued(job_id):
        frappe.throw(
            _("Tickets of {0} are being re-rated. Wait until that is done.").format(
                scope.name
            )
        )
    frappe.enqueue(
        apply_in_batches,
        queue="long",
        job_id=job_id,
        enqueue_after_commit=True,
        doctype=scope.doctype,
        name=scope.name,
        tickets=tickets,
        why=why,
        basis=basis,
    )
    return len(tickets)


def apply_in_batches(
    doctype: str, name: str, tickets: list[str], why: str, basis: str
) -> None:
    """The background job; who started it is told when it is done, or why it stopped."""
    # A job speaks English unless told otherwise.
    frappe.set_user_lang(frappe.session.user)
    scope = frappe.get_doc(doctype, name)
    rerated, outcome = 0, DONE
    try:
        for start in range(0, len(tickets), BATCH):
            if basis_of(plans_of(scope)) != basis:
                outcome = CHANGED
                break
            rerated += apply_batch(scope, tickets[start : start + BATCH], why)
            frappe.db.commit()
    except Exception:
        frappe.db.rollback()
        frappe.log_error(
            title="Beesender Support: re-rating",
            reference_doctype=doctype,
            reference_name=name,
        )
        outcome = FAILED
    tell_who_started(scope, str(outcome).format(rerated))


def tell_who_started(scope: Document, subject: str) -> None:
    frappe.get_doc(
        {
            "doctype": "Notification Log",
            "type": "Alert",
            "for_user": frappe.session.user,
            "document_type": scope.doctype,
            "document_name": scope.name,
            "subject": subject,
        }
    ).insert(ignore_permissions=True)
