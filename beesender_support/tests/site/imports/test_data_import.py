"""Frappe's Data Import: what it would refuse is said at once, and updates drop nothing."""

import frappe
import pytest
from frappe.utils.file_manager import save_file

from beesender_support.enforcement.imports.data_import_check import CHECKED, check
from beesender_support.tests.site.factories import (
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
)

PLAN = "Beesender Support Plan"
INSERT, UPDATE = "Insert New Records", "Update Existing Records"


def data_import(text, import_type=UPDATE, doctype=PLAN):
    file = save_file(
        f"{frappe.generate_hash(length=6)}.csv", text.encode(), None, None, is_private=1
    )
    return frappe.get_doc(
        {
            "doctype": "Data Import",
            "reference_doctype": doctype,
            "import_type": import_type,
            "import_file": file.file_url,
        }
    ).insert()


def imported(text, **kind):
    doc = data_import(text, **kind)
    doc.get_importer().import_data()
    logs = frappe.get_all("Data Import Log", {"data_import": doc.name}, "*")
    assert logs
    assert all(each.success for each in logs), [each.messages for each in logs]


def test_next_years_holidays_leave_this_years():
    plan = make_client(
        holidays=[{"date": "2026-12-25", "description": "This year"}]
    ).plan
    seats = [row.name for row in plan.authorized_contacts]
    imported(f"ID,Date (Own dates)\n{plan.name},2027-12-25\n")
    plan.reload()
    assert [str(row.date) for row in plan.holidays] == ["2026-12-25", "2027-12-25"]
    assert plan.holidays[0].description == "This year"
    assert [row.name for row in plan.authorized_contacts] == seats


def test_a_row_that_is_there_is_changed_and_not_doubled():
    plan = make_client(
        holidays=[{"date": "2026-12-25"}, {"date": "2026-12-26", "description": "Kept"}]
    ).plan
    names = [row.name for row in plan.holidays]
    imported(
        "ID,Date (Own dates),Description (Own dates)\n"
        f"{plan.name},2026-12-25,Named\n,2026-12-26,\n"
    )
    plan.reload()
    assert [row.name for row in plan.holidays] == names
    assert [row.description for row in plan.holidays] == ["Named", "Kept"]


def test_a_seat_that_a_file_lacks_stays():
    client = make_client(tier="Business")
    other = make_contact(client.customer)
    imported(f"ID,Contact (Authorized contacts)\n{client.plan.name},{other}\n")
    client.plan.reload()
    assert [row.contact for row in client.plan.authorized_contacts] == [
        client.contact,
        other,
    ]


def test_a_seat_that_is_there_is_given_a_last_day():
    client = make_client()
    imported(
        "ID,Contact (Authorized contacts),To (inclusive) (Authorized contacts)\n"
        f"{client.plan.name},{client.contact},2099-12-31\n"
    )
    client.plan.reload()
    (row,) = client.plan.authorized_contacts
    assert str(row.to_date) == "2099-12-31"


def test_the_form_still_takes_rows_away():
    plan = make_client(holidays=[{"date": "2026-12-25"}]).plan
    plan.holidays = []
    plan.save()
    assert not plan.reload().holidays


def test_a_check_says_every_fault_and_keeps_nothing():
    customer, count = make_customer(), frappe.db.count(PLAN)
    row = f"{customer},Basic,GMT+3,Active"
    text = (
        "Customer,Tier,Time zone,Status,Starts on,Ends on (inclusive)\n"
        f"{row},2026-01-01,2026-12-31\n"
        f"{row},2026-06-01,2026-12-31\n"
        f"{customer},Basic,MSK,Active,2027-01-01,2027-12-31\n"
        f"{row},2028-01-01,2027-12-31\n"
    )
    checked = check(data_import(text, INSERT))
    assert checked["records"] == 4
    assert [each["rows"] for each in checked["faults"]] == [[3], [4], [5]]
    assert "in force" in checked["faults"][0]["fault"]
    assert "MSK" in checked["faults"][1]["fault"]
    assert frappe.db.count(PLAN) == count


def test_a_check_of_nothing_wrong():
    text = (
        f"Customer,Tier,Time zone,Starts on\n{make_customer()},Basic,GMT+3,2026-01-01\n"
    )
    assert check(data_import(text, INSERT)) == {"records": 1, "faults": []}


def test_links_that_are_not_there_are_faults_too():
    text = "Customer,Tier,Time zone,Starts on\nNobody at all,Gold,GMT+3,2026-01-01\n"
    faults = check(data_import(text, INSERT))["faults"]
    assert any("Gold" in each["fault"] for each in faults)


def test_records_of_others_are_not_checked():
    doc = data_import("First Name\nx\n", INSERT, "Contact")
    with pytest.raises(frappe.ValidationError, match="not checked"):
        check(doc)


@pytest.mark.parametrize("doctype", CHECKED)
def test_import_is_on(doctype):
    assert frappe.get_meta(doctype).allow_import


def test_an_agent_manager_may_import_plans():
    frappe.set_user(make_agent_manager())
    assert frappe.has_permission(PLAN, "import")
    assert not frappe.has_permission("Beesender Tier", "import")
