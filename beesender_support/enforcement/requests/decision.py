"""Facts of a ticket to a decision of the policy, and the decision back onto the ticket."""

from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.requests import asker
from beesender_support.enforcement.requests.admission_changes import (
    has_waited,
    start_that_was_interrupted,
    was_admitted,
)
from beesender_support.enforcement.requests.decided_fields import (
    DECIDED_FIELDS,
    ORIGIN_FIELDS,
    differs,
    leave_policy,
)
from beesender_support.enforcement.requests.history import take_over_the_past
from beesender_support.enforcement.requests.priority import (
    take_answers,
    write_priority,
)
from beesender_support.enforcement.requests.requested import channel_of, requested_of
from beesender_support.enforcement.response import first_response, ticket_fields
from beesender_support.enforcement.safety.fault_isolation import refuse
from beesender_support.policy.audit.facts import CONTINUED as CONTINUED_THEN
from beesender_support.policy.audit.facts import JUDGED, AskedThen, Decided, decided
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REFUSED,
    is_outside_policy,
    must_be_decided_again,
)
from beesender_support.policy.requests.triage import Decision, Request, triage
from beesender_support.policy.response import clock_start
from beesender_support.policy.response.answering import first_answer
from beesender_support.policy.response.clock_start import (
    CONTINUED,
    DECIDED,
    part_of,
    terms_of_part,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.policy.sold.channels import PORTAL
from beesender_support.records import settings
from beesender_support.records.site_time import from_column, now, to_instant
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets import decisions, promise
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.wording import admission_reasons
from beesender_support.wording.description import leaves_questions_open
from beesender_support.wording.renderer import in_words

ADMISSION = {ACCEPTED: "Accepted", HELD: "Held"}


def take_over_from_whole(doc: Document) -> None:
    """A part split off a ticket keeps what was decided on the whole, as it is stored."""
    whole = frappe.db.get_value(
        "HD Ticket", doc.ticket_split_from, DECIDED_FIELDS, as_dict=True
    )
    terms = whole and promise.terms_of(whole)
    becomes = part_of(
        whole_is_under_policy=bool(whole and whole.beesender_admission), terms=terms
    )
    if becomes == DECIDED:
        decide(doc)
    elif becomes == CONTINUED:
        of_the_whole = (*ORIGIN_FIELDS, *promise.UTC_FIELDS, "beesender_events")
        kept = set(DECIDED_FIELDS) - set(of_the_whole)
        doc.update({fieldname: whole[fieldname] for fieldname in kept})
        category = catalogue.category_for(doc.ticket_type)
        part = terms_of_part(terms, category, now())
        promise.write_terms(doc, part)
        decisions.note(doc, _taken_over(doc, part))


def decide(doc: Document) -> None:
    """Have the policy decide, and write what it says on the ticket."""
    plans = sold_plans.of_customer(doc.customer) if doc.customer else ()
    category = catalogue.category_for(doc.ticket_type)
    channel = doc.beesender_channel or channel_of(doc)
    # Guests post through forms of other apps, where the answer may not be seen.
    # Of a saved one Frappe says None, which is no answer here.
    is_read_in_portal = bool(
        doc.is_new()
        and channel == PORTAL
        and frappe.session.user != "Guest"
        and not context_of(doc).changed_by_script
    )
    treated = asker.treatment_without_plan(doc, answers_at_once=is_read_in_portal)
    if category is None or is_outside_policy(plans, hold_unplanned=treated.is_held):
        leave_policy(doc)
        return
    requested, unanswered = take_answers(doc, requested_of(doc), category, channel)
    starts_at = start_of_clock(doc)
    answered = known_answer(doc, starts_at)
    request = Request(
        customer=doc.customer,
        category=category,
        priority=requested.priority
        or catalogue.priority_code_of(requested.ticket_priority),
        opened_at=starts_at,
        first_responded_at=answered,
        happenings=promise.happenings_of(doc),
        **asker.asking(doc, channel, plans),
    )
    decision = triage(
        request,
        plans,
        now=now(),
        hold_unplanned=treated.is_held,
        answers_at_once=treated.answers_at_once,
        at_risk_share=settings.current().at_risk_share,
    )
    if is_read_in_portal:
        refuse_what_cannot_be(decision)
        if unanswered:
            refuse(in_words(unanswered))
        refuse_open_questions(doc, decision)
    write_decision(doc, decision)
    asked = AskedThen.of(
        request,
        plans,
        decision,
        hold_unplanned=treated.is_held,
        answers_at_once=treated.answers_at_once,
    )
    keep(doc, JUDGED, decision, asked)
    if decision.terms:
        ticket_fields.write_answer(doc, answered)
        promise.hand_on_promises(doc, decision.promises, answered)
    if doc.is_new():
        take_over_the_past(doc, decision, requested.status)
        if not requested.ticket_type:
            doc.ticket_type = category.name


def registration_of_new(doc: Document) -> datetime:
    """When a new ticket was registered: as an agent or the system says, else now."""
    if doc.service_level_agreement_creation and not doc.ticket_split_from:
        return to_instant(doc.service_level_agreement_creation, near=now())
    return now()


def start_of_clock(doc: Document) -> datetime:
    """The start of the clock of a ticket that is decided."""
    if doc.is_new():
        return from_column(doc.beesender_registered_at) or registration_of_new(doc)
    before = doc.get_doc_before_save()
    terms = promise.terms_of(before)
    # A running clock needs nothing else.
    interrupted = None if terms else start_that_was_interrupted(doc)
    return clock_start.clock_starts_at(
        now=now(),
        registered_at=promise.registered_at(doc),
        running_since=terms and terms.started_at,
        interrupted_since=interrupted,
        has_waited=not (terms or interrupted) and has_waited(doc),
    )


def known_answer(doc: Document, started_at: datetime) -> datetime | None:
    """The first answer that a ticket already has when it is decided."""
    if doc.is_new():
        if not doc.first_responded_on:
            return None
        given = to_instant(doc.first_responded_on, near=now())
        return first_answer(None, given, started_at)
    before = doc.get_doc_before_save()
    if before.beesender_terms:
        return promise.answered_at(before)
    # Not what Helpdesk says: it takes a pause or a resolution for an answer, a call not.
    return first_response.first_answer_to(doc, started_at)


def refuse_what_cannot_be(decision: Decision) -> None:
    """In the portal the person who asks sees the answer before anything is lost."""
    if decision.admission.verdict == REFUSED:
        refuse(admission_reasons.in_words_for_portal(decision.admission))
    if decision.priority_refusal:
        refuse(in_words(decision.priority_refusal))


def refuse_open_questions(doc: Document, decision: Decision) -> None:
    """The form asks what support needs; sending back the bare questions is refused."""
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
    write_priority(doc, decision.settled)


def keep(
    doc: Document, how: str, decision: Decision, asked: AskedThen | None = None
) -> None:
    """Keep a decision with the facts that it was made of."""
    user = frappe.session.user
    decisions.note(doc, decided(how, decision, at=now(), by=user, asked=asked))


def _taken_over(doc: Document, terms: Terms) -> Decided:
    """That the decision on the whole is the one on its part."""
    return Decided(
        how=CONTINUED_THEN,
        at=now(),
        by=frappe.session.user,
        verdict=ACCEPTED,
        reason=None,
        plan=doc.beesender_plan,
        tier=doc.beesender_tier,
        priority=doc.beesender_priority,
        started_at=terms.started_at,
        whole=str(doc.ticket_split_from),
    )


def must_be_decided_anew(doc: Document) -> bool:
    """Whether the policy decides again on a saved ticket, by what changed of it."""
    before = doc.get_doc_before_save()
    terms = promise.terms_of(before)
    asker_changed = differs(doc, before, "contact") or differs(doc, before, "raised_by")
    is_outside = not before.beesender_admission
    return must_be_decided_again(
        is_decided=bool(before.beesender_terms)
        or before.beesender_admission == "Declined"
        or (asker_changed and is_outside and was_admitted(before)),
        is_settled=bool(terms and promise.answered_at(before)),
        customer_changed=differs(doc, before, "customer"),
        asker_changed=asker_changed,
    )
