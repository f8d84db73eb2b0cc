"""Who asks: the contact or address whose right to ask counts, and by which channel."""

from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.enforcement.requests.admission_changes import verdict_it_left
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.customers import (
    LIKE_UNPLANNED,
    WithoutPlan,
    without_plan,
)
from beesender_support.policy.sold.channels import AGENT, EMAIL, PORTAL
from beesender_support.records import settings
from beesender_support.records.people.lookups import ONE_BY_ONE, Lookups
from beesender_support.records.people.people import address_of
from beesender_support.records.people.session_contact import session_contact
from beesender_support.records.tickets.ticket_context import context_of


class Asker(NamedTuple):
    """Who asks: a contact, or the address of somebody who is none; nobody where an agent
    speaks for the customer."""

    contact: str | None = None
    is_known: bool = True


def asker_of(doc: Document, known: Lookups = ONE_BY_ONE) -> Asker:
    """Whose right to ask counts, whenever it is decided and whoever saves the ticket.

    An agent's own contact, which Helpdesk puts on tickets that an agent raises, never
    counts. If an agent names a person, that person's right counts.
    """
    address = address_of(doc.raised_by)
    if was_taken_down(doc, address):
        # Also after the agent has left: their contact and address are nobody's then.
        is_named = bool(doc.contact) and not known.is_contact_of(doc.contact, address)
        address = None
    else:
        is_named = bool(doc.contact)
    if is_named and not known.is_contact_of_support(doc.contact):
        return Asker(doc.contact)
    if not address or known.is_support(address):
        return Asker()
    contact = known.contact_with_address(address)
    if contact and known.is_contact_of_support(contact):
        return Asker()
    return Asker(contact) if contact else Asker(address, is_known=False)


def was_taken_down(doc: Document, raised_by: str | None) -> bool:
    """Whether the agent who registered a ticket is who it says has asked."""
    return bool(
        raised_by
        and doc.beesender_channel == AGENT
        and raised_by == address_of(doc.owner)
    )


class Asking(TypedDict):
    """Who asks and how, as ``Request`` and ``admit`` take it."""

    contact: str | None
    channel: str
    contact_is_known: bool
    sender_is_verified: bool


def asking(
    doc: Document, channel: str, plans: Sequence[Plan], known: Lookups = ONE_BY_ONE
) -> Asking:
    """For saving and for all that foresees it. ``plans`` are those of the customer."""
    asker = asker_of(doc, known)
    return {
        "contact": asker.contact,
        # Only an agent asks for somebody without naming anybody.
        "channel": channel if asker.contact else AGENT,
        "contact_is_known": asker.is_known
        and is_known_contact(asker.contact, plans, known),
        "sender_is_verified": sender_is_verified(doc, channel),
    }


def is_known_contact(
    contact: str | None, plans: Sequence[Plan], known: Lookups = ONE_BY_ONE
) -> bool:
    """Whether a contact is of some customer: mail of strangers leaves contacts, too."""
    if contact is None or any(plan.seats_of(contact) for plan in plans):
        return True
    return known.is_of_a_customer(contact)


def treatment_without_plan(
    doc: Document, known: Lookups = ONE_BY_ONE, *, answers_at_once: bool
) -> WithoutPlan:
    """What becomes of a request if no plan decides on it, by the settings of the site.

    Who asks is looked up only where the settings treat strangers in their own way.
    """
    now_set = settings.current()
    is_open = context_of(doc).customer_is_open
    may_be_stranger = not doc.customer and now_set.strangers != LIKE_UNPLANNED
    return without_plan(
        is_stranger=may_be_stranger and is_asked_by_stranger(doc, known),
        strangers=now_set.strangers,
        hold_unplanned=now_set.hold_unplanned,
        customer_is_open=is_open,
        answers_at_once=answers_at_once,
    )


def is_asked_by_stranger(doc: Document, known: Lookups = ONE_BY_ONE) -> bool:
    """Whether somebody asks whom no customer and no plan knows; an agent who names
    nobody is no stranger."""
    asker = asker_of(doc, known)
    if asker.contact is None:
        return False
    return not (asker.is_known and known.is_of_a_customer(asker.contact))


def sender_is_verified(doc: Document, channel: str) -> bool:
    """Whether a session that is no agent's speaks for itself, and a mail comes from whom
    it says."""
    if not context_of(doc).sender_is_verified:
        return False
    if channel == EMAIL and not doc.is_new() and _was_unverified(doc):
        # Another customer named on the ticket, or none, makes it no more credible.
        return False
    if not doc.is_new() or channel != PORTAL or is_agent():
        return True
    return bool(doc.contact) and doc.contact == session_contact()


def _was_unverified(doc: Document) -> bool:
    before = doc.get_doc_before_save() or doc
    verdict = before if before.beesender_admission else verdict_it_left(doc)
    return verdict.get("beesender_admission_reason") == "unverified_sender"
