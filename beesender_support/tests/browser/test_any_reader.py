"""No checker of accessibility finds a fault in our parts, small ones included, and none is
wider than a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import DESK, SCREENS
from beesender_support.tests.browser.pages import AgentTicket, Portal
from beesender_support.tests.browser.test_agent_admits import held  # noqa: F401

REQUEST, PANEL = "section.beesender-request", "section.beesender-panel"
DIALOG = "dialog.beesender-dialog"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def look_at(axe: Axe):
    """``look_at(page, part)`` fails on any fault inside ``part``, and on a page that can be
    scrolled sideways."""

    def look(page: Page, part: str) -> None:
        expect(page.locator(part).first).to_be_visible()
        found = axe.run(page, context={"include": [[part]]}).response["violations"]
        assert not [
            (each["impact"], each["id"], [node["target"] for node in each["nodes"]])
            for each in found
        ]
        assert page.evaluate(WIDER) <= 0

    return look


@pytest.mark.parametrize("screen", SCREENS)
def test_what_clients_see(enter, look_at, screen):
    view = {"viewport": SCREENS[screen]}
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.JANE, "/helpdesk/my-tickets/new", **view)
    expect(Portal(page).promise).to_contain_text("We will answer by")
    page.locator(f"{REQUEST} summary").click()
    look_at(page, REQUEST)
    page.goto(f"/helpdesk/my-tickets/{name}")
    look_at(page, PANEL)
    page.get_by_role("button", name="Why then?").click()
    look_at(page, DIALOG)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Give access").click()
    look_at(page, DIALOG)
    page.goto("/support-plan")
    look_at(page, "html")
    page = enter(records.PAT, "/support-plan", **view)
    look_at(page, "html")
    page.goto("/helpdesk/my-tickets/new")
    look_at(page, "div.beesender-request")


@pytest.mark.parametrize("screen", SCREENS)
def test_what_agents_see(enter, look_at, held, screen):  # noqa: F811
    view = {"viewport": SCREENS[screen]}
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}", **view)
    look_at(page, PANEL)
    # On a phone Helpdesk keeps all actions behind three dots.
    menu = AgentTicket(page).header.get_by_role("button", name="Support plan")
    if view["viewport"] != DESK:
        menu = page.locator("header button[aria-haspopup=menu]").last
    for action in (
        "Why this deadline?",
        "Change priority or category",
        "Customer's plan",
        "Log a call",
        "Log an answer by Skype",
    ):
        menu.click()
        page.get_by_role("menuitem", name=action).click()
        look_at(page, DIALOG)
        page.keyboard.press("Escape")
        expect(page.locator(DIALOG)).to_have_count(0)

    page.goto(f"/helpdesk/tickets/{held}")
    look_at(page, PANEL)
    if view["viewport"] == DESK:
        page.get_by_role("button", name="Decline").click()
    else:
        # Beside that of the status, once the actions are there.
        expect(menu).not_to_contain_text("Open")
        menu.click()
        page.get_by_role("menuitem", name="Decline").click()
    look_at(page, DIALOG)
