"""Promises in Helpdesk's lists: their colours, and that they count down by themselves."""

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from beesender_support.enforcement.response import clock_correction
from beesender_support.records.site_time import now
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import PHONE
from beesender_support.tests.site import factories

ASKED = """() => performance.getEntriesByType("resource").filter(
    ({ name }) => name.includes("promises_on_page")
).length"""
# Of a P3 request of Jane's, whose plan is Premium: two hours, around the clock.
TARGET = timedelta(hours=2)


def due_in(left: timedelta) -> str:
    """A request of Jane's, by when it is due."""
    name = records.make_ticket(records.JANE)
    with factories.session_of(records.ADMIN):
        doc = records.fresh("HD Ticket", name)
        clock_correction.correct(doc, "A test", now() + left - TARGET, None)
    records.frappe.db.commit()
    return name


def badge(page: Page, ticket: str) -> Locator:
    return page.locator(f"a[href*='tickets/{ticket}'] [data-beesender-state]")


def is_said(place: Locator, state: str, words: str) -> None:
    expect(place).to_have_attribute("data-beesender-state", state)
    expect(place).to_have_text(words)


@pytest.fixture
def answered():
    name = records.make_ticket(records.JANE)
    with factories.session_of(records.AGENT):
        records.fresh("HD Ticket", name).reply_via_agent("We look into it.")
    records.frappe.db.commit()
    return name


def test_an_agent_s_list_is_in_red_amber_and_green(
    enter, picture, check_accessibility, answered
):
    calm, hurry, late = map(
        due_in,
        (timedelta(minutes=90), timedelta(minutes=12, seconds=50), -timedelta(hours=1)),
    )
    page = enter(records.AGENT, "/helpdesk/tickets")
    is_said(badge(page, calm), "due", "Due in 1 h 29 min")
    is_said(badge(page, hurry), "at_risk", "Due in 12 min")
    is_said(badge(page, late), "breached", "Overdue by 1 h")
    expect(badge(page, answered)).to_have_attribute("data-beesender-state", "met")
    colours = {
        ticket: badge(page, ticket).evaluate("node => getComputedStyle(node).color")
        for ticket in (calm, hurry, late, answered)
    }
    assert len(set(colours.values())) == 4
    # One request for all rows.
    assert page.evaluate(ASKED) <= 2
    picture(page, "agent-list-colours")
    check_accessibility(page, "#list-rows [data-beesender-state]")
    page.evaluate("document.documentElement.setAttribute('data-theme', 'dark')")
    picture(page, "agent-list-colours-dark")
    check_accessibility(page, "#list-rows [data-beesender-state]")


def test_colours_survive_sorting_selecting_and_another_view(enter):
    hurry, late = due_in(timedelta(minutes=12)), due_in(-timedelta(hours=1))
    page = enter(records.AGENT, "/helpdesk/tickets")
    expect(badge(page, late)).to_have_attribute("data-beesender-state", "breached")
    page.locator(f"a[href*='tickets/{late}'] input[type=checkbox]").click()
    expect(badge(page, late)).to_have_attribute("data-beesender-state", "breached")
    page.get_by_text("At risk", exact=True).first.click()
    expect(page.locator(f"a[href*='tickets/{late}']")).to_have_count(0)
    records.frappe.db.rollback()
    page.get_by_text("By tier and due time").click()
    expect(badge(page, late)).to_have_attribute("data-beesender-state", "breached")
    expect(badge(page, hurry)).to_have_attribute("data-beesender-state", "at_risk")


def test_a_list_counts_down_to_red_without_asking(enter):
    ticket = due_in(timedelta(seconds=40))
    page = enter(records.AGENT, "/helpdesk/tickets")
    is_said(badge(page, ticket), "at_risk", "Due in less than a minute")
    before = page.evaluate(ASKED)
    expect(badge(page, ticket)).to_have_text("Overdue by 1 min", timeout=45_000)
    is_said(badge(page, ticket), "breached", "Overdue by 1 min")
    assert page.evaluate(ASKED) - before <= 1


def test_a_client_sees_the_same_colours_in_russian_on_a_phone(enter, picture):
    late = due_in(-timedelta(hours=1))
    page = enter(records.JANE, "/helpdesk/my-tickets", "ru", viewport=PHONE)
    is_said(badge(page, late), "breached", "Просрочено на 1 ч")
    picture(page, "client-list-colours-ru-phone")


def test_the_panel_of_a_ticket_counts_down_as_well(enter, picture):
    ticket = due_in(timedelta(seconds=45))
    page = enter(records.AGENT, f"/helpdesk/tickets/{ticket}")
    state = page.locator(".beesender-panel .beesender-state").first
    expect(state).to_have_text("Due in less than a minute")
    expect(state).to_have_attribute("data-state", "at_risk")
    picture(page, "agent-ticket-at-risk")
    why = page.get_by_role("button", name="Why then?").first
    why.focus()
    expect(state).to_have_text("Overdue by 1 min", timeout=50_000)
    expect(state).to_have_attribute("data-state", "breached")
    expect(why).to_be_focused()
    expect(page.locator("#app-header")).to_contain_text("Overdue by 1 min")
    picture(page, "agent-ticket-overdue")
