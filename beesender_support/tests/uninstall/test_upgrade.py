"""A site of 0.1.0 with data is migrated without loss. Runs the real command on the test
site.

``site_of_0_1_0.json`` was written by a site that ran 0.1.0: the tables of its DocTypes,
the columns it added to HD Ticket, its rows, and the customers, contacts and tickets they
belong to.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import frappe
import pytest
from frappe.installer import add_to_installed_apps
from frappe.query_builder import Table

from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK
from beesender_support.records.site_time import to_instant
from beesender_support.records.sold.catalogue import tier_named
from beesender_support.records.sold.plan_values import plan_of
from beesender_support.records.tickets.promise import promises_of
from beesender_support.tests.site.factories import site_zone
from beesender_support.tests.uninstall.conftest import APP, command, connect, uninstall

SETTINGS = "Beesender Support Settings"
DATA = json.loads(Path(__file__).with_name("site_of_0_1_0.json").read_text("utf-8"))
TICKETS = {row["name"]: row for row in DATA["rows_of_others"]["HD Ticket"]}
PATCHES_OF_0_1_0 = (
    "add_chat_door",
    "add_response_state",
    "add_description_templates",
    "add_tier_rank",
    "add_ticket_views",
    "add_workspace_and_texts",
)
# What a migration may not write to a ticket that nobody touched.
LASTING = (
    "subject",
    "status",
    "priority",
    "ticket_type",
    "customer",
    "contact",
    "raised_by",
    "response_by",
    "resolution_by",
    "agreement_status",
    "first_responded_on",
    "first_response_time",
    "service_level_agreement_creation",
    "modified",
    "beesender_plan",
    "beesender_tier",
    "beesender_priority",
    "beesender_channel",
    "beesender_admission",
    "beesender_admission_reason",
)


@pytest.fixture(scope="module", autouse=True)
def upgraded() -> Iterator[None]:
    connect()
    if APP in frappe.get_installed_apps():
        frappe.destroy()
        uninstall("--yes", "--no-backup")
        connect()
    try:
        bring_back_0_1_0()
        frappe.destroy()
        command("migrate", "--skip-search-index")
        connect()
        # Here HD Ticket is remembered without the app's fields.
        frappe.clear_cache()
        yield
    finally:
        # A connection left open would hold the tables that are dropped next.
        frappe.destroy()
        connect()
        remove_rows_of_others()
        frappe.destroy()
        uninstall("--yes", "--no-backup")


def bring_back_0_1_0() -> None:
    database = frappe.db
    for table, written in DATA["tables"].items():
        database.sql_ddl("\n".join(written["created_by"]))
        for row in written["rows"]:
            insert(table, row)
    for column in DATA["columns_of_ticket"]:
        database.sql_ddl(
            f"alter table `tabHD Ticket` add column if not exists {column}"
        )
    for doctype, rows in DATA["rows_of_others"].items():
        for row in rows:
            insert(f"tab{doctype}", row)
    for field, value in DATA["settings"]:
        insert("tabSingles", {"doctype": SETTINGS, "field": field, "value": value})
    # Frappe remembers the patches of an app that was uninstalled.
    database.delete("Patch Log", {"patch": ("like", f"{APP}%")})
    for patch in PATCHES_OF_0_1_0:
        frappe.get_doc(
            {"doctype": "Patch Log", "patch": f"{APP}.patches.{patch}"}
        ).insert()
    add_to_installed_apps(APP)
    database.commit()
    frappe.clear_cache()


def insert(table: str, row: dict[str, Any]) -> None:
    frappe.qb.into(Table(table)).columns(*row).insert(*row.values()).run()


def remove_rows_of_others() -> None:
    for doctype, rows in DATA["rows_of_others"].items():
        frappe.db.delete(doctype, {"name": ("in", [row["name"] for row in rows])})
    frappe.db.commit()


def rows(table: str) -> list[dict[str, Any]]:
    return DATA["tables"][f"tab{table}"]["rows"]


def test_every_patch_ran():
    listed = (Path(frappe.get_app_path(APP)) / "patches.txt").read_text("utf-8")
    wanted = {line for line in listed.splitlines() if line.startswith(APP)}
    done = set(
        frappe.get_all(
            "Patch Log", {"patch": ("like", f"{APP}%"), "skipped": 0}, pluck="patch"
        )
    )
    assert len(wanted) > 20
    assert wanted - done == set()


@pytest.mark.parametrize(
    "doctype", sorted(table.removeprefix("tab") for table in DATA["tables"])
)
def test_no_row_is_lost(doctype):
    stored = set(frappe.get_all(doctype, pluck="name", parent_doctype=None))
    assert {row["name"] for row in rows(doctype)} - stored == set()


@pytest.mark.parametrize("name", [row["name"] for row in rows("Beesender Tier")])
def test_a_tier_sells_what_it_sold(name):
    [before] = [row for row in rows("Beesender Tier") if row["name"] == name]
    tier = tier_named(name)
    assert tier.rank == before["rank"]
    assert tier.fee_percent == Decimal(str(before["fee_percent"]))
    assert tier.authorized_contact_limit == before["authorized_contact_limit"]
    assert tier.updates_per_year == before["updates_per_year"]
    assert tier.around_the_clock == bool(before["around_the_clock"])
    for table, found in (
        ("Beesender Registration Channel", tier.registration_channels),
        ("Beesender Answer Channel", tier.answer_channels),
    ):
        listed = {row["channel"] for row in rows(table) if row["parent"] == name}
        assert found == listed
    assert tier.response_targets == {
        row["priority"]: timedelta(hours=row["hours"])
        for row in rows("Beesender Response Target")
        if row["parent"] == name
    }
    ticked = {
        entitlement
        for entitlement in (
            "administrator_questions",
            "end_user_questions",
            "success_manager_in_person",
            "developer_consultation",
            "licence_maintenance",
        )
        if before.get(entitlement)
    }
    assert set(tier.entitlements) - {"updates"} == ticked
    if not tier.around_the_clock:
        windows = rows("Beesender Support Window")
        assert len(tier.windows) == sum(row["parent"] == name for row in windows)
    else:
        assert tier.windows == AROUND_THE_CLOCK


def test_plans_keep_their_terms_seats_and_holidays():
    for before in rows("Beesender Support Plan"):
        plan = plan_of(frappe.get_doc("Beesender Support Plan", before["name"]))
        assert plan.customer == before["customer"]
        assert plan.tier.name == before["tier"]
        assert plan.time_zone == before["time_zone"]
        assert plan.status == before["status"]
        assert str(plan.starts_on) == before["starts_on"]
        assert (str(plan.ends_on) if plan.ends_on else None) == before.get("ends_on")
        for table, found in (
            ("Beesender Authorized Contact", plan.seats),
            ("Beesender Plan Holiday", plan.holidays),
        ):
            listed = [row for row in rows(table) if row["parent"] == before["name"]]
            assert len(found) == len(listed)


def test_a_running_plan_is_open_and_closed_as_before():
    plan = plan_of(frappe.get_doc("Beesender Support Plan", "PLAN-98761"))
    calendar = plan.calendar
    # 9-18 each day in GMT+3, but for a holiday and half of the last day of the year.
    assert calendar.is_open(datetime.fromisoformat("2026-03-08T09:00:00+03:00"))
    assert not calendar.is_open(datetime.fromisoformat("2026-03-09T12:00:00+03:00"))
    assert calendar.is_open(datetime.fromisoformat("2026-12-31T12:59:00+03:00"))
    assert not calendar.is_open(datetime.fromisoformat("2026-12-31T13:00:00+03:00"))
    assert plan.ends_on == date(2026, 12, 31)


@pytest.mark.parametrize("name", TICKETS)
def test_a_ticket_keeps_what_was_decided_and_promised(name):
    before = TICKETS[name]
    after = frappe.db.get_value("HD Ticket", name, LASTING, as_dict=True)
    changed = {
        field: (before.get(field), after[field])
        for field in LASTING
        if not is_same(before.get(field), after[field])
    }
    assert changed == {}


@pytest.mark.parametrize("name", TICKETS)
def test_frozen_terms_say_what_they_said(name):
    before = json.loads(TICKETS[name].get("beesender_terms") or "{}")
    stored = frappe.db.get_value("HD Ticket", name, "beesender_terms")
    after = json.loads(stored or "{}")
    assert before.pop("format", None) in (None, 1)
    assert {key: after.get(key) for key in before} == before


def is_same(before: object, after: object) -> bool:
    if isinstance(after, datetime):
        # A column without microseconds is written shorter.
        return datetime.fromisoformat(str(before)) == after
    return str(before or "") == str(after or "")


def test_an_open_promise_is_due_when_it_was():
    ticket = frappe.get_doc("HD Ticket", "98762")
    first = promises_of(ticket).first_answer.response
    # The site of before kept Helpdesk's times in its zone.
    with site_zone("Europe/Berlin"):
        assert first.due == to_instant(ticket.response_by)
    assert first.due == datetime.fromisoformat("2026-03-02T11:00:00+03:00")


def test_an_admin_s_settings_stay():
    assert frappe.db.get_single_value(SETTINGS, "over_quota_grace_days") == 21


def test_the_past_is_announced_to_nobody():
    names = list(TICKETS)
    assert not frappe.get_all("Email Queue", {"reference_name": ("in", names)})
    assert not frappe.get_all("Beesender Notice Log", {"ticket": ("in", names)})
