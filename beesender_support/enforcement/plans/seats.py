"""Giving and ending seats on a plan, one at a time however many try at once."""

from collections.abc import Iterable
from datetime import date
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, getdate
from frappe.utils import now as site_now

from beesender_support.enforcement.safety import rate_limit
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plan_state import SeatState
from beesender_support.policy.plans.plans import Plan, Seat, normalize_contact
from beesender_support.policy.plans.seats import over_quota_since
from beesender_support.policy.requests.access import (
    NOT_ALLOWED,
    NOT_THEIRS,
    WHY_NOT_SWAP,
    why_not_swap_seats,
)
from beesender_support.policy.sold.exceptions import NO_EXCEPTIONS
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records import settings
from beesender_support.records.people.session_contact import managed_by
from beesender_support.records.site_time import now, to_site_time
from beesender_support.records.sold import (
    catalogue,
    plan_exceptions,
    plan_values,
    policy_values,
)
from beesender_support.records.tickets import admission_log
from beesender_support.wording.renderer import fill

PLAN, SEAT, MEMBER = (
    "Beesender Support Plan",
    "Beesender Authorized Contact",
    "HD Customer Member",
)
CHANGES_A_MINUTE = 30
# Helpdesk's role of everybody who may use the portal.
PORTAL_ROLE = "HD Customer"


def lock_customers(*customers: str | None) -> None:
    """Lock these customers until the transaction ends, so that their plans change one
    after another. Code that also locks a plan locks its customer first."""
    for customer in sorted(filter(None, set(customers))):
        frappe.db.get_value("HD Customer", customer, "name", for_update=True)


def locked_plan(name: str) -> Document:
    """The present plan, locked until the transaction ends."""
    lock_customers(frappe.db.get_value(PLAN, name, "customer"))
    return frappe.get_doc(PLAN, name, for_update=True)


def give(plan: str, contact: str, why: str = "") -> None:
    """Seat a contact from today on; the plan refuses more than its tier includes.

    A seat that is to begin later begins today, a suspended one is restored, and one
    that ended is given again. A contact with an active seat keeps it.
    """
    doc = locked_plan(plan)
    value = plan_values.plan_of(doc)
    today = value.today(now())
    if value.state_of_contact(contact, today) is SeatState.IN_FORCE:
        return
    row = _row_to_come(doc, value, contact, today)
    if row:
        row.is_suspended = 0
        row.from_date = min(getdate(row.from_date), today) if row.from_date else None
    else:
        doc.append("authorized_contacts", {"contact": contact, "from_date": today})
    doc.flags.beesender_why = why
    # The caller was checked; an agent may seat contacts without editing plans.
    doc.save(ignore_permissions=True)
    if row:
        _log("Seat given", doc, contact, why)


def _row_to_come(
    doc: Document, plan: Plan, contact: str, today: date
) -> Document | None:
    """The row of a contact's seat that is suspended or has not begun."""
    rows = zip(doc.authorized_contacts, plan.seats, strict=True)
    return next(
        (
            row
            for row, seat in rows
            if normalize_contact(seat.contact) == normalize_contact(contact)
            and not seat.has_ended(today)
        ),
        None,
    )


def end(plan: str, contact: str, why: str = "") -> None:
    """End a contact's seat now. Today is its last day, since it may have been used
    today; one that never began is removed."""
    doc = locked_plan(plan)
    value, at = plan_values.plan_of(doc), now()
    today = value.today(at)
    rows = [
        (row, seat)
        for row, seat in zip(doc.authorized_contacts, value.seats, strict=True)
        if normalize_contact(seat.contact) == normalize_contact(contact)
        and not seat.has_ended(today)
    ]
    if not rows:
        frappe.throw(
            _("This contact has no seat on the plan, so there is none to end.")
        )
    for row, seat in rows:
        if seat.has_started(today):
            row.to_date, row.ended_at = today, to_site_time(at)
        else:
            doc.remove(row)
    doc.flags.beesender_why = why
    doc.flags.beesender_ends_seats = True
    doc.save(ignore_permissions=True)


def log_changes(doc: Document) -> tuple[set[str], set[str]]:
    """A row in the log for each seat that a saved plan gained or lost, however that
    happened. Returns the contacts who gained and who lost one."""
    before = doc.get_doc_before_save()
    if before is None:
        return set(), set()
    plan, plan_before = _readable(doc), _readable(before)
    if plan is None or plan_before is None:
        return set(), set()
    today = plan.today(now())
    has, had = _seated(plan, today), _seated(plan_before, today)
    why = doc.flags.pop("beesender_why", "")
    for event, contacts in (("Seat given", has - had), ("Seat ended", had - has)):
        for contact in sorted(contacts):
            _log(event, doc, contact, why)
    return has - had, had - has


def _log(event: str, doc: Document, contact: str, why: str) -> None:
    admission_log.record(
        event, plan=doc.name, customer=doc.customer, contact=contact, details=why
    )


def _readable(doc: Document) -> Plan | None:
    try:
        return plan_values.plan_of(doc)
    except PolicyError:
        return None


def _seated(plan: Plan, today: date) -> set[str]:
    return {seat.contact for seat in plan.seats if not seat.has_ended(today)}


# Who belongs to a customer


def ensure_memberships(customer: str, contacts: Iterable[str]) -> list[str]:
    """The contacts who became members. Only the rows are written: saving the customer
    would also check and invite everybody else in it."""
    wanted = list(dict.fromkeys(contacts))
    of_customer = {"parent": customer, "parenttype": "HD Customer"}
    if not wanted:
        return []
    present = frappe.get_all(
        MEMBER, {**of_customer, "contact_name": ("in", wanted)}, pluck="contact_name"
    )
    absent = [contact for contact in wanted if contact not in present]
    if not absent:
        return []
    number = frappe.db.count(MEMBER, of_customer)
    for index, contact in enumerate(absent, start=number + 1):
        member = {"contact_name": contact, "idx": index, "parentfield": "contacts"}
        frappe.get_doc({"doctype": MEMBER, **of_customer, **member}).insert(
            ignore_permissions=True
        )
    # A form of the customer that is open somewhere must not be saved without the rows.
    frappe.db.set_value(
        "HD Customer", customer, "modified", site_now(), update_modified=False
    )
    frappe.clear_document_cache("HD Customer", customer)
    _let_into_portal(absent)
    return absent


def _let_into_portal(contacts: list[str]) -> None:
    """As Helpdesk does for everybody it makes a contact of a customer."""
    users = frappe.get_all(
        "Contact", {"name": ("in", contacts), "user": ("is", "set")}, pluck="user"
    )
    already = frappe.get_all(
        "Has Role",
        {"parenttype": "User", "parent": ("in", users), "role": PORTAL_ROLE},
        pluck="parent",
    )
    for user in set(users) - set(already):
        doc = frappe.get_doc("User", user)
        doc.append_roles(PORTAL_ROLE)
        doc.save(ignore_permissions=True)


def follow_merged_customer(new: str) -> None:
    """Helpdesk drops the contacts of a customer that is merged into another."""
    plans = frappe.get_all(
        PLAN, {"customer": new, "status": ("!=", "Draft")}, pluck="name"
    )
    ensure_memberships(new, contacts_of(plans))


def follow_merged_contact(new: str) -> None:
    """Two contacts of one customer became one, whom Helpdesk would then refuse twice."""
    rows = frappe.get_all(
        MEMBER,
        {"contact_name": new, "parenttype": "HD Customer"},
        ["name", "parent"],
        order_by="is_manager desc, idx",
    )
    seen: set[str] = set()
    for row in rows:
        if row.parent in seen:
            frappe.db.delete(MEMBER, {"name": row.name})
        seen.add(row.parent)


def contacts_of(plans: list[str]) -> list[str]:
    """Who has a seat on any of these plans that has not ended, give or take a day."""
    return [
        row.contact
        for row in _rows_of(plans)
        if not row.ended_at and (not row.to_date or row.to_date >= getdate())
    ]


def _rows_of(plans: list[str]) -> list[frappe._dict]:
    if not plans:
        return []
    return frappe.get_all(
        SEAT,
        {"parent": ("in", plans), "parenttype": PLAN},
        ["parent", "contact", "from_date", "to_date", "is_suspended", "ended_at"],
        order_by="parent, idx",
    )


# Limits


def follow_limit(doc: Document) -> None:
    """A tier seats fewer or more than before: the grace period of its plans starts or
    ends at once, in each plan's zone."""
    if not doc.has_value_changed("authorized_contact_limit"):
        return
    plans = frappe.get_all(
        PLAN,
        {"tier": doc.name},
        [
            "name",
            "customer",
            "time_zone",
            "starts_on",
            "ends_on",
            "status",
            "over_quota_since",
        ],
    )
    changed: dict[date | None, list[str]] = {}
    for row, plan in light_plans(
        plans, {doc.name: policy_values.tier_of(doc, catalogue.channels())}
    ):
        since = over_quota_since(plan, row.over_quota_since, plan.today(now()))
        if since != row.over_quota_since:
            changed.setdefault(since, []).append(row.name)
    for since, names in changed.items():
        frappe.db.set_value(
            PLAN,
            {"name": ("in", names)},
            "over_quota_since",
            since,
            update_modified=False,
        )
        for name in names:
            frappe.clear_document_cache(PLAN, name)


def light_plans(
    rows: list[frappe._dict], tiers: dict[str, Tier]
) -> list[tuple[frappe._dict, Plan]]:
    """Plans with their seats and without their holidays, for questions that need none:
    two queries, however many plans. Those that cannot be read are left out."""
    seats: dict[str, list[Seat]] = {}
    for row in _rows_of([row.name for row in rows]):
        seats.setdefault(row.parent, []).append(policy_values.seat_of(row))
    agreed = plan_exceptions.of_plans([row.name for row in rows])
    plans = []
    for row in rows:
        exceptions = agreed.get(row.name, NO_EXCEPTIONS)
        tier = tiers.get(row.tier) if "tier" in row else next(iter(tiers.values()))
        if tier is None:
            continue
        try:
            plan = Plan(
                name=row.name,
                customer=row.customer,
                tier=plan_exceptions.applied(exceptions, tier),
                exceptions=exceptions,
                time_zone=row.time_zone,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                status=row.status,
                seats=tuple(seats.get(row.name, ())),
                success_manager=row.get("success_manager"),
            )
        except PolicyError:
            continue
        plans.append((row, plan))
    return plans


# In the portal


class SeatOfPlan(TypedDict):
    """``contact`` is a record's name; the days are inclusive, in the plan's zone."""

    contact: str
    from_date: date | None
    to_date: date | None
    is_suspended: int


def of_plan(plan: str) -> list[SeatOfPlan]:
    """The seats of a plan, for people of the customer."""
    return frappe.get_all(
        "Beesender Authorized Contact",
        filters={"parent": plan, "parenttype": "Beesender Support Plan"},
        fields=["contact", "from_date", "to_date", "is_suspended"],
        order_by="idx",
    )


def plan_to_manage(plan: str, user: str) -> Document:
    """The plan, if ``user`` manages its customer and the settings let them swap seats."""
    managed = managed_by(user)
    # The same for a plan of others and for none: nobody learns which plans there are.
    if frappe.db.get_value(PLAN, plan, "customer") not in managed:
        raise frappe.PermissionError
    doc = frappe.get_doc(PLAN, plan)
    is_allowed = settings.current().customer_managers_may_swap_seats
    value = plan_values.plan_of(doc)
    why_not = why_not_swap_seats(value, managed, is_allowed=is_allowed, at=now())
    if why_not == NOT_THEIRS:
        raise frappe.PermissionError
    if why_not:
        error = frappe.PermissionError if why_not == NOT_ALLOWED else None
        frappe.throw(_(WHY_NOT_SWAP[why_not]), error or frappe.ValidationError)
    return doc


def refuse_strangers(doc: Document, contact: str) -> None:
    """A customer's manager seats only people of that customer."""
    if not frappe.db.exists(
        "HD Customer Member", {"parent": doc.customer, "contact_name": contact}
    ):
        frappe.throw(
            fill(
                _("{0} is not a contact of {1}. Invite them first."),
                escape_html(contact),
                escape_html(doc.customer),
            )
        )


def refuse_too_many(user: str) -> None:
    """Each change saves the plan and is logged, so their number is limited."""
    if rate_limit.requests_of(user) > CHANGES_A_MINUTE:
        message = _("At most {0} requests a minute. Try again in a minute.").format(
            CHANGES_A_MINUTE
        )
        rate_limit.refuse(
            rate_limit.TooManyRequests,
            {"field": "", "rule": "rate_limit", "message": message},
        )
