"""Uninstalling leaves the site as it was. Runs the real commands on the test site."""

from collections.abc import Iterator

import frappe
import pytest

from beesender_support.enforcement.allowances import taking
from beesender_support.enforcement.readiness import sample_data
from beesender_support.policy.readiness.samples import DOMAIN
from beesender_support.setup.articles import CATEGORY_TITLE
from beesender_support.setup.custom_fields import DECIDED_LEVEL
from beesender_support.setup.first_data import added_records
from beesender_support.setup.uninstall import RUNS_WITH_FILES
from beesender_support.setup.workspace import OUTSIDE_THE_MODULE
from beesender_support.tests.uninstall.conftest import connect, uninstall

# What somebody made their own before the app went.
EDITED = (
    ("HD Article", {"title": "What your plan includes"}, "content"),
    ("HD Saved Reply", {"title": "Consultation: accepted"}, "message"),
)
OWN_WORDS = "<p>In our own words.</p>"


@pytest.fixture(scope="module", autouse=True)
def added() -> Iterator[list[list[str]]]:
    """Uninstalled; what the app had noted as added to Helpdesk's own DocTypes."""
    connect()
    records = added_records()
    edit_texts()
    keep_a_mail()
    keep_a_file()
    sample_data.put_in()
    take_of_a_sample()
    frappe.db.commit()
    frappe.destroy()
    said = uninstall("--dry-run")
    assert "kept in the Beesender Admission Log only" in said
    connect()
    assert frappe.db.exists("Beesender Tier", "Basic")
    assert frappe.db.exists("HD Customer", "Sample bank")
    assert "beesender_tier" in frappe.db.get_table_columns("HD Ticket")
    frappe.destroy()
    said = uninstall("--yes", "--no-backup")
    assert "kept in the Beesender Admission Log only" in said
    connect()
    yield records
    remove_edited_texts()
    frappe.destroy()


def keep_a_mail() -> None:
    frappe.get_doc(
        {
            "doctype": "Beesender Admission Log",
            "event": "Mail kept",
            "raw_content": "From: someone",
        }
    ).insert(ignore_permissions=True)
    frappe.db.commit()


def keep_a_file() -> None:
    """As an export of decisions leaves one."""
    frappe.get_doc(
        {
            "doctype": "File",
            "file_name": "decisions-of-nobody.zip",
            "attached_to_doctype": RUNS_WITH_FILES[0],
            "attached_to_name": "of nobody",
            "is_private": 1,
            "content": b"PK",
        }
    ).insert(ignore_permissions=True)
    frappe.db.commit()


def take_of_a_sample() -> None:
    """What is written in the ledger of allowances is never deleted, but with the app."""
    plan = frappe.db.get_value(
        "Beesender Support Plan", {"customer": ("like", "Sample %"), "tier": "Premium"}
    )
    entry = {"plan": plan, "entitlement": "updates", "action": "Reserve", "amount": 1}
    taking.write(entry)


def edit_texts() -> None:
    for doctype, filters, fieldname in EDITED:
        doc = frappe.get_doc(doctype, filters)
        doc.update({fieldname: OWN_WORDS}).save()
    frappe.db.commit()


def remove_edited_texts() -> None:
    """As on a site that never had the app, so that installing makes them anew."""
    for doctype, filters, _fieldname in EDITED:
        frappe.db.delete(doctype, filters)
    frappe.db.delete("HD Article Category", {"category_name": CATEGORY_TITLE})
    frappe.db.commit()


def test_no_table_or_column_is_left():
    tables = frappe.db.get_tables(cached=False)
    assert not [table for table in tables if "Beesender" in table]
    columns = frappe.db.get_table_columns("HD Ticket")
    assert not [column for column in columns if column.startswith("beesender_")]


@pytest.mark.parametrize(
    ("doctype", "filters"),
    [
        ("DocType", {"name": ("like", "Beesender%")}),
        ("Module Def", {"name": ("like", "Beesender%")}),
        ("Custom Field", {"fieldname": ("like", "beesender_%")}),
        ("Role", {"name": ("like", "Beesender%")}),
        ("Has Role", {"role": ("like", "Beesender%")}),
        ("HD Ticket Template Field", {"fieldname": ("like", "beesender_%")}),
        ("HD Service Level Agreement", {"name": ("like", "Beesender%")}),
        ("HD Service Holiday List", {"name": ("like", "Beesender%")}),
        ("HD Ticket", {"sla": ("like", "Beesender%")}),
        ("HD Form Script", {"name": ("like", "Beesender%")}),
        ("HD Ticket Template", {"name": ("like", "Beesender%")}),
        ("HD View", {"name": ("like", "BEESENDER-VIEW-%")}),
        ("HD View", {"columns": ("like", "%beesender_%")}),
        ("Custom DocPerm", {"parent": "HD Ticket", "permlevel": DECIDED_LEVEL}),
        ("Workspace", {"name": ("like", "Beesender%")}),
        ("Custom HTML Block", {"name": ("like", "Beesender%")}),
        ("Number Card", {"module": ("like", "Beesender%")}),
        ("Number Card", {"method": ("like", "beesender_support.%")}),
        ("Dashboard Chart", {"module": ("like", "Beesender%")}),
        ("Report", {"module": ("like", "Beesender%")}),
        ("Print Format", {"module": ("like", "Beesender%")}),
        ("File", {"attached_to_doctype": ("in", RUNS_WITH_FILES)}),
        ("View Log", {"reference_doctype": ("like", "Beesender%")}),
        ("HD Customer", {"name": ("like", "Sample %")}),
        ("Contact", {"email_id": ("like", f"%.{DOMAIN}")}),
        ("User", {"name": ("like", f"%.{DOMAIN}")}),
        ("HD Ticket", {"raised_by": ("like", f"%.{DOMAIN}")}),
        ("Scheduled Job Type", {"method": ("like", "beesender_support.%")}),
    ],
)
def test_no_record_is_left(doctype, filters):
    assert not frappe.get_all(doctype, filters, pluck="name")


@pytest.mark.parametrize("doctype", OUTSIDE_THE_MODULE)
def test_the_desktop_forgets_the_workspace(doctype):
    if not frappe.db.exists("DocType", doctype):
        pytest.skip("Frappe 15 has no desktop icons")
    assert not frappe.db.exists(doctype, {"name": ("like", "Beesender%")})


def test_added_ticket_types_go_unless_a_ticket_has_them(added):
    in_use = set(frappe.get_all("HD Ticket", pluck="ticket_type"))
    types = [name for doctype, name in added if doctype == "HD Ticket Type"]
    assert types
    for name in types:
        assert frappe.db.exists("HD Ticket Type", name) is None or name in in_use, name


def test_texts_go_unless_somebody_made_them_their_own(added):
    for doctype in ("HD Article", "HD Saved Reply"):
        names = [name for each, name in added if each == doctype]
        kept = frappe.get_all(doctype, {"name": ("in", names)}, pluck="name")
        assert len(names) > 2
        assert len(kept) == 1, doctype
    for doctype, filters, fieldname in EDITED:
        assert frappe.db.get_value(doctype, filters, fieldname) == OWN_WORDS
    assert frappe.db.exists("HD Article Category", {"category_name": CATEGORY_TITLE})
