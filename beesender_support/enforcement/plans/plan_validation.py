"""Keeps a Beesender Support Plan within what its tier and the calendar allow."""

from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement.plans import plan_notices, seats
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.contract_years import support_fee
from beesender_support.policy.plans.limits import check_sold, check_success_manager
from beesender_support.policy.plans.plan_state import ACTIVE, DRAFT, PlanState
from beesender_support.policy.plans.plans import Plan, check_overlap
from beesender_support.policy.plans.seat_notices import changed_by_date
from beesender_support.policy.plans.seats import check_seats, over_quota_since
from beesender_support.policy.prices.fees import total
from beesender_support.policy.sentences import Contact
from beesender_support.records.allowances import balances
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_prices, plan_values, policy_values
from beesender_support.wording.renderer import fill

PLAN = "Beesender Support Plan"
# Fields without which a plan cannot be checked.
NEEDED = ("customer", "tier", "time_zone", "starts_on")
# What decides on which days a plan is in force.
VALIDITY = ("customer", "status", "starts_on", "ends_on")
# Tickets that are written in one statement.
LOT = 100


def lock_customers_of(doc: Document) -> None:
    """Plans of one customer are saved one after another, however many try at once."""
    before = None if doc.is_new() else frappe.db.get_value(PLAN, doc.name, "customer")
    seats.lock_customers(doc.customer, before)


def check(doc: Document) -> None:
    """Write what follows from the plan; raise PolicyError for one the policy refuses."""
    if not all(doc.get(fieldname) for fieldname in NEEDED):
        return  # Frappe names what is missing.
    _settle_ended_seats(doc)
    _settle_links(doc)
    policy_values.write_end_of_day(doc.holidays)
    plan = plan_values.checked_plan_of(doc)
    if doc.has_value_changed("success_manager"):
        check_success_manager(
            plan.success_manager, **facts_of_user(plan.success_manager)
        )
    # Who has a tier that is sold to nobody else may go on with it.
    if doc.has_value_changed("tier") and not doc.flags.beesender_keeps_tier:
        check_sold(plan.tier)
    before = plan_before(doc)
    today = plan.today(now())
    check_seats(plan, before, today)
    check_overlap(plan, _others(plan), before)
    since = before_save(doc, "over_quota_since")
    doc.over_quota_since = over_quota_since(plan, since and getdate(since), today)
    _note_former_tier(doc, before, today)
    doc.fee = float(
        support_fee(plan_values.licence_price_of(doc), plan.tier.fee_percent)
    )
    doc.period_fee = period_fee_of(doc, plan, today) if plan.ends_on else doc.fee


def period_fee_of(doc: Document, plan: Plan, today: date) -> float:
    """What a plan with an end costs from its first day to its last."""
    return float(total(plan_prices.lines_of(doc, plan, today)))


def _settle_links(doc: Document) -> None:
    """Which plan renews which is noted by who renews, not typed; a plan that is given to
    another customer renews none."""
    if doc.flags.pop("beesender_renews", None):
        return
    before = doc.get_doc_before_save()
    for field in ("renews", "renewed_by"):
        is_theirs = before is not None and before.customer == doc.customer
        doc.set(field, before.get(field) if is_theirs else None)


def _note_former_tier(doc: Document, before: Plan | None, today: date) -> None:
    """Another tier counts from today on, the one before it until yesterday. What is
    changed before the plan begins, or twice on a day, was never sold."""
    if (
        before is None
        or before.tier.name == doc.tier
        or DRAFT in (before.status, doc.status)
        or today <= before.starts_on
        or (before.ends_on is not None and before.ends_on < today)
    ):
        return
    yesterday = today - timedelta(days=1)
    if any(getdate(row.until) >= yesterday for row in doc.former_tiers if row.until):
        return
    doc.append(
        "former_tiers",
        {
            "tier": before.tier.name,
            "fee_percent": float(before.tier.fee_percent),
            "until": yesterday,
        },
    )


def facts_of_user(user: str | None) -> dict[str, bool]:
    """Whether a user may log in, and is one of ours and no client's."""
    enabled, user_type = frappe.db.get_value(
        "User", user, ["enabled", "user_type"]
    ) or (0, None)
    is_agent = frappe.db.exists("HD Agent", {"user": user, "is_active": 1})
    return {
        "is_enabled": bool(enabled),
        "is_staff": bool(is_agent or user_type == "System User"),
    }


def plan_before(doc: Document) -> Plan | None:
    """The plan as last saved; None for a new one, and for one that today's rules
    refuse, which may be corrected."""
    before = doc.get_doc_before_save()
    try:
        return before and plan_values.plan_of(before)
    except PolicyError:
        return None


def before_save(doc: Document, fieldname: str) -> object:
    before = doc.get_doc_before_save()
    return before and before.get(fieldname)


def check_against_others(doc: Document) -> None:
    """Raise PolicyError for a plan that overlaps another which was saved meanwhile.

    What others committed since this transaction first read is only seen by reading with
    a lock. That is done after the plan was written: a lock on rows that are not there
    yet would let two customers' first plans wait for each other.
    """
    if any(map(doc.has_value_changed, VALIDITY)):
        plan = plan_values.plan_of(doc)
        check_overlap(plan, _others(plan, latest=True), plan_before(doc))


def _others(plan: Plan, latest: bool = False) -> list[Plan]:
    """The customer's other active plans, as far as their validity goes.

    Their own tiers and zones do not matter here, so an unreadable plan among them does
    not prevent correcting this one.
    """
    rows = frappe.db.get_values(
        PLAN,
        {"customer": plan.customer, "status": ACTIVE, "name": ("!=", plan.name or "")},
        ["name", "starts_on", "ends_on"],
        as_dict=True,
        for_update=latest,
        order_by=None if latest else "starts_on",
    )
    return [
        Plan(
            row.name,
            plan.customer,
            plan.tier,
            plan.time_zone,
            row.starts_on,
            row.ends_on,
        )
        for row in rows
        if row.ends_on is None or row.starts_on <= row.ends_on
    ]


def _settle_ended_seats(doc: Document) -> None:
    """When a seat was ended is noted by who ends it, not typed; a seat that gets a later
    last day is given again."""
    before = doc.get_doc_before_save()
    rows_before = (
        {row.name: row for row in before.authorized_contacts} if before else {}
    )
    is_ending = doc.flags.pop("beesender_ends_seats", False)
    for row in doc.authorized_contacts:
        known = rows_before.get(row.name)
        if not is_ending:
            row.ended_at = known and known.ended_at
        if row.ended_at and known and known.ended_at and _lasts_longer(row, known):
            row.ended_at = None


def _lasts_longer(row: Document, known: Document) -> bool:
    return bool(known.to_date) and (
        not row.to_date or getdate(row.to_date) > getdate(known.to_date)
    )


def refuse_removal(doc: Document) -> None:
    """Entries of a plan are kept, and could not be given back without it. Whoever writes
    one waits, as Frappe holds the plan that it deletes."""
    if balances.has_entries(plan=doc.name, latest=True):
        frappe.throw(
            _(
                "Of this plan's allowances something was reserved or used, and the entries"
                " of that are kept. Set its status to Expired instead of deleting it."
            )
        )


def follow(doc: Document) -> None:
    """Effects of saving a plan: who belongs to the customer, and who gained or lost a
    seat."""
    announce_sale(doc)
    announce_seats(doc, *seats.log_changes(doc))
    if doc.status != DRAFT:
        today = plan_values.plan_of(doc).today(now())
        members = seats.ensure_memberships(
            doc.customer,
            [
                row.contact
                for row in doc.authorized_contacts
                if not policy_values.seat_of(row).has_ended(today)
            ],
        )
        _tell_of_members(doc, members)


def _tell_of_members(doc: Document, members: list[str]) -> None:
    """Whoever saves the form of a plan, not who gives a seat elsewhere or imports."""
    if not members or frappe.flags.in_import or doc.flags.ignore_permissions:
        return
    text = fill(
        _("Now among the contacts of {0}: {1}."),
        doc.customer,
        tuple(map(Contact, members)),
    )
    frappe.msgprint(frappe.utils.escape_html(text), alert=True, indicator="blue")


def announce_sale(doc: Document) -> None:
    """The customer's managers are told of a plan when it is sold, unless it is over
    already; of an import nobody is."""
    was_sold = before_save(doc, "status") not in (None, DRAFT)
    if frappe.flags.in_import or doc.status != ACTIVE or was_sold:
        return
    plan = plan_values.plan_of(doc)
    if plan.state_at(now()) in (PlanState.IN_FORCE, PlanState.NOT_STARTED):
        plan_notices.notify_of_sale(plan)


def announce_seats(doc: Document, given: set[str], ended: set[str]) -> None:
    """While a plan is in force each person who gains or loses a seat on it is told so;
    of a plan that is being sold, and of an import, nobody is."""
    if frappe.flags.in_import:
        _miss_seats(doc)
        return
    if doc.status == DRAFT:
        return
    plan = plan_values.plan_of(doc)
    if plan.state_at(now()) is not PlanState.IN_FORCE:
        return
    # Whose seat is yet to begin may not ask yet.
    seated = {seat.contact for seat in plan.active_seats(plan.today(now()))}
    for kind, contacts in (("seat_given", given & seated), ("seat_ended", ended)):
        for contact in sorted(contacts):
            plan_notices.notify_of_seat(kind, plan, contact)


def _miss_seats(doc: Document) -> None:
    """What an import says has begun or ended lately is no news for the hourly job; what
    is still to come is."""
    plan, before = plan_values.plan_of(doc), doc.get_doc_before_save()
    known = {
        policy_values.seat_of(row)
        for row in (before.authorized_contacts if before else ())
    }
    changed = {seat.contact for seat in {*plan.seats} - known}
    for kind, contact, day in changed_by_date(plan, date.min, plan.today(now())):
        if contact in changed:
            plan_notices.miss_seat(kind, plan, contact, on=day.isoformat())


def hand_over(doc: Document) -> None:
    """Another success manager takes over the unresolved tickets of the plan, too.

    Found by index and written by key: an update with a search would lock every row it
    reads.
    """
    if not doc.has_value_changed("success_manager"):
        return
    names = frappe.get_all(
        "HD Ticket",
        filters={"beesender_plan": doc.name, "status_category": ("!=", "Resolved")},
        pluck="name",
        order_by="name",
    )
    for start in range(0, len(names), LOT):
        frappe.db.set_value(
            "HD Ticket",
            {"name": ("in", names[start : start + LOT])},
            "beesender_success_manager",
            doc.success_manager,
            update_modified=False,
        )
