"""What was taken of allowances to look at the app or to test it: gone with its plan, and
given back to a plan that stays."""

from collections.abc import Collection

import frappe

from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.allowances.unused import GONE
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.records.allowances.balances import ENTRY, lines_of


def delete_of_plans(plans: Collection[str]) -> None:
    """The ledger of a real plan is kept; that of a sample goes with it."""
    if not plans:
        return
    for name in frappe.get_all(ENTRY, {"plan": ("in", list(plans))}, pluck="name"):
        frappe.delete_doc(
            ENTRY,
            name,
            force=True,
            ignore_permissions=True,
            # Which refuses to delete any entry.
            ignore_on_trash=True,
            delete_permanently=True,
        )


def give_back_of_tickets(tickets: Collection[str]) -> None:
    """To plans that stay, as of any request that was deleted. Where that cannot be, the
    entries stay as they are: nothing keeps what was made to be looked at."""
    if not tickets:
        return
    of_tickets = {"ticket": ("in", list(tickets))}
    plans = frappe.get_all(ENTRY, of_tickets, pluck="plan", distinct=True)
    theirs = [each for each in lines_of(plans) if each.ticket in tickets]
    for line in taking.not_given_back(theirs):
        try:
            taking.release(line, GONE)
        except Exception as fault:
            if ends_the_transaction(fault):
                raise
            frappe.clear_messages()
