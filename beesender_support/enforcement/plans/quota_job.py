"""Suspends the newest seats beyond a tier's limit after the grace period, and restores
them.

Safe to run twice: a seat is suspended once.
"""

import frappe
from frappe import _

from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.plans.plan_lots import PLAN, plans_that
from beesender_support.enforcement.plans.plan_notices import notify
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.seats import seats_to_restore, seats_to_suspend
from beesender_support.records import settings
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_values
from beesender_support.records.tickets import admission_log
from beesender_support.wording.renderer import fill


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
    plan = plan_values.plan_of(doc)
    notify(plan, lambda: seats_in_words(plan, suspend, restore))


def seats_in_words(
    plan: Plan, suspended: set[str], restored: set[str]
) -> tuple[str, str]:
    sentences = [
        fill(sentence, tuple(sorted(contacts)))
        for sentence, contacts in (
            (_("These authorized contacts are suspended: {0}."), suspended),
            (_("These authorized contacts are active again: {0}."), restored),
        )
        if contacts
    ]
    sentences.append(
        fill(
            _("The {0} plan includes {1}."),
            plan.tier.name,
            plan.tier.authorized_contact_limit,
        )
    )
    subject = _("Authorized contacts of {0} changed").format(plan.customer)
    return subject, " ".join(sentences)
