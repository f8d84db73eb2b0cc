"""Applies the passage of time: promises that become at risk or are broken."""

from collections.abc import Iterator

import frappe
from frappe.utils import get_system_timezone

from beesender_support.enforcement.response import ticket_fields
from beesender_support.records.site_time import now, to_column
from beesender_support.records.tickets import promise

TICKET, SETTINGS = "HD Ticket", "Beesender Support Settings"
# Tickets written at a time.
LOT = 500


def follow_the_clock() -> None:
    """Unanswered tickets whose promise has become at risk, or was broken, since they
    were saved. Both instants were computed with the promise.

    Closing a ticket is no answer: one that is closed unanswered breaks its promise when
    the deadline comes. One that was merged lives on in another. Helpdesk's own job
    compares site times, of which one hour occurs twice in autumn: tickets it fails too
    early are corrected.
    """
    display_in_zone_of_site()
    instant = to_column(now())
    in_time = {
        **promise.COUNTED,
        "beesender_response_state": ("in", ["Due", "At risk"]),
    }
    for filters, values in (
        (
            {
                **promise.COUNTED,
                "beesender_response_state": "Due",
                "beesender_at_risk_at": ("<=", instant),
                "status_category": ("!=", "Resolved"),
            },
            {"beesender_response_state": "At risk"},
        ),
        (
            {**in_time, "beesender_due_at": ("<", instant)},
            {"beesender_response_state": "Breached", "agreement_status": "Failed"},
        ),
        (
            {
                **in_time,
                "beesender_due_at": (">=", instant),
                "agreement_status": "Failed",
            },
            {"agreement_status": "First Response Due"},
        ),
    ):
        update_in_lots(filters, values)


def update_in_lots(filters: dict, values: dict) -> None:
    """Few rows at a time, by their names: nobody who saves a ticket waits for long."""
    for names in lots_of(filters):
        # Tickets answered since they were read are skipped.
        frappe.db.set_value(
            TICKET, {**filters, "name": ("in", names)}, values, update_modified=False
        )
        frappe.db.commit()


def display_in_zone_of_site() -> None:
    """Helpdesk's fields hold site time. After the site moved to another zone they are
    written anew, so that they say the same instants as before."""
    zone = get_system_timezone()
    written_in = frappe.db.get_single_value(SETTINGS, "display_time_zone")
    if written_in == zone:
        return
    if written_in:
        for names in lots_of({"beesender_terms": ("is", "set")}):
            for row in frappe.get_all(TICKET, {"name": ("in", names)}, promise.FACTS):
                ticket_fields.store_display(row)
            frappe.db.commit()
    frappe.db.set_single_value(SETTINGS, "display_time_zone", zone)


def lots_of(filters: dict) -> Iterator[list]:
    """The names of tickets, by key, some at a time."""
    last = ""
    while names := frappe.get_all(
        TICKET,
        {**filters, "name": (">", last)} if last else filters,
        pluck="name",
        order_by="name",
        limit=LOT,
    ):
        yield names
        last = names[-1]
