"""What people read about a request that is held or refused: why, and who may ask."""

import frappe
from frappe import _
from helpdesk.utils import get_customers, is_agent

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.admission import (
    REASONS,
    Admission,
    about_request,
)
from beesender_support.records.people.session_contact import session_contact
from beesender_support.records.site_time import now
from beesender_support.wording import renderer


def reason_in_words(
    reason: str,
    *,
    customer: str | None,
    contact: str | None,
    channel: str,
    plan: Plan | None,
) -> str:
    """Why a request is held or refused, in the session's language.

    ``contact`` is a contact's record or the address that a stranger gave.
    """
    return in_words(
        (REASONS[reason],),
        customer=customer,
        contact=contact,
        channel=channel,
        plan=plan,
    )


def in_words(
    templates: tuple[str, ...],
    *,
    customer: str | None,
    contact: str | None,
    channel: str,
    plan: Plan | None,
) -> str:
    """Sentences of ``policy`` about one request, in the session's language."""
    sentences = (
        about_request(
            template, customer=customer, contact=contact, channel=channel, plan=plan
        )
        for template in templates
    )
    return " ".join(map(renderer.in_words, sentences))


def in_words_for_portal(admission: Admission) -> str:
    """The reason of a refusal, and who of the customer may ask."""
    plan = admission.plan
    sentences = [renderer.in_words(admission.sentence)] if admission.sentence else []
    # Names of colleagues are for colleagues: an unverified sender may be anybody.
    is_about_seats = admission.reason in ("contact_not_authorized", "seat_expired")
    if plan and is_about_seats and _may_know_people_of(plan.customer):
        seated = [seat.contact for seat in plan.active_seats(plan.today(now()))]
        if seated:
            sentences.append(
                renderer.fill(
                    _("At {0} these people may ask: {1}."),
                    plan.customer,
                    tuple(_full_names(seated)),
                )
            )
    return " ".join(sentences)


def _may_know_people_of(customer: str) -> bool:
    if is_agent():
        return True
    contact = session_contact()
    return bool(contact) and customer in get_customers(contact=contact)


def _full_names(contacts: list[str]) -> list[str]:
    """In the order given; an address without a contact is written as given."""
    names = dict(
        frappe.get_all(
            "Contact", {"name": ("in", contacts)}, ["name", "full_name"], as_list=True
        )
    )
    return [names.get(contact) or contact for contact in contacts]
