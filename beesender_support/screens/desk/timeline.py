"""The plans of a customer on one timeline, as a plan's form draws it."""

from datetime import date, timedelta
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.plans.contract_years import contract_years
from beesender_support.policy.plans.end_notices import (
    days_left,
    is_continued,
    next_plan,
)
from beesender_support.policy.plans.gaps import beside
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan, check_overlap
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans
from beesender_support.screens.desk import form_values
from beesender_support.wording.renderer import fill, in_words, tier_title

YEAR = timedelta(days=365)
# How far a line reaches before and after today where plans are older or open-ended.
MOST_BEFORE, LEAST_AFTER, MOST_AFTER = 3 * YEAR, YEAR, 3 * YEAR


class Bar(TypedDict):
    """A plan on the line; ``is_this`` is the one on the form. Its last day is included."""

    name: str
    tier: str
    starts_on: date
    ends_on: date | None
    state: PlanState
    is_this: bool


class Timeline(TypedDict):
    """Dates are those of the plan's zone; the line reaches from ``first`` to ``last``.

    ``contract_years`` are their first days, ``warnings`` and ``notes`` whole sentences.
    """

    first: date
    last: date
    today: date
    plans: list[Bar]
    contract_years: tuple[date, ...]
    warnings: list[str]
    notes: list[str]


def of(doc: Document, plan: Plan) -> Timeline:
    """The plan of an unsaved form among the customer's others, with warnings."""
    today = plan.today(now())
    others = _others(doc)
    plans = sorted([plan, *others], key=lambda each: each.starts_on)
    first, last = _reach(plans, today)
    return {
        "first": first,
        "last": last,
        "today": today,
        "plans": [_bar(each, is_this=each is plan) for each in plans],
        "contract_years": contract_years(plan, last),
        "warnings": _warnings(doc, plan, others),
        "notes": _notes(plan, others),
    }


def _others(doc: Document) -> list[Plan]:
    """What the reader may see of the customer's other plans, drafts apart."""
    visible = frappe.get_list(
        doc.doctype, {"customer": doc.customer, "name": ("!=", doc.name)}, pluck="name"
    )
    return [
        plan for plan in sold_plans.of_customer(doc.customer) if plan.name in visible
    ]


def _reach(plans: list[Plan], today: date) -> tuple[date, date]:
    starts = [plan.starts_on for plan in plans]
    ends = [plan.ends_on or today + LEAST_AFTER for plan in plans]
    first = max(min(*starts, today), today - MOST_BEFORE)
    last = min(max(*ends, *starts, today), today + MOST_AFTER)
    return first, max(last, first + timedelta(days=30))


def _bar(plan: Plan, is_this: bool) -> Bar:
    return {
        "name": plan.name,
        "tier": tier_title(plan.tier.name),
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "state": plan.state_at(now()),
        "is_this": is_this,
    }


def _warnings(doc: Document, plan: Plan, others: list[Plan]) -> list[str]:
    overlap = form_values.refusal_of(doc, lambda: check_overlap(plan, others))
    between = [in_words(each.sentence) for each in beside(plan, others, now())]
    left = days_left(plan, now())
    ends_soon = (
        left is not None
        and not is_continued(plan, others)
        and _(
            "This plan ends on {0}, days left: {1}. After that day requests wait for admission."
        ).format(frappe.format(plan.ends_on, "Date"), left)
    )
    return [warning for warning in (overlap, *between, ends_soon) if warning]


def _notes(plan: Plan, others: list[Plan]) -> list[str]:
    """That the next plan is sold, and until when."""
    following = next_plan(plan, others)
    if following is None:
        return []
    if following.ends_on is None:
        return [fill(_("It is renewed by {0}, without a last day."), following.name)]
    return [
        fill(_("It is renewed until {1} by {0}."), following.name, following.ends_on)
    ]
