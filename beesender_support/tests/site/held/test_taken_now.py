"""Held requests follow the plan: what it would accept now is offered, for all at once."""

import frappe
import pytest

from beesender_support.api import agent as agent_api
from beesender_support.api import desk, workspace
from beesender_support.enforcement.held import taken_now
from beesender_support.enforcement.plans import seats
from beesender_support.enforcement.requests import held_requests
from beesender_support.policy.requests.held_requests import is_taken
from beesender_support.screens.ticket import panel
from beesender_support.tests.site.factories import (
    held_mail,
    make_agent,
    make_client,
    make_contact,
    make_ticket,
    receive_mail,
    session_of,
)


def names(rows):
    return [str(row.name) for row in rows]


def put(client, **fields):
    client.plan.reload().update(fields).save()


def held(client, subject="Help", sender=None):
    ticket = receive_mail(sender or client.email, subject)
    assert ticket.beesender_admission == "Held"
    return str(ticket.name)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"status": "Suspended"}, {"status": "Active"}),
        ({"ends_on": "2021-01-01"}, {"ends_on": None}),
        ({"starts_on": "2099-01-01"}, {"starts_on": "2020-01-01"}),
    ],
    ids=["resumed", "extended", "started"],
)
def test_a_plan_that_is_in_force_again_takes_what_waits(client, before, after):
    put(client, **before)
    ticket = held(client)
    assert desk.held_offer(client.customer) == {
        "waiting": 1,
        "requests": [],
        "words": None,
    }
    put(client, **after)
    offer = desk.held_offer(client.customer)
    assert [each["ticket"] for each in offer["requests"]] == [ticket]
    assert offer["words"] == "1 held request would be accepted now."


def test_a_seat_takes_what_its_contact_asked(client):
    ticket = held_mail(client)
    assert not desk.held_offer(client.customer)["requests"]
    seats.give(client.plan.name, ticket.contact)
    [offered] = desk.held_offer(client.customer)["requests"]
    assert offered["ticket"] == str(ticket.name)
    assert offered["contact"] == ticket.contact


def test_a_new_plan_takes_what_came_under_the_old_one(client):
    put(client, ends_on="2021-01-01")
    ticket = held(client)
    new = frappe.copy_doc(client.plan.reload())
    new.update({"starts_on": "2022-01-01", "ends_on": None}).insert()
    offer = desk.held_offer(client.customer)
    assert [each["ticket"] for each in offer["requests"]] == [ticket]
    [outcome] = desk.admit_held(frappe.as_json([ticket]))
    assert outcome["is_decided"]
    assert frappe.db.get_value("HD Ticket", ticket, "beesender_plan") == new.name


def test_they_are_admitted_in_one_action_and_whoever_comes_second_reads_who(client):
    put(client, status="Suspended")
    tickets = [held(client, f"Question {each}") for each in range(3)]
    put(client, status="Active")
    with session_of(make_agent()):
        outcomes = agent_api.admit_what_is_taken(tickets, "Resumed")
    assert all(each["is_decided"] for each in outcomes)
    assert desk.held_offer(client.customer)["waiting"] == 0
    again = desk.admit_held(tickets)
    assert not any(each["is_decided"] for each in again)
    assert all("admitted it" in each["words"] for each in again)


def test_closed_ones_and_those_nobody_can_verify_are_not_offered(client):
    put(client, status="Suspended")
    closed, forged = held(client, "Closed"), held(client, "Forged")
    frappe.db.set_value("HD Ticket", closed, "status_category", "Resolved")
    frappe.db.set_value(
        "HD Ticket", forged, "beesender_admission_reason", "unverified_sender"
    )
    put(client, status="Active")
    assert desk.held_offer(client.customer)["requests"] == []


def test_one_by_one_says_the_same(client):
    """Whoever asked, by whichever address and channel."""
    other = make_client()
    agent = make_agent()
    for each in (client, other):
        put(each, status="Suspended")
    second = f"second.{client.email}"
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": second})
    contact.save()
    rows = [
        held(client),
        held(client, sender=second),
        held(other),
        str(held_mail(client).name),
        str(held_mail(other, sender=f"Colleague.{other.email}".upper()).name),
    ]
    make_contact(client.customer, f"unseated.{client.email}")
    with session_of(agent):
        for fields in (
            {"raised_by": agent, "contact": None},
            {"raised_by": agent},
            {},
            {"raised_by": f"unseated.{client.email}", "contact": None},
        ):
            rows.append(str(make_ticket(client, **fields).name))
    for name in rows:
        # As if it had been held for what no longer stands against it.
        frappe.db.set_value(
            "HD Ticket",
            name,
            {"beesender_admission": "Held", "beesender_admission_reason": "no_plan"},
        )
    frappe.db.set_value(
        "HD Ticket", rows[3], "beesender_admission_reason", "unknown_sender"
    )
    for each in (client, other):
        put(each, status="Active")
    expected = [
        name
        for name in rows
        if is_taken(held_requests._decided_today(frappe.get_doc("HD Ticket", name)))
    ]
    ours = {client.customer, other.customer}
    found = [row for row in taken_now.taken_of_all() if row.customer in ours]
    assert sorted(names(found)) == sorted(expected)
    assert 3 <= len(expected) < len(rows)


def test_it_asks_no_more_of_many_than_of_one(client):
    put(client, status="Suspended")
    held(client)
    others = [make_client() for _each in range(3)]
    for other in others:
        put(other, status="Suspended")
        held(other)
    put(client, status="Active")

    def queries():
        frappe.db.commit()
        counted = []
        run = frappe.db.sql
        frappe.db.sql = lambda *args, **kwargs: (
            counted.append(args) or run(*args, **kwargs)
        )
        try:
            rows = taken_now.taken_of_all()
        finally:
            del frappe.db.sql
        return len(counted), len(rows)

    queries()
    few, before = queries()
    for other in others:
        put(other, status="Active")
    queries()
    many, after = queries()
    assert after == before + 3
    assert many <= few


def test_an_agent_sees_others_of_the_customer_on_a_held_ticket(client):
    put(client, status="Suspended")
    first, second, third = (held(client, f"Question {each}") for each in range(3))
    ticket = frappe.get_doc("HD Ticket", first)
    said = {row["label"]: row["value"] for row in panel.panel(ticket)["rows"]}
    assert said["Also held"] == "2 others of this customer wait."
    assert agent_api.held_request(first)["taken"] == []
    put(client, status="Active")
    said = {row["label"]: row["value"] for row in panel.panel(ticket)["rows"]}
    assert said["Also held"] == (
        "2 others of this customer wait. 2 held requests would be accepted now."
    )
    assert agent_api.held_request(first)["taken"] == [first, second, third]
    agent_api.admit_what_is_taken([second, third])
    assert agent_api.held_request(first)["taken"] == []
    said = {row["label"] for row in panel.panel(ticket.reload())["rows"]}
    assert "Also held" not in said


def test_the_card_counts_them_and_opens_their_list(client):
    before = workspace.held_and_taken()["value"]
    put(client, status="Suspended")
    ticket = held(client)
    put(client, status="Active")
    card = workspace.held_and_taken()
    assert card["value"] == before + 1
    assert ticket in map(str, card["route_options"]["name"][1])


@pytest.mark.parametrize("who", ["client", "guest"])
def test_clients_neither_see_nor_admit(client, who):
    put(client, status="Suspended")
    ticket = held(client)
    put(client, status="Active")
    with session_of(client.email if who == "client" else "Guest"):
        for action in (
            lambda: desk.held_offer(client.customer),
            lambda: desk.admit_held([ticket]),
            lambda: agent_api.admit_what_is_taken([ticket]),
            workspace.held_and_taken,
        ):
            with pytest.raises(frappe.PermissionError):
                action()
    assert frappe.db.get_value("HD Ticket", ticket, "beesender_admission") == "Held"
