"""An account manager checks a file of plans before it is imported."""

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import Form

PLAN = "Beesender Support Plan"


@pytest.fixture
def _tidy(address):
    records.despite_deadlocks(remove)
    yield
    frappe.db.rollback()
    records.despite_deadlocks(remove)


def remove() -> None:
    records.delete_rows("Data Import", {"owner": records.ADMIN})
    for name in frappe.get_all("File", {"owner": records.ADMIN}, pluck="name"):
        records.remove("File", name)


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
