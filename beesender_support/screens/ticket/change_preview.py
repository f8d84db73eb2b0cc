"""Changing the category or priority of a ticket, with the deadline known beforehand."""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.plans.categories import Category
from beesender_support.policy.requests.change_preview import Change, foresee
from beesender_support.policy.sentences import fill
from beesender_support.records import settings
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import promise
from beesender_support.screens.ticket import deadline, promise_in_words
from beesender_support.wording import renderer


def preview(doc: Document, ticket_type: str, priority: str) -> dict:
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
        at_risk_share=settings.current().at_risk_share,
    )
    return {
        "categories": _categories(doc),
        "priorities": _priorities(category),
        "priority": change.priority,
        "correction": change.correction and renderer.in_words(change.correction),
        "before": deadline.glance(doc),
        "after": {
            **deadline.glance(doc),
            **_outcome(doc, category, change),
        },
    }


def change(doc: Document, ticket_type: str, priority: str) -> None:
    """Save both at once; the ticket's own handlers settle the rest."""
    doc.ticket_type = ticket_type
    doc.beesender_priority = _category(ticket_type).settle_priority(priority)
    doc.save()


def _outcome(doc: Document, category: Category, foreseen: Change) -> dict:
    response = foreseen.response
    if response.due is None:
        words = promise_in_words.why_no_deadline(doc, category)
    else:
        words = {"label": promise_in_words.label_of(response, doc)}
    return {
        "state": response.state,
        "due": response.due and response.due.isoformat(),
        **words,
    }


def _categories(doc: Document) -> list[dict[str, str]]:
    names = dict.fromkeys([doc.ticket_type, *catalogue.category_names()])
    return [{"value": name, "label": _(name)} for name in names if name]


def _priorities(category: Category) -> list[dict]:
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
                ", ".join(map(_, catalogue.category_names())),
            )
        )
    return category
