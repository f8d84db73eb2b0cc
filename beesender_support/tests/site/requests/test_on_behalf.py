"""An agent takes down a request for somebody: judged by who asks, answered to them."""

from email.utils import getaddresses

import frappe
import pytest

from beesender_support.api import portal
from beesender_support.screens.workspace import first_steps
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_ticket,
    session_of,
    site_time,
)

MONDAY_1000, MONDAY_1030 = "2026-11-23T10:00:00+03:00", "2026-11-23T10:30:00+03:00"


def take_down(**values):
    """What Helpdesk's form sends for the session's agent."""
    request = {"subject": "No chats", "description": "The list is empty.", **values}
    return portal.raise_request(request).reload()


def answer(ticket):
    """As the agent's page does: to whoever raised the ticket."""
    ticket.reply_via_agent("We look into it.", to=ticket.raised_by)
    return ticket.reload()


def test_the_answer_to_a_request_taken_down_for_a_contact_goes_to_them_and_is_one():
    client, agent = make_client(), make_agent()
    with clock_at(MONDAY_1000), session_of(agent):
        ticket = take_down(customer=client.customer, contact=client.contact)
    assert (ticket.beesender_admission, ticket.beesender_channel) == (
        "Accepted",
        "agent",
    )
    assert ticket.service_level_agreement_creation == site_time(MONDAY_1000)
    assert ticket.raised_by == client.email
    with clock_at(MONDAY_1030), session_of(agent):
        answer(ticket)
    recipients = frappe.get_value(
        "Communication",
        {"reference_name": ticket.name, "sent_or_received": "Sent"},
        "recipients",
    )
    assert [each for _, each in getaddresses([recipients])] == [client.email]
    assert ticket.reload().first_responded_on == site_time(MONDAY_1030)
    assert ticket.beesender_response_state == "Met"


def test_a_contact_who_is_named_later_is_answered_from_then_on():
    client, agent = make_client(), make_agent()
    with session_of(agent):
        ticket = take_down(customer=client.customer)
        assert ticket.raised_by == agent
        ticket.contact = client.contact
        ticket.save()
        assert ticket.reload().raised_by == client.email
    assert ticket.beesender_admission == "Accepted"


def test_a_contact_named_before_the_customer_is_answered_too():
    client, agent = make_client(), make_agent()
    other = make_contact(make_customer())
    with session_of(agent):
        ticket = take_down(contact=client.contact)
    assert ticket.raised_by == client.email
    # Of a customer without a plan the ticket stays plain Helpdesk's.
    with session_of(agent):
        ticket = take_down(contact=other)
        assert ticket.raised_by == agent


def test_who_asks_keeps_being_answered_whoever_edits_the_ticket():
    client, agent, colleague = make_client(), make_agent(), make_agent()
    with session_of(agent):
        ticket = take_down(customer=client.customer)
    with session_of(colleague):
        ticket = frappe.get_doc("HD Ticket", ticket.name)
        ticket.contact = client.contact
        ticket.save()
    assert ticket.reload().raised_by == client.email
    second = make_contact(client.customer)
    with session_of(agent):
        ticket.contact = second
        ticket.save()
    assert ticket.reload().raised_by == client.email


def test_a_contact_without_an_address_leaves_the_agent():
    client, agent = make_client(), make_agent()
    contact = frappe.get_doc({"doctype": "Contact", "first_name": "Phone only"})
    contact.insert()
    members = frappe.get_doc("HD Customer", client.customer)
    members.append("contacts", {"contact_name": contact.name})
    members.save()
    with session_of(agent):
        ticket = take_down(customer=client.customer, contact=contact.name)
    assert ticket.raised_by == agent


def test_a_ticket_that_says_itself_who_raised_it_is_let_be():
    client = make_client()
    ticket = make_ticket(client, raised_by="assistant@example.com")
    assert ticket.raised_by == "assistant@example.com"


# The form says what saving will do


def seatless(client):
    return make_contact(client.customer)


def nobody(client):
    return None


def seated(client):
    return client.contact


@pytest.mark.parametrize(
    "names_customer", [True, False], ids=["customer", "no customer"]
)
@pytest.mark.parametrize("whom", [nobody, seated, seatless])
@pytest.mark.parametrize("status", ["Active", "Suspended"])
def test_the_form_of_an_agent_foresees_what_saving_decides(
    status, whom, names_customer
):
    client, agent = make_client(status=status), make_agent()
    chosen = {
        "customer": client.customer if names_customer else None,
        "contact": whom(client),
    }
    with session_of(agent):
        page = portal.new_request(**chosen)
        ticket = take_down(**chosen)
    if page is None:
        assert not ticket.beesender_admission
    elif "refusal" in page:
        assert ticket.beesender_admission == "Held"
    else:
        assert ticket.beesender_admission == "Accepted"
        assert page["categories"]


def test_a_client_s_form_is_about_the_client_whatever_contact_it_names():
    client = make_client()
    other = seatless(client)
    with session_of(client.email):
        assert "refusal" not in portal.new_request(client.customer, other)


# A seat without a membership


def test_a_seat_speaks_for_a_client_whom_helpdesk_counts_nowhere():
    client = make_client()
    members = frappe.get_doc("HD Customer", client.customer)
    members.contacts = []
    members.save()
    (contacts,) = [each for each in first_steps.evaluated() if each.code == "contacts"]
    assert any(
        "not among the customer's contacts" in str(each.sentence)
        and each.record == client.plan.name
        for each in contacts.missing
    )
    with session_of(client.email):
        page = portal.new_request()
        ticket = take_down(ticket_type="Incident")
    assert page["categories"]
    assert (ticket.customer, ticket.beesender_admission) == (
        client.customer,
        "Accepted",
    )
    client.plan.reload().update({"status": "Suspended"}).save()
    frappe.db.delete("HD Customer Member", {"parent": client.customer})
    with session_of(client.email):
        # A plan that is not in force speaks for nobody: plain Helpdesk, and said so.
        assert portal.new_request() is None


def test_desk_starts_with_the_names_of_codes_in_the_language_of_its_user():
    with session_of(make_agent()):
        frappe.local.lang = "ru"
        try:
            names = get_boot()["beesender_names"]
        finally:
            frappe.local.lang = "en"
    assert names["channel"]["email"] == "электронная почта"
    assert names["reason"]["contact_not_authorized"] == "Нет места"


def get_boot():
    """What Frappe does for each app when Desk starts."""
    boot = frappe._dict()
    for hook in frappe.get_hooks("extend_bootinfo", app_name="beesender_support"):
        frappe.get_attr(hook)(bootinfo=boot)
    return boot
