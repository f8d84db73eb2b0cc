"""An account manager reads a service report as the client will, and sends it."""

from typing import NamedTuple

import frappe
import pytest
from frappe.utils import get_first_day, getdate
from playwright.sync_api import Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import Form

PLAN, REPORT = "Beesender Support Plan", "Beesender Service Report"
ACCOUNT = "Reports of made-up people"


class Words(NamedTuple):
    button: str
    preview: str
    heading: str
    unfinished: str
    send: str
    yes: str
    sent: str


WORDS = {
    "en": Words(
        "Service report",
        "Preview",
        "Service report:",
        "The month is not over",
        "Send",
        "Yes",
        "This report was sent. It stays as it is.",
    ),
    "ru": Words(
        "Отчёт о поддержке",
        "Предпросмотр",
        "Отчёт о поддержке:",
        "Месяц ещё не закончился",
        "Отправить",
        "Да",
        "Этот отчёт отправлен и больше не меняется.",
    ),
}


@pytest.fixture(scope="module")
def plan(address) -> str:
    """Bo is the manager of a customer on Basic, and has raised a request."""
    frappe.db.rollback()
    customer = frappe.get_doc("HD Customer", next(iter(records.ON_BASIC)))
    customer.contacts[0].is_manager = 1
    customer.save()
    account = frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": ACCOUNT,
            "email_id": "reports@helpers.example",
            "password": "not-used",
            "smtp_server": "smtp.helpers.example",
        }
    ).insert()
    account.db_set({"enable_outgoing": 1, "default_outgoing": 1})
    frappe.db.commit()
    frappe.clear_cache()
    name = frappe.db.get_value(PLAN, {"customer": customer.name})
    yield name
    frappe.db.rollback()
    records.despite_deadlocks(lambda: remove_reports(customer.name))
    records.despite_deadlocks(lambda: records.remove("Email Account", ACCOUNT))
    frappe.clear_cache()


def remove_reports(customer: str) -> None:
    records.delete_rows("Beesender Notice Log", {"customer": customer})
    for name in frappe.get_all(REPORT, {"customer": customer}, pluck="name"):
        records.remove(REPORT, name)
    for name in frappe.get_all(
        "Email Queue", {"reference_doctype": PLAN}, pluck="name"
    ):
        records.remove("Email Queue", name)


def choose(page: Page, label: str) -> None:
    """The action of the dialog that is open."""
    page.locator(".modal.show").last.get_by_role("button", name=label).last.click()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_account_manager_previews_and_sends_a_report(
    enter, picture, check_accessibility, plan, language
):
    words = WORDS[language]
    bo = frappe.db.get_value("User", records.BO, "name")
    records.speak(bo, language)
    customer = frappe.db.get_value(PLAN, plan, "customer")
    records.despite_deadlocks(lambda: remove_reports(customer))
    page = enter(
        records.ADMIN,
        f"/app/beesender-support-plan/{plan}",
        language=language,
        viewport=SCREENS["desk"],
    )
    form = Form(page)
    page.get_by_role("button", name=words.button).click()
    page.wait_for_function("() => window.cur_dialog?.display")
    page.evaluate(
        "(day) => cur_dialog.set_value('month', day)", str(get_first_day(getdate()))
    )
    choose(page, words.preview)
    shown = page.frame_locator(".modal.show iframe")
    expect(shown.get_by_role("heading", level=1)).to_contain_text(words.heading)
    expect(shown.get_by_text(words.unfinished)).to_be_visible()
    expect(page.locator(".modal.show [role=status]")).to_contain_text(records.BO)
    picture(page, f"plan-service-report-{language}-desk")
    check_accessibility(page, ".modal.show .frappe-control[data-fieldname=report]")
    choose(page, words.send)
    choose(page, words.yes)
    form.page.wait_for_function("() => !frappe.request.ajax_count")
    frappe.db.rollback()
    [report] = frappe.get_all(
        REPORT, {"customer": customer}, ["name", "status", "sent_to", "report_language"]
    )
    assert (report.status, report.sent_to) == ("Sent", records.BO)
    assert report.report_language == language

    page.goto(f"/app/beesender-service-report/{report.name}")
    Form(page)
    expect(page.get_by_text(words.sent)).to_be_visible()
    expect(
        page.frame_locator("[data-fieldname=shown] iframe").get_by_role(
            "heading", level=1
        )
    ).to_contain_text(words.heading)
    expect(page.get_by_role("button", name=words.send, exact=True)).to_have_count(0)
