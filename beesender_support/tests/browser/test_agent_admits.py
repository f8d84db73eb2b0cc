"""What an agent does with held requests."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

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
