"""What a renewal would be, before it is made, and what a plan costs line by line."""

from datetime import date
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.policy.plans.gaps import beside
from beesender_support.policy.plans.plan_state import DRAFT
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.renewals import (
    Period,
    left_out_in_words,
    next_period,
    renewal_of,
    why_not_in_words,
    why_not_renew,
)
from beesender_support.policy.prices.fees import FeeLine, fee_lines, total
from beesender_support.records.site_time import now
from beesender_support.records.sold import (
    catalogue,
    plan_prices,
    plan_values,
    sold_plans,
)
from beesender_support.wording import renderer


class FeeRow(TypedDict):
    """Days are inclusive, in the plan's zone; the amount is in the plan's currency."""

    tier: str
    percent: float
    starts_on: date
    ends_on: date
    share: str
    amount: float


class FeeTable(TypedDict):
    rows: list[FeeRow]
    total: float
    rounding: str


class RenewalPreview(TypedDict):
    """``refusal`` says why there is none; ``renewal`` is the draft that is there already.
    ``seats`` is how many are taken over, ``left_out`` and ``warnings`` are sentences.
    """

    refusal: str | None
    renewal: str | None
    tier: str
    time_zone: str
    starts_on: date | None
    ends_on: date | None
    seats: int
    left_out: list[str]
    warnings: list[str]
    fees: FeeTable | None
    currency: str | None


def preview(
    doc: Document,
    there: str | None,
    tier: str | None = None,
    time_zone: str | None = None,
    period: Period | None = None,
) -> RenewalPreview:
    """Of a saved plan; ``there`` is the renewal that it has."""
    plan = plan_values.plan_of(doc)
    why = why_not_renew(plan)
    answer: RenewalPreview = {
        "refusal": renderer.in_words(why_not_in_words(plan, why)) if why else None,
        "renewal": there,
        "tier": tier or doc.tier,
        "time_zone": time_zone or doc.time_zone,
        "starts_on": None,
        "ends_on": None,
        "seats": 0,
        "left_out": [],
        "warnings": [],
        "fees": None,
        "currency": doc.currency,
    }
    if why or there or plan.ends_on is None:
        return answer
    is_same = answer["tier"] == doc.tier
    sold_tier = plan.tier if is_same else catalogue.tier_named(answer["tier"])
    renewal = renewal_of(plan, plan.today(now()), sold_tier, period)
    draft = Plan(
        name=_("the renewal"),
        customer=plan.customer,
        tier=sold_tier,
        time_zone=answer["time_zone"],
        starts_on=renewal.period.starts_on,
        ends_on=renewal.period.ends_on,
        status=DRAFT,
    )
    others = sold_plans.of_customer(plan.customer)
    lines = fee_lines(draft, plan_prices.price_of(doc), renewal.period.ends_on)
    return {
        **answer,
        "starts_on": renewal.period.starts_on,
        "ends_on": renewal.period.ends_on,
        "seats": len(renewal.seats),
        "left_out": [
            renderer.in_words(each) for each in left_out_in_words(renewal, sold_tier)
        ],
        "warnings": [
            renderer.in_words(each.sentence) for each in beside(draft, others, now())
        ],
        "fees": fee_table(lines),
    }


def period_in(
    doc: Document, starts_on: str | None, ends_on: str | None
) -> Period | None:
    """The period that somebody typed, or the next one from what they typed of it."""
    if not (starts_on or ends_on) or not doc.ends_on:
        return None
    following = next_period(getdate(doc.starts_on), getdate(doc.ends_on))
    period = Period(
        getdate(starts_on) if starts_on else following.starts_on,
        getdate(ends_on) if ends_on else following.ends_on,
    )
    if period.ends_on < period.starts_on:
        frappe.throw(_("The period ends before it begins. Choose a later end."))
    return period


def fee_table(lines: tuple[FeeLine, ...]) -> FeeTable:
    return {
        "rows": [
            {
                "tier": renderer.tier_title(each.tier),
                "percent": float(each.fee_percent),
                "starts_on": each.starts_on,
                "ends_on": each.ends_on,
                "share": (
                    _("whole contract year")
                    if each.is_whole_year
                    else _("{0} of {1} days").format(each.days, each.days_of_year)
                ),
                "amount": float(each.amount),
            }
            for each in lines
        ],
        "total": float(total(lines)),
        "rounding": _(
            "A part of a contract year costs its share of days. Each line is rounded to"
            " cents, half a cent up."
        ),
    }


def fees_of(doc: Document, plan: Plan) -> FeeTable:
    """The lines of a plan as typed."""
    return fee_table(plan_prices.lines_of(doc, plan, plan.today(now())))
