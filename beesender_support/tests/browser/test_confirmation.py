"""A client is told by mail what support understood, and reads the same in the portal."""

import re

import frappe
from playwright.sync_api import expect

from beesender_support.enforcement.notices.ticket_pass import say_what_is_owed
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.records import JANE


def test_a_client_reads_the_confirmation_in_russian_on_a_phone(
    enter, picture, check_accessibility
):
    name = records.make_ticket(JANE, ticket_type="Incident", beesender_priority="P1")
    say_what_is_owed()
    frappe.db.commit()
    kinds = frappe.get_all("Beesender Notice Log", {"ticket": name}, pluck="kind")
    assert "request_confirmed" in kinds
    page = enter(
        JANE,
        f"/helpdesk/my-tickets/{name}",
        language="ru",
        viewport=SCREENS["phone"],
    )
    box = page.get_by_role("region", name="Обещанный ответ")
    expect(box).to_contain_text("Категория")
    expect(box).to_contain_text("Инцидент")
    expect(box).to_contain_text(re.compile("P1 · Система полностью неработоспособна"))
    expect(box).to_contain_text(re.compile(r"Поддержка (сейчас работает|откроется)"))
    picture(page, "client-confirmation-phone-ru")
    check_accessibility(page, "section.beesender-panel")
