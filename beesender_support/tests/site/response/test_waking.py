"""A save wakes a ticket up where it changes what is owed, and never else."""

import frappe
import pytest

from beesender_support.enforcement.response import waking
from beesender_support.patches import wake_up_open_tickets
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import now, to_column
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    MONDAY_10,
    answer,
    clock_at,
    make_contact,
    make_customer,
    make_p1,
    make_ticket,
)

SETTINGS = "Beesender Support Settings"


@pytest.fixture
def ticket(client):
    return asleep(make_p1(client))


def asleep(ticket):
    """As the pass left it when nothing was owed any more."""
    ticket.db_set(NEXT_NOTICE, None, update_modified=False)
    return ticket.reload()


def wakes_at(ticket):
    return frappe.db.get_value("HD Ticket", ticket.name, NEXT_NOTICE)


def test_a_new_request_under_a_plan_wakes_up(client):
    ticket = make_p1(client)
    assert wakes_at(ticket) == ticket.beesender_registered_at


def test_so_does_a_held_one(client):
    stranger = make_contact(client.customer)
    assert wakes_at(make_ticket(client, contact=stranger))


def test_a_ticket_outside_the_policy_stays_asleep():
    customer = make_customer()
    contact = make_contact(customer, "plain@example.org")
    ticket = make_ticket(
        {"customer": customer, "contact": contact, "email": "plain@example.org"}
    )
    assert not ticket.beesender_admission
    ticket.subject = "Another"
    ticket.priority = "High"
    ticket.save()
    assert wakes_at(ticket) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"beesender_priority": "P2"},
        {"ticket_type": "Consultation"},
        {"status": "Closed"},
    ],
)
def test_what_changes_the_promise_wakes_it_up(ticket, changed):
    ticket.update(changed)
    with clock_at(MONDAY_10):
        ticket.save()
        assert wakes_at(ticket) == to_column(now())


def test_an_answer_wakes_it_up(ticket):
    with clock_at(MONDAY_10):
        answer(ticket)
        assert wakes_at(ticket) == to_column(now())


def test_what_changes_nothing_that_is_owed_does_not(ticket):
    ticket.subject = "Operators see no chats at all"
    with clock_at(FRIDAY_1730):
        ticket.save()
    assert wakes_at(ticket) is None


def test_nobody_writes_the_instant_by_a_save(ticket):
    ticket.set(NEXT_NOTICE, "2030-01-01 00:00:00")
    with clock_at(FRIDAY_1730):
        ticket.save()
    assert wakes_at(ticket) is None


def test_a_save_that_began_before_does_not_send_it_back_to_sleep(ticket):
    opened_before = frappe.get_doc("HD Ticket", ticket.name)
    waking.wake_up_where({"name": ticket.name})
    opened_before.subject = "Operators see no chats at all"
    opened_before.save()
    assert wakes_at(ticket)


def test_what_is_written_without_a_save_wakes_up_as_well(ticket):
    # As Helpdesk's own job closes tickets.
    ticket.flags.ignore_validate = True
    ticket.status, ticket.status_category = "Closed", "Resolved"
    ticket.save()
    assert wakes_at(ticket)


def test_waking_up_costs_no_statement(client, ticket):
    statements = []
    before = frappe.get_doc("HD Ticket", ticket.name)
    ticket._doc_before_save = before
    ticket.beesender_priority = "P3"
    run, frappe.db.sql = frappe.db.sql, lambda *args, **_: statements.append(args)
    try:
        waking.wake_up(ticket)
    finally:
        frappe.db.sql = run
    assert ticket.get(NEXT_NOTICE)
    assert not statements


def test_a_setting_wakes_up_open_tickets_alone(client):
    opened, closed = asleep(make_p1(client)), make_p1(client)
    closed.status = "Closed"
    closed.save()
    asleep(closed)
    waking.wake_up_where({"beesender_plan": client.plan.name})
    assert wakes_at(opened)
    assert wakes_at(closed) is None


def test_an_upgrade_wakes_every_open_ticket_once_and_counts_the_past_as_told(ticket):
    frappe.db.set_single_value(SETTINGS, "notices_since", "")
    with clock_at(MONDAY_10):
        wake_up_open_tickets.execute()
        first = to_column(now())
    assert wakes_at(ticket) == first
    with clock_at("2026-11-24T10:00:00+03:00"):
        wake_up_open_tickets.execute()
    assert wakes_at(ticket) == first
    assert frappe.db.get_single_value(SETTINGS, "notices_since") == str(first)
