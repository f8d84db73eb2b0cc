"""What an agent does with held requests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from beesender_support.api import intake
from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import AgentTicket
from beesender_support.tests.site import factories

SUBJECT = "Please unlock our licences"


@pytest.fixture
def held() -> Iterator[str]:
    """A request that an agent took down for Pat, who has no seat."""
    pat = records.fresh_contact(records.PAT)
    with factories.session_of(records.AGENT):
        ticket = factories.make_ticket(
            {"customer": records.ACME, "contact": pat, "email": records.PAT},
            subject=SUBJECT,
        )
    records.frappe.db.commit()
    assert ticket.beesender_admission == "Held"
    yield ticket.name
    records.frappe.db.rollback()
    records.remove_messages(ticket.name)
    records.remove("HD Ticket", ticket.name)
    records.frappe.db.commit()


def test_an_agent_finds_held_requests_in_a_view_of_their_own(enter, picture, held):
    page = enter(records.AGENT, "/helpdesk/tickets")
    # Helpdesk shows whichever of two lists it is asked for at once answers last.
    expect(page.get_by_text(SUBJECT).first).to_be_visible()
    page.get_by_text("Awaiting admission").click()
    expect(page.get_by_text(SUBJECT).first).to_be_visible()
    expect(page.get_by_text("No seat").first).to_be_visible()
    picture(page, "agent-awaiting-admission")


def test_an_agent_admits_a_request_once_and_says_why(enter, picture, held):
    page = enter(records.AGENT, f"/helpdesk/tickets/{held}")
    header = AgentTicket(page).header
    expect(header).to_contain_text("Held")
    picture(page, "agent-held")
    header.get_by_role("button", name="Admit once").click()
    dialog = page.get_by_role("dialog", name="Admit once")
    expect(dialog).to_contain_text("not an authorized contact")
    dialog.get_by_label("Why").fill("Their administrator is away.")
    picture(page, "agent-admits")
    dialog.get_by_role("button", name="Admit once").click()
    expect(header).to_contain_text("Due in")
    ticket = records.fresh("HD Ticket", held)
    assert (ticket.beesender_admission, bool(ticket.response_by)) == ("Accepted", True)


def test_an_agent_admits_a_request_and_gives_a_seat(enter, held):
    page = enter(records.AGENT, f"/helpdesk/tickets/{held}")
    header = AgentTicket(page).header
    header.get_by_role("button", name="Admit and give a seat").click()
    dialog = page.get_by_role("dialog", name="Admit and give a seat")
    dialog.get_by_role("button", name="Admit and give a seat").click()
    expect(header).to_contain_text("Due in")
    plan = records.fresh(
        "Beesender Support Plan", records.fresh("HD Ticket", held).beesender_plan
    )
    assert records.fresh_contact(records.PAT) in [
        row.contact for row in plan.authorized_contacts
    ]
    plan.authorized_contacts = plan.authorized_contacts[:1]
    plan.save()
    records.frappe.db.commit()


NUMBER, ADDRESS = "+7 495 123-45-67", "olga@new-of-acme.example"


@pytest.fixture
def held_of_number() -> Iterator[str]:
    """A request of somebody who gave a chatbot only a number; ACME is set by hand."""
    payload = {
        "channel": "chatbot",
        "external_id": records.frappe.generate_hash(),
        "contact_phone": NUMBER,
        "subject": SUBJECT,
        "description": "Our licences ran out.",
        "category": "Incident",
        "priority": "P2",
    }
    with factories.session_of(factories.make_channel_user()):
        records.frappe.local.form_dict = records.frappe._dict(payload)
        name = intake.register()["ticket"]
    ticket = records.frappe.get_doc("HD Ticket", name)
    ticket.customer = records.ACME
    ticket.save()
    records.frappe.db.commit()
    yield name
    records.frappe.db.rollback()
    contact = records.fresh_contact(ADDRESS)
    seats = records.frappe.get_all(
        "Beesender Authorized Contact", {"contact": contact}, pluck="parent"
    )
    for plan in seats:
        doc = records.frappe.get_doc("Beesender Support Plan", plan)
        kept = [row for row in doc.authorized_contacts if row.contact != contact]
        doc.authorized_contacts = kept
        doc.save()
    records.remove_messages(name)
    records.remove("HD Ticket", name)
    records.frappe.db.delete("HD Customer Member", {"contact_name": contact})
    records.remove("Contact", contact)
    records.frappe.db.commit()


def test_who_gave_only_a_number_becomes_a_contact(enter, picture, held_of_number):
    page = enter(records.AGENT, f"/helpdesk/tickets/{held_of_number}")
    header = AgentTicket(page).header
    header.get_by_role("button", name="Make a contact and give a seat").click()
    dialog = page.get_by_role("dialog", name="Make a contact and give a seat")
    expect(dialog).to_contain_text("Anybody can give a number")
    expect(dialog.get_by_label("Phone")).to_have_value(NUMBER)
    dialog.get_by_label("Name of the new contact").fill("Olga")
    dialog.get_by_label("E-mail address").fill(ADDRESS)
    picture(page, "agent-admits-a-number")
    dialog.get_by_role("button", name="Make a contact and give a seat").click()
    expect(header).to_contain_text("Due in")
    ticket = records.fresh("HD Ticket", held_of_number)
    assert (ticket.beesender_admission, ticket.raised_by) == ("Accepted", ADDRESS)
    assert ticket.contact == records.fresh_contact(ADDRESS)


def test_an_agent_declines_a_request_with_an_edited_reply(enter, picture, held):
    page = enter(records.AGENT, f"/helpdesk/tickets/{held}")
    AgentTicket(page).header.get_by_role("button", name="Decline").click()
    dialog = page.get_by_role("dialog", name="Decline")
    dialog.get_by_label("Reply to the sender").fill("Please ask Jane to write to us.")
    picture(page, "agent-declines")
    with page.expect_navigation():
        dialog.get_by_role("button", name="Decline").click()
    ticket = records.fresh("HD Ticket", held)
    assert (ticket.beesender_admission, ticket.status) == ("Declined", "Closed")
