"""Managers read and export decisions; nobody else does, and files of many are checked."""

import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import frappe
import pytest
from frappe.utils import add_days, nowdate

from beesender_support.api import audit
from beesender_support.enforcement.audit import exports
from beesender_support.enforcement.erasure import erasure
from beesender_support.enforcement.runs import LONGEST_QUEUE
from beesender_support.records.site_time import now as this_second
from beesender_support.records.site_time import to_column
from beesender_support.setup.uninstall import remove_files_of_runs
from beesender_support.tests.site.audit.lives import WEDNESDAY, whole_life
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_customer,
    make_p1,
    make_ticket,
    refused,
    session_of,
)

RUN = exports.RUN


@pytest.fixture
def manager(site):
    return make_agent_manager()


def test_a_manager_reads_who_decided_what_and_when(manager):
    _client, ticket = whole_life()
    with clock_at(WEDNESDAY % "10:05"), session_of(manager):
        shown = audit.timeline(str(ticket.name))
    assert shown["time_zone"] == "Europe/Berlin"
    assert (shown["differs"], shown["missing"]) == ([], [])
    assert shown["checked"] > 20
    by_code = {line["code"]: line for line in shown["lines"]}
    rerated = by_code["rerated"]
    assert rerated["what"] == "Re-rated"
    assert rerated["why"] == "Sold up"
    assert "Tier: Basic → Business" in rerated["change"]
    assert rerated["local"] == "2026-10-27 10:00:00"
    assert by_code["held"]["what"] == "Held: No seat"


def test_the_timeline_is_in_the_readers_language(manager, client):
    ticket = make_p1(client)
    frappe.local.lang = "ru"
    try:
        shown = audit.timeline(str(ticket.name))
    finally:
        frappe.local.lang = "en"
    assert shown["lines"][0]["what"] == "Обращение получено: сотрудник поддержки"


def test_what_differs_is_said_at_once(manager, client):
    ticket = make_p1(client)
    ticket.db_set("beesender_due_at", "2026-12-01 12:00:00")
    shown = audit.timeline(str(ticket.name))
    assert "stored.first_answer.due_at" in shown["differs"]


def test_a_manager_gets_the_json_of_one_ticket(manager, client):
    ticket = make_p1(client)
    with session_of(manager):
        audit.export_decisions(str(ticket.name))
    assert frappe.response.filename == f"decisions-{ticket.name}.json"
    assert json.loads(frappe.response.filecontent)["ticket"]["name"] == str(ticket.name)


def test_neither_agents_nor_clients_read_or_export_them(client):
    ticket = make_p1(client)
    days = (client.customer, nowdate(), nowdate())
    for user in (make_agent(), client.email, "Guest"):
        with session_of(user):
            for act in (
                lambda: audit.timeline(str(ticket.name)),
                lambda: audit.export_decisions(str(ticket.name)),
                lambda: audit.export_of_customer(*days),
            ):
                with pytest.raises(frappe.PermissionError):
                    act()
            assert not frappe.has_permission(RUN, "read")


def export(customer, manager, first=None, last=None):
    with session_of(manager):
        name = audit.export_of_customer(customer, first or nowdate(), last or nowdate())
        tickets = exports._tickets(
            customer, frappe.utils.getdate(first or nowdate()), frappe.utils.getdate()
        )
        exports.run_export(name, tickets)
    return frappe.get_doc(RUN, name)


def content_of(run):
    file = frappe.get_doc("File", {"attached_to_name": run.name})
    assert file.is_private
    return Path(file.get_full_path()).read_bytes()


def test_the_tickets_of_a_customer_become_a_file_that_the_command_checks(
    client, manager, tmp_path
):
    tickets = [make_ticket(client) for _ in range(3)]
    other = make_ticket(make_client())
    run = export(client.customer, manager)
    assert (run.state, run.tickets, run.exported) == ("Done", 3, 3)
    content = content_of(run)
    lines = ZipFile(BytesIO(content)).read(exports.MEMBER).decode().splitlines()
    named = {json.loads(line)["ticket"]["name"] for line in lines}
    assert named == {str(each.name) for each in tickets}
    assert str(other.name) not in named
    file = tmp_path / "all.zip"
    file.write_bytes(content)
    result = subprocess.run(
        [sys.executable, "-m", "beesender_support.cli", "recount", str(file)],
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    assert "Tickets: 3." in result.stdout
    told = {"for_user": manager, "document_type": RUN, "document_name": run.name}
    assert "are exported" in frappe.db.get_value("Notification Log", told, "subject")


def test_two_exports_of_one_customer_are_one(client, manager):
    make_ticket(client)
    audit.export_of_customer(client.customer, nowdate(), nowdate())
    with refused("being exported"):
        audit.export_of_customer(client.customer, nowdate(), nowdate())


def test_an_export_that_fell_silent_gives_way_and_writes_nothing_more(client, manager):
    ticket = make_ticket(client)
    dead = audit.export_of_customer(client.customer, nowdate(), nowdate())
    silent = to_column(this_second() - exports.SILENCE - timedelta(minutes=1))
    frappe.db.set_value(RUN, dead, {"state": "Running", "alive_at": silent})
    audit.export_of_customer(client.customer, nowdate(), nowdate())
    assert frappe.db.get_value(RUN, dead, "state") == "Stopped"
    exports.run_export(dead, [str(ticket.name)])
    assert not frappe.db.exists("File", {"attached_to_name": dead})


def test_runs_that_nobody_hears_of_are_reported(client, manager):
    make_ticket(client)
    with session_of(manager):
        run = audit.export_of_customer(client.customer, nowdate(), nowdate())
    long_ago = to_column(this_second() - LONGEST_QUEUE - timedelta(hours=1))
    frappe.db.set_value(RUN, run, "alive_at", long_ago)
    exports.report_dead()
    assert frappe.db.get_value(RUN, run, "state") == "Stopped"


def test_days_are_those_on_which_a_ticket_was_registered(client, manager):
    """As the form says; a ticket of history is made later."""
    ticket, today = make_ticket(client), make_ticket(client)
    ticket.db_set("beesender_registered_at", "2026-10-01 08:00:00")
    older = make_ticket(client)
    older.db_set("beesender_registered_at", None)

    def found(first, last):
        days = map(frappe.utils.getdate, (first, last))
        return exports._tickets(client.customer, *days)

    with session_of(manager):
        assert found("2026-10-01", "2026-10-01") == [str(ticket.name)]
        of_today = found(nowdate(), nowdate())
    assert of_today == [str(today.name), str(older.name)]
    with session_of(make_client().email):
        assert exports._tickets(client.customer, *[frappe.utils.getdate()] * 2) == []


def test_a_customer_is_deleted_whose_decisions_were_exported(client, manager):
    export_of = make_customer()
    frappe.get_doc(
        {
            "doctype": RUN,
            "customer": export_of,
            "from_date": nowdate(),
            "to_date": nowdate(),
            "state": exports.DONE,
        }
    ).insert(ignore_permissions=True)
    frappe.delete_doc("HD Customer", export_of)
    assert not frappe.db.exists("HD Customer", export_of)


def test_uninstalling_leaves_no_file_of_an_export(client, manager):
    make_ticket(client)
    run = export(client.customer, manager)
    remove_files_of_runs()
    assert not frappe.db.exists("File", {"attached_to_name": run.name})


@pytest.mark.parametrize(
    ("first", "last", "why"),
    [(1, 0, "before the first"), (-30, -20, "No ticket")],
)
def test_days_of_nothing_are_refused(client, manager, first, last, why):
    make_ticket(client)
    days = (add_days(nowdate(), each) for each in (first, last))
    with refused(why):
        audit.export_of_customer(client.customer, *days)


def test_erasing_a_contact_ends_an_export_that_is_at_work(client, manager, monkeypatch):
    ticket = make_ticket(client)
    with session_of(manager):
        run = audit.export_of_customer(client.customer, nowdate(), nowdate())
    real = exports._lines

    def erased_meanwhile(names):
        lines = real(names)
        erasure.erase(client.contact, "They asked")
        return lines

    monkeypatch.setattr(exports, "_lines", erased_meanwhile)
    exports.run_export(run, [str(ticket.name)])
    assert frappe.db.get_value(RUN, run, "state") == "Stopped"
    assert not frappe.db.exists("File", {"attached_to_name": run})


def test_erasing_a_contact_removes_the_files_that_name_them(client, manager):
    ticket = make_ticket(client)
    run = export(client.customer, manager)
    erasure.erase(client.contact, "They asked")
    assert frappe.db.get_value(RUN, run.name, ["state", "file"]) == ("Erased", None)
    assert not frappe.db.exists("File", {"attached_to_name": run.name})
    with session_of(manager):
        audit.export_decisions(str(ticket.name))
    assert client.email not in frappe.response.filecontent
    assert "Erased contact" in frappe.response.filecontent
