"""An admin sells something new: a channel, and an exception for one customer."""

import re

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import AgentTicket, Form
from beesender_support.tests.browser.records import ACME, JANE

CODE, TITLE = "mattermost", "Mattermost"
TRAINING, TRAININGS = "training", "Training of operators"


@pytest.fixture
def tidy():
    """Nothing of it is left for others who use the site."""
    yield
    frappe.db.rollback()
    for doctype in ("Beesender Registration Channel", "Beesender Answer Channel"):
        frappe.db.delete(doctype, {"channel": CODE})
    frappe.db.delete("Beesender Channel", {"name": CODE})
    frappe.db.delete("Beesender Plan Exception", {"parenttype": PLAN})
    frappe.db.delete("Beesender Tier Entitlement", {"entitlement": TRAINING})
    frappe.db.delete("Beesender Entitlement", {"name": TRAINING})
    frappe.db.commit()
    frappe.clear_document_cache("Beesender Tier", "Premium")


PLAN = "Beesender Support Plan"


def test_an_admin_adds_a_channel_and_an_agent_logs_an_answer_by_it(
    enter, picture, check_accessibility, tidy
):
    page = enter(records.ADMIN, "/app/beesender-channel/new-beesender-channel-1")
    form = Form(page)
    form.field("__newname").locator("input").fill(CODE)
    form.field("title").locator("input").fill(TITLE)
    form.field("answers").get_by_role("checkbox").first.check()
    expect(form.field("counts_as_answer")).to_be_visible()
    picture(page, "channel-form")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(f"beesender-channel/{CODE}$"))

    page.goto("/app/beesender-tier/Premium")
    tier = Form(page)
    tier.add_row("answer_channels", "channel", TITLE)
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !cur_frm.is_dirty() && !frappe.request.ajax_count")
    picture(page, "tier-with-channel")
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
    expect(AgentTicket(page).panel).to_contain_text(TITLE)
    action = f"Log an answer by {TITLE}"
    AgentTicket(page).choose_action(action)
    dialog = page.get_by_role("dialog", name=action)
    dialog.get_by_label("What you answered").fill("Restarted the channel.")
    check_accessibility(page, "dialog.beesender-dialog")
    picture(page, "agent-logs-an-answer")
    dialog.get_by_role("button", name=action).click()
    expect(AgentTicket(page).header).to_contain_text("Fulfilled in")


def test_an_admin_sells_a_new_entitlement_and_its_client_reads_it(enter, picture, tidy):
    page = enter(
        records.ADMIN, "/app/beesender-entitlement/new-beesender-entitlement-1"
    )
    form = Form(page)
    form.field("__newname").locator("input").fill(TRAINING)
    form.field("title").locator("input").fill(TRAININGS)
    form.select("unit", "Count a contract year")
    page.keyboard.press("Control+s")
    expect(page).to_have_url(re.compile(f"beesender-entitlement/{TRAINING}$"))
    picture(page, "entitlement-form")

    page.goto("/app/beesender-tier/Premium")
    tier = Form(page)
    tier.add_row("entitlements", "entitlement", TRAININGS)
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !cur_frm.is_dirty() && !frappe.request.ajax_count")
    page = enter(JANE, "/support-plan")
    included = page.get_by_role("region", name="What the plan includes")
    expect(included).to_contain_text(f"{TRAININGS}: up to 1")
    picture(page, "client-plan-with-entitlement")


def test_an_exception_is_entered_on_the_form_of_a_plan(enter, picture, tidy):
    plan = frappe.db.get_value(PLAN, {"customer": ACME})
    page = enter(records.ADMIN, f"/app/beesender-support-plan/{plan}")
    form = Form(page)
    page.locator(".section-head.collapsible", has_text="Exceptions").click()
    grid = form.field("exceptions")
    grid.get_by_role("button", name="Add row").click()
    row = grid.locator(".grid-body .grid-row").last
    row.locator("[data-fieldname=kind]").first.click()
    row.locator("select[data-fieldname=kind]").select_option("Authorized contacts")
    row.locator(".btn-open-row").click()
    amount = page.locator(".grid-row-open [data-fieldname=amount] input:visible")
    amount.fill("17")
    amount.press("Tab")
    expect(form.field("overview")).to_contain_text("Authorized contacts: 17 instead of")
    picture(page, "plan-exception-typed")
    page.keyboard.press("Control+s")
    page.wait_for_function("() => !cur_frm.is_dirty() && !frappe.request.ajax_count")
    page = enter(JANE, "/support-plan")
    agreed = page.get_by_role("region", name="Agreed for your plan alone")
    expect(agreed).to_contain_text("Authorized contacts: 17 instead of")


@pytest.mark.parametrize(
    ("language", "heading", "sentence"),
    [
        (
            "en",
            "Agreed for your plan alone",
            "A first answer to P1 within 30 min of support time instead of 1 h",
        ),
        ("ru", "Согласовано только для вашего плана", "P1"),
    ],
)
def test_a_client_reads_what_was_agreed_for_their_plan(
    enter, picture, check_accessibility, tidy, language, heading, sentence
):
    plan = frappe.get_doc(PLAN, {"customer": ACME})
    plan.append(
        "exceptions", {"kind": "Response target", "priority": "P1", "hours": 0.5}
    )
    plan.save()
    frappe.db.commit()
    page = enter(JANE, "/support-plan", language=language)
    agreed = page.get_by_role("region", name=heading)
    expect(agreed).to_contain_text(sentence)
    check_accessibility(page, "main")
    picture(page, f"client-plan-with-exception-{language}")

    page = enter(records.ADMIN, f"/app/beesender-support-plan/{plan.name}", language)
    overview = Form(page).field("overview")
    expect(overview).to_contain_text(sentence)
    picture(page, f"plan-form-with-exception-{language}")
