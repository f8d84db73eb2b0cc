"""What a ticket asks for beside answers: whether its plan includes that, and what an agent
does where it does not."""

from decimal import Decimal
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.helpdesk.doctype.hd_ticket_activity.hd_ticket_activity import (
    log_ticket_activity,
)

from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.allowances.ledger import COUNTED_UNITS
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.entitlement_guard import Guarded, guard
from beesender_support.policy.sold.entitlements import Amount, SoldEntitlement
from beesender_support.records.allowances.balances import balances_of
from beesender_support.records.people import readers
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets import admission_log
from beesender_support.wording.language import speaking
from beesender_support.wording.renderer import in_words, reader

FIELD, TICKET = "beesender_entitlement", "HD Ticket"
HANDLED, ANSWERED = "Handled though not included", "Answered that not included"


class Asked(NamedTuple):
    """What a ticket asks for, and how its plan stands to that."""

    sold: SoldEntitlement
    guarded: Guarded


def drop_what_is_not_offered(request: Document | dict) -> None:
    """A new ticket asks for what is offered, or for nothing: a client's form may be older
    than what is sold.

    Of what a form posts this has to happen before there is a ticket, whose links Frappe
    checks first.
    """
    code = request.get(FIELD)
    if code and not is_offered(code):
        request.update({FIELD: None})


def is_offered(code: object) -> bool:
    known = catalogue.entitlements().get(code) if isinstance(code, str) else None
    return bool(known and known.enabled)


def plan_of(doc: Document) -> Plan | None:
    """The plan the ticket was admitted under; else the one that would decide."""
    plans = sold_plans.of_customer(doc.customer) if doc.customer else ()
    own = (plan for plan in plans if plan.name == doc.beesender_plan)
    return next(own, None) or held_requests.plan_of(doc)


def asked_by(doc: Document, plan: Plan | None) -> Asked | None:
    """None for a ticket that asks for nothing beside answers, or has no plan."""
    sold = catalogue.entitlements().get(doc.get(FIELD) or "")
    if sold is None or plan is None:
        return None
    remaining = None
    if sold.unit in COUNTED_UNITS and not _has_taken(doc, sold.code):
        remaining = remaining_of(plan).get(sold.code)
    return Asked(sold, guard_of(sold, plan, remaining))


def _has_taken(doc: Document, code: str) -> bool:
    """Whether it is reserved or used for this very ticket, and was not given back: the
    last one may be its own."""
    lines = taking.lines_of_ticket(doc)
    return any(each.entitlement == code for each in taking.not_given_back(lines))


def guard_of(sold: SoldEntitlement, plan: Plan, remaining: Amount | None) -> Guarded:
    return guard(sold, plan.tier, remaining, tiers=catalogue.tiers())


def remaining_of(plan: Plan) -> dict[str, Decimal]:
    """What is left in the contract year, by the code of what is counted."""
    found = balances_of(plan)
    return {code: balance.remaining for code, balance in found.items()}


# What an agent does


def set_asked(doc: Document, code: str) -> None:
    """Say what the ticket asks for; an empty ``code`` is nothing beside answers."""
    if code and not is_offered(code) and code != doc.get(FIELD):
        frappe.throw(_("This is not offered. Choose another."))
    if (doc.get(FIELD) or "") == code:
        return
    doc.set(FIELD, code or None)
    doc.save()
    title = (
        reader().name(catalogue.entitlements()[code].title) if code else _("nothing")
    )
    log_ticket_activity(doc.name, _("set what is asked for: {0}").format(title))


def is_handled_all_the_same(doc: Document) -> bool:
    """Whether somebody said that this is handled though it is not included."""
    return bool(
        frappe.db.exists(
            admission_log.LOG,
            {"ticket": doc.name, "event": HANDLED, "reason": doc.get(FIELD)},
        )
    )


def reply_of(doc: Document, asked: Asked) -> str:
    """Plain text in the client's language, a blank line between paragraphs: an agent
    edits it."""
    language = readers.address(
        doc.raised_by, contact=doc.contact, plan=doc.beesender_plan
    ).language
    with speaking(language):
        said = " ".join(
            in_words(each, language=language) for each in asked.guarded.said
        )
        offer = _("If you would like an offer for it, please reply to this message.")
        return f"{said}\n\n{offer}"


def answer_that_not_included(doc: Document, reply: str) -> None:
    """Answer the client; the request stays open, and this is an answer like any other."""
    asked = _refuse_if_included(doc)
    if not reply.strip():
        frappe.throw(_("Write what the client reads."))
    paragraphs = held_requests.paragraphs_of(reply)
    doc.reply_via_agent(held_requests.in_paragraphs(*paragraphs), to=doc.raised_by)
    _log(doc, ANSWERED, asked, reply)


def handle_all_the_same(doc: Document, why: str) -> None:
    """Handle what is not included, and say why; it is kept in the log and in the ticket's
    history."""
    asked = _refuse_if_included(doc)
    if not why.strip():
        frappe.throw(_("Say why: the reason is kept with the ticket."))
    _log(doc, HANDLED, asked, why)
    title = reader().name(asked.sold.title)
    log_ticket_activity(
        doc.name,
        _("handles {0} though it is not included. Why: {1}").format(title, why),
    )


def _refuse_if_included(doc: Document) -> Asked:
    asked = asked_by(doc, plan_of(doc))
    if asked is None or asked.guarded.is_included:
        frappe.throw(_("The plan includes what is asked for."))
    return asked


def _log(doc: Document, event: str, asked: Asked, details: str) -> None:
    admission_log.record(
        event,
        ticket=doc.name,
        reason=asked.sold.code,
        customer=doc.customer,
        plan=doc.beesender_plan,
        contact=doc.contact or doc.raised_by,
        details=details,
    )


def let_go_of(code: str) -> None:
    """Tickets that ask for something that is gone could not be saved any more."""
    frappe.db.set_value(TICKET, {FIELD: code}, FIELD, None, update_modified=False)
