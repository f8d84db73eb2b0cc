"""Reserving, using and giving back allowances, from a ticket or for a day.

Whoever calls has checked who asks. ``key`` is made by the client for one press of a
button: what was written with it is not written again.
"""

import hashlib
from collections.abc import Collection
from datetime import date
from decimal import Decimal
from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from beesender_support.enforcement.response.merges import lasting_of
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.policy.allowances.ledger import (
    CONSUME,
    RELEASE,
    RESERVE,
    open_amount,
)
from beesender_support.policy.plans.plan_state import PlanState
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.allowances import balances
from beesender_support.records.allowances.balances import ENTRY, Line
from beesender_support.records.site_time import now
from beesender_support.records.sold import sold_plans

SAVEPOINT = "beesender_allowance"
MAX_MERGES = 20


# From a ticket


def plan_on(ticket: Document, on: date | None) -> Plan:
    """The plan of a ticket's customer that is in force on a day, without one today; else
    the one under which it was admitted. After a renewal the day decides."""
    plans = sold_plans.of_customer(ticket.customer) if ticket.customer else ()
    in_force = [
        plan
        for plan in plans
        if plan.state_on(on or plan.today(now())) is PlanState.IN_FORCE
    ]
    own = [plan for plan in plans if plan.name == ticket.beesender_plan]
    found = next(iter([*in_force, *own]), None)
    if found is None:
        _refuse_without_plan(ticket)
    return found


def use(
    ticket: Document,
    entitlement: str,
    amount: object = 1,
    on: date | None = None,
    reason: str = "",
    key: str = "",
) -> Document:
    """Note that something was used for a ticket; its reservation is used first."""
    plan = plan_on(ticket, on)
    day = on or plan.today(now())
    reserved = [
        each
        for each in open_reservations(ticket.name, plan, entitlement)
        # Those of a later contract year are kept for it.
        if each.year_starts_on <= day
    ]
    return write(
        {
            "plan": plan.name,
            "entitlement": entitlement,
            "action": CONSUME,
            "amount": amount,
            "date": on,
            "ticket": ticket.name,
            "reason": reason,
            "reservation": reserved[0].entry.name if reserved else None,
        },
        key,
    )


def reserve(
    ticket: Document,
    entitlement: str,
    amount: object = 1,
    on: date | None = None,
    reason: str = "",
    key: str = "",
) -> Document:
    """Reserve something for a ticket that is open."""
    if ticket.status_category == "Resolved":
        frappe.throw(
            _("This ticket is closed: what is reserved for it would be given back.")
        )
    return write(
        {
            "plan": plan_on(ticket, on).name,
            "entitlement": entitlement,
            "action": RESERVE,
            "amount": amount,
            "date": on,
            "ticket": ticket.name,
            "reason": reason,
        },
        key,
    )


def give_back(ticket: Document, entry: str, reason: str, key: str = "") -> Document:
    """Give back what an entry of a ticket reserved, as far as it is open, or used."""
    [line] = [each for each in lines_of_ticket(ticket) if each.entry.name == entry] or [
        None
    ]
    if line is None:
        frappe.throw(_("There is no entry {0}.").format(escape_html(entry[:40])))
    return release(line, reason, key)


def release(line: Line, reason: str, key: str = "") -> Document:
    """Give back what is open of a reservation, or what was used."""
    is_reservation = line.entry.action == RESERVE
    amount = line.entry.amount
    if is_reservation:
        amount = _open_amount(line, balances.lines_of([line.plan])) or amount
    return write(
        {
            "action": RELEASE,
            "plan": line.plan,
            "entitlement": line.entitlement,
            "amount": amount,
            "reason": reason,
            "reservation" if is_reservation else "reverses": line.entry.name,
        },
        key,
    )


def write(values: dict[str, object], key: str = "") -> Document:
    """A new entry, or the one that the session's user wrote with this key before."""
    key = _key_of(key)
    if written := _written_with(key):
        return written
    doc = frappe.get_doc({"doctype": ENTRY, **values, "key": key or None})
    frappe.db.savepoint(SAVEPOINT)
    try:
        # The caller was checked; nobody but managers makes entries by hand.
        doc.insert(ignore_permissions=True)
    except (frappe.UniqueValidationError, frappe.DuplicateEntryError):
        frappe.db.rollback(save_point=SAVEPOINT)
        frappe.clear_last_message()
        written = _written_with(key, latest=True)
        if written is None:
            raise
        return written
    except Exception as fault:
        # It is decided on after it was written; whoever goes on goes on without it.
        if not ends_the_transaction(fault):
            frappe.db.rollback(save_point=SAVEPOINT)
        raise
    return doc


# What is there


def open_reservations(ticket: str, plan: Plan, entitlement: str) -> list[Line]:
    """Those for a ticket, or for one that was merged into it, of which something is
    open."""
    lines = balances.lines_of([plan.name])
    theirs = [
        each
        for each in lines
        if each.entry.action == RESERVE
        and each.entitlement == entitlement
        and _open_amount(each, lines)
    ]
    lasting = lasting_of({each.ticket for each in theirs if each.ticket})
    return [
        each for each in theirs if each.ticket and lasting[each.ticket] == str(ticket)
    ]


def lines_of_ticket(ticket: Document) -> list[Line]:
    """All entries of a ticket, and of those that were merged into it, by plan."""
    names = {str(ticket.name), *_merged_into(ticket.name)}
    plans = frappe.get_all(
        ENTRY, {"ticket": ("in", sorted(names))}, pluck="plan", distinct=True
    )
    return [each for each in balances.lines_of(plans) if each.ticket in names]


def not_given_back(lines: Collection[Line]) -> list[Line]:
    """What was used and not reversed, and reservations of which something is open."""
    over = {each.entry.reverses for each in lines}
    return [
        each
        for each in lines
        if each.entry.action != RELEASE
        and each.entry.name not in over
        and (each.entry.action != RESERVE or _open_amount(each, lines))
    ]


def _merged_into(ticket: str) -> set[str]:
    found: set[str] = set()
    names = [str(ticket)]
    for _round in range(MAX_MERGES):
        rows = frappe.get_all(
            "HD Ticket",
            {"is_merged": 1, "merged_with": ("in", names)},
            pluck="name",
        )
        names = [str(each) for each in rows if str(each) not in found]
        if not names:
            break
        found.update(names)
    return found


def _open_amount(line: Line, lines: Collection[Line]) -> Decimal:
    return open_amount([each.entry for each in lines], line.entry.name)


def _written_with(key: str, *, latest: bool = False) -> Document | None:
    name = key and frappe.db.get_value(ENTRY, {"key": key}, "name", for_update=latest)
    return frappe.get_doc(ENTRY, name, for_update=latest) if name else None


def _key_of(key: str) -> str:
    """One user's key says nothing of another's."""
    if not key:
        return ""
    return hashlib.sha256(f"{frappe.session.user}\n{key}".encode()).hexdigest()


def _refuse_without_plan(ticket: Document) -> NoReturn:
    if not ticket.customer:
        frappe.throw(_("This ticket has no customer, so it has no plan."))
    frappe.throw(
        _("{0} has no support plan.").format(escape_html(str(ticket.customer)))
    )
