"""How a promise stands, kept current for lists and counts to filter by."""

import frappe
import pytest

from beesender_support.enforcement.response.clock_job import follow_the_clock
from beesender_support.patches import add_response_state, add_tier_rank
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_p1,
    make_ticket,
    session_of,
)

# Four support hours of Basic from then on: at risk after three of them.
AT_RISK_FROM = "2026-11-23T11:30:00+03:00"
DUE = "2026-11-23T12:30:00+03:00"
A_SECOND_LATE = "2026-11-23T12:30:01+03:00"


def p1_of_friday(**plan):
    return make_p1(make_client(**plan))


def state_of(ticket):
    return frappe.db.get_value("HD Ticket", ticket.name, "beesender_response_state")


@pytest.mark.parametrize(
    ("stamp", "state"),
    [
        ("2026-11-23T11:29:59+03:00", "Due"),
        (AT_RISK_FROM, "At risk"),
        (DUE, "At risk"),
        (A_SECOND_LATE, "Breached"),
    ],
)
def test_time_alone_puts_an_unanswered_promise_at_risk_and_breaks_it(stamp, state):
    ticket = p1_of_friday()
    with clock_at(stamp):
        follow_the_clock()
        follow_the_clock()
    assert state_of(ticket) == state
    assert (ticket.reload().agreement_status == "Failed") == (state == "Breached")


@pytest.mark.parametrize(
    ("stamp", "state"), [(DUE, "Met"), (A_SECOND_LATE, "Breached")]
)
def test_an_answer_settles_the_state_for_good(stamp, state):
    ticket = p1_of_friday()
    with clock_at(stamp), session_of(make_agent()):
        frappe.get_doc("HD Ticket", ticket.name).reply_via_agent("We are on it.")
    assert state_of(ticket) == state
    with clock_at("2026-12-01T12:00:00+03:00"):
        follow_the_clock()
    assert state_of(ticket) == state


def test_closing_a_request_unanswered_is_no_answer():
    ticket = p1_of_friday()
    with clock_at("2026-11-23T10:00:00+03:00"):
        ticket.status = "Closed"
        ticket.save()
    assert state_of(ticket) == "Due"
    with clock_at(AT_RISK_FROM):
        follow_the_clock()
    assert state_of(ticket) == "Due"
    with clock_at(A_SECOND_LATE):
        follow_the_clock()
    assert state_of(ticket) == "Breached"


def test_a_merged_request_lives_on_in_the_other():
    ticket = p1_of_friday()
    ticket.db_set({"is_merged": 1, "status_category": "Resolved"})
    with clock_at(A_SECOND_LATE):
        follow_the_clock()
    assert state_of(ticket) == "Due"


def test_a_ticket_carries_the_rank_of_its_tier():
    ticket = make_ticket(make_client(tier="Premium"))
    rank = frappe.db.get_value("Beesender Tier", "Premium", "rank")
    assert ticket.beesender_tier_rank == rank
    ticket.db_set("beesender_tier_rank", 0)
    add_tier_rank.execute()
    assert ticket.reload().beesender_tier_rank == rank


def test_a_request_without_a_promise_has_no_state():
    ticket = make_ticket(make_client(), ticket_type="Paid enhancement request")
    assert not ticket.beesender_response_state
    with clock_at("2030-01-01T00:00:00+00:00"):
        follow_the_clock()
    assert not state_of(ticket)


def test_a_client_cannot_write_the_state_or_the_manager():
    client = make_client()
    with session_of(client.email):
        ticket = frappe.get_doc(
            {
                "doctype": "HD Ticket",
                "subject": "No chats",
                "description": "Steps",
                "beesender_response_state": "Breached",
                "beesender_success_manager": "Administrator",
            }
        ).insert()
    ticket.reload()
    assert ticket.beesender_response_state == "Due"
    assert not ticket.beesender_success_manager


def test_a_ticket_names_the_success_manager_and_follows_the_plan_to_another():
    first, second = make_agent(), make_agent()
    client = make_client(success_manager=first)
    ticket = make_ticket(client)
    assert ticket.beesender_success_manager == first
    resolved = make_ticket(client)
    resolved.db_set("status_category", "Resolved")
    client.plan.reload().success_manager = second
    client.plan.save()
    assert ticket.reload().beesender_success_manager == second
    assert resolved.reload().beesender_success_manager == first


def test_tickets_from_before_get_their_state_and_manager():
    manager = make_agent()
    tickets = [p1_of_friday(success_manager=manager) for _each in range(2)]
    with clock_at(DUE), session_of(make_agent()):
        frappe.get_doc("HD Ticket", tickets[0].name).reply_via_agent("We are on it.")
    for ticket in tickets:
        ticket.reload().db_set(
            {"beesender_response_state": None, "beesender_success_manager": None}
        )
    with clock_at(A_SECOND_LATE):
        add_response_state.execute()
        add_response_state.execute()
    assert [state_of(ticket) for ticket in tickets] == ["Met", "Breached"]
    assert tickets[0].reload().beesender_success_manager == manager
