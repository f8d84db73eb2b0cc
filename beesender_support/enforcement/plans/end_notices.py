"""Notifies the people of a plan that it ends.

Safe to run twice: a notice is sent once for each plan, end and number of days.
"""

import frappe

from beesender_support.enforcement.plans.plan_lots import plans_that
from beesender_support.enforcement.plans.plan_notices import day_in_words, notify_plan
from beesender_support.policy.plans.end_notices import (
    NOTICE_DAYS,
    end_notice_due,
    is_continued,
)
from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.site_time import now
from beesender_support.records.tickets import admission_log

LOG = "Beesender Admission Log"


def plans_to_announce() -> list[Plan]:
    """Plans whose end is due to be announced, and for which no next plan is sold."""
    today = frappe.utils.getdate()
    # Give or take a day for their zones.
    soon = [
        frappe.utils.add_days(today, -1),
        frappe.utils.add_days(today, max(NOTICE_DAYS) + 1),
    ]
    ending = [
        plan
        for _row, plan in plans_that({"status": ACTIVE, "ends_on": ("between", soon)})
        if end_notice_due(plan, now()) is not None
    ]
    if not ending:
        return []
    others = [
        plan
        for _row, plan in plans_that(
            {"status": ACTIVE, "customer": ("in", {plan.customer for plan in ending})}
        )
    ]
    due = {
        source_of_notice(plan): plan
        for plan in ending
        if not is_continued(plan, others)
    }
    sent = frappe.get_all(LOG, {"source": ("in", list(due))}, pluck="source")
    return [plan for source, plan in due.items() if source not in sent]


def source_of_notice(plan: Plan) -> str:
    return f"{plan.name}/{plan.ends_on}/{end_notice_due(plan, now())}"


def announce_end(plan: Plan) -> None:
    admission_log.record(
        "Plan notice sent",
        plan=plan.name,
        customer=plan.customer,
        source=source_of_notice(plan),
    )
    notify_plan(
        "plan_ends",
        f"plan_ends/{source_of_notice(plan)}",
        plan,
        ends_on=lambda: day_in_words(plan.ends_on),
    )
