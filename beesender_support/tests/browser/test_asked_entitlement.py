"""A client reads whether the plan includes what is asked for before sending it, and an
agent answers that it does not, or handles it with a reason."""

import re

import pytest
from frappe.utils.password import update_password
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import AgentTicket, Portal
from beesender_support.tests.browser.records import BO, STEPS, SUBJECT

NEW = "/helpdesk/my-tickets/new"
FIELD, DEVELOPERS = "beesender_entitlement", "developer_consultation"
PANEL = "section.beesender-panel"


@pytest.mark.parametrize(
    ("language", "screen", "label", "said"),
    [
        ("en", "desk", "Do you ask for one of these?", "does not include"),
        ("ru", "phone", "Вы просите о чём-то из этого?", "не входит"),
    ],
)
def test_a_client_reads_before_sending_and_sends_all_the_same(
    enter, picture, check_accessibility, language, screen, label, said
):
    update_password(BO, records.PASSWORD)
    records.frappe.db.commit()
    page = enter(BO, NEW, language, viewport=SCREENS[screen])
    choice = page.get_by_label(re.compile(re.escape(label)))
    box = page.locator(".beesender-request .box.asked")
    expect(box).to_be_hidden()
    choice.select_option("administrator_questions")
    expect(box).not_to_have_class(re.compile("refusal"))
    choice.select_option(DEVELOPERS)
    expect(box).to_contain_text(said)
    expect(box).to_contain_text("Premium")
    expect(box).to_have_class(re.compile("refusal"))
    check_accessibility(page, ".beesender-request")
    choice.scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(page, f"client-asks-for-more-{language}")
    if language == "en":
        Portal(page).raise_request(SUBJECT, STEPS)
        page.wait_for_url(re.compile(r"/my-tickets/\d+$"))
        ticket = records.fresh("HD Ticket", page.url.rsplit("/", 1)[1])
        assert ticket.get(FIELD) == DEVELOPERS
        assert ticket.beesender_admission == "Accepted"


def test_an_agent_answers_that_it_is_not_included(enter, picture, check_accessibility):
    name = records.make_ticket(BO, ticket_type="Incident", beesender_priority="P3")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    ticket = AgentTicket(page)
    ticket.choose_action("What is asked for")
    dialog = page.get_by_role("dialog", name="What is asked for")
    dialog.get_by_label("What is asked for").select_option(DEVELOPERS)
    dialog.get_by_role("button", name="Save").click()
    line = ticket.panel.locator(".asked")
    expect(line).to_contain_text("Not included")
    expect(line).to_contain_text("The Premium plan includes it.")
    check_accessibility(page, PANEL)
    ticket.dismiss_toasts()
    picture(page, "agent-not-included")
    line.get_by_role("button", name="Answer that it is not included").click()
    dialog = page.get_by_role("dialog", name="Answer that it is not included")
    expect(dialog.get_by_label("Reply to the client")).to_have_value(
        re.compile("The Basic plan does not include: Consultation with the developers")
    )
    check_accessibility(page, "dialog")
    picture(page, "agent-answers-not-included")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_text("The Basic plan does not include").first).to_be_visible()
    assert records.fresh("HD Ticket", name).beesender_response_state == "Met"


def test_an_agent_handles_it_all_the_same_with_a_reason(enter):
    name = records.make_ticket(BO, ticket_type="Incident", **{FIELD: DEVELOPERS})
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    ticket = AgentTicket(page)
    ticket.choose_action("Handle it all the same")
    dialog = page.get_by_role("dialog", name="Handle it all the same")
    dialog.get_by_role("button", name="Handle it all the same").click()
    expect(dialog).to_be_visible()
    dialog.get_by_label("Why (for the log)").fill("Promised by sales.")
    dialog.get_by_role("button", name="Handle it all the same").click()
    line = ticket.panel.locator(".asked")
    expect(line).to_contain_text("It is handled all the same.")
    expect(line.get_by_role("button")).to_have_count(0)
