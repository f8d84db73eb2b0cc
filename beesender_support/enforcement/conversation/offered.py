"""What may be chosen in a conversation now, and what would be promised."""

import frappe

from beesender_support.enforcement.chat.caller import acting_as_intake
from beesender_support.enforcement.conversation.kept import Kept
from beesender_support.enforcement.requests.asker import (
    asking,
    treatment_without_plan,
)
from beesender_support.enforcement.requests.customer_of_request import find_customer
from beesender_support.enforcement.requests.requested import note_requested
from beesender_support.enforcement.safety.dead_letters import log_fault
from beesender_support.policy.conversation.questions import Limits, Offered
from beesender_support.policy.conversation.request import (
    Preview,
    Requested,
    preview_of,
)
from beesender_support.policy.requests.impact import (
    is_rated_by_impact,
    priority_from_impact,
)
from beesender_support.policy.requests.triage import Request, triage
from beesender_support.policy.sentences import Renderer
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.impact_matrix import NO, YES
from beesender_support.records import settings
from beesender_support.records.people.contacts import contact_with
from beesender_support.records.people.phones import address_of_nobody
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.wording.renderer import reader

LANGUAGES = ("en", "ru")


def offered_by(channel: str) -> Offered:
    return Offered(
        channel,
        tuple(_default_first(catalogue.categories())),
        catalogue.priority_meanings(),
        Limits(),
    )


def _default_first(categories: list[Category]) -> list[Category]:
    default = settings.current().default_category
    return sorted(categories, key=lambda each: (each.name != default, each.name))


def readers_of(language: str) -> list[Renderer]:
    """The languages in which a label is understood, the person's first."""
    return [reader(each).renderer for each in dict.fromkeys((language, *LANGUAGES))]


def foreseen(kept: Kept, asked: Requested) -> Preview | None:
    """What would be decided if the request were sent at once; None where nobody can
    say, which costs no request."""
    try:
        with acting_as_intake():
            return _foreseen(kept, asked)
    except Exception as fault:
        log_fault("Beesender Support: a promise could not be foreseen", fault)
        return None


def _foreseen(kept: Kept, asked: Requested) -> Preview | None:
    """By the facts by which a registered request is decided, of a ticket that is never
    stored."""
    category = catalogue.category_for(asked.category)
    if category is None:
        return None
    contact = contact_with(kept.contact_email, kept.contact_phone)
    address = kept.contact_email or (
        contact and frappe.db.get_value("Contact", contact, "email_id")
    )
    draft = frappe.new_doc(
        "HD Ticket",
        raised_by=address or address_of_nobody(kept.contact_phone or ""),
        contact=contact,
        ticket_type=asked.category,
    )
    draft.flags.ignore_mandatory = True
    context = context_of(draft)
    context.channel, context.found_contact = kept.channel, contact
    note_requested(draft)
    if not draft.contact:
        draft.set_contact()
    draft.set_customer()
    find_customer(draft)
    plans = sold_plans.of_customer(draft.customer) if draft.customer else ()
    treated = treatment_without_plan(draft, answers_at_once=False)
    at = now()
    request = Request(
        customer=draft.customer,
        category=category,
        priority=_priority_of(category, kept.channel, asked),
        opened_at=at,
        **asking(draft, kept.channel, plans),
    )
    return preview_of(
        triage(
            request,
            plans,
            now=at,
            hold_unplanned=treated.is_held,
            answers_at_once=treated.answers_at_once,
        )
    )


def _priority_of(category: Category, channel: str, asked: Requested) -> str | None:
    if not is_rated_by_impact(category, channel):
        return asked.priority
    answer = None if asked.way_round is None else (YES if asked.way_round else NO)
    return priority_from_impact(category, asked.affected, answer).code
