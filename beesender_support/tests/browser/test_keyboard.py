"""Every flow of a client and of an agent without a mouse."""

import re
from contextlib import suppress

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.api import agent as agent_api
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.keyboard import (
    MOST_STOPS,
    choose_from_menu,
    expect_focus_held,
    tab_to,
)
from beesender_support.tests.browser.pages import AgentTicket, Form, Portal
from beesender_support.tests.browser.records import STEPS, SUBJECT
from beesender_support.tests.browser.test_agent_admits import held  # noqa: F401
from beesender_support.tests.site import factories

NEW = "/helpdesk/my-tickets/new"
IS_IN_CELL = """Boolean(document.activeElement.closest(
    "[data-fieldname=authorized_contacts] .grid-body [data-fieldname=contact]"
))"""
# As if a minute had passed and another wording came from the server.
REDRAW = """() => {
    const part = document.querySelector("[data-beesender-part=panel]");
    part.dataset.stamp = "another";
    part.dataset.isOld = "";
    document.body.append(document.createElement("i"));
}"""


def test_a_client_raises_a_request(enter):
    page = enter(records.JANE, NEW)
    portal = Portal(page)
    expect(portal.promise).to_contain_text("We will answer by")
    tab_to(page, portal.subject)
    page.keyboard.type(SUBJECT)
    hint = portal.subject.get_attribute("aria-describedby")
    expect(page.locator(f"#{hint}")).to_be_visible()

    incident = page.get_by_role("radio", name="Incident")
    consultation = page.get_by_role("radio", name="Consultation")
    tab_to(page, incident)
    status = portal.promise.element_handle()
    for key, category, first in (
        ("ArrowUp", consultation, "P3"),
        ("ArrowDown", incident, "P1"),
    ):
        with page.expect_response(re.compile("portal.new_request")):
            page.keyboard.press(key)
        expect(category).to_be_checked()
        expect(category).to_be_focused()
        assert portal.offered_priorities()[0] == first
    page.keyboard.press("Tab")
    chosen = page.locator("input[name=beesender-priority]:checked")
    expect(chosen).to_be_focused()
    while chosen.get_attribute("value") != "P1":
        page.keyboard.press("ArrowUp")
        expect(chosen).to_be_focused()
    expect(portal.promise).to_contain_text("Premium answers P1 within 1 h")
    # Who hears the page is told of each change: the element that is announced stays.
    assert status.evaluate("(node) => node.isConnected")

    summary = page.locator(".beesender-request summary")
    tab_to(page, summary)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("console.acme.example, user ops")
    tab_to(page, portal.description)
    page.keyboard.press("Control+a")
    page.keyboard.type(STEPS)
    tab_to(page, portal.submit)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/my-tickets/\d+$"))
    ticket = records.fresh("HD Ticket", page.url.rsplit("/", 1)[1])
    assert (ticket.subject, ticket.ticket_type) == (SUBJECT, "Incident")
    assert ticket.beesender_priority == "P1"
    assert frappe.db.exists("Beesender Access Details", {"ticket": ticket.name})


def test_what_a_client_types_stays_while_the_offer_changes(enter):
    """A minute later the plan may offer something else."""
    page = enter(records.JANE, NEW)
    expect(Portal(page).promise).to_contain_text("We will answer by")
    tab_to(page, page.locator(".beesender-request summary"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("user o")
    before = frappe.db.get_value("Beesender Category", "Consultation", "meaning")
    change_meaning("A question about the product.")
    try:
        with page.expect_response(re.compile("portal.new_request")):
            page.get_by_role("radio", name="P2").evaluate(
                "(radio) => radio.dispatchEvent(new Event('change', {bubbles: true}))"
            )
        expect(page.locator("section.beesender-request")).to_contain_text(
            "A question about the product."
        )
    finally:
        change_meaning(before)
    page.keyboard.type("ps")
    expect(page.locator(".beesender-request textarea")).to_be_focused()
    expect(page.locator(".beesender-request textarea")).to_have_value("user ops")


def change_meaning(meaning: str) -> None:
    category = records.fresh("Beesender Category", "Consultation")
    category.meaning = meaning
    category.save()
    frappe.db.commit()


def test_an_agent_admits_a_held_request(enter, held):  # noqa: F811
    page = enter(records.AGENT, f"/helpdesk/tickets/{held}")
    header = AgentTicket(page).header
    admit = header.get_by_role("button", name="Admit once")
    tab_to(page, admit)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Admit once")
    expect(dialog.get_by_label("Why")).to_be_focused()
    expect_focus_held(page, dialog)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(admit).to_be_focused()

    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Why")).to_be_focused()
    page.keyboard.type("Their administrator is away.")
    tab_to(page, dialog.get_by_role("button", name="Admit once"))
    page.keyboard.press("Enter")
    expect(header).to_contain_text("Due in")
    assert records.fresh("HD Ticket", held).beesender_admission == "Accepted"


def test_several_held_requests_are_admitted_from_their_list(enter, held):  # noqa: F811
    page = enter(records.AGENT, "/helpdesk/tickets")
    decide = page.locator("[data-beesender-part=decide-held]")
    tab_to(page, decide)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect_focus_held(page, dialog)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(decide).to_be_focused()

    page.keyboard.press("Enter")
    admit = dialog.get_by_role("button", name="Admit once")
    tab_to(page, admit)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_contain_text("Choose")
    expect(admit).to_be_focused()
    box = dialog.locator(f"input[value='{held}']")
    tab_to(page, box, "Shift+Tab")
    page.keyboard.press("Space")
    tab_to(page, admit)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    assert records.fresh("HD Ticket", held).beesender_admission == "Accepted"


def test_a_refusal_is_announced_and_tied_to_what_was_typed(enter, held):  # noqa: F811
    page = enter(records.AGENT, f"/helpdesk/tickets/{held}")
    tab_to(page, AgentTicket(page).header.get_by_role("button", name="Admit once"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Admit once")
    page.keyboard.type("They called.")
    # A colleague is faster.
    with factories.session_of(records.AGENT):
        agent_api.decline(held, reply="", why="Spam")
    frappe.db.commit()
    send = dialog.get_by_role("button", name="Admit once")
    tab_to(page, send)
    page.keyboard.press("Enter")
    alert = dialog.get_by_role("alert")
    expect(alert).to_be_visible()
    expect(send).to_be_focused()
    why = dialog.get_by_label("Why")
    expect(why).to_have_value("They called.")
    expect(why).to_have_attribute("aria-invalid", "true")
    assert alert.get_attribute("id") in why.get_attribute("aria-describedby").split()


def test_an_agent_reads_why_then_and_comes_back(enter):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    ticket = AgentTicket(page)
    why = ticket.panel.get_by_role("button", name="Why then?")
    tab_to(page, why)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Why this deadline?")
    expect(dialog).to_be_visible()
    expect_focus_held(page, dialog)
    # Behind the dialog time passes, and the panel is drawn anew.
    page.evaluate(REDRAW)
    expect(page.locator("[data-is-old]")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(why).to_be_focused()

    menu = ticket.header.get_by_role("button", name="Support plan")
    choose_from_menu(page, menu, "Why this deadline?")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(menu).to_be_focused()


def test_an_agent_logs_an_answer(enter):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    ticket = AgentTicket(page)
    menu = ticket.header.get_by_role("button", name="Support plan")
    choose_from_menu(page, menu, "Log an answer by Skype")
    dialog = page.get_by_role("dialog", name="Log an answer by Skype")
    text = dialog.get_by_label("What you answered")
    expect(text).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(menu).to_be_focused()

    choose_from_menu(page, menu, "Log an answer by Skype")
    expect(text).to_be_focused()
    page.keyboard.type("Restarted the channel.")
    tab_to(page, dialog.get_by_role("button", name="Log an answer by Skype"))
    page.keyboard.press("Enter")
    expect(ticket.header).to_contain_text("Fulfilled in")


@pytest.mark.parametrize("screen", SCREENS)
def test_a_client_reads_why_then_and_comes_back(enter, screen):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.JANE, f"/helpdesk/my-tickets/{name}", viewport=SCREENS[screen])
    box = page.get_by_role("region", name="Promised answer")
    why = box.get_by_role("button", name="Why then?")
    tab_to(page, why)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Why this deadline?")
    expect(dialog).to_be_visible()
    expect_focus_held(page, dialog)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(why).to_be_focused()


def test_who_asks_for_a_seat_in_vain_hears_it_and_may_ask_again(enter):
    page = enter(records.PAT, "/support-plan")
    ask = page.get_by_role("button", name="Ask for a seat")
    tab_to(page, ask)
    page.keyboard.press("Enter")
    said = page.locator("[data-asked]")
    expect(said).not_to_be_empty()
    expect(said).to_have_attribute("role", "status")
    expect(ask).to_be_focused()


def test_a_manager_sells_a_plan_with_seats_in_desk(enter):
    """As far as Desk goes: its own pickers are typed into."""
    page = enter(records.ADMIN, "/app/beesender-support-plan/new")
    form = Form(page)
    # Desk puts the focus on the first field by and by. Whoever is on their way there then
    # is past it, and comes to a table that begins another row at each Tab.
    first = form.field("customer").locator("input:visible").first
    with suppress(AssertionError):
        expect(first).to_be_focused(timeout=5_000)
    for fieldname, text in (
        ("customer", records.GLOBEX),
        ("tier", "Basic"),
        ("time_zone", "GMT+3"),
    ):
        tab_to(page, form.field(fieldname).locator("input:visible").first)
        type_choice(page, form, text)
        page.wait_for_function("(field) => cur_frm.doc[field]", arg=fieldname)
    if not frappe.db.get_default("currency"):
        # Neither this plan nor the site has a currency, so nothing stands for one.
        amount = form.field("fee_lines").locator("td.text-right")
        expect(amount).to_have_text(re.compile(r"^0[.,]00$"))
    status = form.field("status").locator("select")
    tab_to(page, status)
    page.keyboard.type("Active")
    # Desk begins the first row of a table when somebody comes to it.
    for _stop in range(MOST_STOPS):
        if page.evaluate(IS_IN_CELL):
            break
        page.keyboard.press("Tab")
        # By the page's own clock: one that is busy begins the row later.
        page.evaluate("() => new Promise((done) => setTimeout(done, 300))")
    contact = records.fresh_contact(records.GLOBEX_CONTACTS[0])
    type_choice(page, form, contact)
    page.wait_for_function("() => cur_frm.doc.authorized_contacts.at(-1)?.contact")
    page.keyboard.press("Control+s")
    page.wait_for_url(re.compile(r"/PLAN-\d+$"))
    plan = records.fresh("Beesender Support Plan", page.url.rsplit("/", 1)[1])
    try:
        assert [row.contact for row in plan.authorized_contacts] == [contact]
        assert plan.status == "Active"
    finally:
        records.remove("Beesender Support Plan", plan.name)
        frappe.db.commit()


def type_choice(page, form, text: str) -> None:
    """Into the picker that has the focus: Desk looks for it while somebody types."""
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.wait_for_timeout(800)
    page.wait_for_function("() => !frappe.request.ajax_count")
    expect(form.choices().filter(has_text=text).first).to_be_visible()
    page.keyboard.press("Tab")
