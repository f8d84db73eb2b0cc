"""A ticket says nothing while it is saved: it is woken up, and the pass over tickets
says a little later what it owes.

So nothing that is said can fail or hold up a save, least of all that of a mail, and
what changes within a minute is said once.
"""

import frappe
from frappe.model.document import Document

from beesender_support.records.notices.ticket_facts import NEXT_NOTICE, TICKET
from beesender_support.records.site_time import now, to_column
from beesender_support.records.tickets import promise

TIER = "Beesender Tier"
# Of a promise whose clock runs, as the columns say it.
RUNNING_STATES = ("Due", "At risk")
# Whatever else changes on a ticket changes nothing of what is owed.
RELEVANT = (
    "beesender_admission",
    "beesender_priority",
    "beesender_plan",
    "beesender_tier",
    "beesender_terms",
    "beesender_answered_at",
    "beesender_closed_at",
    *(name for fields in promise.FIELDS_OF_TARGET.values() for name in fields),
    promise.EARLIER_MET,
    promise.EARLIER_BREACHED,
    "ticket_type",
    "customer",
    "contact",
    "agent_group",
    "status_category",
    "is_merged",
    "merged_with",
)


def wake_up(doc: Document) -> None:
    """Have the pass look at a ticket that is being saved, if anything changed of what is
    owed; without a query.

    A ticket that was written without a save, and so has nothing to compare with, is
    always looked at. Tickets outside the policy owe nothing.
    """
    before = doc.get_doc_before_save()
    if not (doc.beesender_admission or (before and before.beesender_admission)):
        return
    if before is None or any(_differs(doc, before, name) for name in RELEVANT):
        doc.set(NEXT_NOTICE, to_column(now()))


def _differs(doc: Document, before: Document, fieldname: str) -> bool:
    return (doc.get(fieldname) or None) != (before.get(fieldname) or None)


def wake_up_where(filters: dict[str, object]) -> None:
    """The same of all open tickets that ``filters`` find, in one statement: a setting
    changed what is owed of them."""
    frappe.db.set_value(
        TICKET,
        {
            "status_category": ("!=", "Resolved"),
            "beesender_admission": ("is", "set"),
            **promise.COUNTED,
            **filters,
        },
        NEXT_NOTICE,
        to_column(now()),
        update_modified=False,
    )


def follow_shares(doc: Document) -> None:
    """The shares to warn at were edited, of a tier or of all: tickets whose promise runs
    may owe a warning sooner, or later."""
    before = doc.get_doc_before_save()
    if before is None or not _differs(doc, before, "warning_percents"):
        return
    of_tier = {"beesender_tier": doc.name} if doc.doctype == TIER else {}
    for fields in promise.FIELDS_OF_TARGET.values():
        wake_up_where({**of_tier, fields.state: ("in", RUNNING_STATES)})
