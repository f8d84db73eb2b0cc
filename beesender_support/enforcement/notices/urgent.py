"""The most urgent requests do not wait for the next minute."""

from contextlib import suppress

import frappe
from frappe.model.document import Document

from beesender_support.records.sold import catalogue

JOB = "beesender_support.enforcement.notices.ticket_pass.say_what_is_owed"


def hurry(doc: Document) -> None:
    """Have the pass run as soon as a new request of the most urgent priority is stored.

    It only hurries: whatever fails, the pass of the next minute says the same.
    """
    codes = catalogue.priority_codes() if doc.beesender_admission else ()
    if codes and doc.beesender_priority == codes[0]:
        frappe.db.after_commit.add(_start_pass)


def _start_pass() -> None:
    # Redis may be down, and the request is stored already.
    with suppress(Exception):
        frappe.enqueue(
            JOB,
            queue="short",
            job_id="beesender_urgent_ticket_pass",
            deduplicate=True,
            shares=True,
        )
