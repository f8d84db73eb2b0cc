"""What agents take from a ticket and clients ask for in the portal, through the endpoints."""

import frappe
import pytest

from beesender_support.api import agent as agent_api
from beesender_support.api import allowances as api
from beesender_support.api import desk
from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.allowances.unused import unused
from beesender_support.records.allowances.balances import ENTRY
from beesender_support.records.sold import sold_plans
from beesender_support.screens.allowances import on_ticket
from beesender_support.screens.portal.plan_page import page_for
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_ticket,
    refused,
    session_of,
)

NOON = "2026-11-23T12:00:00+03:00"


@pytest.fixture(autouse=True)
def _clock():
    with clock_at(NOON):
        yield


@pytest.fixture
def client(site):
    return make_client(tier="Business", starts_on="2026-03-01")


def entries(client, **filters):
    return frappe.get_all(
        ENTRY,
        {"plan": client.plan.name, **filters},
        ["action", "amount", "ticket", "owner", "reason", "billable_amount"],
        order_by="creation",
    )


def words_in(panel, label="Updates with reinstallation"):
    return {row["label"]: row["value"] for row in panel["rows"]}[label]


# Agents


def test_an_agent_uses_reserves_and_gives_back_from_the_ticket(client):
    ticket, agent = make_ticket(client).name, make_agent()
    with session_of(agent):
        api.reserve(ticket, "updates", "1", date="2026-12-01", reason="Agreed by phone")
        shown = agent_api.ticket_panel(ticket)
        assert words_in(shown) == "1 of 2 left, 1 reserved"
        api.use(ticket, "updates", "2")
        assert words_in(agent_api.ticket_panel(ticket)) == "1 of 2 left, 1 used"
        [taken] = api.of_ticket(ticket)["taken"]
        assert taken["label"].startswith("Updates with reinstallation, used on")
        api.give_back(ticket, taken["value"], "Another ticket", "3")
        assert words_in(agent_api.ticket_panel(ticket)) == "2 of 2 left"
        assert api.of_ticket(ticket)["taken"] == []
    assert {each.owner for each in entries(client)} == {agent}


def test_an_agent_notes_hours_and_reads_what_is_billable(client):
    frappe.get_doc(
        {
            "doctype": "Beesender Entitlement",
            "name": "developer_hours",
            "title": "Hours of developers",
            "unit": "Hours a contract year",
        }
    ).insert()
    tier = frappe.get_doc("Beesender Tier", "Business")
    tier.append("entitlements", {"entitlement": "developer_hours", "amount": 3})
    tier.save()
    ticket = make_ticket(client).name
    with session_of(make_agent()):
        api.use(ticket, "developer_hours", "1", amount="2.25")
        api.use(ticket, "developer_hours", "2", amount="1.5")
        shown = agent_api.ticket_panel(ticket)
    assert words_in(shown, "Hours of developers") == (
        "0 h of 3 h left, 3 h used, 0.75 h beyond that, billable"
    )


def test_a_press_that_is_sent_twice_takes_one(client):
    ticket = make_ticket(client).name
    with session_of(make_agent()):
        for _press in range(2):
            api.use(ticket, "updates", "one press")
    assert len(entries(client)) == 1


def test_entries_of_another_ticket_are_not_given_back_from_this_one(client):
    other = taking.use(make_ticket(client), "updates").name
    ticket = make_ticket(client).name
    with session_of(make_agent()), refused("There is no entry"):
        api.give_back(ticket, other, "Mine now", "1")


def test_clients_take_nothing_from_a_ticket(client):
    ticket = make_ticket(client).name
    with session_of(client.email):
        for call in (
            lambda: api.of_ticket(ticket),
            lambda: api.use(ticket, "updates", "1"),
            lambda: api.reserve(ticket, "updates", "1"),
            lambda: api.give_back(ticket, "any", "Why", "1"),
        ):
            with pytest.raises(frappe.PermissionError):
                call()
    assert entries(client) == []


# Clients


def ask(client, date="2026-12-01", key="1", plan=None, entitlement="updates", **more):
    name = plan or client.plan.name
    return api.request(name, entitlement, date, key, **more)


def test_a_client_asks_for_an_update_and_sees_it_reserved(client):
    with session_of(client.email):
        name = ask(client, description="At night <b>please</b>")
        page = page_for(client.email)
    ticket = frappe.get_doc("HD Ticket", name)
    assert ticket.subject.startswith("Updates with reinstallation: wanted on")
    assert "&lt;b&gt;" in ticket.description
    assert (ticket.customer, ticket.contact) == (client.customer, client.contact)
    assert (ticket.beesender_admission, ticket.beesender_channel) == (
        "Accepted",
        "portal",
    )
    assert ticket.beesender_entitlement == "updates"
    [shown] = page["allowances"]
    assert shown["words"] == "1 of 2 left, 1 reserved"
    assert [each["ticket"] for each in shown["reserved"]] == [name]
    assert (
        page["contract_year"] == "Contract year from March 1, 2026 to February 28, 2027"
    )
    [entry] = entries(client)
    assert (entry.action, entry.ticket, entry.owner) == ("Reserve", name, client.email)


def test_a_second_press_makes_no_second_request(client):
    with session_of(client.email):
        assert ask(client) == ask(client)
    assert len(entries(client)) == 1
    assert frappe.db.count("HD Ticket", {"customer": client.customer}) == 1


def test_a_client_asks_for_no_more_than_is_left_and_makes_no_ticket_then(client):
    with session_of(client.email):
        ask(client, key="1")
        ask(client, key="2")
        [shown] = page_for(client.email)["allowances"]
        assert not shown["may_request"]
        with refused("more than is left: 0 of 2"):
            ask(client, key="3")
    assert frappe.db.count("HD Ticket", {"customer": client.customer}) == 2


def test_an_update_is_given_back_when_its_request_is_closed_without_it(client):
    with session_of(client.email):
        name = ask(client)
        ticket = frappe.get_doc("HD Ticket", name)
        ticket.status = "Closed"
        ticket.save()
    [(line, _why)] = [each for each in unused() if each[0].plan == client.plan.name]
    taking.release(line, _why)
    [shown] = page_for(client.email)["allowances"]
    assert (shown["words"], shown["may_request"]) == ("2 of 2 left", True)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"date": "2026-11-22"}, "is before"),
        ({"date": "2028-01-01"}, "is after"),
        ({"entitlement": "end_user_questions"}, "not included by number"),
        ({"entitlement": "nothing of ours"}, "not included by number"),
    ],
)
def test_what_a_client_cannot_ask_for_is_refused(client, values, words):
    with session_of(client.email), refused(words):
        ask(client, **values)
    assert frappe.db.count("HD Ticket", {"customer": client.customer}) == 0


def test_only_a_contact_with_a_seat_in_force_asks_and_only_for_their_own(client):
    stranger = make_client(tier="Business")
    email = "colleague-without-a-seat@example.com"
    make_contact(client.customer, email, user=True)
    for user in (stranger.email, email, make_agent()):
        with session_of(user), pytest.raises(frappe.PermissionError):
            ask(client)
        for plan in ("no such plan", ""):
            with session_of(user), pytest.raises(frappe.PermissionError):
                ask(client, plan=plan or "-")
    doc = frappe.get_doc("Beesender Support Plan", client.plan.name)
    doc.status = "Suspended"
    doc.save()
    with session_of(client.email), pytest.raises(frappe.PermissionError):
        ask(client)
    assert entries(client) == []


def ask_often(client, times):
    """What was said to each attempt."""
    said = []
    for number in range(times):
        try:
            ask(client, key=str(number))
        except frappe.ValidationError as refusal:
            said.append(str(refusal))
    return said


def test_a_client_who_asks_on_and_on_is_stopped(client):
    with session_of(client.email):
        said = ask_often(client, 40)
    assert any("requests a minute" in each for each in said)
    assert len(entries(client)) == 2


def test_the_form_of_a_plan_says_what_is_left_of_it(client):
    taking.use(make_ticket(client), "updates")
    assert desk.plan_overview(client.plan.as_dict())["allowances"] == [
        "Contract year from March 1, 2026 to February 28, 2027",
        "Updates with reinstallation: 1 of 2 left, 1 used",
    ]
    unsaved = {**client.plan.as_dict(), "name": None, "__islocal": 1}
    assert desk.plan_overview(unsaved)["allowances"][1:] == [
        "Updates with reinstallation: 2 of 2 left"
    ]
    basic = make_client(tier="Basic").plan.as_dict()
    assert desk.plan_overview(basic)["allowances"] == []


def test_the_panel_costs_one_query_more(client):
    [plan] = sold_plans.named([client.plan.name])
    on_ticket.of_plan(plan)
    asked = []
    run = frappe.db.sql

    def counting(query, *args, **kwargs):
        asked.append(str(query))
        return run(query, *args, **kwargs)

    frappe.db.sql = counting
    try:
        on_ticket.of_plan(plan)
    finally:
        frappe.db.sql = run
    assert len(asked) == 1, asked
