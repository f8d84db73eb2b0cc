"""Scripts come as modules: nothing of theirs is global, and an upgrade reaches open tabs."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from beesender_support.screens.public_files import base_address
from beesender_support.setup.helpdesk_screens import FORM_SCRIPTS, write_form_scripts
from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import AgentTicket
from beesender_support.tests.browser.test_agent_plan import go_on_to

GLOBALS_OF_OURS = """() =>
    Object.getOwnPropertyNames(window).filter((name) => /beesender/i.test(name))"""
# How often the page changes while nobody does anything.
COUNT_CHANGES = """() => new Promise((resolve) => {
    let changes = 0;
    const panel = document.querySelector(".beesender-panel").parentElement;
    new MutationObserver((list) => { changes += list.length; }).observe(
        panel, { childList: true, subtree: true }
    );
    setTimeout(() => resolve(changes), 1500);
})"""
LOADED_FROM = """(address) => performance.getEntriesByType("resource").some(
    ({ name }) => name.includes(`${address}/js/helpdesk/agent_ticket.js`)
)"""
UPGRADED = "fedcba9876543210"


@pytest.fixture
def upgrade_to() -> Iterator[Callable[[str], None]]:
    """``upgrade_to(digest)`` has the site load its form scripts from another address."""

    def upgrade(digest: str) -> None:
        base = base_address()
        other = f"{base.rpartition('/')[0]}/{digest}"
        for each in FORM_SCRIPTS:
            script = records.frappe.db.get_value("HD Form Script", each.name, "script")
            records.frappe.db.set_value(
                "HD Form Script", each.name, "script", script.replace(base, other)
            )
        records.frappe.db.commit()

    yield upgrade
    write_form_scripts()
    records.frappe.db.commit()


def test_a_tab_that_outlives_an_upgrade_goes_on_with_the_new_scripts(enter, upgrade_to):
    first, second = (
        records.make_ticket(ticket_type="Incident", beesender_priority=priority)
        for priority in ("P1", "P2")
    )
    page = enter(records.AGENT, f"/helpdesk/tickets/{first}")
    panel = AgentTicket(page).panel
    expect(panel).to_contain_text("P1")
    page.wait_for_function(LOADED_FROM, arg=base_address())

    upgrade_to(UPGRADED)
    # Helpdesk asks for form scripts anew whenever a ticket is entered, and runs those it
    # remembers until it has the answer.
    go_on_to(page, "")
    expect(panel).to_have_count(0)
    go_on_to(page, second)
    page.wait_for_function(LOADED_FROM, arg=UPGRADED)
    expect(panel).to_contain_text("P2")
    go_on_to(page, first)
    expect(panel).to_contain_text("P1")
    expect(panel).to_have_count(1)
    # Those that were loaded before leave the page alone.
    assert page.evaluate(COUNT_CHANGES) == 0
    AgentTicket(page).choose_action("Why this deadline?")
    expect(page.get_by_role("dialog")).to_have_count(1)


def test_scripts_in_helpdesk_leave_nothing_global(enter):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    expect(AgentTicket(page).panel).to_be_visible()
    assert page.evaluate(GLOBALS_OF_OURS) == []


def test_scripts_in_desk_leave_nothing_global(enter):
    page = enter(records.ADMIN, "/app/beesender-tier/Basic")
    expect(page.locator(".beesender-week")).to_be_visible()
    assert page.evaluate(GLOBALS_OF_OURS) == []
