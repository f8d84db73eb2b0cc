"""When support answers, and why then: on the page of a request."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.api.agent import correct_clock
from beesender_support.records.site_time import instant_of, to_column
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import LANGUAGES, SCREENS
from beesender_support.tests.browser.pages import message
from beesender_support.tests.browser.records import BO

BOX, DIALOG = "section.beesender-panel", "dialog.beesender-dialog"
FRIDAY_1730 = "2026-11-20T17:30:00+03:00"
WORDS = {
    "en": {
        "box": "Promised answer",
        "due": "Answer by",
        "why": "Why then?",
        "dialog": "Why this deadline?",
        "closed": "Not counted: night, weekend",
        "plan": "My support plan",
    },
    "ru": {
        "box": "Обещанный ответ",
        "due": "Ответ до",
        "why": "Почему такой срок?",
        "dialog": "Почему такой срок?",
        "closed": "Не считается: ночь, выходные",
        "plan": "Мой план поддержки",
    },
}


@pytest.fixture(scope="module")
def over_the_weekend(address) -> str:
    """A request on Basic that came late on a Friday; nobody has answered yet."""
    records.frappe.db.rollback()
    records.update_password(BO, records.PASSWORD)
    name = records.make_ticket(BO, ticket_type="Incident", beesender_priority="P1")
    correct_clock(name, "It came late on a Friday", started_at=FRIDAY_1730)
    frappe.db.commit()
    ticket = records.fresh("HD Ticket", name)
    ticket.db_set("beesender_registered_at", to_column(instant_of(FRIDAY_1730)))
    frappe.db.commit()
    return name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("screen", SCREENS)
def test_a_client_sees_when_support_answers_and_why_then(
    enter, picture, check_accessibility, over_the_weekend, language, screen
):
    words = WORDS[language]
    page = enter(
        BO,
        f"/helpdesk/my-tickets/{over_the_weekend}",
        language=language,
        viewport=SCREENS[screen],
        time_zone="Asia/Tokyo",
    )
    box = page.get_by_role("region", name=words["box"])
    expect(box).to_contain_text(words["due"])
    # 12:30 where the plan counts, which is 18:30 where this client reads it.
    expect(box).to_contain_text(re.compile(r"18:30.*12:30.*GMT\+3", re.DOTALL))
    expect(box.get_by_role("link", name=words["plan"])).to_have_attribute(
        "href", "/support-plan"
    )
    picture(page, f"client-promise-{screen}-{language}")
    check_accessibility(page, BOX)

    box.get_by_role("button", name=words["why"]).press("Enter")
    dialog = page.get_by_role("dialog", name=words["dialog"])
    expect(dialog.get_by_text(words["closed"])).to_be_visible()
    expect(dialog.locator("li[data-kind=counted]")).to_have_count(2)
    picture(page, f"why-then-{screen}-{language}")
    check_accessibility(page, DIALOG)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_client_is_told_where_no_time_is_promised(enter, picture):
    name = records.make_ticket(
        subject="Export chats to a spreadsheet", ticket_type="Paid enhancement request"
    )
    page = enter(
        records.JANE, f"/helpdesk/my-tickets/{name}", viewport=SCREENS["phone"]
    )
    box = page.get_by_role("region", name=WORDS["en"]["box"])
    expect(box).to_contain_text("Not promised")
    expect(box).to_contain_text(
        "No response time is promised for Paid enhancement request."
    )
    expect(box.get_by_role("button")).to_have_count(0)
    # Helpdesk scrolls to the last message, and fails if its tab has gone by then.
    expect(message(page, "Open the console")).to_be_visible()
    page.get_by_role("tab", name="Details").click()
    expect(page.get_by_text("Invalid date")).to_have_count(0)
    expect(page.get_by_text("Expected Resolution")).to_be_hidden()
    picture(page, "client-without-promise-phone")
