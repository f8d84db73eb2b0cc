"""Held requests: why one is held, in words, and what an agent decides on it."""

from typing import TypedDict

import frappe
from frappe import _, _lt
from frappe.model.document import Document
from frappe.utils import format_datetime, get_fullname
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.requests import asker, decided_fields, decision
from beesender_support.enforcement.requests.requested import channel_of
from beesender_support.enforcement.response import ticket_fields
from beesender_support.policy.audit.facts import ADMITTED
from beesender_support.policy.plans.plan_state import SeatState
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import free_seats
from beesender_support.policy.requests.admission import Admission, admit, relevant_plan
from beesender_support.policy.requests.held_requests import (
    WOULD_BE_TAKEN,
    is_taken,
    why_held,
    why_was_held,
)
from beesender_support.policy.requests.triage import Decision, admit_held
from beesender_support.policy.sentences import Name
from beesender_support.records import settings
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets import admission_log, promise
from beesender_support.records.tickets.ticket_context import AgentDecision, context_of
from beesender_support.wording import admission_reasons
from beesender_support.wording.renderer import fill

# How Helpdesk's history says it, after the name of who did it.
ACTIVITIES = {
    "Held": _lt("registered the request, which waits for admission"),
    "Sender told": _lt("notified the sender that the request waits for admission"),
    "Admitted once": _lt("admitted the request"),
    "Admitted with a seat": _lt("admitted the request and gave a seat"),
    "Declined": _lt("declined the request"),
}
# What an agent reads who comes second: who decided, which ticket, and when.
DECIDED = {
    "Admitted once": _lt(
        "Ticket {1} does not wait for admission any more: {0} admitted it ({2})."
        " Reload the page to see it."
    ),
    "Admitted with a seat": _lt(
        "Ticket {1} does not wait for admission any more: {0} admitted it and gave a"
        " seat ({2}). Reload the page to see it."
    ),
    "Declined": _lt(
        "Ticket {1} does not wait for admission any more: {0} declined it ({2})."
        " Reload the page to see it."
    ),
}


def reason_in_words(doc: Document) -> str:
    """Why a request is held, or was, and what is true of it today, in the session's
    language."""
    if doc.beesender_admission != "Held":
        return _in_words(doc, why_was_held(doc.beesender_admission_reason))
    today = _decided_today(doc)
    return _in_words(doc, *why_held(doc.beesender_admission_reason, today), today=today)


def _in_words(doc: Document, *templates: str, today: Admission | None = None) -> str:
    return admission_reasons.in_words(
        templates,
        customer=doc.customer,
        contact=doc.contact or doc.raised_by,
        channel=doc.beesender_channel or channel_of(doc),
        plan=today.plan if today and today.plan else plan_of(doc),
    )


def _decided_today(doc: Document) -> Admission | None:
    """The decision on a held request now; None where nobody knows who sent it."""
    plans = sold_plans.of_customer(doc.customer) if doc.customer else ()
    asking = asker.asking(doc, doc.beesender_channel or channel_of(doc), plans)
    reason = doc.beesender_admission_reason
    is_known = asking["contact_is_known"] and doc.customer
    if reason == "unverified_sender" or (reason == "unknown_sender" and not is_known):
        return None
    return admit(
        plans,
        customer=doc.customer,
        at=now(),
        **asking,
        hold_unplanned=settings.current().hold_unplanned,
        answers_at_once=False,
    )


# What an agent decides


def locked(ticket: str) -> Document:
    """The present ticket, locked until the transaction ends.

    Of two agents who decide at once the second waits here, and reads what was decided.
    """
    return frappe.get_doc("HD Ticket", ticket, for_update=True)


def admit_once(doc: Document, why: str = "") -> None:
    """Take this request, and this one only. Its clock starts now."""
    reason = refuse_unless_held(doc)
    _save_decision(doc, _admitted(doc, plan_of(doc)))
    log_event(doc, "Admitted once", details=why, reason=reason)


def admit_if_taken(doc: Document, why: str = "") -> None:
    """Take this request if it would be accepted today, under the plan that accepts it."""
    reason = refuse_unless_held(doc)
    today = _decided_today(doc)
    if not is_taken(today):
        frappe.throw(
            _("Ticket {0} would still be held today: {1}").format(
                doc.name, _in_words(doc, *why_held(reason, today)[-1:], today=today)
            )
        )
    _save_decision(doc, _admitted(doc, today.plan))
    log_event(doc, "Admitted once", details=why, reason=reason)


def admit_with_seat(doc: Document, why: str = "") -> None:
    """Take this request and seat its contact, if a seat is free."""
    reason = refuse_unless_held(doc)
    # The plan of today, which may have been sold after the request was held.
    plan = plan_of(doc)
    if not (plan and doc.contact):
        frappe.throw(
            _("A seat needs a plan and a contact. Set both on the ticket first.")
        )
    seats.give(plan.name, doc.contact, why=why)
    _save_decision(doc, _admitted(doc, plan))
    log_event(doc, "Admitted with a seat", details=why, reason=reason)


def decline(doc: Document, reply: str, why: str = "") -> None:
    """Answer the sender, in plain text, and close the request."""
    refuse_unless_held(doc)
    doc.reply_via_agent(in_paragraphs(*paragraphs_of(reply)), to=doc.raised_by)
    doc.reload()
    doc.status, doc.status_category = "Closed", "Resolved"
    context_of(doc).agent = AgentDecision(is_declined=True)
    doc.save()
    log_event(doc, "Declined", details=why)


class Overview(TypedDict):
    """What an agent needs to decide: the reason in words, the seats free for the
    sender, and a reply to decline with."""

    reason: str
    free_seats: int
    reply: str


def overview(doc: Document) -> Overview:
    refuse_unless_held(doc)
    return {
        "reason": reason_in_words(doc),
        "free_seats": _seats_to_give(doc, plan_of(doc)),
        "reply": default_decline_reply(doc),
    }


def _seats_to_give(doc: Document, plan: Plan | None) -> int:
    """None for an address without a contact, or a contact who already has a seat."""
    if plan is None or not doc.contact:
        return 0
    today = plan.today(now())
    if plan.state_of_contact(doc.contact, today) is SeatState.IN_FORCE:
        return 0
    return free_seats(plan, today)


def refuse_unless_held(doc: Document) -> str:
    """The reason code it is held for."""
    if doc.beesender_admission != "Held":
        frappe.throw(_who_decided(doc))
    return doc.beesender_admission_reason


def _who_decided(doc: Document) -> str:
    """Why there is nothing left to decide: somebody did, or the ticket never waited."""
    decided = frappe.db.get_value(
        "Beesender Admission Log",
        {"ticket": doc.name, "event": ("in", list(DECIDED))},
        ["event", "actor", "creation"],
        as_dict=True,
        order_by="creation desc",
        # What was committed after this request began to read is read as well.
        for_update=True,
    )
    if not decided:
        return _("Ticket {0} does not wait for admission.").format(doc.name)
    return str(DECIDED[decided.event]).format(
        get_fullname(decided.actor), doc.name, format_datetime(decided.creation)
    )


def default_decline_reply(doc: Document) -> str:
    """Plain text, a blank line between paragraphs: an agent edits it."""
    refusal = _("We cannot take your request “{0}” under a support plan.")
    today = _decided_today(doc)
    # An agent who declines what would be accepted today writes why.
    templates = [
        each
        for each in why_held(doc.beesender_admission_reason, today)
        if each != WOULD_BE_TAKEN
    ]
    reason = _in_words(doc, *templates, today=today)
    return f"{refusal.format(doc.subject)}\n\n{reason}"


def paragraphs_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def in_paragraphs(*sentences: str) -> str:
    """Plain sentences as HTML, whatever a subject or a name contains."""
    return "".join(f"<p>{frappe.utils.escape_html(each)}</p>" for each in sentences)


def _admitted(doc: Document, plan: Plan | None) -> Decision:
    category = catalogue.category_for(doc.ticket_type)
    if plan and category is None:
        frappe.throw(
            fill(
                _("{0} is not a category. Choose one of: {1}."),
                doc.ticket_type or "",
                tuple(map(Name, catalogue.category_names())),
            )
        )
    return admit_held(
        plan,
        category,
        doc.beesender_priority,
        now(),
        happenings=promise.happenings_of(doc),
    )


def write_agent_decision(doc: Document, decided: Decision) -> None:
    """What an agent decided. An answer given while the request was held answers nothing
    that was promised; without a plan the ticket is plain Helpdesk's again."""
    if decided.admission.is_outside_policy:
        decided_fields.leave_policy(doc)
    else:
        decision.write_decision(doc, decided)
        decision.keep(doc, ADMITTED, decided)
        ticket_fields.write_answer(doc, None)
        doc.first_responded_on = None


def plan_of(doc: Document) -> Plan | None:
    """The plan that decides on a request of the ticket's customer."""
    plans = sold_plans.of_customer(doc.customer) if doc.customer else ()
    return relevant_plan(plans, now())


def _save_decision(doc: Document, decided: Decision) -> None:
    context_of(doc).agent = AgentDecision(decided)
    doc.save()


def log_event(doc: Document, event: str, **fields: object) -> None:
    admission_log.record(
        event,
        **{
            "ticket": doc.name,
            "reason": doc.beesender_admission_reason,
            "customer": doc.customer,
            "plan": doc.beesender_plan,
            "contact": doc.contact or doc.raised_by,
            "channel": doc.beesender_channel,
            **fields,
        },
    )
    if event in ACTIVITIES:
        log_ticket_activity(doc.name, str(ACTIVITIES[event]))
