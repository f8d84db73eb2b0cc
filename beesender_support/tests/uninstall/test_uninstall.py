"""Uninstalling leaves the site as it was. Runs the real commands on the test site."""

import os
import subprocess
import sys
from collections.abc import Iterator

import frappe
import pytest

from beesender_support.setup.custom_fields import DECIDED_LEVEL
from beesender_support.setup.first_data import added_records

SITE, SITES_PATH = os.environ["TEST_SITE"], os.environ["SITES_PATH"]


def command(*words: str) -> None:
    bench_helper = [sys.executable, "-m", "frappe.utils.bench_helper", "frappe"]
    subprocess.run(
        [*bench_helper, "--site", SITE, *words],
        cwd=SITES_PATH,
        check=True,
        capture_output=True,
        text=True,
    )


def connect() -> None:
    frappe.init(site=SITE, sites_path=SITES_PATH, force=True)
    frappe.connect()


@pytest.fixture(scope="module", autouse=True)
def added() -> Iterator[list[list[str]]]:
    """Uninstalled; what the app had noted as added to Helpdesk's own DocTypes."""
    connect()
    records = added_records()
    frappe.destroy()
    command("uninstall-app", "beesender_support", "--yes", "--no-backup")
    connect()
    yield records
    frappe.destroy()
    command("install-app", "beesender_support")


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
        ("HD View", {"name": ("like", "BEESENDER-VIEW-%")}),
        ("HD View", {"columns": ("like", "%beesender_%")}),
        ("Custom DocPerm", {"parent": "HD Ticket", "permlevel": DECIDED_LEVEL}),
    ],
)
def test_no_record_is_left(doctype, filters):
    assert not frappe.get_all(doctype, filters, pluck="name")


def test_added_ticket_types_go_unless_a_ticket_has_them(added):
    in_use = set(frappe.get_all("HD Ticket", pluck="ticket_type"))
    for doctype, name in added:
        assert frappe.db.exists(doctype, name) is None or name in in_use, name
