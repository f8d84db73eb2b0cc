"""The priority that a category allows, and the note about a correction."""

import frappe
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.requests.decided_fields import differs
from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.plans.tiers import AGENT
from beesender_support.policy.requests.priorities import (
    SettledPriority,
    settle_priority,
)
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.wording.renderer import in_words


def follow_priority(doc: Document) -> None:
    """A changed priority or category: the priority that the category allows.

    Without such a change nothing is settled: editing a category does not change
    tickets.
    """
    before = doc.get_doc_before_save()
    code_changed = differs(doc, before, "beesender_priority")
    priority_changed = differs(doc, before, "priority")
    category_changed = differs(doc, before, "ticket_type")
    if not (code_changed or priority_changed or category_changed):
        return
    asked = doc.beesender_priority
    if priority_changed and not code_changed:
        asked = catalogue.priority_code_of(doc.priority) or asked
    category = catalogue.category_for(doc.ticket_type)
    if category is None:
        return
    if category_changed:
        ticket_fields.move_to_category(doc, category)
    write_priority(doc, settle_priority(category, asked))


def write_priority(doc: Document, settled: SettledPriority) -> None:
    doc.beesender_priority = settled.code
    doc.priority = catalogue.ticket_priority_of(settled.code) or doc.priority
    if settled.correction:
        context_of(doc).priority_correction = settled.correction


def log_correction(doc: Document) -> None:
    """Say on the ticket, and to an agent at once, why the priority is another one."""
    context = context_of(doc)
    correction, context.priority_correction = context.priority_correction, None
    if correction:
        log_ticket_activity(doc.name, in_words(correction))
        if doc.beesender_channel == AGENT or not doc.flags.in_insert:
            frappe.msgprint(in_words(correction), alert=True)
