"""Re-rating open tickets: the one way in which an edited tier or plan changes them.

Safe to run twice: a ticket that has its plan's terms already, or was answered or closed
in the meantime, is left alone.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timezone
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils.background_jobs import is_job_enqueued

from beesender_support.enforcement import (
    admission_log,
    loaders,
    promise,
    rerating_words,
)
from beesender_support.enforcement.site_time import now, to_site_time
from beesender_support.policy.rerating import Rerating, rerate
from beesender_support.policy.response import Terms
from beesender_support.policy.tiers import Plan

PLAN, TIER = "Beesender Support Plan", "Beesender Tier"
MAY_RERATE = ("System Manager", "Agent Manager")
# As many are shown at a time, those due soonest first; the next when these are done.
MOST_SHOWN = 1_000
# Up to so many at once; more become a background job, in batches that are kept one by one.
MOST_AT_ONCE, BATCH = 200, 100
FIELDS = (
    "name",
    "subject",
    "customer",
    "ticket_type",
    "status_category",
    "service_level_agreement_creation",
    "beesender_plan",
    "beesender_tier",
    "beesender_priority",
    "beesender_admission",
    "beesender_terms",
    *promise.RESULT_FIELDS,
)
WRITTEN = (
    "beesender_tier",
    "beesender_terms",
    "service_level_agreement_creation",
    *promise.RESULT_FIELDS,
)
ANY_INSTANT = datetime(2000, 1, 1, tzinfo=timezone.utc)


class Rerated(NamedTuple):
    ticket: Document
    plan: Plan
    rerating: Rerating


def preview(scope: Document) -> dict:
    """Open tickets of a plan, or of all plans with a tier, before and after."""
    plans = plans_of(scope)
    waiting = waiting_tickets(plans)
    rerated = list(decide(waiting, plans))
    return {
        "basis": basis_of(plans),
        "waiting": len(waiting),
        "differ": len(rerated),
        "tickets": [_row(each) for each in rerated[:MOST_SHOWN]],
    }


def apply(scope: Document, tickets: list[str], why: str, basis: str) -> dict:
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


def apply_batch(scope: Document, tickets: list[str], why: str) -> int:
    """Re-rate what still differs of ``tickets``; how many did."""
    plans = plans_of(scope)
    locked = waiting_tickets(plans, tickets, for_update=True)
    written = []
    for each in decide(locked, plans):
        before = _snapshot(each.ticket)
        write(each)
        written.append((each, before))
    log(written, why)
    return len(written)


def write(rerated: Rerated) -> None:
    """The new terms, and how the promise stands in Helpdesk's own fields."""
    ticket, terms = rerated.ticket, rerated.rerating.terms
    ticket.beesender_tier = terms.tier
    promise.write_terms(ticket, terms)
    promise.choose_agreement(ticket)
    promise.write_results(ticket)
    values = {fieldname: ticket.get(fieldname) for fieldname in WRITTEN}
    # Without another save: whoever writes to the customer meanwhile is not interrupted.
    frappe.db.set_value("HD Ticket", ticket.name, values, update_modified=False)


def log(written: list[tuple[Rerated, dict]], why: str) -> None:
    admission_log.record_all(
        "Re-rated",
        [
            {
                "ticket": each.ticket.name,
                "customer": each.ticket.customer,
                "plan": each.plan.name,
                "details": why,
                "before": json.dumps(before),
                "after": json.dumps(_snapshot(each.ticket)),
            }
            for each, before in written
        ],
    )
    admission_log.insert_all(
        "HD Ticket Activity",
        [
            {
                "ticket": each.ticket.name,
                "action": rerating_words.activity(each.rerating, why),
            }
            for each, _before in written
        ],
    )


# Facts


def plans_of(scope: Document) -> dict[str, Plan]:
    """The plan, or all plans with the tier, as they are saved now, by name."""
    if scope.doctype == PLAN:
        customers = [scope.customer]
    else:
        sold = {"tier": scope.name, "status": ("!=", "Draft")}
        customers = frappe.get_all(PLAN, sold, pluck="customer", distinct=True)
    return {
        plan.name: plan
        for customer in customers
        for plan in loaders.plans_of(customer)
        if scope.name in (plan.name, plan.tier.name)
    }


def waiting_tickets(
    plans: dict[str, Plan], names: list[str] | None = None, for_update: bool = False
) -> list[Document]:
    """Open tickets of the plans that nobody has answered yet, those due soonest first.

    Paused ones are among them: their clock goes on.
    """
    filters = {
        "beesender_plan": ("in", list(plans)),
        "beesender_admission": "Accepted",
        "beesender_terms": ("is", "set"),
        "first_responded_on": ("is", "not set"),
        "status_category": ("!=", "Resolved"),
    }
    if names is not None:
        filters["name"] = ("in", names)
    rows = frappe.db.get_values(
        "HD Ticket",
        filters,
        FIELDS,
        as_dict=True,
        for_update=for_update,
        order_by="response_by asc, name asc",
    )
    return [frappe.get_doc({**row, "doctype": "HD Ticket"}) for row in rows]


def decide(tickets: list[Document], plans: dict[str, Plan]) -> Iterator[Rerated]:
    """What the policy would change; tickets that have their plan's terms are left out."""
    instant, share = now(), loaders.settings().at_risk_share
    for ticket in tickets:
        category = loaders.category_for(ticket.ticket_type)
        plan = plans[ticket.beesender_plan]
        rerating = category and rerate(
            promise.terms_of(ticket),
            plan,
            category,
            ticket.beesender_priority,
            responded_at=None,
            now=instant,
            at_risk_share=share,
        )
        if rerating:
            yield Rerated(ticket, plan, rerating)


def basis_of(plans: dict[str, Plan]) -> str:
    """What a preview was made from: it changes whenever the terms of a plan do."""
    terms = [Terms.of(plans[name], ANY_INSTANT).as_dict() for name in sorted(plans)]
    return hashlib.sha256(json.dumps(terms).encode()).hexdigest()


def refuse_another_basis(plans: dict[str, Plan], basis: str) -> None:
    """Between looking and confirming somebody else may have saved the tier or plan."""
    if basis_of(plans) != basis:
        frappe.throw(
            _(
                "The tier or plan was changed since the table was shown. Nothing was"
                " re-rated. Open the table again and check it."
            )
        )


def _snapshot(ticket: Document) -> dict:
    terms = json.loads(ticket.beesender_terms)
    response = promise.response_of(ticket)
    return {"due": response.due and response.due.isoformat(), **terms}


def _row(rerated: Rerated) -> dict:
    """A line of the table. Times are naive: of the site, and local of the plan's zone."""
    ticket, plan, rerating = rerated
    terms = promise.terms_of(ticket)
    return {
        "ticket": str(ticket.name),
        "subject": ticket.subject,
        "customer": ticket.customer,
        "plan": plan.name,
        "priority": ticket.beesender_priority,
        "before": _due(rerating.before.due, terms),
        "after": _due(rerating.after.due, rerating.terms),
        "changes": rerating_words.changes(rerating),
        "is_breached_at_once": rerating.is_breached_at_once,
        "is_rescued": rerating.is_rescued,
        "is_overdue": rerating.before.state == rerating.after.state == "breached",
    }


def _due(due: datetime | None, terms: Terms) -> dict | None:
    if due is None:
        return None
    return {
        "site": to_site_time(due),
        "local": due.astimezone(terms.calendar.zone).replace(tzinfo=None),
        "time_zone": terms.time_zone,
    }


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
