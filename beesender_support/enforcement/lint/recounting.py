"""Counts open tickets again by their own frozen terms: nothing that was sold or edited
since is looked at, only the rules of time zones are those of today."""

import json
from collections.abc import Sequence

import frappe
from frappe import _

from beesender_support.enforcement.rerating.rerating import FIELDS, snapshot
from beesender_support.enforcement.response import ticket_fields, waking
from beesender_support.policy.lint.codes import ZONE_RULES_CHANGED
from beesender_support.policy.lint.deadlines import Request, has_other_rules
from beesender_support.records.lint.open_requests import open_requests
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import from_column, iso_text
from beesender_support.records.tickets import admission_log, promise

LOT = 100
_WRITTEN = (*ticket_fields.RESULT_FIELDS, NEXT_NOTICE)
JOB = "beesender_recount"


def recount_tickets(names: Sequence[str]) -> int:
    """How many were counted again; others are closed by now, or cannot be read."""
    rows = frappe.db.get_values(
        "HD Ticket",
        {
            "name": ("in", list(names)),
            "status_category": ("!=", "Resolved"),
            "beesender_admission": "Accepted",
        },
        list(FIELDS),
        as_dict=True,
        for_update=True,
    )
    logged = []
    for row in rows:
        ticket = frappe.get_doc({**row, "doctype": "HD Ticket"})
        terms = promise.terms_of(ticket)
        if terms is None:
            continue
        before = {**snapshot(ticket), **_stored_due(ticket)}
        promise.write_terms(ticket, terms.by_present_rules())
        ticket_fields.choose_agreement(ticket)
        ticket_fields.write_results(ticket)
        waking.wake_up(ticket)
        values = {fieldname: ticket.get(fieldname) for fieldname in _WRITTEN}
        # As a re-rating: whoever writes to the customer is not interrupted.
        frappe.db.set_value("HD Ticket", ticket.name, values, update_modified=False)
        logged.append(
            {
                "ticket": ticket.name,
                "customer": ticket.customer,
                "plan": ticket.beesender_plan,
                "details": _("Counted again by its own terms."),
                "before": json.dumps(before),
                "after": json.dumps(snapshot(ticket)),
            }
        )
    admission_log.record_all("Re-rated", logged)
    return len(logged)


def recount_zones_later() -> None:
    frappe.enqueue(
        recount_zones,
        queue="long",
        job_id=f"{frappe.local.site}/{JOB}",
        deduplicate=True,
        enqueue_after_commit=True,
    )


def recount_zones() -> None:
    """Every open ticket whose zone has other rules today; in lots that are committed.

    Of whichever zone it was asked: who asks for another one meanwhile gets no second job.
    """
    tickets = [
        each.ticket
        for each in open_requests()
        if isinstance(each, Request) and has_other_rules(each.terms)
    ]
    for start in range(0, len(tickets), LOT):
        recount_tickets(tickets[start : start + LOT])
        frappe.db.commit()
    frappe.db.delete("Beesender Finding", {"code": ZONE_RULES_CHANGED.code})
    frappe.db.commit()


def _stored_due(ticket: frappe._dict) -> dict[str, str]:
    """What was shown until now, which its terms do not say."""
    due = iso_text(from_column(ticket.beesender_due_at))
    return {"due": due} if due else {}
