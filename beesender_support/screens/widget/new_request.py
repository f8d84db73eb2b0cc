"""What a person who proved their address may request now, and what it would promise.

The same facts, decided by the same policy, as when the request comes; nothing depends on
what is shown.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.chat.caller import acting_as_intake
from beesender_support.enforcement.requests import asker, customer_of_request
from beesender_support.enforcement.widget.requests import is_taken_from
from beesender_support.enforcement.widget.sessions import Person
from beesender_support.enforcement.widget.visits import Visit
from beesender_support.policy.requests.admission import ACCEPTED, Admission, admit
from beesender_support.policy.sold.categories import Category, PriorityRule
from beesender_support.policy.sold.channels import WIDGET
from beesender_support.records import settings
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.screens.portal.new_request import (
    Categories,
    CategoryOffered,
    PriorityOffered,
    affected_offered,
    categories_offered,
)
from beesender_support.screens.portal.plan_hours import Opening, opening
from beesender_support.wording import description
from beesender_support.wording.renderer import in_words


class NewRequest(Categories):
    """``questions`` are what a description should answer, by category. ``said`` is what
    stands against an answer in time, empty if nothing does; where requests are not
    ``is_taken`` nothing can be sent. ``opening`` is by the person's own plan."""

    address: str
    is_taken: bool
    said: str
    opening: Opening | None
    questions: dict[str, list[str]]
    labels: dict[str, str]


def what_may_be_requested(visit: Visit, person: Person) -> NewRequest:
    is_taken = is_taken_from(visit, person)
    admission = _admission(person) if is_taken else None
    plan = admission.plan if admission else None
    is_promised = bool(plan and admission and admission.verdict == ACCEPTED)
    return {
        "address": person.address,
        "is_taken": is_taken,
        "said": _said(admission),
        "opening": opening(plan, now()) if plan and is_promised else None,
        "questions": {
            each.name: description.questions_of(each) for each in catalogue.categories()
        },
        "labels": _labels(),
        **(categories_offered(plan) if plan and is_promised else _without_promises()),
    }


def _admission(person: Person) -> Admission:
    draft = _draft(person)
    plans = sold_plans.of_customer(draft.customer) if draft.customer else ()
    treated = asker.treatment_without_plan(draft, answers_at_once=False)
    return admit(
        plans,
        customer=draft.customer,
        at=now(),
        **asker.asking(draft, WIDGET, plans),
        hold_unplanned=treated.is_held,
        answers_at_once=treated.answers_at_once,
    )


def _draft(person: Person) -> Document:
    """A ticket as the intake would fill it in."""
    draft = frappe.new_doc(
        "HD Ticket", raised_by=person.address, contact=person.contact
    )
    context = context_of(draft)
    context.channel, context.found_contact = WIDGET, person.contact
    with acting_as_intake():
        draft.set_contact()
        draft.set_customer()
        customer_of_request.find_customer(draft)
    return draft


def _said(admission: Admission | None) -> str:
    if admission is None:
        return _("Requests are taken here from clients only. Please write us a mail.")
    if admission.sentence is None:
        return ""
    waits = _("Your request will wait for a support agent.")
    return f"{waits} {in_words(admission.sentence)}"


def _without_promises() -> Categories:
    categories = catalogue.categories()
    default = settings.current().default_category
    names = [each.name for each in categories]
    return {
        "category": default if default in names else next(iter(names), None),
        "categories": [_category(each) for each in categories],
    }


def _category(category: Category) -> CategoryOffered:
    return {
        "name": category.name,
        "label": _(category.name),
        "meaning": _(category.meaning) if category.meaning else "",
        "description": "",
        "priority": category.default_priority,
        "priorities": [
            _priority(each)
            for each in sorted(category.priority_rules, key=lambda each: each.priority)
        ],
        "affected": affected_offered(category),
    }


def _priority(rule: PriorityRule) -> PriorityOffered:
    meaning = rule.when_to_use or catalogue.priority_meanings().get(rule.priority)
    return {
        "code": rule.priority,
        "meaning": _(meaning) if meaning else "",
        "due": None,
        "promise": "",
    }


def _labels() -> dict[str, str]:
    """Those of the portal's form."""
    return {
        "category": _("What is it about?"),
        "priority": _("How urgent is it?"),
        "affected": _("What is affected?"),
        "way_round": _("Is there a way round?"),
        "yes": _("Yes"),
        "no": _("No"),
        "unanswered": _("Answer the questions above to see by when we answer."),
        "answer_by": _("We will answer by {0}, your time."),
        "details_summary": _("Access details, for support agents only (optional)"),
        "details_hint": _(
            "How support gets into your system: addresses, user names, passwords. They are"
            " kept encrypted, only support agents can read them, and they are erased after"
            " the request is closed."
        ),
        "no_passwords": _(
            "Never put passwords into the description: it is sent by e-mail, and all who"
            " see the request can read it. Use the field for access details."
        ),
    }
