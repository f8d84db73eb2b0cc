"""What an admin and an agent see of the Beesender Support workspace in Desk."""

import frappe
import pytest
from frappe.translate import print_language
from playwright.sync_api import Locator, Page, expect

from beesender_support.enforcement.held import taken_now
from beesender_support.screens.workspace import first_steps, statistics
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import DESK, LANGUAGES, PHONE, SCREENS

WORKSPACE = "/app/beesender-support"
BLOCK = ".custom-block-widget-box"
CARDS = (
    "Plans in force",
    "Seats near the limit",
    "Plans ending soon",
    "Awaiting admission",
    "At risk now",
    "Overdue now",
    "Kept and not registered",
    "Held that would be accepted",
)
CHARTS = (
    "Response compliance by tier and month",
    "Intake by channel and hour of the week",
    "Plans in force by tier",
)


def steps_in(language: str) -> dict:
    frappe.db.rollback()
    with print_language(language):
        return first_steps.in_order()


def said(text: str, language: str) -> str:
    return frappe._(text, lang=language)


def step(page: Page, code: str) -> Locator:
    return page.locator(f"{BLOCK} [data-step={code}]")


def card(page: Page, label: str) -> Locator:
    return page.locator(".number-widget-box").filter(has_text=label)


def chart(page: Page, label: str) -> Locator:
    return page.locator(".dashboard-widget-box").filter(has_text=label)


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_admin_sees_what_the_site_lacks_and_what_is_promised(
    enter, picture, check_accessibility, language, screen
):
    expected = steps_in(language)
    page = enter(records.ADMIN, WORKSPACE, language, viewport=SCREENS[screen])
    block = page.locator(BLOCK)
    expect(block.get_by_role("heading", level=2)).to_have_text(expected["title"])
    expect(block).to_contain_text(expected["progress"])
    for each in expected["steps"]:
        shown = step(page, each["code"])
        expect(shown).to_contain_text(each["title"])
        for missing in each["missing"]:
            expect(shown).to_contain_text(missing["sentence"])
    for label in CARDS:
        number = card(page, said(label, language)).locator(".number")
        expect(number).to_have_text(str(number_of(label)))
    for label in CHARTS:
        expect(chart(page, said(label, language))).to_be_visible()
    expect(
        chart(page, said(CHARTS[2], language)).locator("svg.frappe-chart")
    ).to_be_visible()
    check_accessibility(page, BLOCK)
    if SCREENS[screen] is PHONE:
        assert block.evaluate("block => block.scrollWidth <= innerWidth")
    name = "workspace" if SCREENS[screen] is DESK else f"workspace-on-{screen}"
    picture(page, name if language == "en" else f"{name}.{language}")


def number_of(label: str) -> int:
    plans = {
        "Plans in force": None,
        "Seats near the limit": statistics.NEAR_LIMIT,
        "Plans ending soon": statistics.ENDS_SOON,
    }
    if label in plans:
        return len(statistics.plans_in_force(plans[label]))
    if label == "Held that would be accepted":
        return len(taken_now.taken_of_all())
    doc = frappe.get_doc("Number Card", label)
    filters = frappe.parse_json(doc.filters_json)
    return len(frappe.get_all(doc.document_type, filters=filters))


def test_a_step_ticks_itself_when_it_is_done(enter):
    frappe.db.rollback()
    tiers = frappe.get_all("Beesender Tier", pluck="name", order_by="creation")
    frappe.db.delete("View Log", {"reference_doctype": "Beesender Tier"})
    for tier in tiers[:-1]:
        frappe.get_doc("Beesender Tier", tier).add_viewed()
    frappe.db.commit()
    page = enter(records.ADMIN, WORKSPACE)
    expect(step(page, "tiers").get_by_role("img", name="To do")).to_be_visible()
    step(page, "tiers").get_by_role(
        "link", name=f"Nobody has looked at {tiers[-1]} yet."
    ).press("Enter")
    page.wait_for_function("tier => cur_frm?.doc?.name === tier", arg=tiers[-1])
    page.go_back()
    expect(step(page, "tiers").get_by_role("img", name="Done")).to_be_visible()
    expect(step(page, "tiers").get_by_role("link")).to_have_count(0)


def test_cards_and_charts_lead_to_what_they_count(enter):
    page = enter(records.ADMIN, WORKSPACE)
    near = statistics.plans_in_force(statistics.NEAR_LIMIT)
    card(page, "Seats near the limit").locator(".number").click()
    page.wait_for_url("**/query-report/Plans%20in%20force**")
    expect(page.locator("select[data-fieldname=show]")).to_have_value("near_limit")
    for plan in near:
        expect(page.locator(".dt-scrollable")).to_contain_text(plan.name)
    page.go_back()
    compliance = chart(page, "Response compliance by tier and month")
    compliance.locator(".chart-menu").click()
    compliance.get_by_text("Response compliance Report").click()
    page.wait_for_url("**/query-report/Response%20compliance**")
    expect(page.get_by_text("in the site's time zone")).to_be_visible()


def test_an_agent_sees_figures_and_no_steps(enter):
    page = enter(records.AGENT, WORKSPACE)
    expect(card(page, "Plans in force").locator(".number")).to_have_text(
        str(number_of("Plans in force"))
    )
    expect(page.locator(BLOCK)).to_have_count(0)


def test_an_agent_manager_gets_the_shipped_views_back(enter):
    label = "At risk"
    frappe.db.delete("HD View", {"dt": "HD Ticket", "label": label})
    frappe.db.commit()
    page = enter(records.ADMIN, "/app/beesender-support-settings")
    page.get_by_role("button", name="Restore the shipped views of tickets").click()
    page.locator(".modal.show").get_by_role("button", name="Yes").click()
    expect(page.get_by_text("The views are restored.")).to_be_visible()
    frappe.db.rollback()
    assert frappe.db.exists("HD View", {"dt": "HD Ticket", "label": label})
