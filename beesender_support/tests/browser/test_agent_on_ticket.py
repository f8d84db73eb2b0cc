"""What an agent does with a ticket."""

import re
from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import AgentTicket, message, minutes_left
from beesender_support.tests.browser.records import SUBJECT

PREMIUM_P1, PREMIUM_P3 = timedelta(hours=1), timedelta(hours=2)


def promise_of(name: str) -> timedelta:
    ticket = records.fresh("HD Ticket", name)
    return ticket.response_by - ticket.service_level_agreement_creation


def test_an_agent_sees_the_promise_raises_the_priority_and_answers_in_time(
    enter, picture
):
    name = records.make_ticket(subject=SUBJECT)
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    ticket = AgentTicket(page)
    expect(ticket.header).to_contain_text(re.compile(r"Due in\s*(1 h 59 min|2 h)"))
    assert promise_of(name) == PREMIUM_P3
    expect(ticket.detail("Tier")).to_contain_text("Premium")
    expect(ticket.detail("Support priority")).to_contain_text("P3")

    ticket.choose_priority("Urgent")
    expect(ticket.header).to_contain_text(re.compile(r"Due in\s*(59 min|1 h)"))
    expect(ticket.detail("Support priority")).to_contain_text("P1")
    # Helpdesk's own field saves at once; what came of it is said.
    expect(page.get_by_text("New deadline:")).to_be_visible()
    assert promise_of(name) == PREMIUM_P1
    ticket.dismiss_toasts()
    picture(page, "agent-ticket")

    ticket.reply("We are on it.")
    expect(message(page, "We are on it.")).to_be_visible()
    # At once, not when the page happens to ask again.
    expect(ticket.header).to_contain_text("Fulfilled in", timeout=10_000)
    page.reload()
    expect(ticket.header).to_contain_text("Fulfilled in")
    picture(page, "agent-ticket-answered")
    stored = records.fresh("HD Ticket", name)
    assert stored.agreement_status == "Fulfilled"
    assert stored.first_responded_on < stored.response_by


def test_an_agent_sees_no_deadline_where_none_was_promised(enter, picture):
    name = records.make_ticket(
        subject="Export chats to a spreadsheet", ticket_type="Paid enhancement request"
    )
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    ticket = AgentTicket(page)
    expect(ticket.header).to_contain_text("First Response")
    expect(ticket.header).not_to_contain_text("Due in")
    expect(ticket.detail("Tier")).to_contain_text("Premium")
    picture(page, "agent-without-promise")


@pytest.mark.parametrize("ticket_type", ["Incident", "Paid enhancement request"])
def test_an_agent_is_not_told_that_a_promise_nobody_made_has_failed(enter, ticket_type):
    name = records.make_ticket(subject=SUBJECT, ticket_type=ticket_type)
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    header = AgentTicket(page).header
    words = "Not promised" if "Paid" in ticket_type else "Due in"
    expect(header).to_contain_text(words)
    expect(header).not_to_contain_text(
        re.compile("Failed|Overdue|Resolution"), use_inner_text=True
    )


def test_an_agent_s_list_shows_no_deadline_where_none_was_promised(enter, picture):
    records.make_ticket(subject=SUBJECT)
    page = enter(records.AGENT, "/helpdesk/tickets")
    expect(page.get_by_text(SUBJECT).first).to_be_visible()
    picture(page, "agent-list")
    assert "NaN" not in page.locator("body").inner_text()


def test_an_agent_sees_the_same_deadline_from_any_time_zone(enter, picture):
    name = records.make_ticket(subject=SUBJECT)
    page = enter(
        records.AGENT, f"/helpdesk/tickets/{name}", time_zone="America/Noronha"
    )
    ticket = AgentTicket(page)
    header = ticket.header
    # Until then Helpdesk's own badge is shown.
    expect(ticket.panel).to_be_visible()
    expect(header).to_contain_text(re.compile(r"Due in|Overdue by"))
    picture(page, "agent-in-another-zone")
    left = records.fresh("HD Ticket", name).response_by - now_datetime()
    assert abs(minutes_left(header.inner_text()) - left.total_seconds() / 60) < 3


def test_an_agent_reads_the_title_of_a_tier_and_knows_channels_by_their_icons(
    enter, picture
):
    name = records.make_ticket(subject=SUBJECT)
    frappe.db.set_value("Beesender Tier", "Premium", "title", "Round the clock")
    frappe.db.commit()
    try:
        page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
        ticket = AgentTicket(page)
        expect(ticket.detail("Tier")).to_contain_text("Round the clock")
        expect(ticket.detail("Answers by").locator("svg").first).to_be_visible()
        # Helpdesk's own field beside the ticket.
        own = page.get_by_text("Tier", exact=True).last.locator("xpath=../../..")
        expect(own).to_contain_text("Round the clock")
        picture(page, "agent-ticket-title")
    finally:
        frappe.db.set_value("Beesender Tier", "Premium", "title", None)
        frappe.db.commit()
