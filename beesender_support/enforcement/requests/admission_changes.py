"""Changes of the verdict on a saved ticket: logged, and read again."""

from collections.abc import Iterator
from datetime import datetime
from typing import TypedDict

import frappe
from frappe.model.document import Document

from beesender_support.records.tickets import admission_log, promise
from beesender_support.records.tickets.ticket_context import context_of

ADMITTED = ("Admitted once", "Admitted with a seat")


class Verdict(TypedDict, total=False):
    """The fields of a ticket that hold its verdict, and the start of its clock, an instant
    as ISO text."""

    customer: str | None
    beesender_plan: str | None
    beesender_tier: str | None
    beesender_admission: str | None
    beesender_admission_reason: str | None
    started_at: str | None


def _changes_of_admission(doc: Document) -> Iterator[tuple[Verdict, Verdict]]:
    """The verdicts before and after each change, the last change first."""
    for change in frappe.get_all(
        "Beesender Admission Log",
        {"ticket": doc.name, "event": "Admission changed"},
        ["before", "after"],
        order_by="creation desc",
    ):
        yield frappe.parse_json(change.before), frappe.parse_json(change.after)


def verdict_it_left(doc: Document) -> Verdict:
    """The last verdict on a ticket that is outside the policy now; empty without one."""
    verdicts = (before for before, _after in _changes_of_admission(doc))
    return next((each for each in verdicts if each["beesender_admission"]), {})


def has_waited(doc: Document) -> bool:
    """Whether the request was held or declined; one that was outside the policy in between
    has waited as well."""
    before = doc.get_doc_before_save()
    verdict = before if before.beesender_admission else verdict_it_left(doc)
    return verdict.get("beesender_admission") in ("Held", "Declined")


def was_admitted(doc: Document) -> bool:
    """Whether an agent took the request, and nothing was decided on it since. Without a
    plan it is outside the policy then, and only the log knows of it."""
    last = frappe.db.get_value(
        "Beesender Admission Log",
        {"ticket": doc.name, "event": ("in", (*ADMITTED, "Admission changed"))},
        "event",
        order_by="creation desc",
    )
    return last in ADMITTED


def start_that_was_interrupted(doc: Document) -> datetime | None:
    """The start of the clock of a request that was accepted before another customer's
    name on it, or none, took the clock away; None of one that never had a clock.

    Setting the wrong customer, and removing it again, neither breaks a promise nor
    saves it.
    """
    for before, after in _changes_of_admission(doc):
        if before.get("started_at") and not after.get("started_at"):
            return datetime.fromisoformat(before["started_at"])
    return None


def note_change_of_admission(doc: Document) -> None:
    """For the log, once the ticket is saved."""
    before, after = map(_verdict_on, (doc.get_doc_before_save(), doc))
    if before != after:
        context_of(doc).admission_change = before, after


def log_change_of_admission(doc: Document) -> None:
    context = context_of(doc)
    change, context.admission_change = context.admission_change, None
    if change:
        before, after = change
        admission_log.record(
            "Admission changed",
            ticket=doc.name,
            reason=doc.beesender_admission_reason,
            customer=doc.customer,
            plan=doc.beesender_plan,
            contact=doc.contact or doc.raised_by,
            channel=doc.beesender_channel,
            before=frappe.as_json(before),
            after=frappe.as_json(after),
        )


def _verdict_on(doc: Document) -> dict[str, str | None]:
    fieldnames = (
        "customer",
        "beesender_plan",
        "beesender_tier",
        "beesender_admission",
        "beesender_admission_reason",
    )
    terms = promise.terms_of(doc)
    return {
        **{fieldname: doc.get(fieldname) or None for fieldname in fieldnames},
        "started_at": terms and terms.started_at.isoformat(),
    }
