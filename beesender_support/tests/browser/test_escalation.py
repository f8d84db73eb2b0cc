"""An admin switches an escalation rule on, and support sees what it does."""

import time
from datetime import timedelta

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.enforcement.notices.ticket_pass import look_at
from beesender_support.enforcement.response import clock_correction
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import now
from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import AgentTicket, Form

RULE, SETTINGS = "Beesender Escalation Rule", "Beesender Support Settings"
NAME = "most-urgent-broken"
TAG = "Broken promise"
BELL = "#notifications-btn"


@pytest.fixture
def _on_duty():
    """The agent is on duty for the while, and the rule is as it was shipped."""
    before = [row.as_dict() for row in records.fresh(SETTINGS, SETTINGS).on_duty]
    put_on_duty([{"user": records.AGENT}])
    rule = records.fresh(RULE, NAME)
    rule.update({"enabled": 0, "tag": None, "assign_to": None}).save()
    frappe.db.commit()
    yield
    put_on_duty([{"user": row.user, "team": row.team} for row in before])
    rule = records.fresh(RULE, NAME)
    rule.update({"enabled": 0, "tag": None, "assign_to": None}).save()
    frappe.db.delete("Tag", {"name": TAG})
    frappe.db.delete("Tag Link", {"tag": TAG})
    frappe.db.commit()


def put_on_duty(rows):
    settings = records.fresh(SETTINGS, SETTINGS)
    settings.set("on_duty", rows)
    settings.save()
    frappe.db.commit()


def about_to_break() -> str:
    """A request of Premium whose hour for a P1 ends in a few seconds."""
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    started = now() - timedelta(hours=1) + timedelta(seconds=5)
    clock_correction.correct(frappe.get_doc("HD Ticket", name), "A test", started, None)
    frappe.db.commit()
    return name


def wait_for_the_pass(ticket: str) -> None:
    """What the scheduler does within a minute of the breach."""
    time.sleep(7)
    frappe.db.rollback()
    frappe.db.set_value(
        "HD Ticket", ticket, NEXT_NOTICE, "2020-01-01", update_modified=False
    )
    look_at([ticket])


@pytest.mark.usefixtures("_on_duty")
def test_an_admin_switches_a_rule_on_and_a_breach_reaches_the_agent(
    enter, picture, check_accessibility
):
    page = enter(records.ADMIN, f"/app/beesender-escalation-rule/{NAME}")
    form = Form(page)
    page.get_by_role("checkbox", name="Enabled").check()
    form.pick("assign_to", records.AGENT)
    form.fill("tag", TAG)
    form.save()
    page.wait_for_function("() => !cur_frm.is_dirty() && cur_frm.doc.enabled")
    form.dismiss_toasts()
    picture(page, "escalation-rule")

    ticket = about_to_break()
    wait_for_the_pass(ticket)

    page = enter(records.AGENT, f"/helpdesk/tickets/{ticket}")
    assert TAG in records.fresh("HD Ticket", ticket)._user_tags
    expect(page.get_by_text("Sam").first).to_be_visible()
    expect(AgentTicket(page).panel).to_contain_text("Premium")
    page.locator(BELL).click()
    bell = page.get_by_text("First answer: the promise is broken. Acme Telecom").first
    expect(bell).to_be_visible()
    AgentTicket(page).dismiss_toasts()
    picture(page, "escalation-on-the-bell")


def test_an_agent_chooses_what_they_are_mailed(enter, picture, check_accessibility):
    ticket = records.make_ticket(ticket_type="Incident", beesender_priority="P3")
    page = enter(records.AGENT, f"/helpdesk/tickets/{ticket}")
    AgentTicket(page).choose_action("Notices also by mail")
    dialog = page.get_by_role("dialog", name="Notices also by mail")
    choice = dialog.get_by_label("Notices also by mail")
    expect(choice).to_have_value("Breaches and escalations")
    check_accessibility(page, "dialog.beesender-dialog")
    picture(page, "agent-notices-by-mail")
    choice.select_option("Everything")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()
    agent = records.fresh("HD Agent", records.AGENT)
    assert agent.beesender_notices_by_mail == "Everything"
