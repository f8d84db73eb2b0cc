"""Writes the ledger of allowances: entries are checked where they are made, whoever makes
them, and never changed.

Writers of one plan wait for each other: whoever writes an entry holds the plan. What
others committed meanwhile is only seen by reading with a lock, which is done after the
entry was written: a lock on rows that are not there yet would let two plans' first
entries wait for each other.
"""

from typing import NoReturn

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement.plans.seats import locked_plan
from beesender_support.policy.allowances.contract_days import (
    check_day,
    check_year_of_reservation,
    year_of,
)
from beesender_support.policy.allowances.ledger import (
    ACTIONS,
    CONSUME,
    RELEASE,
    RESERVE,
    Ledger,
    amount_of,
)
from beesender_support.policy.errors import NoReason, UnknownName
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Name
from beesender_support.records.allowances.balances import (
    ENTRY,
    counted,
    decimal_of,
    ledger_of,
    lines_of,
)
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_values

# What follows from the rest, whatever was typed or posted.
DECIDED = ("customer", "contract_year_starts_on", "billable_amount", "granted")


def check(doc: Document) -> None:
    """Complete a new entry and hold its plan; raise PolicyError for one that cannot be."""
    if not doc.is_new():
        frappe.throw(
            _(
                "An entry of an allowance is written once and never changed. Give back"
                " what it took by another entry."
            )
        )
    if doc.action not in ACTIONS:
        raise UnknownName("action", doc.action, allowed=tuple(map(Name, ACTIONS)))
    for field in DECIDED:
        doc.set(field, None)
    origin = _follow_origin(doc)
    plan = plan_values.plan_of(locked_plan(doc.plan))
    today = plan.today(now())
    # As it was read with the lock; ``settle`` decides by the same.
    doc.flags.beesender_plan = plan
    doc.customer = plan.customer
    doc.reason = (doc.reason or "").strip()
    doc.date = getdate(doc.date) if doc.date and doc.action != RELEASE else today
    if doc.action == RELEASE:
        if not doc.reason:
            raise NoReason("reason", doc.reason)
    else:
        check_day(plan, doc.action, doc.date, today)
        _refuse_ticket_of_others(doc, plan)
        if origin:
            check_year_of_reservation(origin.contract_year_starts_on, doc.date)
    unit = _counted_unit(plan, doc.entitlement)
    doc.amount = float(amount_of(unit, doc.amount))
    doc.contract_year_starts_on = (
        origin.contract_year_starts_on if origin else year_of(plan, doc.date)
    )


def settle(doc: Document) -> None:
    """Let the ledger decide on an entry that was just written, by all before it."""
    plan = doc.flags.pop("beesender_plan")
    lines = [
        each
        for each in lines_of([doc.plan], latest=True)
        if each.entry.name != doc.name
    ]
    ledger = ledger_of(
        plan,
        doc.entitlement,
        getdate(doc.contract_year_starts_on),
        lines,
        plan.today(now()),
    )
    if ledger is None:
        _refuse_uncounted(doc.entitlement)
    billable = _decide(doc, ledger)
    doc.db_set(
        {
            "amount": float(doc.amount),
            "billable_amount": billable,
            "granted": float(ledger.balance.granted),
        },
        update_modified=False,
    )


def refuse_removal(doc: Document) -> None:
    frappe.throw(
        _("An entry of an allowance is never deleted. Give back what it took instead.")
    )


def _decide(doc: Document, ledger: Ledger) -> float:
    """The part of the entry that is billable."""
    amount = decimal_of(doc.amount)
    if doc.action == RESERVE:
        ledger.reserve(amount)
    elif doc.action == CONSUME:
        return float(ledger.consume(amount, doc.reservation or None).billable)
    elif doc.reverses:
        doc.amount = float(ledger.reverse(doc.reverses))
    else:
        ledger.release(amount, doc.reservation)
    return 0


def _follow_origin(doc: Document) -> frappe._dict | None:
    """An entry that fulfils or gives back another one is of the same allowance and
    contract year. Which fields may be set follows from the action."""
    if doc.action == RESERVE:
        doc.reservation = None
    if doc.action != RELEASE:
        doc.reverses = None
    elif bool(doc.reservation) == bool(doc.reverses):
        frappe.throw(_("Choose what is given back: a reservation, or what was used."))
    name = doc.reservation or doc.reverses
    if not name:
        return None
    origin = frappe.db.get_value(
        ENTRY,
        name,
        ["plan", "entitlement", "contract_year_starts_on", "ticket"],
        as_dict=True,
    )
    if doc.action == RELEASE:
        doc.plan, doc.entitlement = origin.plan, origin.entitlement
        # Frappe has looked at the links by now, and this one may be of a ticket that is
        # gone.
        doc.ticket = origin.ticket
    elif (doc.plan, doc.entitlement) != (origin.plan, origin.entitlement):
        frappe.throw(_("The reservation is of another plan or entitlement."))
    return origin


def _counted_unit(plan: Plan, entitlement: str) -> str:
    known = counted(plan).get(entitlement)
    if known is None:
        _refuse_uncounted(entitlement)
    return known.unit


def _refuse_uncounted(entitlement: str) -> NoReturn:
    frappe.throw(
        _("{0} is not counted: a plan has it, or does not.").format(
            frappe.utils.escape_html(str(entitlement)[:40])
        )
    )


def _refuse_ticket_of_others(doc: Document, plan: Plan) -> None:
    if not doc.ticket:
        return
    customer = frappe.db.get_value("HD Ticket", doc.ticket, "customer")
    if customer != plan.customer:
        frappe.throw(
            _("Ticket {0} is not of {1}, whose plan this is.").format(
                frappe.utils.escape_html(str(doc.ticket)[:40]),
                frappe.utils.escape_html(plan.customer),
            )
        )
