"""What may be requested now, for the page of a new request: facts, policy, plain
values.

Nothing depends on the page. What it sends is decided again
by ``enforcement.requests.decision``.
"""

from typing import TypedDict

import frappe
from frappe import _, _lt
from frappe.model.document import Document
from helpdesk.utils import get_customers, is_agent

from beesender_support.enforcement.allowances import asked_entitlements
from beesender_support.enforcement.requests import (
    asker,
    customer_of_request,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.access import lacks_a_seat
from beesender_support.policy.requests.admission import (
    ACCEPTED,
    HELD,
    Admission,
    admit,
)
from beesender_support.policy.requests.entitlement_guard import said_to_client
from beesender_support.policy.requests.impact import is_rated_by_impact, options_of
from beesender_support.policy.requests.offers import (
    CategoryOffer,
    FurtherOffer,
    PriorityOffer,
    first_choice,
    offer,
)
from beesender_support.policy.sentences import Name, TierName
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import AGENT, PORTAL
from beesender_support.policy.sold.entitlements import Amount, SoldEntitlement
from beesender_support.policy.sold.targets import SOLUTION
from beesender_support.records import settings
from beesender_support.records.people.session_contact import session_contact
from beesender_support.records.site_time import iso_text, now
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.wording import admission_reasons, description
from beesender_support.wording.renderer import fill, in_words

# Of what has a deadline as soon as a request is made.
DUE_BY = {
    SOLUTION: _lt(
        "We will solve it by {0}, your time; time in which we wait for you does not count."
    ),
}
PLAN_PAGE = "/support-plan"
# Helpdesk's own inputs that the form for a client with a plan replaces.
REPLACED_FIELDS = ("ticket_type", "priority")


class _NewRequest(TypedDict):
    """``plan_page`` is its address, ``labels`` the words around it all, by name."""

    is_client: bool
    language: str
    plan_page: str
    labels: dict[str, str]


class RefusedRequest(_NewRequest):
    """Why nothing may be requested now, or why the request will wait for an agent, where
    it ``waits``; ``seat_on`` is the plan on which the client may ask for a seat, None
    where that would not help."""

    refusal: str
    waits: bool
    seat_on: str | None


class Offered(TypedDict):
    """``due`` is an instant, None where none is promised; ``promise`` says it in words."""

    due: str | None
    promise: str


class FurtherOffered(Offered):
    """Of a target besides the first answer; ``by`` says when it is due, with a place for
    the time."""

    by: str


class _Priority(Offered):
    code: str
    meaning: str


class PriorityOffered(_Priority, total=False):
    """``further`` is there where more than the first answer is promised."""

    further: list[FurtherOffered]


class AffectedOffered(TypedDict):
    """An answer to *what is affected*: ``value`` is sent, and ``priorities`` are the codes
    by the answer to *is there a way round*, which is asked if ``asks_way_round``."""

    value: str
    label: str
    asks_way_round: bool
    priorities: dict[str, str]


class CategoryOffered(TypedDict):
    """``name`` is the record's, ``priority`` the one chosen at first; ``description`` is
    a template to write into, as HTML. With ``affected`` the client answers questions
    instead of choosing a priority; None where the priority is chosen."""

    name: str
    label: str
    meaning: str
    description: str
    priority: str
    priorities: list[PriorityOffered]
    affected: list[AffectedOffered] | None


class EntitlementOffered(TypedDict):
    """Something that may be asked for beside an answer: ``said`` is how the plan stands to
    it, ``is_included`` whether it has it."""

    value: str
    label: str
    said: str
    is_included: bool


class Categories(TypedDict):
    """``category`` is the one chosen at first."""

    category: str | None
    categories: list[CategoryOffered]


class Choices(Categories):
    """``entitlements`` are what may be asked for beside an answer."""

    entitlements: list[EntitlementOffered]


class OfferedRequest(_NewRequest, Choices):
    pass


NewRequest = OfferedRequest | RefusedRequest


class _Field(TypedDict):
    fieldname: str


class Field(_Field, total=False):
    """The parts used of a field of Helpdesk's template. The conditions are expressions
    that Helpdesk evaluates."""

    required: int
    depends_on: str | None
    mandatory_depends_on: str | None


class Template(TypedDict):
    """The parts used of Helpdesk's template of a new ticket; the rest is passed on."""

    fields: list[Field]


def what_may_be_requested(
    customer: str | None, contact: str | None = None
) -> NewRequest | None:
    """For the session's user, on behalf of ``customer`` or their only one.

    ``contact`` is the person an agent names; clients ask for themselves. None outside
    the policy: the form stays Helpdesk's own.
    """
    if not catalogue.categories():
        return None
    draft = _draft(customer, contact if is_agent() else None)
    admission = _admission(draft)
    if admission.is_outside_policy:
        return None
    waits = is_agent() or admission.verdict == HELD
    page: _NewRequest = {
        "is_client": not is_agent(),
        "language": frappe.local.lang,
        "plan_page": PLAN_PAGE,
        "labels": _labels(waits),
    }
    if admission.verdict != ACCEPTED or admission.plan is None:
        return {
            **page,
            "refusal": admission_reasons.in_words_for_portal(admission),
            "waits": waits,
            "seat_on": _seat_on(admission, draft),
        }
    return {**page, **_choices(admission.plan)}


def hide_replaced_fields(fields: list[Field]) -> None:
    """Hide Helpdesk's own inputs where the form offers the choice with its meaning.

    Elsewhere they stay as they were, required or not.
    """
    if not catalogue.categories():
        return
    for field in fields:
        if field["fieldname"] in REPLACED_FIELDS:
            field.update(
                {
                    "required": 0,
                    "mandatory_depends_on": _required_unless_offered(field),
                    "depends_on": _unless_offered(field.get("depends_on")),
                }
            )


def _required_unless_offered(field: Field) -> str | None:
    own = field.get("mandatory_depends_on")
    if field.get("required"):
        return _unless_offered(None)
    return _unless_offered(own) if own else None


def _unless_offered(condition: str | None) -> str:
    """Helpdesk's condition for showing a field, and that the form does not offer it."""
    if not condition:
        return "eval:!doc.beesender_offers"
    is_expression = condition.startswith(("eval:", "doc."))
    own = condition.removeprefix("eval:") if is_expression else f"doc.{condition}"
    return f"eval:!doc.beesender_offers && ({own})"


def _draft(customer: str | None, contact: str | None) -> Document:
    """A ticket as Helpdesk would fill it in when the session sends it.

    Helpdesk's form makes its sender ``raised_by``, whatever else is typed.
    """
    draft = frappe.new_doc(
        "HD Ticket",
        raised_by=frappe.session.user,
        customer=customer or None,
        contact=contact or None,
    )
    draft.via_customer_portal = 1
    if is_agent():
        draft.set_contact()
        draft.set_customer()
        return draft
    draft.contact = session_contact()
    if not draft.contact:
        draft.set_contact()
    customers = _customers_of(draft)
    if customer and customer not in customers:
        raise frappe.PermissionError
    # Of several customers one has to be chosen first; Helpdesk refuses to guess.
    if len(customers) == 1:
        draft.set_customer()
    customer_of_request.find_customer_of_seat(draft)
    return draft


def _customers_of(draft: Document) -> list[str]:
    return get_customers(contact=draft.contact) if draft.contact else []


def _admission(draft: Document) -> Admission:
    channel = AGENT if is_agent() else PORTAL
    if channel == AGENT:
        has_to_choose = not draft.customer
    else:
        has_to_choose = not draft.customer and len(_customers_of(draft)) > 1
    if has_to_choose:
        return Admission(ACCEPTED)
    plans = sold_plans.of_customer(draft.customer) if draft.customer else ()
    treated = asker.treatment_without_plan(draft, answers_at_once=channel == PORTAL)
    return admit(
        plans,
        customer=draft.customer,
        at=now(),
        **asker.asking(draft, channel, plans),
        hold_unplanned=treated.is_held,
        answers_at_once=treated.answers_at_once,
    )


def _seat_on(admission: Admission, draft: Document) -> str | None:
    plan, contact = admission.plan, draft.contact
    if is_agent() or plan is None or not contact:
        return None
    is_member = plan.customer in _customers_of(draft)
    return plan.name if is_member and lacks_a_seat(plan, contact, now()) else None


def _choices(plan: Plan) -> Choices:
    remaining = asked_entitlements.remaining_of(plan)
    return {
        **categories_offered(plan),
        "entitlements": [
            _entitlement(each, plan, remaining.get(each.code))
            for each in catalogue.entitlements().values()
            if each.enabled
        ],
    }


def categories_offered(plan: Plan) -> Categories:
    """What may be requested under a plan, and what each choice promises."""
    offers = offer(plan, catalogue.categories(), now())
    return {
        "category": first_choice(offers, settings.current().default_category),
        "categories": [_category(each, plan) for each in offers],
    }


def _entitlement(
    entitlement: SoldEntitlement, plan: Plan, remaining: Amount | None
) -> EntitlementOffered:
    guarded = asked_entitlements.guard_of(entitlement, plan, remaining)
    said = guarded.said if is_agent() else said_to_client(guarded)
    return {
        "value": entitlement.code,
        "label": _(entitlement.title),
        "said": " ".join(map(in_words, said)),
        "is_included": guarded.is_included,
    }


def _category(offered: CategoryOffer, plan: Plan) -> CategoryOffered:
    category = offered.category
    return {
        "name": category.name,
        "label": _(category.name),
        "meaning": _(category.meaning) if category.meaning else "",
        "description": description.template_of(category),
        "priority": category.default_priority,
        "priorities": [_priority(each, category, plan) for each in offered.priorities],
        "affected": affected_offered(category),
    }


def affected_offered(category: Category) -> list[AffectedOffered] | None:
    """Agents choose plainly."""
    if is_agent() or not is_rated_by_impact(category, PORTAL):
        return None
    return [
        {
            "value": each.affected,
            "label": _(each.affected),
            "asks_way_round": each.asks_way_round,
            "priorities": dict(each.priorities),
        }
        for each in options_of(category)
    ]


def _priority(
    offered: PriorityOffer, category: Category, plan: Plan
) -> PriorityOffered:
    code, response = offered.rule.priority, offered.response
    meaning = offered.rule.when_to_use or catalogue.priority_meanings().get(code)
    if response.due is None or response.target is None:
        subject = code if category.promises_response else Name(category.name)
        promise = fill(_("No response time is promised for {0}."), subject)
    else:
        promise = fill(
            _("{0} answers {1} within {2} of support time."),
            TierName(plan.tier.name),
            code,
            response.target,
        )
    shown: PriorityOffered = {
        "code": code,
        "meaning": _(meaning) if meaning else "",
        "due": iso_text(response.due),
        "promise": promise,
    }
    if offered.further:
        due_first = sorted(offered.further, key=lambda each: each.due is None)
        shown["further"] = list(map(_further, due_first))
    return shown


def _further(offered: FurtherOffer) -> FurtherOffered:
    return {
        "due": iso_text(offered.due),
        "by": str(DUE_BY[offered.target]) if offered.target in DUE_BY else "",
        "promise": in_words(offered.sentence),
    }


def _labels(waits: bool) -> dict[str, str]:
    return {
        "subject_hint": _(
            "State the problem in a few words: what does not work, and where."
        ),
        "category": _("What is it about?"),
        "priority": _("How urgent is it?"),
        "affected": _("What is affected?"),
        "way_round": _("Is there a way round?"),
        "yes": _("Yes"),
        "no": _("No"),
        "asked": _("Do you ask for one of these? (optional)"),
        "nothing_asked": _("No, an ordinary request"),
        "unanswered": _("Answer the questions above to see by when we answer."),
        "answer_by": _("We will answer by {0}, your time."),
        "plan": _("My support plan"),
        "ask_for_seat": _("Ask for a seat"),
        "cannot_ask": (
            _("The request will wait for admission")
            if waits
            else _("You cannot raise a request at the moment")
        ),
        "details": _("Access details"),
        "details_summary": _("Access details, for support agents only (optional)"),
        "details_hint": _(
            "How support gets into your system: addresses, user names, passwords. They are"
            " kept encrypted, only support agents can read them, and they are erased after"
            " the request is closed."
        ),
        "description": _("Description"),
        "no_passwords": _(
            "Never put passwords into the description: it is sent by e-mail, and all who"
            " see the request can read it. Use the field for access details."
        ),
    }
