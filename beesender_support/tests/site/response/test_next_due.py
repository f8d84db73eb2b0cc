"""Tickets are sorted by the promise that is due soonest, whichever it is."""

import json

import frappe
import pytest

from beesender_support.api import lists
from beesender_support.enforcement.response import ticket_views
from beesender_support.patches import sort_views_by_next_due
from beesender_support.records.site_time import instant_of, to_column
from beesender_support.records.tickets.promise import NEXT_DUE, NOTHING_DUE
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_p1,
    make_ticket,
    session_of,
)
from beesender_support.tests.site.response.test_further_targets import (
    ALL,
    MONDAY,
    at,
    open_p1,
    reply,
    save,
    sell,
    write,
)


@pytest.fixture(autouse=True)
def _statuses():
    frappe.db.set_single_value("HD Settings", "auto_update_status", 1)
    frappe.db.set_single_value("HD Settings", "update_status_to", "Replied")


@pytest.fixture
def agent():
    return make_agent()


@pytest.fixture
def sold():
    sell(P1=ALL)
    return make_client()


def due(time: str):
    return to_column(instant_of(at(MONDAY, time)))


def test_of_all_that_is_owed_the_soonest_counts(sold, agent):
    ticket = open_p1(sold)
    assert ticket.get(NEXT_DUE) == due("14:00")
    reply(agent, at(MONDAY, "11:00"), ticket)
    # The solution is paused, and nothing else is owed.
    assert ticket.get(NEXT_DUE) == NOTHING_DUE
    write(sold, at(MONDAY, "12:00"), ticket)
    assert ticket.get(NEXT_DUE) == due("14:00")
    save(
        agent, at(MONDAY, "12:30"), ticket, status="Closed", status_category="Resolved"
    )
    assert ticket.get(NEXT_DUE) == NOTHING_DUE


def test_what_is_overdue_is_still_owed(sold, agent):
    ticket = open_p1(sold)
    save(agent, at(MONDAY, "17:00"), ticket, subject="Still nobody")
    assert ticket.get(NEXT_DUE) == due("14:00")


def test_outside_the_policy_nothing_is_stored():
    plain = frappe.get_doc(
        {"doctype": "HD Ticket", "subject": "Hello", "description": "Hello"}
    ).insert()
    assert plain.reload().get(NEXT_DUE) is None


def in_order(view: str, *tickets) -> list[str]:
    order = frappe.db.get_value("HD View", ticket_views.PREFIX + view, "order_by")
    answer = lists.get_list_data(
        "HD Ticket",
        filters={"name": ["in", [each.name for each in tickets]]},
        order_by=order,
    )
    return [row["name"] for row in answer["data"]]


def test_a_view_shows_what_is_due_first_and_then_what_is_not(sold, agent):
    ticket_views.restore_views()
    later = open_p1(sold, at(MONDAY, "11:00"))
    answered = reply(agent, at(MONDAY, "09:40"), open_p1(sold, at(MONDAY, "09:30")))
    sooner = open_p1(sold, at(MONDAY, "10:00"))
    with session_of(agent):
        shown = in_order("MY-CUSTOMERS", later, answered, sooner)
    assert shown == [sooner.name, later.name, answered.name]


# Sites that had the views before


def test_the_patch_fills_the_column_and_sorts_only_views_that_nobody_changed(sold):
    ticket_views.restore_views()
    open_one, closed = make_p1(sold), make_ticket(sold)
    expected = open_one.reload().get(NEXT_DUE)
    closed.db_set("status_category", "Resolved")
    for ticket in (open_one, closed):
        ticket.db_set(NEXT_DUE, None)
    name = ticket_views.PREFIX + "{}"
    former = {
        "order_by": "beesender_tier_rank desc, response_by asc",
        "filters": json.dumps(
            {
                "status_category": ["!=", "Resolved"],
                "response_by": ["is", "set"],
                "first_responded_on": ["is", "not set"],
            }
        ),
    }
    frappe.db.set_value("HD View", name.format("BY-TIER"), former)
    for view, order in (("AT-RISK", "response_by asc"), ("BREACHED", "customer asc")):
        frappe.db.set_value("HD View", name.format(view), "order_by", order)
    sort_views_by_next_due.execute()
    assert open_one.reload().get(NEXT_DUE) == expected
    assert closed.reload().get(NEXT_DUE) == NOTHING_DUE
    orders = {
        view: frappe.db.get_value("HD View", name.format(view), "order_by")
        for view in ("BY-TIER", "AT-RISK", "BREACHED")
    }
    assert orders == {
        "BY-TIER": "beesender_tier_rank desc, beesender_next_due_at asc",
        "AT-RISK": "beesender_next_due_at asc",
        "BREACHED": "customer asc",
    }
    filters = frappe.db.get_value("HD View", name.format("BY-TIER"), "filters")
    assert "first_responded_on" not in filters


def test_what_is_owed_is_found_by_an_index():
    [plan] = frappe.db.sql(
        "explain select name from `tabHD Ticket` where beesender_next_due_at < '9999-12-31'",
        as_dict=True,
    )
    assert "beesender_next_due_at_index" in (plan.possible_keys or "")
