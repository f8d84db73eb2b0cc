"""Starts a re-rating that was confirmed: at once, or as a background job in batches."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.background_jobs import is_job_enqueued

from beesender_support.enforcement.rerating import (
    apply_batch,
    basis_of,
    plans_of,
    refuse_another_basis,
)

MAY_RERATE = ("System Manager", "Agent Manager")
# Up to so many at once; more become a job, in batches that are kept one by one.
MOST_AT_ONCE, BATCH = 200, 100


def start(scope: Document, tickets: list[str], why: str, basis: str) -> dict:
    """Re-rate the chosen tickets, now or in a background job: ``{"queued": ...}``.

    ``basis`` is that of the preview which was confirmed.
    """
    if not tickets:
        frappe.throw(_("Choose at least one ticket."))
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept with every ticket."))
    refuse_another_basis(plans_of(scope), basis)
    if len(tickets) > MOST_AT_ONCE:
        return {"queued": queue(scope, tickets, why, basis)}
    return {"queued": 0, "rerated": apply_batch(scope, tickets, why)}


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
    scope = frappe.get_doc(doctype, name)
    rerated = 0
    for start in range(0, len(tickets), BATCH):
        if basis_of(plans_of(scope)) != basis:
            tell_who_started(scope, rerated, is_stopped=True)
            return
        rerated += apply_batch(scope, tickets[start : start + BATCH], why)
        frappe.db.commit()
    tell_who_started(scope, rerated)


def tell_who_started(scope: Document, rerated: int, is_stopped: bool = False) -> None:
    template = (
        _(
            "Re-rated open tickets: {0}. Then the tier or plan was changed: check the rest."
        )
        if is_stopped
        else _("Re-rated open tickets: {0}.")
    )
    frappe.get_doc(
        {
            "doctype": "Notification Log",
            "type": "Alert",
            "for_user": frappe.session.user,
            "document_type": scope.doctype,
            "document_name": scope.name,
            "subject": template.format(rerated),
        }
    ).insert(ignore_permissions=True)
