"""Applies the passage of time: promises that become at risk or are broken."""

from collections.abc import Iterable, Iterator

import frappe
from frappe.utils import get_system_timezone
from pypika import Case, Criterion, Table
from pypika.functions import IfNull
from pypika.terms import Term

from beesender_support.enforcement.response import ticket_fields
from beesender_support.records.site_time import now, to_column
from beesender_support.records.tickets import promise

TICKET, SETTINGS = "HD Ticket", "Beesender Support Settings"
# Tickets written at a time.
LOT = 500


def follow_the_clock() -> None:
    """Tickets with a promise that has become at risk, or was broken, since they were
    saved. Both instants were computed with the promise.
    """
    display_in_zone_of_site()
    instant = to_column(now())
    for fields in promise.FIELDS_OF_TARGET.values():
        draws_near = {
            fields.state: "Due",
            fields.at_risk_at: ("<=", instant),
            "status_category": ("!=", "Resolved"),
        }
        update_in_lots({**promise.COUNTED, **draws_near}, {fields.state: "At risk"})
    break_promises()
    correct_agreement_status()


def break_promises() -> None:
    """Promises whose deadline has passed; cheap enough for every minute.

    Closing a ticket is no answer: one that is closed unanswered breaks its promise when
    the deadline comes. One that was merged lives on in another.
    """
    instant = to_column(now())
    for fields in promise.FIELDS_OF_TARGET.values():
        is_late = {
            fields.state: ("in", ["Due", "At risk"]),
            fields.due_at: ("<", instant),
        }
        update_in_lots(
            {**promise.COUNTED, **is_late},
            {fields.state: "Breached", "agreement_status": "Failed"},
        )


def correct_agreement_status() -> None:
    """Helpdesk's hourly job knows neither next answers nor tickets that are promised a
    solution alone, and compares site times, of which one hour occurs twice in autumn.
    What it writes of them is corrected."""
    ticket = frappe.qb.DocType(TICKET)
    right = _right_agreement_status(ticket)
    is_wrong = (
        (ticket.status_category == "Open")
        & (ticket.is_merged == 0)
        & (ticket.sla != "")
        & (ticket.beesender_admission == "Accepted")
        & (IfNull(ticket.agreement_status, "") != right)
    )
    last = ""
    while names := (
        frappe.qb.from_(ticket)
        .select(ticket.name)
        .where(is_wrong & (ticket.name > last))
        .orderby(ticket.name)
        .limit(LOT)
        .run(pluck=True)
    ):
        (
            frappe.qb.update(ticket)
            .set(ticket.agreement_status, right)
            .where(is_wrong & ticket.name.isin(names))
            .run()
        )
        frappe.db.commit()
        last = names[-1]


def _right_agreement_status(ticket: Table) -> Case:
    """Helpdesk's word for the stored states of a ticket, as ``Promises.overall`` says it
    of one; that which it has where nothing is promised."""
    first, following, solution = (
        IfNull(ticket[fields.state], "") for fields in promise.FIELDS_OF_TARGET.values()
    )
    states = (first, following, solution)
    running = ("Due", "At risk")
    was_late = ticket[promise.EARLIER_BREACHED] > 0
    return (
        Case()
        .when(was_late | _any(states, ("Breached",)), "Failed")
        .when(first.isin(running), "First Response Due")
        .when(_any(states, running), "Resolution Due")
        .when(solution == "Paused", "Paused")
        .when(_any(states, ("Met",)), "Fulfilled")
        .else_(IfNull(ticket.agreement_status, ""))
    )


def _any(states: Iterable[Term], among: tuple[str, ...]) -> Criterion:
    return Criterion.any([each.isin(among) for each in states])


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
            for row in frappe.get_all(
                TICKET, {"name": ("in", names)}, ticket_fields.DISPLAYED
            ):
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
