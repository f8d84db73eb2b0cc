"""An account manager takes over clients from another system, and checks a file of plans."""

import csv
import io
import json

import frappe
import pytest
from frappe.utils.file_manager import save_file
from playwright.sync_api import Page, expect

from beesender_support.enforcement.imports import import_runs
from beesender_support.tests.browser import records
from beesender_support.tests.browser.jobs import do_queued
from beesender_support.tests.browser.pages import Form
from beesender_support.tests.site import factories

CUSTOMER, DOMAIN = "Lakeside Freight", "lakeside.example"
IMPORT, PLAN = "Beesender Import", "Beesender Support Plan"
EXPORTS = {
    "accounts.csv": f"Name;Web\n{CUSTOMER};https://{DOMAIN}\n",
    "contacts.csv": (
        "Full name;Account;Email;Mobile phone\n"
        f"Ida Lake;{CUSTOMER};ida@{DOMAIN};+79001234567\n"
        f"No Address;{CUSTOMER};;\n"
    ),
    "agreements.csv": (
        "Number;Account;Tier;Start date;End date;Contacts\n"
        f"LF-1;{CUSTOMER};Basic;01.01.2026;31.12.2026;Ida Lake\n"
        f"LF-2;{CUSTOMER};Golden;01.01.2027;31.12.2027;Ida Lake\n"
    ),
}
MAPPING = {"defaults": {"time_zone": "GMT+3", "channel": "email"}}


@pytest.fixture
def _tidy(address):
    records.despite_deadlocks(remove)
    yield
    frappe.db.rollback()
    records.despite_deadlocks(remove)


def remove() -> None:
    records.delete_rows("Data Import", {"owner": records.ADMIN})
    for name in frappe.get_all(IMPORT, {"owner": records.ADMIN}, pluck="name"):
        records.delete_rows("Beesender Imported Record", {"import_run": name})
        records.remove(IMPORT, name)
    for name in frappe.get_all(PLAN, {"customer": CUSTOMER}, pluck="name"):
        records.remove(PLAN, name)
    records.remove("HD Customer", CUSTOMER)
    of_domain = {"email_id": ("like", f"%@{DOMAIN}")}
    for name in frappe.get_all("Contact", of_domain, pluck="name"):
        records.remove("Contact", name)
    for name in frappe.get_all("File", {"owner": records.ADMIN}, pluck="name"):
        records.remove("File", name)


def new_import() -> str:
    """With its files, as somebody has attached them."""
    with factories.session_of(records.ADMIN):
        doc = frappe.get_doc(
            {
                "doctype": IMPORT,
                "source": "Creatio",
                "mapping": json.dumps(MAPPING),
                "files": [
                    {"file": save_file(name, text, "", "", is_private=1).file_url}
                    for name, text in EXPORTS.items()
                ],
            }
        ).insert()
    frappe.db.commit()
    return doc.name


def run(page: Page, label: str, name: str) -> None:
    """Press a button of the form, and do what it queued, as a worker does."""
    page.get_by_role("button", name=label, exact=True).click()
    if label == "Import":
        page.locator(".modal.show").get_by_role("button", name="Yes").click()
    expect(Form(page).field("state")).to_contain_text("Queued")
    do_queued(import_runs.run)
    assert records.fresh(IMPORT, name).state in ("Checked", "Done")


def report_of(page: Page, name: str) -> list[dict[str, str]]:
    """What the link on the form leads to."""
    url = records.fresh(IMPORT, name).report
    text = page.evaluate("async (url) => (await fetch(url)).text()", url)
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.usefixtures("_tidy")
def test_clients_of_another_system_are_taken_over_once(enter, picture):
    name = new_import()
    page = enter(records.ADMIN, f"/app/beesender-import/{name}")
    summary = Form(page).field("summary")

    run(page, "Check only", name)
    expect(summary).to_contain_text("nothing was kept")
    expect(summary).to_contain_text("Customers: 1 made")
    assert not frappe.db.exists("HD Customer", CUSTOMER)
    summary.scroll_into_view_if_needed()
    picture(page, "import-checked")

    run(page, "Import", name)
    expect(summary).to_contain_text("Plans: 1 made")
    expect(summary).to_contain_text("1 in doubt")
    expect(Form(page).field("report").get_by_role("link")).to_be_visible()
    summary.scroll_into_view_if_needed()
    picture(page, "import-done")
    # A file gets another name where there is one already.
    assert {
        row["outcome"]
        for row in report_of(page, name)
        if row["file"].startswith("agreements")
    } == {"in doubt"}
    assert frappe.db.get_value(PLAN, {"customer": CUSTOMER}, "status") == "Draft"

    run(page, "Import", name)
    expect(summary).to_contain_text("Customers: 0 made, 1 skipped")
    assert frappe.db.count(PLAN, {"customer": CUSTOMER}) == 1


@pytest.mark.usefixtures("_tidy")
def test_a_file_of_plans_is_checked_before_it_is_imported(enter, picture):
    frappe.db.rollback()
    text = (
        "Customer,Tier,Time zone,Starts on,Status\n"
        f"{records.GLOBEX},Basic,Mars/Olympus,2026-01-01,Draft\n"
        f"{records.GLOBEX},Golden,GMT+3,2027-01-01,Draft\n"
    )
    page = enter(records.ADMIN, "/app/data-import/new-data-import-1")
    form = Form(page)
    form.pick("reference_doctype", PLAN)
    form.select("import_type", "Insert New Records")
    form.save()
    form.field("import_file").get_by_role("button", name="Attach").click()
    dialog = page.locator(".modal.show")
    dialog.locator("input[type=file]").first.set_input_files(
        {"name": "plans.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    dialog.get_by_role("button", name="Upload", exact=True).click()
    page.wait_for_function("() => cur_frm.doc.import_file && !cur_frm.is_dirty()")
    page.get_by_role("button", name="Check only").click()
    said = page.locator(".modal.show")
    expect(said).to_contain_text("Mars/Olympus")
    expect(said).to_contain_text("Golden")
    picture(page, "data-import-checked")
    assert not frappe.db.exists(PLAN, {"customer": records.GLOBEX})
