"""Facts of a ticket to a decision of the policy, and the decision back onto the ticket."""

from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)
from helpdesk.utils import is_agent

from beesender_support.enforcement import loaders, promise, who_may_ask
from beesender_support.enforcement.description import leaves_questions_open
from beesender_support.enforcement.never_lose import refuse
from beesender_support.enforcement.session_contact import session_contact
from beesender_support.enforcement.site_time import now, to_instant
from beesender_support.enforcement.wording import in_words
from beesender_support.policy.admission import ACCEPTED, HELD, REFUSED
from beesender_support.policy.tiers import AGENT, EMAIL, PORTAL, Category
from beesender_support.policy.triage import (
    Decision,
    Request,
    explain_correction,
    triage,
)

ADMISSION = {ACCEPTED: "Accepted", HELD: "Held"}
# Decided here and nowhere else; what a caller sends for them is dropped.
ORIGIN_FIELDS = ("beesender_channel", "beesender_external_id")
DECIDED_FIELDS = (
    *ORIGIN_FIELDS,
    "beesender_plan",
    "beesender_tier",
    "beesender_tier_rank",
    "beesender_admission",
    "beesender_admission_reason",
    "beesender_terms",
    "beesender_success_manager",
    "beesender_response_state",
    "beesender_at_risk_on",
)
CLOCK_FIELDS = ("service_level_agreement_creation", "first_responded_on")


class Asked(NamedTuple):
    """What the caller of a new ticket gave, as opposed to Helpdesk's defaults."""

    priority: str | None = None
    ticket_priority: str | None = None
    ticket_type: str | None = None
    contact: str | None = None


def drop_decided_fields(doc: Document) -> None:
    for fieldname in DECIDED_FIELDS:
        doc.set(fieldname, None)


def keep_decided_fields(doc: Document) -> None:
    """What was decided stands in the database, whatever an older copy of it says.

    Re-rating and handing over a plan write without another save, so that whoever has the
    ticket open is not interrupted; a save begun before brings the old values along.
    Frappe has locked the row and read it by now.
    """
    stored = doc.get_doc_before_save()
    for fieldname in DECIDED_FIELDS:
        doc.set(fieldname, stored.get(fieldname))


def drop_clock_fields(doc: Document) -> None:
    for fieldname in CLOCK_FIELDS:
        doc.set(fieldname, None)


def restore_what_clients_may_not_change(doc: Document) -> None:
    """Clients may write most fields of their ticket by REST; these make the promise."""
    before = doc.get_doc_before_save()
    for fieldname in (
        *DECIDED_FIELDS,
        "service_level_agreement_creation",
        "beesender_priority",
        "priority",
        "customer",
        "contact",
    ):
        doc.set(fieldname, before.get(fieldname))


def decide(doc: Document) -> None:
    """Have the policy decide, and write what it says on the ticket."""
    plans = loaders.plans_of(doc.customer) if doc.customer else ()
    hold_unplanned = loaders.settings().hold_unplanned
    category = loaders.category_for(doc.ticket_type)
    if category is None or not (plans or hold_unplanned):
        leave_policy(doc)
        return
    asked = asked_of(doc)
    channel = doc.beesender_channel or channel_of(doc)
    # What a guest posts comes through forms of others, where the answer may not be seen.
    is_read_in_portal = (
        doc.is_new() and channel == PORTAL and frappe.session.user != "Guest"
    )
    decision = triage(
        Request(
            customer=doc.customer,
            contact=asker_of(doc, channel, asked.contact),
            channel=channel,
            category=category,
            priority=asked.priority or loaders.priority_code_of(asked.ticket_priority),
            opened_at=registered_at(doc),
            sender_is_verified=sender_is_verified(doc, channel),
        ),
        plans,
        now=now(),
        hold_unplanned=hold_unplanned,
        answers_at_once=is_read_in_portal,
    )
    if is_read_in_portal:
        refuse_what_cannot_be(decision)
        refuse_open_questions(doc, decision)
    write_decision(doc, decision)
    if doc.is_new() and not asked.ticket_type:
        doc.ticket_type = category.name


def asked_of(doc: Document) -> Asked:
    """Of a new ticket what its caller gave; of a saved one what stands on it."""
    if doc.is_new() and doc.flags.beesender_asked:
        return doc.flags.beesender_asked
    return Asked(
        priority=doc.beesender_priority,
        ticket_priority=doc.priority,
        ticket_type=doc.ticket_type,
        contact=doc.contact,
    )


def channel_of(doc: Document) -> str:
    """The door a ticket came through; the chatbot's door says it in a flag."""
    if doc.flags.beesender_channel:
        return doc.flags.beesender_channel
    if comes_by_mail(doc):
        return EMAIL
    return AGENT if is_agent() else PORTAL


def comes_by_mail(doc: Document) -> bool:
    """Mail intake runs as Administrator, without a body and without mandatory fields."""
    return bool(
        doc.flags.ignore_mandatory
        and not doc.flags.beesender_channel
        and not (doc.via_customer_portal or doc.description)
    )


def asker_of(doc: Document, channel: str, given_contact: str | None) -> str | None:
    """The contact to judge. An agent's own contact, which Helpdesk puts on tickets the
    agent raises, asks for nobody."""
    if channel == AGENT and doc.raised_by == frappe.session.user:
        return given_contact
    return doc.contact


def sender_is_verified(doc: Document, channel: str) -> bool:
    """Whether a session that is no agent's speaks for itself."""
    if channel != PORTAL or is_agent():
        return True
    return bool(doc.contact) and doc.contact == session_contact()


def registered_at(doc: Document) -> datetime:
    """When the clock starts: as an agent or the system gave it, else now.

    A held request has no clock; it starts when the request is admitted.
    """
    if doc.beesender_admission == "Held":
        return now()
    if doc.service_level_agreement_creation:
        return to_instant(doc.service_level_agreement_creation, near=now())
    return now()


def refuse_what_cannot_be(decision: Decision) -> None:
    """In the portal the asker reads the answer before anything is lost."""
    if decision.admission.verdict == REFUSED:
        refuse(who_may_ask.in_words_for_portal(decision.admission))
    if decision.priority_corrected_from:
        refuse(
            _("{0} allows these priorities: {1}. Please choose one of them.").format(
                _(decision.category.name),
                ", ".join(decision.category.allowed_priorities),
            )
        )


def refuse_open_questions(doc: Document, decision: Decision) -> None:
    """The form asks what support needs; who sends the bare questions is asked again."""
    if decision.admission.is_outside_policy:
        return
    if leaves_questions_open(doc.description, decision.category):
        refuse(
            _(
                "Please answer the questions in the description; support needs the answers."
            )
        )


def write_decision(doc: Document, decision: Decision) -> None:
    plan = decision.admission.plan
    doc.beesender_plan = plan and plan.name
    doc.beesender_tier = plan and plan.tier.name
    doc.beesender_tier_rank = plan and plan.tier.rank
    doc.beesender_success_manager = plan and plan.success_manager
    doc.beesender_admission = ADMISSION[decision.admission.verdict]
    doc.beesender_admission_reason = decision.admission.reason
    promise.write_terms(doc, decision.terms)
    write_priority(
        doc, decision.category, decision.priority_corrected_from, decision.priority
    )


def leave_policy(doc: Document) -> None:
    """The ticket of a customer without a plan is plain Helpdesk's."""
    origin = {fieldname: doc.get(fieldname) for fieldname in ORIGIN_FIELDS}
    drop_decided_fields(doc)
    doc.update({**origin, "beesender_priority": None})


def settle_priority(doc: Document) -> None:
    """A changed priority or category: the priority that the category allows."""
    asked = doc.beesender_priority
    if not doc.has_value_changed("beesender_priority") and doc.has_value_changed(
        "priority"
    ):
        asked = loaders.priority_code_of(doc.priority) or asked
    if category := loaders.category_for(doc.ticket_type):
        write_priority(doc, category, asked, category.settle_priority(asked))


def write_priority(
    doc: Document, category: Category, asked: str | None, settled: str
) -> None:
    doc.beesender_priority = settled
    doc.priority = loaders.ticket_priority_of(settled) or doc.priority
    if asked and asked != settled:
        doc.flags.beesender_correction = explain_correction(category, asked, settled)


def log_correction(doc: Document) -> None:
    """Say on the ticket, and to an agent at once, why the priority is another one."""
    if correction := doc.flags.pop("beesender_correction", None):
        log_ticket_activity(doc.name, in_words(correction))
        if doc.beesender_channel == AGENT or not doc.flags.in_insert:
            frappe.msgprint(in_words(correction), alert=True)
