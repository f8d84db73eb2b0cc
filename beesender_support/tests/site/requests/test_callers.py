"""An agent takes down what somebody says on the telephone, known or not."""

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket_template import api as helpdesk_template

from beesender_support.api import callers, portal
from beesender_support.enforcement.people.callers import MOST, calls_of
from beesender_support.screens.callers.agents_form import TEMPLATE
from beesender_support.setup.agents_form import add_agents_form, remove_agents_form
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_portal_user,
    refused,
    session_of,
    site_time,
)
from beesender_support.tests.site.processes import in_process

NUMBER = "+7 495 123-45-67"


@pytest.fixture
def client():
    return make_client(tier="Premium")


@pytest.fixture
def agent():
    agent = make_agent()
    frappe.get_doc("User", agent).add_roles("TP Agent")
    return agent


def ring(receiver=None, number=NUMBER, status="Ringing", **values):
    call = {
        "doctype": "TP Call Log",
        "id": frappe.generate_hash(length=10),
        "type": "Incoming",
        "from": number,
        "to": "+7 495 000-00-00",
        "status": status,
        "telephony_medium": "Manual",
        "receiver": receiver,
        **values,
    }
    return frappe.get_doc(call).insert(ignore_permissions=True)


def take_down(agent, **values):
    with session_of(agent):
        request = {"subject": "No chats", "description": "The list is empty."}
        return portal.raise_request({**request, **values}).reload()


def links_of(call):
    rows = frappe.get_doc("TP Call Log", call.name).links
    return [row.link_name for row in rows if row.link_doctype == "HD Ticket"]


def test_the_form_asks_agents_for_whom_it_is_and_clients_nothing_more(client, agent):
    with session_of(agent):
        ours = portal.new_request_template("Default")["fields"]
        theirs = helpdesk_template.get_one("Default")["fields"]
        names = [field["fieldname"] for field in ours]
        assert names[-2:] == ["customer", "contact"]
        assert len(names) == len(theirs) + 2
        other = portal.new_request_template("Another")["fields"]
        assert other == []
    with session_of(client.email):
        ours = portal.new_request_template("Default")["fields"]
        assert len(ours) == len(helpdesk_template.get_one("Default")["fields"])


def test_what_a_site_edits_stays_and_is_not_asked_twice(agent):
    template = frappe.get_doc("HD Ticket Template", "Default")
    template.append("fields", {"fieldname": "contact", "required": 1})
    template.save()
    with session_of(agent):
        fields = portal.new_request_template("Default")["fields"]
    asked = [field["fieldname"] for field in fields]
    assert asked.count("contact") == asked.count("customer") == 1
    ours = frappe.get_doc("HD Ticket Template", TEMPLATE)
    ours.fields = []
    ours.save()
    add_agents_form()
    with session_of(agent):
        fields = portal.new_request_template("Default")["fields"]
    assert "customer" not in [field["fieldname"] for field in fields]


def test_uninstalling_takes_the_template_away():
    remove_agents_form()
    assert not frappe.db.exists("HD Ticket Template", TEMPLATE)
    remove_agents_form()


def test_who_calls_is_the_contact_that_alone_has_the_number(client, agent):
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("phone_nos", {"phone": NUMBER})
    contact.save()
    with session_of(agent):
        found = callers.who_has("+74951234567")
        nobody = callers.who_has("+4915112345678")
    assert (found["contact"], found["customer"]) == (client.contact, client.customer)
    assert (nobody["contact"], nobody["is_unknown"]) == ("", True)
    second = frappe.get_doc("Contact", make_contact(client.customer))
    second.append("phone_nos", {"phone": NUMBER})
    second.save()
    with session_of(agent):
        several = callers.who_has("+74951234567")
    assert (several["contact"], several["is_unknown"]) == ("", False)
    assert "Several contacts" in several["words"]


def test_an_unknown_caller_gets_a_contact_a_seat_and_the_answer(client, agent):
    call = ring(receiver=agent)
    with session_of(agent):
        (offered,) = callers.form()["calls"]
        assert (offered["name"], offered["number"]) == (call.name, NUMBER)
        contact = callers.make_contact(
            client.customer, "Olga", "olga@caller.example", offered["number"]
        )
        # What the form then foresees is of her, not of the agent.
        page = portal.new_request(client.customer, contact)
    assert page["categories"]
    ticket = take_down(
        agent, customer=client.customer, contact=contact, beesender_call=call.name
    )
    assert (ticket.beesender_admission, ticket.beesender_channel) == (
        "Accepted",
        "agent",
    )
    assert (ticket.contact, ticket.raised_by) == (contact, "olga@caller.example")
    assert links_of(call) == [str(ticket.name)]
    with session_of(agent):
        assert callers.form()["calls"] == []
        ticket.reply_via_agent("We look into it.", to=ticket.raised_by)
        assert callers.who_has("+74951234567")["contact"] == contact
    assert ticket.reload().beesender_response_state == "Met"


def test_one_caller_is_one_contact_whatever_each_agent_was_told(client, agent):
    with session_of(agent):
        first = callers.make_contact(client.customer, "Olga", "", NUMBER)
        again = callers.make_contact(
            client.customer, "Olga P.", "olga@caller.example", "+74951234567"
        )
        assert again == first
        assert callers.who_has(NUMBER)["contact"] == first
    contact = frappe.get_doc("Contact", first)
    assert (contact.first_name, contact.email_id) == ("Olga", "olga@caller.example")
    assert len(contact.phone_nos) == len(contact.email_ids) == 1
    # The number may be an office's: whoever else is reached by it is not renamed.
    with session_of(agent), refused("leave the number out"):
        callers.make_contact(client.customer, "", "else@caller.example", NUMBER)
    assert len(contact.reload().email_ids) == 1


def test_a_number_of_others_is_refused_also_beside_a_new_address(client, agent):
    others = make_client()
    for name in (others.contact, make_contact(others.customer)):
        contact = frappe.get_doc("Contact", name)
        contact.append("phone_nos", {"phone": NUMBER})
        contact.save()
        words = "is a contact of" if name == others.contact else "Several contacts have"
        with session_of(agent), refused(words):
            callers.make_contact(client.customer, "Olga", "olga@caller.example", NUMBER)
    assert not frappe.db.exists("Contact Email", {"email_id": "olga@caller.example"})


def test_a_name_that_a_person_wrote_stays(client, agent):
    def made_of(first_name, **values):
        address = f"olga.p{frappe.generate_hash(length=6)}@caller.example"
        contact = {
            "doctype": "Contact",
            "first_name": first_name or address.partition("@")[0].title(),
            "email_ids": [{"email_id": address, "is_primary": 1}],
            **values,
        }
        frappe.get_doc(contact).insert()
        with session_of(agent):
            name = callers.make_contact(client.customer, "Boss", address)
        return frappe.db.get_value("Contact", name, ["first_name", "last_name"])

    assert made_of("Olga", last_name="Petrova") == ("Olga", "Petrova")
    assert made_of("Olga Petrova") == ("Olga Petrova", None)
    assert made_of("") == ("Boss", None)


def test_a_message_of_the_agent_to_themselves_is_no_answer(client, agent):
    ticket = take_down(agent, customer=client.customer)
    assert ticket.raised_by == agent
    with session_of(agent):
        ticket.reply_via_agent("A note to me.", to=agent)
    assert ticket.reload().beesender_response_state == "Due"


def test_a_call_during_which_a_request_is_taken_down_answers_it(client, agent):
    with clock_at("2026-11-23T10:00:00+03:00"):
        call = ring(
            receiver=agent,
            status="In Progress",
            start_time=site_time("2026-11-23T10:00:00+03:00"),
        )
    with clock_at("2026-11-23T10:03:00+03:00"):
        ticket = take_down(
            agent,
            customer=client.customer,
            contact=client.contact,
            beesender_call=call.name,
        )
    assert ticket.beesender_response_state == "Due"
    with clock_at("2026-11-23T10:10:00+03:00"), session_of(agent):
        call = frappe.get_doc("TP Call Log", call.name)
        call.status, call.end_time = "Completed", site_time("2026-11-23T10:09:00+03:00")
        call.save(ignore_permissions=True)
    assert ticket.reload().beesender_response_state == "Met"


def test_a_call_of_somebody_else_or_of_a_ticket_is_not_taken(client, agent):
    others = ring(receiver=make_agent())
    first = take_down(agent, customer=client.customer, beesender_call=others.name)
    assert links_of(others) == []
    mine = ring(receiver=agent)
    taken = take_down(agent, customer=client.customer, beesender_call=mine.name)
    again = take_down(agent, customer=client.customer, beesender_call=mine.name)
    assert links_of(mine) == [str(taken.name)]
    assert {first.beesender_admission, again.beesender_admission} == {"Accepted"}


def test_a_call_is_taken_however_many_came_since_it_was_offered(client, agent):
    with clock_at("2026-11-23T10:00:00+03:00"):
        call = ring(receiver=agent)
    with clock_at("2026-11-23T10:05:00+03:00"):
        for _number in range(MOST):
            ring()
        with session_of(agent):
            assert call.name not in {each["name"] for each in callers.form()["calls"]}
        ticket = take_down(agent, customer=client.customer, beesender_call=call.name)
    assert links_of(call) == [str(ticket.name)]


def test_a_call_that_is_no_longer_offered_is_not_taken(client, agent):
    with clock_at("2026-11-23T10:00:00+03:00"):
        of_yesterday, outgoing = ring(receiver=agent), ring(type="Outgoing")
    with clock_at("2026-11-24T11:00:00+03:00"):
        for call in (of_yesterday, outgoing):
            take_down(agent, customer=client.customer, beesender_call=call.name)
            assert links_of(call) == []


ANOTHERS = "taken by another"


def rung() -> str:
    """A call, and the ticket that somebody makes of it later."""
    ticket = frappe.get_doc({"doctype": "HD Ticket", "subject": ANOTHERS})
    ticket.name = ANOTHERS
    ticket.db_insert()
    return ring().name


def taken_by_another(call: str) -> None:
    row = {"parent": call, "parenttype": "TP Call Log", "parentfield": "links"}
    link = {"doctype": "Dynamic Link", "link_doctype": "HD Ticket"}
    frappe.get_doc({**link, **row, "link_name": ANOTHERS}).db_insert()


def forget(call: str) -> None:
    frappe.db.delete("HD Ticket", {"name": ANOTHERS})
    frappe.delete_doc("TP Call Log", call, force=True)


def test_of_two_agents_who_take_one_call_the_second_takes_none():
    frappe.db.rollback()
    call = in_process(rung)
    try:
        assert call in {each["name"] for each in calls_of("Administrator")}
        # Committed by somebody else since this transaction began to read.
        assert in_process(taken_by_another, call) is None
        client, agent = make_client(tier="Premium"), make_agent()
        frappe.get_doc("User", agent).add_roles("TP Agent")
        ticket = take_down(agent, customer=client.customer, beesender_call=call)
        assert ticket.beesender_admission == "Accepted"
        of_call = {"parent": call, "link_name": str(ticket.name)}
        assert not frappe.db.exists("Dynamic Link", of_call)
    finally:
        frappe.db.rollback()
        in_process(forget, call)


def test_a_client_names_no_call(client, agent):
    call = ring()
    with session_of(client.email):
        request = {"subject": "No chats", "description": "Empty."}
        portal.raise_request({**request, "beesender_call": call.name})
    assert links_of(call) == []


@pytest.mark.parametrize("ask", [callers.form, callers.who_has, callers.make_contact])
def test_only_agents_ask_who_calls(client, ask):
    given = {
        callers.form: (),
        callers.who_has: (NUMBER,),
        callers.make_contact: (client.customer, "Mallory", "mallory@else.example"),
    }[ask]
    for user in (client.email, make_portal_user("nobody@else.example")):
        with session_of(user), pytest.raises(frappe.PermissionError):
            ask(*given)
    assert not frappe.db.exists("Contact Email", {"email_id": "mallory@else.example"})


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"name": "A", "email": "no address"}, "could be reached"),
        ({"name": "A"}, "Give an e-mail address or a phone number"),
        (
            {"name": "A", "email": "a@caller.example", "customer": ""},
            "Choose the customer",
        ),
    ],
)
def test_each_refusal_is_a_sentence(client, agent, values, words):
    with session_of(agent), refused(words):
        callers.make_contact(**{"customer": client.customer, **values})


def test_an_agents_address_gets_no_seat(client, agent):
    with session_of(agent), refused("could be reached"):
        callers.make_contact(client.customer, "Me", agent)


def test_a_customer_without_a_plan_gives_no_seat(agent):
    customer = make_customer()
    with session_of(agent), refused("has no Beesender support plan"):
        callers.make_contact(customer, "Olga", "olga@caller.example")
