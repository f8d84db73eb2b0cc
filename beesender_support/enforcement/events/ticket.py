"""Keeps the promises on HD Ticket.

Helpdesk settles type, contact, customer and agreement in its own ``before_validate`` and
computes its own deadlines in its own ``before_save``. The handlers here run right after
each: the first has the policy decide, the second replaces Helpdesk's deadlines by the
promised one before the ticket is written.
"""

from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.enforcement.requests import (
    admission_changes,
    asked,
    decided_fields,
    decision,
    held_requests,
    history,
    priority,
)
from beesender_support.enforcement.response import first_response, merges, ticket_fields
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.records.site_time import to_column


@log_and_carry_on
def before_insert(doc: Document, method: str | None = None) -> None:
    """Note what was asked for, before Helpdesk fills in its own defaults."""
    is_copy = decided_fields.is_copy(doc)
    if is_copy:
        doc.status = doc.status_category = None
        doc.is_merged, doc.merged_with = 0, None
    doc.flags.beesender_asked = asked.Asked(
        priority=doc.beesender_priority,
        ticket_priority=doc.priority,
        ticket_type=doc.ticket_type,
        contact=doc.contact,
        status=doc.status,
    )
    decided_fields.drop_decided_fields(doc)
    if is_copy or not is_agent():
        decided_fields.drop_clock_fields(doc)
    # Also of a part split off a ticket: the chat goes on with the whole.
    doc.beesender_external_id = doc.flags.beesender_external_id


@log_and_carry_on
def before_validate(doc: Document, method: str | None = None) -> None:
    """Who asks, how urgent it is, what is promised: Helpdesk knows the customer by now."""
    if doc.is_new():
        register(doc)
    else:
        follow_changes(doc)
    ticket_fields.choose_agreement(doc)
    decided_fields.note_decided(doc)


@log_and_carry_on
def before_save(doc: Document, method: str | None = None) -> None:
    """Replace Helpdesk's deadlines by the promised one."""
    if decided_fields.changed_since_decided(doc):
        if doc.is_new():
            register(doc)
        else:
            judge_or_settle(doc)
        ticket_fields.choose_agreement(doc)
    if doc.beesender_admission:
        ticket_fields.write_results(doc)


@log_and_carry_on
def after_insert(doc: Document, method: str | None = None) -> None:
    """A held request is logged, and whoever sent it is told once."""
    history.forget_history(doc)
    if doc.ticket_split_from:
        merges.expect_sentence_of_split(doc.ticket_split_from)
    if doc.beesender_admission == "Held":
        held_requests.log_and_tell(doc)


@log_and_carry_on
def on_update(doc: Document, method: str | None = None) -> None:
    """Say on the ticket what was corrected, and mend what Helpdesk does behind saves."""
    priority.log_correction(doc)
    admission_changes.log_change_of_admission(doc)
    if doc.beesender_admission and doc.flags.ignore_validate:
        # Helpdesk's auto-close skips before_save.
        ticket_fields.store_results(doc)
    if doc.is_merged and doc.has_value_changed("is_merged"):
        merges.undo_copied_answer(doc)


def register(doc: Document) -> None:
    """A new ticket: by which channel it came, when, and what is decided on it."""
    doc.beesender_channel = doc.beesender_channel or asked.channel_of(doc)
    doc.beesender_registered_at = to_column(decision.registered_at(doc))
    if doc.ticket_split_from and is_agent():
        decision.take_over_from_whole(doc)
    else:
        decision.decide(doc)


def follow_changes(doc: Document) -> None:
    """A saved ticket: what changed since, and what that changes of the promise."""
    decided_fields.keep_decided_fields(doc)
    history.keep_history_closed(doc)
    if decided := doc.flags.pop("beesender_decision", None):
        # An agent decided; agents may not write these fields, so they are written here.
        held_requests.write_decision(doc, decided)
    elif doc.flags.pop("beesender_declined", False):
        doc.beesender_admission = "Declined"
    else:
        judge_or_settle(doc)
    if doc.beesender_admission:
        first_response.follow(doc)
        ticket_fields.note_closing(doc)
    else:
        first_response.forget(doc)
    if correction := doc.flags.pop("beesender_clock_correction", None):
        correction(doc)


def judge_or_settle(doc: Document) -> None:
    if not decision.judge_again(doc) and doc.beesender_admission:
        priority.follow_priority(doc)
