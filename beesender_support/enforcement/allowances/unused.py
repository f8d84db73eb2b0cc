"""Gives back what was reserved for a request that is over, or gone."""

import frappe

from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.response.merges import lasting_of
from beesender_support.policy.sentences import marked
from beesender_support.records.allowances import balances
from beesender_support.records.allowances.balances import ENTRY, Line

CLOSED = marked("The request was closed without using it.")
DECLINED = marked("The request was declined.")
GONE = marked("The request was deleted.")


def release_unused() -> None:
    """Safe to run twice. Tickets are only read, without locks: no save of a ticket has to
    wait, and none looks here."""
    for line, why in unused():
        frappe.db.savepoint("beesender_unused")
        try:
            taking.release(line, why)
        except Exception:
            # Used meanwhile, or its plan cannot be read.
            frappe.db.rollback(save_point="beesender_unused")
            _log_once(line.entry.name)
        # One by one: whoever writes an entry of the plan waits for no other.
        frappe.db.commit()


def _log_once(entry: str) -> None:
    """Every run meets a reservation again that cannot be given back."""
    reference = {"reference_doctype": ENTRY, "reference_name": entry}
    if not frappe.db.exists("Error Log", reference):
        title = f"Beesender Support: release of {entry}"
        frappe.log_error(title=title[:140], **reference)


def unused() -> list[tuple[Line, str]]:
    """The open reservations of tickets that are over, and why each is given back."""
    lines = balances.open_reservations_for_tickets()
    lasting = lasting_of({str(each.ticket) for each in lines})
    rows = frappe.get_all(
        "HD Ticket",
        {"name": ("in", sorted(set(lasting.values())))},
        ["name", "status_category", "beesender_admission"],
    )
    tickets = {str(row.name): row for row in rows}
    found = []
    for line in lines:
        why = _why_over(tickets.get(lasting[line.ticket]))
        if why:
            found.append((line, why))
    return found


def _why_over(ticket: frappe._dict | None) -> str | None:
    if ticket is None:
        return GONE
    if ticket.beesender_admission == "Declined":
        return DECLINED
    return CLOSED if ticket.status_category == "Resolved" else None
