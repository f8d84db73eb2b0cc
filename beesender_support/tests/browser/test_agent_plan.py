"""The plan beside a ticket, and what an agent does with it."""

import re

import pytest
from playwright.sync_api import Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import AgentTicket
from beesender_support.tests.browser.records import BO

PANEL = "section.beesender-panel"
RUSSIAN = {"en": "Support plan", "ru": "План поддержки"}


def go_on_to(page: Page, ticket: str) -> None:
    """Helpdesk goes from ticket to ticket without loading its page again."""
    page.evaluate(
        "(to) => history.pushState({}, '', to)", f"/helpdesk/tickets/{ticket}"
    )
    page.evaluate("() => window.dispatchEvent(new PopStateEvent('popstate'))")


@pytest.fixture
def of_bo() -> str:
    return records.make_ticket(BO, ticket_type="Incident", beesender_priority="P3")


def test_an_agent_reads_the_plan_beside_the_ticket_and_goes_on_to_the_next_one(
    enter, picture, check_accessibility, of_bo
):
    of_jane = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    without_a_plan = records.make_ticket(records.AGENT, customer=records.GLOBEX)
    page = enter(records.AGENT, f"/helpdesk/tickets/{of_bo}")
    panel = AgentTicket(page).panel
    expect(panel).to_contain_text(re.compile("Tier.*Basic", re.DOTALL))
    expect(panel).to_contain_text("portal, e-mail")
    expect(panel).to_contain_text(re.compile("(Open|Closed) for this customer"))
    check_accessibility(page, PANEL)
    AgentTicket(page).dismiss_toasts()
    picture(page, "agent-plan-panel")

    go_on_to(page, of_jane)
    expect(panel).to_contain_text(re.compile("Tier.*Premium", re.DOTALL))
    expect(panel).not_to_contain_text("Basic")
    expect(panel).to_contain_text("portal, e-mail, phone, Skype")

    go_on_to(page, without_a_plan)
    header = AgentTicket(page).header
    expect(header).to_contain_text("Resolution", use_inner_text=True)
    expect(panel).to_have_count(0)
    expect(header.get_by_role("button", name="Support plan")).to_have_count(0)

    go_on_to(page, of_jane)
    expect(header).not_to_contain_text("Resolution", use_inner_text=True)
    AgentTicket(page).choose_action("Customer's plan")
    card = page.get_by_role("dialog", name="Plan of Acme Telecom")
    expect(card).to_contain_text("24/7")
    expect(card).to_contain_text("P1: 1 h")
    picture(page, "agent-plan-card")


def test_an_agent_who_comes_back_to_the_page_sees_what_others_did_meanwhile(
    enter, of_bo
):
    page = enter(records.AGENT, f"/helpdesk/tickets/{of_bo}")
    panel = AgentTicket(page).panel
    expect(panel).to_contain_text("Incident")
    ticket = records.fresh("HD Ticket", of_bo)
    ticket.ticket_type = "Paid enhancement request"
    ticket.save()
    records.frappe.db.commit()
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(panel).to_contain_text("Not promised")
    expect(AgentTicket(page).header).to_contain_text("Not promised")


@pytest.mark.parametrize("screen", SCREENS)
def test_an_agent_sees_the_plan_in_russian_on_any_screen(enter, picture, of_bo, screen):
    page = enter(
        records.AGENT,
        f"/helpdesk/tickets/{of_bo}",
        language="ru",
        viewport=SCREENS[screen],
    )
    panel = page.get_by_role("region", name=RUSSIAN["ru"])
    expect(panel).to_contain_text("Каналы ответа")
    expect(panel).to_contain_text(re.compile("Осталось|Просрочено"))
    AgentTicket(page).dismiss_toasts()
    picture(page, f"agent-plan-panel-{screen}-ru")
    # On a phone Helpdesk keeps all actions behind three dots.
    menu = page.get_by_role("button", name=RUSSIAN["ru"])
    if screen == "phone":
        menu = page.locator("header button[aria-haspopup=menu]").last
    for action, title in (
        ("План клиента", "План клиента Borealis Net"),
        ("Изменить приоритет или категорию",) * 2,
    ):
        menu.click()
        page.get_by_role("menuitem", name=action).click()
        dialog = page.get_by_role("dialog", name=title)
        expect(dialog).to_be_visible()
        if title != action:
            page.keyboard.press("Escape")
    picture(page, f"agent-changes-priority-{screen}-ru")


def test_an_agent_knows_the_new_deadline_before_saving_another_priority(
    enter, picture, check_accessibility
):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P3")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    expect(AgentTicket(page).panel).to_contain_text(
        re.compile("Due in (1 h 5. min|2 h)")
    )
    AgentTicket(page).choose_action("Change priority or category")
    dialog = page.get_by_role("dialog", name="Change priority or category")
    dialog.get_by_label("Priority").select_option("P1")
    expect(dialog).to_contain_text(
        re.compile(r"After the change.*Due in (5. min|1 h)(?! \d)")
    )
    picture(page, "agent-changes-priority")
    check_accessibility(page, "dialog.beesender-dialog")

    dialog.get_by_label("Category").select_option("Consultation")
    expect(dialog).to_contain_text("Consultation allows P3, P4, so P1 became P3.")
    expect(dialog.get_by_label("Priority")).to_have_value("P3")
    dialog.get_by_label("Category").select_option("Incident")
    dialog.get_by_label("Priority").select_option("P1")
    expect(dialog).to_contain_text(
        re.compile(r"After the change.*Due in (5. min|1 h)(?! \d)")
    )
    dialog.get_by_role("button", name="Save").click()
    expect(AgentTicket(page).panel).to_contain_text(
        re.compile("P1.*fully down", re.DOTALL)
    )
    assert records.fresh("HD Ticket", name).beesender_priority == "P1"


def test_an_agent_logs_a_call_that_answers_the_request(enter, picture):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    AgentTicket(page).choose_action("Log a call")
    dialog = page.get_by_role("dialog", name="Log a call")
    dialog.get_by_label("Note, for agents only").fill("Restarted the channel.")
    picture(page, "agent-logs-a-call")
    dialog.get_by_role("button", name="Log a call").click()
    expect(AgentTicket(page).header).to_contain_text("Fulfilled in")
    expect(page.get_by_text("Restarted the channel.").first).to_be_visible()


def test_a_manager_allows_a_call_that_the_plan_does_not_include(enter, picture, of_bo):
    page = enter(records.ADMIN, f"/helpdesk/tickets/{of_bo}")
    AgentTicket(page).choose_action("Log a call")
    dialog = page.get_by_role("dialog", name="Log a call")
    expect(dialog).to_contain_text(
        "The Basic plan does not include answers by phone. It includes: portal, e-mail."
    )
    dialog.get_by_label("Why (for the log)").fill("Their mail is down.")
    picture(page, "agent-allows-a-call")
    dialog.get_by_role("button", name="Allow for this ticket").click()
    expect(AgentTicket(page).panel).to_contain_text("portal, e-mail, phone")


def test_an_agent_finds_tickets_in_the_shipped_views(enter, picture, of_bo):
    page = enter(records.AGENT, "/helpdesk/tickets")
    page.get_by_text("By tier and due time").click()
    rows = page.locator(".list-rows, #list-rows")
    expect(rows.first).to_contain_text("Basic")
    expect(page.get_by_text(re.compile("Due in|Overdue by")).first).to_be_visible()
    expect(page.get_by_text("Resolution", exact=True)).to_have_count(0)
    picture(page, "agent-view-by-tier")
