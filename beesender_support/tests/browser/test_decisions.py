"""A manager reads in Desk what was decided on a ticket, and takes it along as a file."""

import json
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.api.agent import change_ticket
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import LANGUAGES, SCREENS
from beesender_support.tests.browser.records import ADMIN, BO

WORDS = {
    "en": {
        "group": "Decisions",
        "show": "Show decisions",
        "export": "Export decisions",
        "first": "Request registered",
        "as_stored": "All are as stored.",
        "corrected": "Priority corrected",
    },
    "ru": {
        "group": "Решения",
        "show": "Показать решения",
        "export": "Выгрузить решения",
        "first": "Обращение получено",
        "as_stored": "Все совпадают с сохранёнными.",
        "corrected": "Приоритет исправлен",
    },
}


@pytest.fixture(scope="module")
def ticket(address) -> str:
    """A request of which an agent corrected the priority."""
    frappe.db.rollback()
    name = records.make_ticket(BO, ticket_type="Incident", beesender_priority="P2")
    change_ticket(name, "Incident", "P1", "Nobody can work at all")
    frappe.db.commit()
    return name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_manager_reads_the_decisions_and_downloads_them(
    enter, picture, check_accessibility, ticket, language, tmp_path
):
    words = WORDS[language]
    page = enter(
        ADMIN,
        f"/desk/hd-ticket/{ticket}",
        language=language,
        viewport=SCREENS["desk"],
        time_zone="Asia/Tokyo",
    )
    page.get_by_role("button", name=words["group"]).click()
    page.get_by_role("link", name=words["show"]).or_(
        page.get_by_role("menuitem", name=words["show"])
    ).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(words["as_stored"])).to_be_visible()
    expect(dialog.locator("tr[data-code=registered]")).to_contain_text(words["first"])
    corrected = dialog.locator("tr[data-code=priority_corrected]")
    expect(corrected).to_contain_text(words["corrected"])
    expect(corrected).to_contain_text("Nobody can work at all")
    picture(page, f"ticket-decisions-{language}")
    check_accessibility(page, ".modal.show .beesender-scroll")
    with page.expect_download() as download:
        dialog.get_by_role("button", name=words["export"]).click()
    saved = tmp_path / "decisions.json"
    download.value.save_as(saved)
    assert json.loads(Path(saved).read_text())["ticket"]["name"] == ticket
