"""Suspends the newest seats beyond a tier's limit after the grace period, and restores
them.

Safe to run twice: a seat is suspended once.
"""

from datetime import date, timedelta
from functools import partial

import frappe
from frappe.utils import getdate

from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.plans.plan_lots import PLAN, plans_that
from beesender_support.enforcement.plans.plan_notices import (
    day_in_words,
    notify_plan,
    people_in_words,
)
from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import (
    seats_over_limit,
    seats_to_restore,
    seats_to_suspend,
)
from beesender_support.records import settings
from beesender_support.records.notices import notice_log
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_values
from beesender_support.records.tickets import admission_log


def plans_to_balance() -> list[Plan]:
    """Plans with seats to suspend or to restore."""
    suspended = frappe.get_all(
        seats.SEAT, {"is_suspended": 1, "parenttype": PLAN}, pluck="parent"
    )
    over_quota = frappe.get_all(PLAN, {"over_quota_since": ("is", "set")}, pluck="name")
    names = {*suspended, *over_quota}
    if not names:
        return []
    return [
        plan
        for row, plan in plans_that({"name": ("in", names)})
        if any(seats_to_change(plan, row.over_quota_since))
    ]


def seats_to_change(plan: Plan, since: object) -> tuple[set[str], set[str]]:
    """Contacts to suspend, and contacts to restore."""
    today = plan.today(now())
    grace_days = settings.current().over_quota_grace_days
    since = frappe.utils.getdate(since) if since else None
    suspend = {
        each.contact for each in seats_to_suspend(plan, since, today, grace_days)
    }
    restore = {each.contact for each in seats_to_restore(plan, today)}
    return suspend, restore


def balance_seats(name: str) -> None:
    """Suspend the newest seats beyond the limit after the grace period, or restore
    them."""
    doc = seats.locked_plan(name)
    suspend, restore = seats_to_change(plan_values.plan_of(doc), doc.over_quota_since)
    if not suspend | restore:
        return
    for row in doc.authorized_contacts:
        row.is_suspended = row.contact in suspend or (
            row.is_suspended and row.contact not in restore
        )
    doc.save(ignore_permissions=True)
    for event, contacts in (("Seat suspended", suspend), ("Seat restored", restore)):
        for contact in sorted(contacts):
            admission_log.record(
                event, plan=name, customer=doc.customer, contact=contact
            )
    plan, at = plan_values.plan_of(doc), now()
    for kind, contacts in (("seats_suspended", suspend), ("seats_restored", restore)):
        if contacts:
            notify_plan(
                kind,
                f"{kind}/{name}/{at.isoformat()}",
                plan,
                limit=lambda: str(plan.tier.authorized_contact_limit),
                people=partial(people_in_words, contacts),
            )


def plans_to_warn() -> list[Plan]:
    """Plans over quota, whose people do not know yet who will be suspended when."""
    since = dict(
        frappe.get_all(
            PLAN,
            {"over_quota_since": ("is", "set"), "status": ACTIVE},
            ["name", "over_quota_since"],
            as_list=True,
        )
    )
    keys = {warning_key(name, day): name for name, day in since.items()}
    new = set(keys.values()) - {keys[key] for key in notice_log.logged(keys)}
    if not new:
        return []
    return [
        plan
        for _row, plan in plans_that({"name": ("in", new)})
        if seats_over_limit(plan, plan.today(now()))
    ]


def warning_key(plan: str, since: date) -> str:
    return f"seats_over_limit/{plan}/{since}"


def warn(plan: Plan) -> None:
    """Tell the people of a plan who will be suspended on which day."""
    since = getdate(frappe.db.get_value(PLAN, plan.name, "over_quota_since"))
    grace = timedelta(days=settings.current().over_quota_grace_days)
    over = [each.contact for each in seats_over_limit(plan, plan.today(now()))]
    notify_plan(
        "seats_over_limit",
        warning_key(plan.name, since),
        plan,
        limit=lambda: str(plan.tier.authorized_contact_limit),
        people=partial(people_in_words, over),
        suspended_on=partial(day_in_words, since + grace),
    )
