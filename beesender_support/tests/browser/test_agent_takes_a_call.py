"""Somebody unknown calls: an agent makes a contact with a seat, and answers them."""

import re
from collections.abc import Iterator
from email.utils import getaddresses

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import AgentTicket, Portal
from beesender_support.tests.browser.records import STEPS, SUBJECT

NUMBER, OLGA = "+7 495 123-45-67", "olga@acme.example"


@pytest.fixture
def ringing() -> Iterator[str]:
    """A call that rings at the agent, who may read calls."""
    agent = records.fresh("User", records.AGENT)
    agent.add_roles("TP Agent")
    call = frappe.get_doc(
        {
            "doctype": "TP Call Log",
            "id": frappe.generate_hash(length=10),
            "type": "Incoming",
            "from": NUMBER,
            "to": "+7 495 000-00-00",
            "status": "In Progress",
            "telephony_medium": "Manual",
            "receiver": records.AGENT,
        }
    ).insert(ignore_permissions=True)
    frappe.db.commit()
    yield call.name
    frappe.db.rollback()
    records.remove("TP Call Log", call.name)
    records.despite_deadlocks(remove_caller)
    records.fresh("User", records.AGENT).remove_roles("TP Agent")
    frappe.db.commit()


def remove_caller() -> None:
    """Other tests count who has a seat."""
    for name in frappe.get_all("HD Ticket", {"raised_by": OLGA}, pluck="name"):
        records.remove_messages(name)
        records.remove("HD Ticket", name)
    contact = frappe.db.get_value("Contact", {"email_id": OLGA})
    if not contact:
        return
    for plan in frappe.get_all(
        "Beesender Authorized Contact", {"contact": contact}, pluck="parent"
    ):
        records.unseat(plan, contact)
    customer = frappe.get_doc("HD Customer", records.ACME)
    customer.contacts = [
        row for row in customer.contacts if row.contact_name != contact
    ]
    customer.save()
    records.remove("Contact", contact)


def test_an_unknown_caller_becomes_a_contact_with_a_seat_and_gets_the_answer(
    enter, picture, ringing
):
    page = enter(records.AGENT, "/helpdesk/tickets/new")
    portal = Portal(page)
    caller = page.get_by_role("region", name="Who calls?")
    expect(caller).to_be_visible()
    # Who calls is looked up as soon as the call is chosen.
    call = caller.get_by_label("A call of the last 24 hours")
    call.select_option(value=ringing)
    expect(caller.get_by_label("Number")).to_have_value(NUMBER)
    expect(caller.get_by_role("status")).to_contain_text("No contact has this number")
    page.get_by_role("button", name="Select an option").first.click()
    page.get_by_role("option", name=records.ACME).click()

    caller.get_by_role("button", name="Make a contact and give a seat").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(records.ACME)
    dialog.get_by_label("Name of the new contact").fill("Olga Orlova")
    dialog.get_by_label("E-mail address: answers go there").fill(OLGA)
    expect(dialog.get_by_label("Number")).to_have_value(NUMBER)
    picture(page, "agent-takes-a-call")
    dialog.get_by_role("button", name="Make a contact and give a seat").click()
    expect(caller.get_by_role("status")).to_contain_text(
        f"Olga Orlova is a contact of {records.ACME} with a seat now."
    )

    portal.choose("P2")
    expect(portal.promise).to_contain_text("Premium answers P2 within 2 h")
    portal.raise_request(SUBJECT, STEPS)
    page.wait_for_url(re.compile(r"/tickets/\d+"))
    name = re.search(r"/tickets/(\d+)", page.url)[1]
    ticket = records.fresh("HD Ticket", name)
    assert (ticket.customer, ticket.raised_by) == (records.ACME, OLGA)
    assert (ticket.beesender_admission, ticket.beesender_priority) == ("Accepted", "P2")
    links = records.fresh("TP Call Log", ringing).links
    assert [row.link_name for row in links] == [name]

    AgentTicket(page).reply("We look into it.")
    assert records.fresh("HD Ticket", name).beesender_response_state == "Met"
    recipients = frappe.get_value(
        "Communication",
        {"reference_name": name, "sent_or_received": "Sent"},
        "recipients",
    )
    assert [address for _name, address in getaddresses([recipients])] == [OLGA]


@pytest.fixture
def janes_number() -> Iterator[str]:
    contact = frappe.get_doc("Contact", {"email_id": records.JANE})
    contact.append("phone_nos", {"phone": "+7 495 765-43-21"})
    contact.save(ignore_permissions=True)
    frappe.db.commit()
    yield contact.phone_nos[-1].phone
    contact = records.fresh("Contact", contact.name)
    contact.phone_nos = contact.phone_nos[:-1]
    contact.save(ignore_permissions=True)
    frappe.db.commit()


def test_nothing_of_an_earlier_caller_is_left_when_somebody_unknown_calls(
    enter, janes_number
):
    page = enter(records.AGENT, "/helpdesk/tickets/new")
    promise = Portal(page).promise
    caller = page.get_by_role("region", name="Who calls?")
    number = caller.get_by_label("Number")
    number.fill(janes_number)
    number.press("Enter")
    expect(caller.get_by_role("status")).to_contain_text("Jane")
    expect(promise).to_contain_text("Premium answers")
    number.fill(NUMBER)
    number.press("Enter")
    expect(caller.get_by_role("status")).to_contain_text("No contact has this number")
    expect(promise).to_be_hidden()
    # Asked about again, Jane is found again: unless somebody else called meanwhile.
    held = []
    look_up = "**/api/method/beesender_support.api.callers.who_has"
    page.route(look_up, lambda route: route.continue_() if held else held.append(route))
    number.fill(janes_number)
    number.press("Enter")
    page.wait_for_timeout(100)
    number.fill(NUMBER)
    number.press("Enter")
    expect(caller.get_by_role("status")).to_contain_text("No contact has this number")
    with page.expect_response(lambda response: "who_has" in response.url):
        held[0].continue_()
    page.wait_for_timeout(500)
    expect(caller.get_by_role("status")).to_contain_text("No contact has this number")
    expect(promise).to_be_hidden()
