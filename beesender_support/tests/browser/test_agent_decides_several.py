"""Held requests that an agent decides together, from the list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from beesender_support.enforcement.requests import held_requests
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import PHONE
from beesender_support.tests.site import factories

DECIDE = "Decide held requests"


@pytest.fixture
def held() -> Iterator[list[str]]:
    """Three requests that an agent took down for Pat, who has no seat."""
    pat = records.fresh_contact(records.PAT)
    with factories.session_of(records.AGENT):
        tickets = [
            factories.make_ticket(
                {"customer": records.ACME, "contact": pat, "email": records.PAT},
                subject=f"Please unlock licence {number}",
            ).name
            for number in (1, 2, 3)
        ]
    records.frappe.db.commit()
    yield tickets
    records.frappe.db.rollback()
    for ticket in tickets:
        records.remove_messages(ticket)
        records.remove("HD Ticket", ticket)
    records.frappe.db.commit()


def opened(enter, *chosen: str, **options: object) -> Page:
    page = enter(records.AGENT, "/helpdesk/tickets", **options)
    for ticket in chosen:
        page.locator(f"a[href*='tickets/{ticket}'] input[type=checkbox]").click()
    return page


def admission_of(tickets: list[str]) -> list[str]:
    return [records.fresh("HD Ticket", each).beesender_admission for each in tickets]


def test_an_agent_admits_those_ticked_and_reads_what_became_of_each(
    enter, picture, check_accessibility, held
):
    page = opened(enter, *held[:2])
    page.get_by_role("button", name=DECIDE).click()
    dialog = page.get_by_role("dialog", name=DECIDE)
    boxes = dialog.get_by_role("group").get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    ticked = {each.get_attribute("value") for each in boxes.all() if each.is_checked()}
    assert ticked == set(held[:2])
    expect(dialog).to_contain_text("not an authorized contact")
    picture(page, "agent-decides-several")
    check_accessibility(page, ".beesender-dialog")
    # A colleague decides on one of them meanwhile.
    with factories.session_of(records.ADMIN):
        held_requests.admit_once(held_requests.locked(held[1]))
    records.frappe.db.commit()
    dialog.get_by_role("button", name="Admit once").click()
    expect(dialog).to_contain_text("Admitted: 1.")
    expect(dialog).to_contain_text("Not decided: 1.")
    expect(dialog).to_contain_text("Alex admitted it")
    picture(page, "agent-decided-several")
    with page.expect_navigation():
        dialog.get_by_role("button", name="Close").click()
    assert admission_of(held) == ["Accepted", "Accepted", "Held"]


def test_an_agent_declines_all_by_keyboard_in_russian(enter, picture, held):
    page = opened(enter, language="ru", viewport=PHONE)
    decide = page.get_by_role("button", name="Удержано: 3")
    decide.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("checkbox", name="Все").focus()
    page.keyboard.press("Space")
    picture(page, "agent-decides-several-ru-phone")
    dialog.get_by_label("Для отклонения").fill("Попросите Джейн написать нам.")
    dialog.get_by_role("button", name="Отклонить").focus()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("Отклонено: 3.")
    assert admission_of(held) == ["Declined"] * 3


def test_without_anything_chosen_nothing_is_decided(enter, held):
    page = opened(enter)
    page.get_by_role("button", name=DECIDE).click()
    dialog = page.get_by_role("dialog", name=DECIDE)
    dialog.get_by_role("button", name="Admit once").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose at least one request.")
    assert admission_of(held) == ["Held"] * 3


def test_where_nothing_waits_there_is_no_button(enter):
    page = enter(records.AGENT, "/helpdesk/tickets")
    expect(page.locator("[data-beesender-state]").first).to_be_visible()
    expect(page.get_by_role("button", name=DECIDE)).to_have_count(0)
