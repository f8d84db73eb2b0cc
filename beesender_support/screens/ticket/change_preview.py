"""Changing the category or priority of a ticket, with the deadline known beforehand."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.requests.change_preview import Change, foresee
from beesender_support.policy.requests.impact import needs_reason
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.categories import Category
from beesender_support.records import settings
from beesender_support.records.site_time import iso_text, now
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.records.tickets.ticket_context import (
    AgentDecision,
    context_of,
)
from beesender_support.screens.ticket import deadline, promise_in_words
from beesender_support.wording import renderer
from beesender_support.wording.renderer import fill


class CategoryOption(TypedDict):
    value: str
    label: str


class PriorityOption(CategoryOption):
    """``disabled`` where the category does not allow the priority."""

    disabled: bool


class ChangePreview(TypedDict):
    """``priority`` is the one that would be saved, ``correction`` why it is not the
    requested one; ``before`` and ``after`` are the promise as it stands and would
    stand. ``needs_reason`` says why a reason has to be given, None where it need not.
    """

    categories: list[CategoryOption]
    priorities: list[PriorityOption]
    priority: str
    correction: str | None
    needs_reason: str | None
    before: deadline.Glance
    after: deadline.Glance


def preview(doc: Document, ticket_type: str, priority: str) -> ChangePreview:
    """What may be chosen, how the promise stands, and how it would stand."""
    if not doc.beesender_admission:
        frappe.throw(_("This ticket is not under a support plan any more."))
    category = _category(ticket_type)
    change = foresee(
        promise.terms_of(doc),
        category,
        priority,
        responded_at=promise.answered_at(doc),
        now=now(),
        closed_at=promise.closed_at(doc),
        happenings=promise.happenings_of(doc),
        at_risk_share=settings.current().at_risk_share,
    )
    before = deadline.glance(doc)
    return {
        "categories": _categories(doc),
        "priorities": _priorities(category),
        "priority": change.priority,
        "correction": (
            renderer.in_words(change.correction) if change.correction else None
        ),
        "needs_reason": _why_reason(doc, change.priority),
        "before": before,
        "after": _after(doc, before, category, change),
    }


def change(doc: Document, ticket_type: str, priority: str, why: str = "") -> None:
    """Save both at once; the ticket's own handlers settle the rest."""
    context_of(doc).agent = AgentDecision(why_priority=why.strip() or None)
    doc.ticket_type = ticket_type
    doc.beesender_priority = _category(ticket_type).settle_priority(priority)
    doc.save()


def _why_reason(doc: Document, code: str) -> str | None:
    is_needed = needs_reason(
        is_rated=bool(doc.beesender_affected),
        before=doc.beesender_priority,
        after=code,
    )
    if not is_needed:
        return None
    return _("The client's answers gave this priority, so a change needs a reason.")


def _after(
    doc: Document, before: deadline.Glance, category: Category, change: Change
) -> deadline.Glance:
    response, terms = change.response, promise.terms_of(doc)
    after: deadline.Glance = {
        **before,
        "state": response.state,
        "due": iso_text(response.due),
        "promises": (
            deadline.of_each(doc, terms, change.promises, change.priority)
            if terms
            else []
        ),
    }
    if response.due is None:
        return {**after, **promise_in_words.why_no_deadline(doc, category)}
    label = promise_in_words.label_of(change.promises.first_answer, doc)
    return {**after, "label": label}


def _categories(doc: Document) -> list[CategoryOption]:
    names = dict.fromkeys([doc.ticket_type, *catalogue.category_names()])
    return [{"value": name, "label": _(name)} for name in names if name]


def _priorities(category: Category) -> list[PriorityOption]:
    """All priorities; those that the category does not allow cannot be chosen."""
    allowed = {rule.priority: rule.when_to_use for rule in category.priority_rules}
    return [
        {
            "value": code,
            "label": _option(code, allowed.get(code) or meaning),
            "disabled": code not in allowed,
        }
        for code, meaning in catalogue.priority_meanings().items()
    ]


def _option(code: str, meaning: str | None) -> str:
    return f"{code} · {_(meaning)}" if meaning else code


def _category(ticket_type: str) -> Category:
    category = catalogue.category_for(ticket_type)
    if category is None or not frappe.db.exists("HD Ticket Type", ticket_type):
        frappe.throw(
            fill(
                _("{0} is not a category. Choose one of: {1}."),
                ticket_type,
                tuple(map(Name, catalogue.category_names())),
            )
        )
    return category
