"""What keeps promises from being kept: an admin reads it, looks again, and mends it."""

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.enforcement.lint import checking, checks
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS

FINDING, AGREEMENT = "Beesender Finding", "HD Service Level Agreement"
WORDS = {
    "en": ("Check now", "Make anew", "Open it", "says something else than", "Mended."),
    "ru": (
        "Проверить сейчас",
        "Создать заново",
        "Открыть",
        "расходится с тарифом",
        "Исправлено.",
    ),
}


@pytest.fixture
def changed_agreement(address):
    """An agreement that a script changed, and that nobody has looked for yet."""
    frappe.db.delete(FINDING)
    frappe.db.set_value(AGREEMENT, "Beesender Basic", "enabled", 0)
    frappe.db.commit()
    yield
    frappe.db.rollback()
    frappe.db.delete(FINDING)
    frappe.db.set_value(AGREEMENT, "Beesender Basic", "enabled", 1)
    frappe.db.commit()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_a_finding_is_read_in_the_list_and_mended_by_one_click(
    enter, picture, changed_agreement, language
):
    check_now, make_anew, open_it, said, mended = WORDS[language]
    page = enter(
        records.ADMIN,
        "/app/beesender-finding",
        language=language,
        viewport=SCREENS["desk"],
    )
    page.get_by_role("button", name=check_now).click()
    expect(page.get_by_text(said)).to_be_visible()
    # What no click mends is opened.
    expect(page.get_by_role("button", name=open_it)).not_to_have_count(0)
    head = page.locator(".list-row-head [data-sort-by=code]")
    expect(head).to_have_text("Finding" if language == "en" else "Замечание")
    picture(page, f"findings-{language}-desk")
    page.get_by_role("button", name=make_anew).click()
    expect(page.get_by_text(mended)).to_be_visible()
    expect(page.get_by_text(said)).to_have_count(0)
    frappe.db.rollback()
    assert frappe.db.get_value(AGREEMENT, "Beesender Basic", "enabled") == 1


def test_a_finding_is_accepted_with_a_reason(enter, picture, changed_agreement):
    checking.check([checks.AGREEMENTS])
    frappe.db.commit()
    name = frappe.get_all(FINDING, pluck="name")[0]
    page = enter(records.ADMIN, f"/app/beesender-finding/{name}")
    page.get_by_role("button", name="Accept", exact=True).click()
    dialog = page.locator(".modal-dialog:visible")
    dialog.locator("[data-fieldname=reason] textarea").fill(
        "A test of the helpdesk's own"
    )
    dialog.get_by_role("button", name="Accept", exact=True).click()
    expect(page.get_by_role("button", name="Accept no longer")).to_be_visible()
    picture(page, "finding-accepted-en-desk")
