"""Reports in Desk: figures, a chart, and the tickets behind a figure."""

import frappe
import pytest
from playwright.sync_api import Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import LANGUAGES

REPORT = "/app/query-report/"
SUBJECT = "<img src=x onerror=window.hit=1> & Co"


@pytest.fixture
def late(address):
    """A broken promise of today, with a subject that is no text of ours."""
    frappe.db.rollback()
    ticket = records.make_ticket()
    values = {
        "subject": SUBJECT,
        "beesender_response_state": "Breached",
        "first_response_failed_by": 5_400,
        "service_level_agreement_creation": frappe.utils.now(),
    }
    frappe.db.set_value("HD Ticket", ticket, values)
    frappe.db.commit()
    yield ticket
    frappe.db.rollback()
    records.despite_deadlocks(lambda: records.remove("HD Ticket", ticket))


def shown(page: Page) -> None:
    expect(page.locator(".report-summary .summary-item").first).to_be_visible()
    expect(page.locator(".chart-wrapper svg.frappe-chart").first).to_be_visible()
    expect(page.locator(".dt-row[data-row-index='0'] .dt-cell").first).to_be_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_of_a_report_opens_its_tickets(enter, picture, late, language):
    page = enter(
        records.ADMIN,
        f"{REPORT}Response compliance?group_by=tier&customer={records.ACME}",
        language,
    )
    shown(page)
    name = "report-compliance" if language == "en" else f"report-compliance.{language}"
    picture(page, name)
    figure = page.locator(".dt-cell a[href*='beesender_response_state=']").first
    number = int(figure.inner_text())
    figure.click()
    page.wait_for_url("**/hd-ticket?**")
    expect(page.locator(".list-row-container .list-row")).to_have_count(number)


def test_hours_and_numbers_of_a_chart_can_be_read(enter, picture, late):
    page = enter(
        records.ADMIN, f"{REPORT}Intake by channel and hour?customer={records.ACME}"
    )
    shown(page)
    chart = page.locator(".chart-wrapper svg.frappe-chart")
    hours = chart.locator(".x.axis text").all_text_contents()
    assert "Monday 00:00" in hours
    assert not [each for each in hours if each.endswith(".")]
    numbers = chart.locator(".y.axis text").all_text_contents()
    assert numbers
    assert not [each for each in numbers if each.endswith(".00")]
    picture(page, "report-intake")


def test_what_somebody_wrote_is_text_in_a_report(enter, picture, late):
    page = enter(records.ADMIN, f"{REPORT}Broken promises?customer={records.ACME}")
    shown(page)
    expect(page.locator(".dt-cell", has_text=SUBJECT).first).to_be_visible()
    assert page.evaluate("window.hit") is None
    picture(page, "report-broken-promises")
