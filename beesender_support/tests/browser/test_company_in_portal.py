"""What a customer's people find around the plan: the menu, a seat to ask for, and for
their manager all requests of the company."""

import re

import frappe
import pytest
from frappe.utils.password import update_password
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import DESK, LANGUAGES, PHONE
from beesender_support.tests.site import factories

STRATUS = "Stratus Cable"
MAY, NED = "may@stratus.example", "ned@stratus.example"
REQUESTS = "/support-plan/requests"
WORDS = {
    "en": {
        "plan": "My support plan",
        "title": "Requests of the company",
        "priority": "Priority",
        "show": "Show",
        "found": "Requests found: 1",
        "ask": "Ask for a seat",
        "asked": "We passed on that you ask for a seat.",
    },
    "ru": {
        "plan": "Мой план поддержки",
        "title": "Обращения компании",
        "priority": "Приоритет",
        "show": "Показать",
        "found": "Найдено обращений: 1",
        "ask": "Попросить место",
        "asked": "Мы передали, что вы просите место.",
    },
}


@pytest.fixture(scope="module")
def _stratus(address):
    """May manages a customer with two requests; Ned has no seat."""
    records.despite_deadlocks(remove)
    records.despite_deadlocks(make)
    yield
    frappe.db.rollback()
    records.despite_deadlocks(remove)


def make() -> None:
    factories.make_customer(STRATUS)
    may, _ned = (
        factories.make_contact(STRATUS, email, user=True) for email in (MAY, NED)
    )
    customer = frappe.get_doc("HD Customer", STRATUS)
    for row in customer.contacts:
        row.is_manager = row.contact_name == may
    customer.save()
    client = {"customer": STRATUS, "contact": may, "email": MAY}
    factories.make_plan(STRATUS, [may], success_manager=records.AGENT)
    factories.make_ticket(client, subject="No chats in the console")
    factories.make_ticket(client, **factories.P1_INCIDENT, subject="All is down")
    # Mail leaves the site.
    account = factories.make_email_account()
    account.db_set({"enable_outgoing": 1, "default_outgoing": 1})
    for email in (MAY, NED):
        update_password(email, records.PASSWORD)
    factories.let_managers_swap_seats(True)


def remove() -> None:
    records.remove("Email Account", "Test Support Mailbox")
    for name in frappe.get_all("HD Ticket", {"customer": STRATUS}, pluck="name"):
        records.remove("HD Ticket", name)
    for name in frappe.get_all(
        "Beesender Support Plan", {"customer": STRATUS}, pluck="name"
    ):
        records.remove("Beesender Support Plan", name)
    for log in ("Beesender Admission Log", "Beesender Notice Log"):
        records.delete_rows(log, {"customer": STRATUS})
    records.remove("HD Customer", STRATUS)
    for email in (MAY, NED):
        for name in frappe.get_all("Contact", {"email_id": email}, pluck="name"):
            records.remove("Contact", name)
        records.clear_sessions(email, force=True)
        records.remove("User", email)


@pytest.mark.usefixtures("_stratus")
@pytest.mark.parametrize(("language", "screen"), [("en", DESK), ("ru", PHONE)])
def test_a_manager_filters_all_requests_by_keyboard(
    enter, check_accessibility, picture, language, screen
):
    words = WORDS[language]
    page = enter(MAY, REQUESTS, language=language, viewport=screen)
    expect(page.get_by_role("heading", name=words["title"])).to_be_visible()
    check_accessibility(page, "html")
    picture(page, f"company-requests-{language}")
    assert page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )
    chosen = page.get_by_label(words["priority"], exact=True)
    chosen.focus()
    page.keyboard.press("P")
    page.get_by_role("button", name=words["show"], exact=True).press("Enter")
    expect(page.get_by_text(words["found"])).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("All is down"))).to_be_visible()
    expect(chosen).to_have_value("P1")


@pytest.mark.usefixtures("_stratus")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_plan_page_is_in_the_menu_and_stays_there(enter, picture, language):
    words = WORDS[language]
    page = enter(MAY, "/helpdesk/my-tickets", language=language, viewport=DESK)
    link = page.get_by_role("link", name=words["plan"])
    expect(link).to_be_visible()
    picture(page, f"portal-menu-{language}")
    page.get_by_role("navigation").get_by_role("button").last.click()
    expect(page).to_have_url(re.compile("kb-public"))
    expect(link).to_have_count(1)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words["plan"])).to_be_visible()


@pytest.mark.usefixtures("_stratus")
def test_whoever_has_no_plan_is_not_led_to_one(enter):
    page = enter(records.AGENT, "/helpdesk/my-tickets", viewport=DESK)
    page.locator("nav").first.wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.get_by_role("link", name="My support plan")).to_have_count(0)


@pytest.mark.usefixtures("_stratus")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_seat_is_asked_for_where_it_is_refused(
    enter, check_accessibility, picture, language
):
    words = WORDS[language]
    page = enter(NED, "/helpdesk/my-tickets/new", language=language, viewport=PHONE)
    button = page.get_by_role("button", name=words["ask"])
    expect(button).to_be_visible()
    check_accessibility(page, ".beesender-request")
    button.press("Enter")
    expect(page.get_by_text(words["asked"])).to_be_visible()
    expect(button).to_be_hidden()
    # What had the focus is gone: it is beside it.
    expect(page.get_by_text(words["asked"])).to_be_focused()
    picture(page, f"asked-for-seat-{language}")


@pytest.mark.usefixtures("_stratus")
def test_the_manager_gives_the_seat_with_one_click(enter, check_accessibility, picture):
    page = enter(NED, "/support-plan", viewport=DESK)
    page.get_by_role("button", name="Ask for a seat").press("Enter")
    expect(page.get_by_text("We passed on that you ask")).to_be_focused()
    page = enter(MAY, "/support-plan", viewport=DESK)
    give = page.get_by_role("button", name="Give Ned a seat")
    expect(give).to_be_visible()
    check_accessibility(page, "html")
    picture(page, "plan-page-with-a-wish")
    give.click()
    expect(page.get_by_role("status")).to_have_text("Ned is an authorized contact now.")
