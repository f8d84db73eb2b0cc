"""All that is kept of a customer leaves in one archive, and nothing of another."""

import csv
import io
import json
from zipfile import ZipFile

import frappe
import pytest
from frappe.utils.file_manager import save_file

from beesender_support.api.people import export_customer
from beesender_support.enforcement.requests import access_details
from beesender_support.tests.site.factories import make_client, make_ticket


@pytest.fixture
def client():
    client = make_client()
    client.ticket = make_ticket(client)
    access_details.give(client.ticket, "user root, password swordfish")
    save_file("=log.txt", b"x", "HD Ticket", client.ticket.name, is_private=1)
    return client


def exported(customer, **options):
    export_customer(customer, **options)
    archive = ZipFile(io.BytesIO(frappe.response.filecontent))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def test_everything_is_in_it(client):
    files = exported(client.customer)
    rows = {
        name: json.loads(text) for name, text in files.items() if name.endswith("json")
    }
    assert rows["customer.json"][0]["name"] == client.customer
    assert rows["plans.json"][0]["authorized_contacts"][0]["contact"] == client.contact
    assert rows["contacts.json"][0]["email_ids"][0]["email_id"] == client.email
    (ticket,) = rows["tickets.json"]
    assert ticket["beesender_terms"]
    assert rows["communications.json"]
    assert {"gave access details"} & {each["action"] for each in rows["history.json"]}
    assert {"notice_log.json", "allowances.json", "admission_log.json"} <= set(files)
    (decision,) = rows["decisions.json"]
    assert decision["ticket"] == str(client.ticket.name)
    assert client.plan.name in decision["facts"]
    (attachment,) = csv.DictReader(io.StringIO(files["attachments.csv"]))
    assert attachment["file_name"].startswith("'=log")


def test_secrets_are_accounted_for_and_not_said(client):
    files = exported(client.customer)
    assert "swordfish" not in "".join(files.values())
    (details,) = json.loads(files["access_details.json"])
    assert (details["ticket"], details["secret"]) == (str(client.ticket.name), None)


def test_secrets_that_are_asked_for_are_read_and_noted(client):
    files = exported(client.customer, with_secrets=True)
    (details,) = json.loads(files["access_details.json"])
    assert "swordfish" in details["secret"]
    actions = frappe.get_all(
        "HD Ticket Activity", {"ticket": client.ticket.name}, pluck="action"
    )
    assert "read the access details" in actions


def test_nothing_of_another_customer(client):
    other = make_client()
    make_ticket(other, subject="Not theirs at all")
    text = "".join(exported(client.customer).values())
    assert other.customer not in text
    assert "Not theirs at all" not in text


def test_a_ticket_that_was_anothers_brings_nothing_of_what_decided_then(client):
    other = make_client()
    ticket = frappe.get_doc("HD Ticket", client.ticket.name)
    ticket.update({"customer": other.customer, "contact": other.contact})
    ticket.save()
    theirs, former = (
        json.loads(exported(each.customer)["decisions.json"])
        for each in (other, client)
    )
    assert [each["customer"] for each in theirs] == [other.customer]
    assert client.contact not in theirs[0]["facts"]
    assert [each["customer"] for each in former] == [client.customer]
    assert {each["ticket"] for each in (*theirs, *former)} == {str(ticket.name)}
