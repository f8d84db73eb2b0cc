"""An account manager invites everybody on a plan, and sees who has accepted."""

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import Form
from beesender_support.tests.site import factories

CUSTOMER, DOMAIN = "Orchard Clinics", "orchard.example"
OLA, PIA = f"ola@{DOMAIN}", f"pia@{DOMAIN}"
PLAN = "Beesender Support Plan"


@pytest.fixture
def plan(address):
    """Ola can log in, Pia cannot."""
    records.despite_deadlocks(remove)
    factories.make_customer(CUSTOMER)
    ola = factories.make_contact(CUSTOMER, OLA, user=True)
    pia = factories.make_contact(CUSTOMER, PIA)
    sold = factories.make_plan(CUSTOMER, [ola, pia], tier="Business")
    account = factories.make_email_account()
    account.db_set({"enable_outgoing": 1, "default_outgoing": 1})
    frappe.db.commit()
    frappe.clear_cache()
    yield sold.name
    frappe.db.rollback()
    records.despite_deadlocks(remove)
    frappe.clear_cache()


def remove() -> None:
    for name in frappe.get_all(PLAN, {"customer": CUSTOMER}, pluck="name"):
        records.remove(PLAN, name)
    for log in ("Beesender Admission Log", "Beesender Notice Log"):
        records.delete_rows(log, {"customer": CUSTOMER})
    records.delete_rows("User Invitation", {"email": ("in", (OLA, PIA))})
    of_pia = {"recipient": PIA, "parenttype": "Email Queue"}
    for mail in frappe.get_all("Email Queue Recipient", of_pia, pluck="parent"):
        records.remove("Email Queue", mail)
    records.remove("HD Customer", CUSTOMER)
    of_domain = {"email_id": ("like", f"%@{DOMAIN}")}
    for name in frappe.get_all("Contact", of_domain, pluck="name"):
        records.remove("Contact", name)
    for email in (OLA, PIA):
        records.remove("User", email)
    records.remove("Email Account", "Test Support Mailbox")


def test_all_are_invited_once_and_each_state_is_shown(enter, picture, plan):
    page = enter(records.ADMIN, f"/app/beesender-support-plan/{plan}")
    seats = Form(page).field("seats").locator("tbody tr")
    expect(seats.nth(0)).to_contain_text("Can log in")
    expect(seats.nth(1)).to_contain_text("Not invited")
    page.wait_for_function("() => cur_frm.custom_buttons[__('Invite all')]")
    page.evaluate("cur_frm.custom_buttons[__('Invite all')].click()")
    said = page.locator(".modal.show")
    expect(said).to_contain_text("Invited:")
    expect(said).not_to_contain_text("Ola")
    picture(page, "plan-invited")
    said.locator(".btn-modal-close").click()
    expect(seats.nth(1)).to_contain_text("Invited, not yet accepted")
    frappe.db.rollback()
    assert frappe.db.count("User Invitation", {"email": PIA}) == 1
    mail = frappe.db.get_value("Email Queue Recipient", {"recipient": PIA}, "parent")
    assert frappe.db.get_value("Email Queue", mail, "status") == "Not Sent"
    seats.nth(1).scroll_into_view_if_needed()
    picture(page, "plan-invitation-states")
