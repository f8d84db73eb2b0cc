"""HD Ticket: every step when one is made, saved or removed, in order.

Helpdesk settles type, contact, customer and agreement in its own ``before_validate``
and computes its own deadlines in its own ``before_save``. The steps here run right
after each: the first lets the policy decide, the second replaces Helpdesk's deadlines
with the promised one before the ticket is written.

What the steps know besides the ticket's fields is in its ``TicketContext``. Each step
is guarded on its own: a fault is logged and leaves the ticket as that step found it; in
a client's session it refuses the request. What a client sends from the portal's form was
cleaned before there was a ticket, in ``api.portal``.
"""

from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.enforcement.allowances import asked_entitlements
from beesender_support.enforcement.clients import client_writes
from beesender_support.enforcement.mail import mail_tickets
from beesender_support.enforcement.notices import urgent
from beesender_support.enforcement.readiness import sample_records
from beesender_support.enforcement.requests import (
    access_details,
    customer_of_request,
    held_notice,
    held_requests,
    history,
    on_behalf,
    priority,
)
from beesender_support.enforcement.requests.admission_changes import (
    log_change_of_admission,
    note_change_of_admission,
)
from beesender_support.enforcement.requests.decided_fields import (
    drop_clock_fields,
    drop_decided_fields,
    is_copy,
    keep_decided_fields,
    note_decided,
    revert_what_scripts_wrote,
)
from beesender_support.enforcement.requests.decision import (
    decide,
    must_be_decided_anew,
    registration_of_new,
    take_over_from_whole,
)
from beesender_support.enforcement.requests.requested import (
    channel_of,
    note_requested,
    tells_client,
)
from beesender_support.enforcement.response import (
    first_response,
    happenings,
    merges,
    ticket_fields,
    waking,
)
from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.records import settings
from beesender_support.records.notices import notice_log
from beesender_support.records.site_time import to_column
from beesender_support.records.tickets import decisions
from beesender_support.records.tickets.ticket_context import (
    context_of,
    take_what_an_agent_decided,
)
from beesender_support.wording.description import subject_as_typed

# A new ticket, before Helpdesk looks at it


def before_insert(doc: Document, method: str | None = None) -> None:
    """Clean what was sent, note what was requested, and find out who sent a mail."""
    access_details.take_from(doc)
    client_writes.drop_forbidden_fields(doc, method)
    take_what_is_asked_for(doc, method)
    note_what_was_requested(doc, method)
    mail_tickets.take_sender_from_mail(doc, method)


@log_and_carry_on
def take_what_is_asked_for(doc: Document, method: str | None = None) -> None:
    asked_entitlements.drop_what_is_not_offered(doc)


@log_and_carry_on
def note_what_was_requested(doc: Document, method: str | None = None) -> None:
    is_made_of_another = is_copy(doc)
    if is_made_of_another:
        doc.status = doc.status_category = None
        doc.is_merged, doc.merged_with = 0, None
        doc.beesender_closing_reason = None
    note_requested(doc)
    drop_decided_fields(doc)
    if is_made_of_another or not is_agent():
        drop_clock_fields(doc)
    # Also of a part split off a ticket: the chat continues with the whole.
    doc.beesender_external_id = context_of(doc).external_id


# Any ticket, right after Helpdesk named the contact, the customer and an agreement


def before_validate(doc: Document, method: str | None = None) -> None:
    """Facts, decision, result: who asks for whom, how urgent it is, what is promised."""
    access_details.take_from(doc)
    client_writes.put_back_what_may_not_change(doc, method)
    keep_subject_as_typed(doc, method)
    customer_of_request.find_customer(doc, method)
    settle_promise(doc, method)
    on_behalf.address_who_asks(doc, method)


@log_and_carry_on
def keep_subject_as_typed(doc: Document, method: str | None = None) -> None:
    """However it was written, and by whom."""
    is_written = doc.is_new() or doc.has_value_changed("subject")
    if is_written and "<" in (doc.subject or "") and settings.is_in_use():
        doc.subject = subject_as_typed(doc.subject)


@log_and_carry_on
def settle_promise(doc: Document, method: str | None = None) -> None:
    # What a save that failed had noted.
    decisions.note(doc, None)
    with decisions.undone_by_a_fault(doc):
        if doc.is_new():
            register(doc)
        else:
            follow_changes(doc)
        ticket_fields.choose_agreement(doc)
        note_decided(doc)


def register(doc: Document) -> None:
    """A new ticket: by which channel it came, when, and what is decided on it.

    A request from the portal may end here, with a sentence for the client.
    """
    doc.beesender_channel = doc.beesender_channel or channel_of(doc)
    doc.beesender_registered_at = to_column(registration_of_new(doc))
    doc.beesender_tells_client = tells_client(doc)
    if doc.ticket_split_from and is_agent():
        take_over_from_whole(doc)
    else:
        decide(doc)


def follow_changes(doc: Document) -> None:
    """A saved ticket: what changed since, and what that changes of the promise."""
    keep_decided_fields(doc)
    history.keep_history_closed(doc)
    agent = take_what_an_agent_decided(doc)
    if agent.decision:
        # Agents may not write what is decided, so it is written here.
        held_requests.write_agent_decision(doc, agent.decision)
    elif agent.is_declined:
        doc.beesender_admission = "Declined"
    else:
        is_chosen_anew = priority.is_chosen_anew(doc)
        decide_anew_or_settle(doc)
        if is_chosen_anew:
            priority.settle_agent_correction(doc, agent.why_priority)
    if doc.beesender_admission:
        answer = first_response.settle(doc)
        ticket_fields.note_closing(doc)
        happenings.follow(doc, answer)
    else:
        first_response.take_noted(doc)
        happenings.take_noted(doc)
        if doc.beesender_events:
            happenings.follow_status(doc)
    if agent.clock_correction:
        agent.clock_correction(doc)


def decide_anew_or_settle(doc: Document) -> None:
    """Another customer or person asks now, or an agent corrects category or priority."""
    if must_be_decided_anew(doc):
        decide(doc)
        note_change_of_admission(doc)
    elif doc.beesender_admission:
        priority.follow_priority(doc)


# Any ticket, right after Helpdesk computed its own deadlines


@log_and_carry_on
def before_save(doc: Document, method: str | None = None) -> None:
    """Replace Helpdesk's deadlines with the promised one, by the response that the
    decision of this save handed on, or counted now."""
    with decisions.undone_by_a_fault(doc):
        if revert_what_scripts_wrote(doc):
            if doc.is_new():
                register(doc)
            else:
                decide_anew_or_settle(doc)
            ticket_fields.choose_agreement(doc)
        if doc.beesender_admission:
            ticket_fields.write_results(doc)
        waking.wake_up(doc)


# What is stored


def after_insert(doc: Document, method: str | None = None) -> None:
    """Store the access details; a held request is logged, and its sender notified
    once."""
    access_details.store(doc)
    act_on_new_ticket(doc, method)


@log_and_carry_on
def act_on_new_ticket(doc: Document, method: str | None = None) -> None:
    history.end_history(doc)
    if doc.ticket_split_from:
        merges.expect_sentence_of_split(doc.ticket_split_from)
    if doc.beesender_admission == "Held":
        held_notice.log_and_notify(doc)
    urgent.hurry(doc)


@log_and_carry_on
def on_update(doc: Document, method: str | None = None) -> None:
    """Note on the ticket what was corrected, and correct what Helpdesk changes without
    a save."""
    keep_decision(doc, method)
    priority.log_correction(doc)
    priority.log_agent_correction(doc)
    log_change_of_admission(doc)
    if doc.beesender_admission and doc.flags.ignore_validate:
        # Helpdesk's auto-close skips before_save.
        ticket_fields.store_results(doc)
    if doc.is_merged and doc.has_value_changed("is_merged"):
        merges.undo_copied_answer(doc)


@log_and_carry_on
def keep_decision(doc: Document, method: str | None = None) -> None:
    decisions.write(doc)


def on_change(doc: Document, method: str | None = None) -> None:
    client_writes.refuse_what_went_past(doc)


def on_trash(doc: Document, method: str | None = None) -> None:
    access_details.delete(doc)
    notice_log.let_go_of(doc.name)
    decisions.let_go_of(doc.name)
    sample_records.let_go_of(doc.doctype, doc.name)


# What clients may do with none


def before_rename(doc: Document, method: str | None = None, *args: object) -> None:
    client_writes.refuse_to_clients(doc)


def after_rename(doc: Document, method: str | None = None, *args: object) -> None:
    client_writes.refuse_to_clients(doc)


def before_discard(doc: Document, method: str | None = None) -> None:
    client_writes.refuse_to_clients(doc)


def before_submit(doc: Document, method: str | None = None) -> None:
    client_writes.refuse_to_clients(doc)


def before_cancel(doc: Document, method: str | None = None) -> None:
    client_writes.refuse_to_clients(doc)
