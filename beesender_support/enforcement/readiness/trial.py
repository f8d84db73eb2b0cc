"""A request that is made to see what becomes of it: by the events that decide on every
request, and taken away again whole."""

from datetime import date, timedelta
from typing import TypedDict

import frappe
from frappe import _

from beesender_support.enforcement.chat import replies
from beesender_support.enforcement.readiness import sample_records, taking_away
from beesender_support.enforcement.readiness.sample_records import (
    SAMPLE_DATA,
    TEST_REQUEST,
)
from beesender_support.enforcement.readiness.silence import silent_tickets
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.channels import AGENT, PORTAL
from beesender_support.records.site_time import now, to_column
from beesender_support.records.sold import sold_plans
from beesender_support.records.tickets.ticket_context import context_of

SETTINGS, TICKET, PLAN = (
    "Beesender Support Settings",
    "HD Ticket",
    "Beesender Support Plan",
)
LOT, DAY = 50, timedelta(days=1)


class Trial(TypedDict):
    """The ticket, and what its client would be told of it."""

    is_good: bool
    ticket: str
    sentence: str


def plan_to_try() -> Plan | None:
    """The first plan that is in force and has somebody who may ask today; none of the
    sample data, and none that cannot be read."""
    at = now()
    names = _candidates(at.date())
    for start in range(0, len(names), LOT):
        plans, _unreadable = sold_plans.readable(names[start : start + LOT])
        for plan in plans:
            if plan.is_in_force(at) and plan.active_seats(plan.today(at)):
                return plan
    return None


def _candidates(today: date) -> list[str]:
    """By name, those that may be in force; in their zones it may be a day later or
    earlier."""
    samples = set(sample_records.marked(SAMPLE_DATA).get(PLAN, ()))
    names = frappe.db.sql_list(
        """select plan.name from `tabBeesender Support Plan` plan
        where plan.status = 'Active' and plan.starts_on <= %(tomorrow)s
        and (plan.ends_on is null or plan.ends_on >= %(yesterday)s)
        and exists (
            select 1 from `tabBeesender Authorized Contact` seat
            where seat.parent = plan.name and seat.parenttype = 'Beesender Support Plan'
        ) order by plan.name""",
        {"tomorrow": today + DAY, "yesterday": today - DAY},
    )
    return [each for each in names if each not in samples]


def try_out() -> Trial:
    """One at a time; nobody is told of it."""
    sample_records.lock()
    if sample_records.is_any(TEST_REQUEST):
        frappe.throw(_("A test request is there already. Remove it first."))
    sample_records.forget(TEST_REQUEST)
    plan = plan_to_try()
    if plan is None:
        frappe.throw(_("No plan in force has an authorized contact today."))
    contact = plan.active_seats(plan.today(now()))[0].contact
    with silent_tickets():
        doc = frappe.get_doc(
            {
                "doctype": TICKET,
                "subject": _("Test request of the first steps"),
                "description": _("Made by a button, to see what becomes of a request."),
                "customer": plan.customer,
                "contact": contact,
                "raised_by": frappe.db.get_value("Contact", contact, "email_id"),
            }
        )
        context = context_of(doc)
        context.channel, context.waits_for_no_answer = _channel(plan), True
        doc.insert()
    doc.db_set("beesender_next_notice_at", None, update_modified=False)
    sample_records.mark(doc, TEST_REQUEST)
    said = replies.standing(str(doc.name), frappe.local.lang)
    is_good = doc.beesender_admission == "Accepted"
    if is_good:
        frappe.db.set_single_value(SETTINGS, "test_request_at", to_column(now()))
    return {
        "is_good": is_good,
        "ticket": str(doc.name),
        "sentence": " ".join(filter(None, (said["sentence"], said["explanation"]))),
    }


def _channel(plan: Plan) -> str:
    """One by which the plan takes requests. In the portal only clients are answered, so
    it is the last."""
    others = sorted(plan.tier.registration_channels - {PORTAL})
    return others[0] if others else AGENT


def remove() -> str:
    """Twice is the same."""
    taking_away.take_away(TEST_REQUEST)
    return _("The test request is removed, with all that hung on it.")


def was_accepted() -> bool:
    """Whether any request was, in earnest or of a test."""
    if frappe.db.get_single_value(SETTINGS, "test_request_at", cache=False):
        return True
    samples = sample_records.marked().get(TICKET, [])
    # By the plan they are found by an index, or not at all.
    accepted = {"beesender_plan": ("is", "set"), "beesender_admission": "Accepted"}
    if samples:
        accepted["name"] = ("not in", samples)
    return bool(frappe.db.exists(TICKET, accepted))
