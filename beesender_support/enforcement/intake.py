"""Facts of a ticket to a decision of the policy, and the decision back onto the ticket."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)
from helpdesk.utils import is_agent

from beesender_support.enforcement import answers
from beesender_support.enforcement.never_lose import refuse
from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.plans.categories import Category
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.tiers import AGENT, EMAIL, PORTAL
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    REFUSED,
    must_be_judged,
)
from beesender_support.policy.requests.triage import (
    Decision,
    Request,
    explain_correction,
    triage,
)
from beesender_support.policy.response.answering import first_answer
from beesender_support.policy.response.response_state import is_history
from beesender_support.records import (
    admission_log,
    catalogue,
    promise,
    settings,
    sold_plans,
)
from beesender_support.records.contacts import contact_with_address
from beesender_support.records.people import (
    address_of,
    is_contact_of,
    is_contact_of_support,
    is_of_a_customer,
    is_support,
)
from beesender_support.records.session_contact import session_contact
from beesender_support.records.site_time import from_column, now, to_column, to_instant
from beesender_support.wording import admission_reasons
from beesender_support.wording.description import leaves_questions_open
from beesender_support.wording.renderer import in_words

ADMISSION = {ACCEPTED: "Accepted", HELD: "Held"}
# Decided here and nowhere else; what a caller sends for them is dropped.
ORIGIN_FIELDS = (
    "beesender_channel",
    "beesender_external_id",
    "beesender_registered_at",
)
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
    "beesender_due_at",
    "beesender_at_risk_at",
    "beesender_answered_at",
    "beesender_closed_at",
)
# Within one request: tickets that are closed when they are inserted, and their status.
_HISTORY = "beesender_history"
# By these it is decided.
DECISIVE_FIELDS = (
    "customer",
    "contact",
    "ticket_type",
    "priority",
    "beesender_priority",
)
CLOCK_FIELDS = ("service_level_agreement_creation", "first_responded_on")


class Asked(NamedTuple):
    """What the caller of a new ticket gave, as opposed to Helpdesk's defaults."""

    priority: str | None = None
    ticket_priority: str | None = None
    ticket_type: str | None = None
    contact: str | None = None
    status: str | None = None


class Asker(NamedTuple):
    """Who asks: a contact, or the address of somebody who is none; nobody where an agent
    speaks for the customer."""

    contact: str | None = None
    is_known: bool = True


def is_copy(doc: Document) -> bool:
    """Whether a new ticket was made of another: nobody else sends what is decided here.

    A copy is a new request, and neither its clock nor its answer is the old one's.
    """
    return any(doc.get(fieldname) for fieldname in DECIDED_FIELDS)


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
    if doc.beesender_terms:
        doc.service_level_agreement_creation = stored.service_level_agreement_creation


def note_decided(doc: Document) -> None:
    """For ``changed_since_decided``."""
    noted = (*DECIDED_FIELDS, *CLOCK_FIELDS, *DECISIVE_FIELDS)
    doc.flags.beesender_decided = {name: doc.get(name) for name in noted}


def changed_since_decided(doc: Document) -> bool:
    """Whether a Server Script of the site, which runs after all handlers of its event,
    wrote what has to be decided by; what it wrote of the decision is put back."""
    decided = doc.flags.pop("beesender_decided", None)
    if decided is None:
        return False
    changed = {
        name
        for name in DECISIVE_FIELDS
        if (doc.get(name) or None) != (decided[name] or None)
    }
    doc.update({name: decided[name] for name in DECIDED_FIELDS})
    if changed or doc.beesender_admission:
        doc.first_responded_on = decided["first_responded_on"]
    if doc.beesender_terms:
        start = "service_level_agreement_creation"
        doc.set(start, decided[start])
    if changed and doc.flags.beesender_asked:
        doc.flags.beesender_asked = _asked_by_script(doc, changed)
    # Whoever reads the answer asked for something else.
    doc.flags.beesender_changed_by_script = bool(changed)
    return bool(changed)


def _asked_by_script(doc: Document, changed: set[str]) -> Asked:
    asked = doc.flags.beesender_asked
    if "ticket_type" in changed:
        asked = asked._replace(ticket_type=doc.ticket_type)
    if "beesender_priority" in changed:
        return asked._replace(priority=doc.beesender_priority)
    if "priority" in changed:
        return asked._replace(priority=None, ticket_priority=doc.priority)
    return asked


def drop_clock_fields(doc: Document) -> None:
    for fieldname in CLOCK_FIELDS:
        doc.set(fieldname, None)


def take_over_from_whole(doc: Document) -> None:
    """A part split off a ticket keeps what was decided on the whole, as it is stored;
    Helpdesk registers the part now, so its clock starts now.

    What waits for admission or was declined is judged for the part itself.
    """
    whole = frappe.db.get_value(
        "HD Ticket", doc.ticket_split_from, DECIDED_FIELDS, as_dict=True
    )
    if not (whole and whole.beesender_admission):
        return
    if not whole.beesender_terms:
        decide(doc)
        return
    kept = set(DECIDED_FIELDS) - set(ORIGIN_FIELDS) - set(promise.UTC_FIELDS)
    doc.update({fieldname: whole[fieldname] for fieldname in kept})
    terms = promise.terms_of(doc)
    if terms is None:
        decide(doc)
        return
    category = catalogue.category_for(doc.ticket_type)
    promise.write_terms(doc, terms.restarted(now()).moved_to(category))


def decide(doc: Document) -> None:
    """Have the policy decide, and write what it says on the ticket."""
    plans = sold_plans.of_customer(doc.customer) if doc.customer else ()
    hold_unplanned = bool(
        settings.current().hold_unplanned or doc.flags.beesender_customer_is_open
    )
    category = catalogue.category_for(doc.ticket_type)
    if category is None or not (plans or hold_unplanned):
        leave_policy(doc)
        return
    asked = asked_of(doc)
    channel = doc.beesender_channel or channel_of(doc)
    # What a guest posts comes through forms of others, where the answer may not be seen.
    is_read_in_portal = (
        doc.is_new()
        and channel == PORTAL
        and frappe.session.user != "Guest"
        and not doc.flags.beesender_changed_by_script
    )
    starts_at = clock_starts_at(doc)
    answered = known_answer(doc, starts_at)
    decision = triage(
        Request(
            customer=doc.customer,
            category=category,
            priority=asked.priority
            or catalogue.priority_code_of(asked.ticket_priority),
            opened_at=starts_at,
            first_responded_at=answered,
            **asking(doc, channel, plans),
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
    if decision.terms:
        ticket_fields.write_answer(doc, answered)
    if doc.is_new():
        take_over_the_past(doc, decision, asked.status)
        if not asked.ticket_type:
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
    """The channel a ticket came by; that of the chatbot is said in a flag."""
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


def asker_of(doc: Document) -> Asker:
    """Whose right to ask counts, whenever it is judged and whoever saves the ticket.

    An agent's own contact, which Helpdesk puts on tickets that an agent raises, asks for
    nobody. An agent who names a person is answered by that person's right.
    """
    address = address_of(doc.raised_by)
    if was_taken_down(doc, address):
        # Also once the agent has left: their contact and address are nobody's then.
        is_named = bool(doc.contact) and not is_contact_of(doc.contact, address)
        address = None
    else:
        is_named = bool(doc.contact)
    if is_named and not is_contact_of_support(doc.contact):
        return Asker(doc.contact)
    if not address or is_support(address):
        return Asker()
    contact = contact_with_address(address)
    if contact and is_contact_of_support(contact):
        return Asker()
    return Asker(contact) if contact else Asker(address, is_known=False)


def was_taken_down(doc: Document, raised_by: str | None) -> bool:
    """Whether the agent who registered a ticket is who it says has asked."""
    return bool(
        raised_by
        and doc.beesender_channel == AGENT
        and raised_by == address_of(doc.owner)
    )


def asking(doc: Document, channel: str, plans: Sequence[Plan]) -> dict:
    """Who asks and how, as ``Request`` and ``admit`` take it: for saving and for all that
    foresees it. ``plans`` are those of the customer."""
    asker = asker_of(doc)
    return {
        "contact": asker.contact,
        # Whoever asks for somebody and names nobody is an agent.
        "channel": channel if asker.contact else AGENT,
        "contact_is_known": asker.is_known and is_known_contact(asker.contact, plans),
        "sender_is_verified": sender_is_verified(doc, channel),
    }


def is_known_contact(contact: str | None, plans: Sequence[Plan]) -> bool:
    """Whether a contact is of some customer: mail of strangers leaves contacts, too."""
    if contact is None or any(plan.seats_of(contact) for plan in plans):
        return True
    return is_of_a_customer(contact)


def sender_is_verified(doc: Document, channel: str) -> bool:
    """Whether a session that is no agent's speaks for itself, and a mail comes from whom
    it says."""
    if doc.flags.beesender_sender_is_verified is False:
        return False
    if channel == EMAIL and not doc.is_new() and _was_unverified(doc):
        # Another customer named on the ticket, or none, makes it no more credible.
        return False
    if not doc.is_new() or channel != PORTAL or is_agent():
        return True
    return bool(doc.contact) and doc.contact == session_contact()


def _was_unverified(doc: Document) -> bool:
    before = doc.get_doc_before_save() or doc
    verdict = before if before.beesender_admission else _verdict_it_left(doc)
    return verdict.get("beesender_admission_reason") == "unverified_sender"


def _changes_of_admission(doc: Document) -> Iterator[tuple[dict, dict]]:
    """The verdicts before and after each change, the last change first."""
    for change in frappe.get_all(
        "Beesender Admission Log",
        {"ticket": doc.name, "event": "Admission changed"},
        ["before", "after"],
        order_by="creation desc",
    ):
        yield frappe.parse_json(change.before), frappe.parse_json(change.after)


def _verdict_it_left(doc: Document) -> dict:
    """The last verdict on a ticket that is outside the policy now; empty without one."""
    verdicts = (before for before, _after in _changes_of_admission(doc))
    return next((each for each in verdicts if each["beesender_admission"]), {})


def registered_at(doc: Document) -> datetime:
    """When a new ticket was registered: as an agent or the system says, else now."""
    if doc.service_level_agreement_creation and not doc.ticket_split_from:
        return to_instant(doc.service_level_agreement_creation, near=now())
    return now()


def clock_starts_at(doc: Document) -> datetime:
    """The start of the clock of a ticket that is judged.

    A held request has no clock; it starts when the request is admitted. One that runs
    goes on, for whomever the ticket turns out to be.
    """
    if doc.is_new():
        return from_column(doc.beesender_registered_at) or registered_at(doc)
    before = doc.get_doc_before_save()
    if terms := promise.terms_of(before):
        return terms.started_at
    if interrupted := start_that_was_interrupted(doc):
        return interrupted
    # One that waited waits still if it was outside the policy in between.
    verdict = before if before.beesender_admission else _verdict_it_left(doc)
    if verdict.get("beesender_admission") in ("Held", "Declined"):
        return now()
    return promise.registered_at(doc)


def start_that_was_interrupted(doc: Document) -> datetime | None:
    """The start of the clock of a request that was accepted before another customer's
    name on it, or none, took the clock away; None of one that never had a clock.

    The wrong customer, named and taken off again, neither breaks a promise nor mends it.
    """
    for before, after in _changes_of_admission(doc):
        if before.get("started_at") and not after.get("started_at"):
            return datetime.fromisoformat(before["started_at"])
    return None


def known_answer(doc: Document, started_at: datetime) -> datetime | None:
    """The first answer that a ticket has already when it is judged."""
    if doc.is_new():
        if not doc.first_responded_on:
            return None
        given = to_instant(doc.first_responded_on, near=now())
        return first_answer(None, given, started_at)
    before = doc.get_doc_before_save()
    if before.beesender_terms:
        return promise.answered_at(before)
    # Not what Helpdesk says: it takes a pause or a resolution for an answer, a call not.
    return answers.first_answer_to(doc, started_at)


def take_over_the_past(doc: Document, decision: Decision, status: str | None) -> None:
    """A ticket that is closed when it is inserted, or imported overdue, is history.

    Helpdesk opens every new ticket. Nothing is counted for history unless both stamps
    are given: a breach of which nobody here knew is none of today.
    """
    is_closed = is_agent() and _is_resolved(status)
    if is_closed:
        doc.status, doc.status_category = status, "Resolved"
        frappe.flags.setdefault(_HISTORY, {})[str(doc.name)] = status
        doc.beesender_closed_at = to_column(_closed_at(doc))
    if decision.terms and is_history(
        decision.response,
        is_closed=is_closed,
        is_imported=bool(frappe.flags.in_import),
    ):
        promise.write_terms(doc, decision.terms.without_clock())


def keep_history_closed(doc: Document) -> None:
    """Helpdesk opens a ticket again when it stores its first message."""
    if status := frappe.flags.get(_HISTORY, {}).get(str(doc.name)):
        doc.status, doc.status_category = status, "Resolved"


def forget_history(doc: Document) -> None:
    """The ticket is inserted; whoever opens it from now on means it."""
    frappe.flags.get(_HISTORY, {}).pop(str(doc.name), None)


def _is_resolved(status: str | None) -> bool:
    if not status or status == "Open":
        return False
    category = frappe.get_cached_value("HD Ticket Status", status, "category")
    return category == "Resolved"


def _closed_at(doc: Document) -> datetime:
    if doc.resolution_date:
        return to_instant(doc.resolution_date, near=now())
    return now()


def refuse_what_cannot_be(decision: Decision) -> None:
    """In the portal the asker reads the answer before anything is lost."""
    if decision.admission.verdict == REFUSED:
        refuse(admission_reasons.in_words_for_portal(decision.admission))
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
    """The ticket of a customer without a plan is plain Helpdesk's.

    Should it come back under a plan, the clock goes on from where it had started.
    """
    if terms := promise.terms_of(doc):
        doc.beesender_registered_at = to_column(terms.started_at)
    origin = {fieldname: doc.get(fieldname) for fieldname in ORIGIN_FIELDS}
    drop_decided_fields(doc)
    doc.update({**origin, "beesender_priority": None})


def judge_again(doc: Document) -> bool:
    """Decide anew where the policy says so; whether it did."""
    before = doc.get_doc_before_save()
    terms = promise.terms_of(before)
    must = must_be_judged(
        is_decided=bool(before.beesender_terms)
        or before.beesender_admission == "Declined",
        is_settled=bool(terms and promise.answered_at(before)),
        customer_changed=_differs(doc, before, "customer"),
        asker_changed=_differs(doc, before, "contact")
        or _differs(doc, before, "raised_by"),
    )
    if must:
        decide(doc)
        note_change_of_admission(doc)
    return must


def note_change_of_admission(doc: Document) -> None:
    """For the log, once the ticket is saved."""
    before, after = map(_verdict_on, (doc.get_doc_before_save(), doc))
    if before != after:
        doc.flags.beesender_admission_changed = (before, after)


def log_change_of_admission(doc: Document) -> None:
    if changed := doc.flags.pop("beesender_admission_changed", None):
        before, after = changed
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


def _differs(doc: Document, before: Document, fieldname: str) -> bool:
    return (doc.get(fieldname) or None) != (before.get(fieldname) or None)


def settle_priority(doc: Document) -> None:
    """A changed priority or category: the priority that the category allows.

    Without such a change nothing is settled: an edited category is not this ticket's
    doing.
    """
    before = doc.get_doc_before_save()
    code_changed = _differs(doc, before, "beesender_priority")
    priority_changed = _differs(doc, before, "priority")
    category_changed = _differs(doc, before, "ticket_type")
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
    write_priority(doc, category, asked, category.settle_priority(asked))


def write_priority(
    doc: Document, category: Category, asked: str | None, settled: str
) -> None:
    doc.beesender_priority = settled
    doc.priority = catalogue.ticket_priority_of(settled) or doc.priority
    if asked and asked != settled:
        doc.flags.beesender_correction = explain_correction(category, asked, settled)


def log_correction(doc: Document) -> None:
    """Say on the ticket, and to an agent at once, why the priority is another one."""
    if correction := doc.flags.pop("beesender_correction", None):
        log_ticket_activity(doc.name, in_words(correction))
        if doc.beesender_channel == AGENT or not doc.flags.in_insert:
            frappe.msgprint(in_words(correction), alert=True)
