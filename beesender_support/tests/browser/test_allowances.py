"""What a plan includes by number, from the client who asks for it to the agent who uses it."""

from datetime import timedelta

import frappe
import pytest
from frappe.utils import getdate
from frappe.utils.password import update_password
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import DESK, LANGUAGES, PHONE
from beesender_support.tests.browser.pages import AgentTicket
from beesender_support.tests.site import factories

CUSTOMER, LEA = "Ridgeline Foods", "lea@ridgeline.example"
ENTRY, PLAN = "Beesender Allowance Entry", "Beesender Support Plan"
UPDATES = "Updates with reinstallation"
WORDS = {
    "en": {
        "left": "What is left this year",
        "ask": "Request one",
        "day": "For which day, in the plan's time zone",
        "send": "Request it",
        "none": "2 of 2 left",
        "reserved": "1 of 2 left, 1 reserved",
    },
    "ru": {
        "left": "Что осталось в этом году",
        "ask": "Запросить",
        "day": "На какой день, в часовом поясе плана",
        "send": "Запросить",
        "none": "2",
        "reserved": "1",
    },
}


@pytest.fixture
def _lea(address):
    """Lea has a seat on a Business plan, which includes two updates a year."""
    records.despite_deadlocks(remove)
    records.despite_deadlocks(make)
    yield
    frappe.db.rollback()
    records.despite_deadlocks(remove)


def make() -> None:
    factories.make_customer(CUSTOMER)
    lea = factories.make_contact(CUSTOMER, LEA, user=True)
    starts_on = getdate() - timedelta(days=100)
    factories.make_plan(CUSTOMER, [lea], tier="Business", starts_on=starts_on)
    update_password(LEA, records.PASSWORD)


def remove() -> None:
    of_customer = {"customer": CUSTOMER}
    plans = frappe.get_all(PLAN, of_customer, pluck="name")
    records.delete_rows(ENTRY, {"plan": ("in", plans or [""])})
    for doctype in ("HD Ticket", PLAN):
        for name in frappe.get_all(doctype, of_customer, pluck="name"):
            records.remove(doctype, name)
    for log in ("Beesender Admission Log", "Beesender Notice Log"):
        records.delete_rows(log, of_customer)
    records.remove("HD Customer", CUSTOMER)
    for name in frappe.get_all("Contact", {"email_id": LEA}, pluck="name"):
        records.remove("Contact", name)
    records.clear_sessions(LEA, force=True)
    records.remove("User", LEA)


def entries() -> list[tuple[str, float, str]]:
    frappe.db.rollback()
    plans = frappe.get_all(PLAN, {"customer": CUSTOMER}, pluck="name")
    return frappe.get_all(
        ENTRY,
        {"plan": ("in", plans)},
        ["action", "amount", "ticket"],
        order_by="creation",
        as_list=True,
    )


@pytest.mark.usefixtures("_lea")
@pytest.mark.parametrize(
    ("language", "screen"), zip(LANGUAGES, (DESK, PHONE), strict=True), ids=LANGUAGES
)
def test_a_client_asks_for_an_update_and_an_agent_uses_it(
    enter, picture, check_accessibility, language, screen
):
    words = WORDS[language]
    page = enter(LEA, "/support-plan", language=language, viewport=screen)
    part = page.get_by_role("region", name=words["left"])
    expect(part).to_contain_text(words["none"])
    part.locator("summary", has_text=words["ask"]).click()
    day = getdate() + timedelta(days=7)
    part.get_by_label(words["day"]).fill(day.isoformat())
    picture(page, f"allowance-asked-{language}")
    check_accessibility(page, ".request-allowance")
    part.get_by_role("button", name=words["send"]).click()
    page.wait_for_url("**/helpdesk/my-tickets/*")
    ticket = page.url.rsplit("/", 1)[-1]
    assert [tuple(each) for each in entries()] == [("Reserve", 1.0, ticket)]

    page.goto(page.url.split("/helpdesk")[0] + "/support-plan")
    expect(part).to_contain_text(words["reserved"])
    expect(part.get_by_role("link", name=f"#{ticket}")).to_be_visible()
    picture(page, f"allowance-reserved-{language}")

    page = enter(records.AGENT, f"/helpdesk/tickets/{ticket}", viewport=DESK)
    agent = AgentTicket(page)
    expect(agent.detail(UPDATES)).to_have_text("1 of 2 left, 1 reserved")
    agent.choose_action(f"Use one: {UPDATES}")
    dialog = page.get_by_role("dialog", name=f"Use one: {UPDATES}")
    picture(page, f"allowance-used-{language}")
    check_accessibility(page, "dialog.beesender-dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(agent.detail(UPDATES)).to_have_text("1 of 2 left, 1 used")
    assert [each[0] for each in entries()] == ["Reserve", "Consume"]
