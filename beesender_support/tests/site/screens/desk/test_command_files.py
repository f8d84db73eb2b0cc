"""The files for the command are read by it, and decided as the site decided."""

import csv
import io
import json
from datetime import datetime
from zipfile import ZipFile

import frappe
import pytest
from click.testing import CliRunner

from beesender_support.api.desk import export_for_command
from beesender_support.cli import main
from beesender_support.records.site_time import from_column
from beesender_support.screens.archives.command_files import archive
from beesender_support.tests.site.factories import (
    P1_INCIDENT,
    make_agent,
    make_client,
    make_contact,
    make_ticket,
)


@pytest.fixture
def files(tmp_path):
    def write(content=None):
        with ZipFile(io.BytesIO(content or archive())) as archived:
            archived.extractall(tmp_path)
        return tmp_path

    return write


def rows_of(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decided(folder):
    result = CliRunner().invoke(
        main,
        [
            *("triage", str(folder / "tickets.csv")),
            *("--plans", str(folder / "plans.csv"), "--format", "json"),
            *("--channels", str(folder / "channels.csv")),
        ],
    )
    assert result.exit_code == 0, result.output
    records = map(json.loads, result.stdout.splitlines())
    return {each["ticket"]: each for each in records}


def test_the_command_decides_what_the_site_decided(files):
    client = make_client(
        tier="Business",
        time_zone="Europe/Berlin",
        holidays=[
            {"date": "2026-12-25"},
            {"date": "2026-12-31", "start_time": "14:00:00", "end_time": "24:00:00"},
        ],
    )
    first = make_ticket(client, **P1_INCIDENT)
    stamps = {
        "service_level_agreement_creation": "2026-12-24 17:30:00",
        "first_responded_on": "2026-12-26 10:00:00",
    }
    second = make_ticket(client, **P1_INCIDENT, **stamps)
    third = make_ticket(client, ticket_type="Consultation", beesender_priority="P3")
    records = decided(files())
    for ticket in (first, second, third):
        record = records[str(ticket.name)]
        due = from_column(ticket.beesender_due_at)
        assert datetime.fromisoformat(record["response_due"]) == due
        assert record["tier"] == ticket.beesender_tier == "Business"
        assert record["priority"] == ticket.beesender_priority
        assert record["verdict"] == "accepted"


def test_the_command_decides_by_what_was_agreed_for_a_plan_alone(files):
    client = make_client(tier="Basic", time_zone="Europe/Berlin")
    client.plan.extend(
        "exceptions",
        [
            {"kind": "Response target", "priority": "P1", "hours": 1.5},
            {
                "kind": "Support hours",
                "weekday": "Saturday",
                "start_time": "10:00:00",
                "end_time": "14:00:00",
            },
            {
                "kind": "Support hours",
                "weekday": "Sunday",
                "start_time": "20:00:00",
                "end_time": "02:00:00",
            },
            {"kind": "Authorized contacts", "amount": 7},
        ],
    )
    client.plan.save()
    first = make_ticket(client, **P1_INCIDENT)
    second = make_ticket(client, ticket_type="Incident", beesender_priority="P2")
    folder = files()
    (row,) = (
        row
        for row in rows_of(folder / "plans.csv")
        if row["customer"] == client.customer
    )
    assert row["first_answer_hours"] == "P1=1.5"
    assert row["support_windows"] == "Sat 10:00-14:00;Sun 20:00-26:00"
    assert row["authorized_contact_limit"] == "7"
    records = decided(folder)
    for ticket in (first, second):
        due = from_column(ticket.beesender_due_at)
        record = records[str(ticket.name)]
        assert datetime.fromisoformat(record["response_due"]) == due
    notes = {row["record"] for row in rows_of(folder / "notes.csv")}
    assert client.plan.name not in notes


def test_the_command_knows_the_channels_of_the_site(files):
    channel = frappe.get_doc(
        {
            "doctype": "Beesender Channel",
            "title": "SMS",
            "takes_requests": 1,
            "enabled": 1,
        }
    ).insert(set_name="sms")
    tier = frappe.get_doc("Beesender Tier", "Business")
    tier.append("registration_channels", {"channel": channel.name})
    tier.save()
    client = make_client(tier="Business")
    taken = make_ticket(client, **P1_INCIDENT)
    taken.db_set("beesender_channel", "sms")
    folder = files()
    records = decided(folder)
    assert records[str(taken.name)]["verdict"] == "accepted"
    notes = {row["record"] for row in rows_of(folder / "notes.csv")}
    assert not notes & {client.plan.name, str(taken.name)}
    channel.enabled = 0
    channel.save()
    record = decided(files())[str(taken.name)]
    assert record["reason"] == "channel_not_in_plan"


def test_seats_are_those_of_today(files):
    client = make_client(tier="Business")
    gone = make_contact(client.customer)
    client.plan.append(
        "authorized_contacts", {"contact": gone, "to_date": "2021-01-01"}
    )
    client.plan.save()
    (row,) = (
        row
        for row in rows_of(files() / "plans.csv")
        if row["customer"] == client.customer
    )
    assert row["authorized_contacts"] == client.email


def test_a_tier_that_the_command_does_not_know_is_noted(files):
    tier = frappe.copy_doc(frappe.get_doc("Beesender Tier", "Basic"))
    tier.update({"tier_name": "Odd", "tier": "Odd", "title": "Odd", "rank": 77})
    tier.insert(set_name="Odd Tier")
    client = make_client(tier=tier.name)
    folder = files()
    notes = {row["record"]: row["note"] for row in rows_of(folder / "notes.csv")}
    assert "does not know the tier" in notes[client.plan.name]
    assert client.customer not in {
        row["customer"] for row in rows_of(folder / "plans.csv")
    }


def test_an_edited_tier_is_noted(files):
    client = make_client()
    tier = frappe.get_doc("Beesender Tier", "Basic")
    tier.response_targets[0].hours = 3
    tier.save()
    notes = {row["record"]: row["note"] for row in rows_of(files() / "notes.csv")}
    assert "as it is shipped" in notes[client.plan.name]


def test_it_is_downloaded_by_who_may_export(files):
    make_client()
    export_for_command()
    assert frappe.response.filename.endswith(".zip")
    assert decided(files(frappe.response.filecontent)) is not None
    frappe.set_user(make_agent())
    with pytest.raises(frappe.PermissionError):
        export_for_command()
