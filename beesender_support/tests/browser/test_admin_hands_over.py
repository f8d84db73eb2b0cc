"""What an account manager hands over: plans for the command, all of a customer, nothing of
a person who asks for that."""

import csv
import io
import json
import zipfile

import frappe
import pytest
from playwright.sync_api import Page, expect

from beesender_support.enforcement.erasure import erasure
from beesender_support.files.written import COLUMNS_OF_PLANS
from beesender_support.tests.browser import records
from beesender_support.tests.browser.jobs import do_queued
from beesender_support.tests.browser.pages import Form
from beesender_support.tests.site import factories

CUSTOMER, LIV = "Fjord Logistics", "liv@fjord.example"
PLAN = "Beesender Support Plan"


@pytest.fixture
def contact(address):
    records.despite_deadlocks(remove)
    factories.make_customer(CUSTOMER)
    liv = factories.make_contact(CUSTOMER, LIV, user=True)
    factories.make_plan(CUSTOMER, [liv], tier="Business")
    factories.make_ticket({"customer": CUSTOMER, "contact": liv, "email": LIV})
    frappe.db.commit()
    yield liv
    frappe.db.rollback()
    records.despite_deadlocks(remove)


def remove() -> None:
    people = set(
        frappe.get_all("HD Customer Member", {"parent": CUSTOMER}, pluck="contact_name")
    )
    users = frappe.get_all("Contact", {"name": ("in", people or [""])}, pluck="user")
    for doctype in ("HD Ticket", PLAN):
        for name in frappe.get_all(doctype, {"customer": CUSTOMER}, pluck="name"):
            records.remove(doctype, name)
    for log in ("Beesender Admission Log", "Beesender Notice Log", erasure.ERASURE):
        records.delete_rows(log, {"customer": CUSTOMER})
    records.remove("HD Customer", CUSTOMER)
    for name in people:
        records.remove("Contact", name)
    for user in filter(None, {*users, LIV}):
        records.remove("User", user)


def downloaded(page: Page, press) -> zipfile.ZipFile:
    with page.expect_download() as download:
        press()
    with open(download.value.path(), "rb") as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


def test_plans_a_customer_and_nothing_of_a_person(enter, picture, contact):
    page = enter(records.ADMIN, "/app/beesender-support-plan/view/list")
    page.locator(".list-row-checkbox").first.wait_for()
    menu = page.locator(".page-actions .menu-btn-group:visible button").first
    menu.click()
    export = page.locator(".dropdown-menu.show").get_by_text("Export for the command")
    picture(page, "plans-export")
    files = downloaded(page, export.click)
    rows = list(csv.DictReader(io.StringIO(files.read("plans.csv").decode())))
    assert list(rows[0]) == list(COLUMNS_OF_PLANS)
    [ours] = [row for row in rows if row["customer"] == CUSTOMER]
    assert (ours["tier"], ours["authorized_contacts"]) == ("Business", LIV)

    page.goto(f"/app/hd-customer/{CUSTOMER}")
    Form(page)
    page.get_by_role("button", name="Export all data").click()
    dialog = page.locator(".modal.show")
    expect(dialog).to_contain_text("access details in plain text")
    picture(page, "customer-export")
    export = dialog.get_by_role("button", name="Export", exact=True)
    kept = downloaded(page, export.click)
    [ticket] = json.loads(kept.read("tickets.json"))
    assert ticket["customer"] == CUSTOMER
    assert LIV in kept.read("contacts.json").decode()

    page.goto(f"/app/contact/{contact}")
    Form(page)
    page.get_by_role("button", name="Sign out of the site widget").click()
    dialog.get_by_role("button", name="Yes").click()
    expect(page.get_by_text("Nobody is signed in to a site widget")).to_be_visible()
    page.get_by_role("button", name="Erase personal data").click()
    expect(dialog).to_contain_text("gets a pseudonym")
    expect(dialog).to_contain_text("the seat ends")
    picture(page, "contact-erasure")
    dialog.locator("[data-fieldname=why] textarea").fill("Asked for it by mail.")
    dialog.get_by_role("button", name="Erase for good").click()
    expect(page.get_by_text("The personal data are being erased.")).to_be_visible()
    do_queued(erasure.erase)
    [record] = frappe.get_all(erasure.ERASURE, {"customer": CUSTOMER}, pluck="name")
    page.goto(f"/app/beesender-erasure/{record}")
    expect(Form(page).field("why")).to_contain_text("Asked for it by mail.")
    picture(page, "contact-erased")
    assert not frappe.db.exists("Contact", {"email_id": LIV})
    assert frappe.db.get_value("HD Ticket", ticket["name"], "raised_by") != LIV
