"""A person is erased wherever they stand, and what was promised stays."""

import json

import frappe
import pytest

from beesender_support.api import people
from beesender_support.enforcement.erasure import erasure
from beesender_support.enforcement.requests import access_details
from beesender_support.records.tickets import admission_log
from beesender_support.tests.site.factories import (
    P1_INCIDENT,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_customer,
    make_ticket,
)

NAME, PHONE, WHY = "Anastasia Erasmus", "+79001234567", "Asked by letter"
# Tables in which nobody is looked for: of the test itself, or of whoever erased.
NOT_SEARCHED = {"tabSessions", "__UserSettings", "__Auth"}


@pytest.fixture
def in_russia():
    frappe.db.set_single_value("System Settings", "country", "Russian Federation")
    frappe.clear_document_cache("System Settings")
    frappe.local.system_settings = frappe.get_doc("System Settings")


@pytest.fixture
def person():
    """A client who asked, was answered, wrote access details, and stands in logs."""
    mark = frappe.generate_hash(length=6)
    client = make_client()
    contact = frappe.get_doc("Contact", client.contact)
    address = f"anastasia.{mark}@example.com"
    contact.update({"first_name": f"{NAME}{mark}", "last_name": "", "image": ""})
    contact.append("email_ids", {"email_id": address})
    contact.append("phone_nos", {"phone": f"{PHONE}{len(mark)}", "is_primary_phone": 1})
    contact.save()
    ticket = make_ticket(
        client,
        **P1_INCIDENT,
        description=f"Call me: {PHONE}{len(mark)}. {NAME}{mark}, {address}",
    )
    access_details.give(ticket, "user root")
    admission_log.record(
        "Mail kept",
        details=f"From {address}",
        raw_content=f"From: {address}\n\nHello",
        queue_state="Open",
    )
    frappe.get_doc(
        {
            "doctype": "Beesender Notice Log",
            "kind": "kept",
            "key": mark,
            "outcome": "Sent",
            "recipients": client.email,
            "ticket": ticket.name,
        }
    ).insert(ignore_links=True, ignore_mandatory=True)
    return frappe._dict(
        client,
        ticket=ticket,
        name=f"{NAME}{mark}",
        address=address,
        phone=f"{PHONE}{len(mark)}",
    )


def found(*needles):
    """Every column of every table of the site that has one of these texts."""
    columns = frappe.db.sql(
        """select table_name, column_name from information_schema.columns
        where table_schema = database()
        and data_type in ('varchar', 'text', 'longtext', 'mediumtext', 'char')"""
    )
    where: dict[str, list[str]] = {}
    for table, column in columns:
        where.setdefault(table, []).append(column)
    hits = []
    for table, names in where.items():
        if table in NOT_SEARCHED:
            continue
        said = " or ".join(f"`{each}` like %s" for each in names for _n in needles)
        values = [f"%{needle}%" for _each in names for needle in needles]
        query = f"select 1 from `{table}` where {said} limit 1"  # noqa: S608
        if not frappe.db.sql(query, values):
            continue
        for column in names:
            query = f"select `{column}` from `{table}` where `{column}` like %s"  # noqa: S608
            for needle in needles:
                hits += [
                    (table, column, str(text)[:200])
                    for (text,) in frappe.db.sql(query, f"%{needle}%")
                ]
    return hits


def test_nothing_of_the_person_is_left_in_any_table(person):
    erasure.erase(person.contact, WHY)
    assert found(person.name, person.address, person.email, person.phone) == []


def test_a_number_is_theirs_however_a_program_wrote_it(person, in_russia):
    contact = frappe.get_doc("Contact", person.contact)
    contact.append("phone_nos", {"phone": "8 (495) 123-45-67"})
    contact.save()
    ticket = make_ticket(make_client(), description="Call +74951234567, please")

    def talk(key, phone):
        conversation = {"contact_phone": phone, "channel": "chatbot", "language": "en"}
        doc = frappe.get_doc({"doctype": "Beesender Conversation", **conversation})
        doc.name, doc.flags.name_set = key, True
        return doc.insert(ignore_mandatory=True).name

    def keep(phone):
        kept = {"raw_content": "{}", "queue_state": "Open", "contact": phone}
        admission_log.record("Fault", **kept)
        return frappe.get_last_doc("Beesender Admission Log", {"contact": phone}).name

    other = "+74957654321"
    talks = [talk(each, each) for each in ("+74951234567", other)]
    kept = [keep(each) for each in ("7 495 123-45-67", other)]
    erasure.erase(person.contact, WHY)
    assert [frappe.db.exists("Beesender Conversation", each) for each in talks] == [
        None,
        talks[1],
    ]
    left = [
        frappe.db.get_value("Beesender Admission Log", each, "raw_content")
        for each in kept
    ]
    assert left == [None, "{}"]
    assert "1234567" not in frappe.db.get_value("HD Ticket", ticket.name, "description")


def test_the_key_of_what_was_said_of_a_seat_names_nobody(person):
    about_the_seat, of_another = (
        frappe.get_doc(
            {
                "doctype": "Beesender Notice Log",
                "kind": "seat_given",
                "key": f"seat_given/{person.plan.name}/2026-11-23/{contact}",
                "outcome": "Sent",
            }
        ).insert(ignore_links=True, ignore_mandatory=True)
        for contact in (person.contact, f"Not {person.contact}")
    )
    erasure.erase(person.contact, WHY)
    erased = about_the_seat.reload().key.rpartition("/")[2]
    assert frappe.db.exists("Contact", erased)
    assert erased.startswith("Erased contact")
    assert of_another.reload().key.endswith(f"/Not {person.contact}")


def test_what_was_promised_stays(person):
    columns = (
        "beesender_due_at",
        "beesender_terms",
        "beesender_plan",
        "beesender_admission",
        "beesender_response_state",
        "customer",
        "status",
    )
    before = frappe.db.get_value("HD Ticket", person.ticket.name, columns)
    erasure.erase(person.contact, WHY)
    assert frappe.db.get_value("HD Ticket", person.ticket.name, columns) == before
    contact = frappe.db.get_value("HD Ticket", person.ticket.name, "contact")
    assert contact.startswith("Erased contact ")
    description = frappe.db.get_value("HD Ticket", person.ticket.name, "description")
    assert description.startswith("Call me: -. Erased contact ")


def test_the_seat_ends_and_stays_as_a_fact(person):
    erasure.erase(person.contact, WHY)
    plan = frappe.get_doc("Beesender Support Plan", person.plan.name)
    (row,) = plan.authorized_contacts
    assert row.contact.startswith("Erased contact ")
    assert row.to_date
    assert not frappe.get_doc("HD Customer", person.customer).contacts


def test_access_details_go_and_kept_mail_is_emptied(person):
    erasure.erase(person.contact, WHY)
    assert not frappe.db.exists(
        "Beesender Access Details", {"ticket": person.ticket.name}
    )
    row = frappe.get_last_doc("Beesender Admission Log", {"event": "Mail kept"})
    assert (row.raw_content, row.queue_state) == (None, "Dismissed")
    assert "@erased.invalid" in row.details


def test_the_user_is_disabled(person):
    erasure.erase(person.contact, WHY)
    assert not frappe.db.exists("User", person.email)
    contact = frappe.db.get_value("HD Ticket", person.ticket.name, "contact")
    user = f"{contact.rpartition(' ')[2]}@erased.invalid"
    assert frappe.db.get_value("User", user, "enabled") == 0


def test_a_preview_says_what_is_touched_and_writes_nothing(person):
    before = frappe.get_doc("Contact", person.contact).as_json()
    said = {
        each["doctype"]: each["records"] for each in erasure.preview(person.contact)
    }
    assert said["Contact"] == said["User"] == said["HD Ticket"] == 1
    assert said["Beesender Access Details"] == 1
    assert said["Beesender Support Plan"] == 1
    assert frappe.get_doc("Contact", person.contact).as_json() == before
    record = frappe.get_doc("Beesender Erasure", erasure.erase(person.contact, WHY))
    touched = {each["doctype"]: each["records"] for each in json.loads(record.details)}
    assert touched == said


def test_twice_is_harmless(person):
    record = frappe.get_doc("Beesender Erasure", erasure.erase(person.contact, WHY))
    assert erasure.erase(person.contact, WHY) is None
    assert erasure.erase(record.pseudonym, WHY) is None
    assert erasure.preview(record.pseudonym) == []
    assert frappe.db.count("Beesender Erasure", {"pseudonym": record.pseudonym}) == 1


def test_the_record_names_nobody_and_stays(person):
    why = f"{person.name} asked from {person.email}"
    record = frappe.get_doc("Beesender Erasure", erasure.erase(person.contact, why))
    assert record.why == f"{record.pseudonym} asked from {_address(record)}"
    assert record.owner == "Administrator"
    with pytest.raises(frappe.ValidationError):
        record.delete()


def _address(record):
    return f"{record.pseudonym.rpartition(' ')[2]}@erased.invalid"


def test_others_keep_their_names(person):
    other = make_client()
    ticket = make_ticket(other, description=f"{person.name} is somebody else here")
    erasure.erase(person.contact, WHY)
    assert person.name in frappe.db.get_value("HD Ticket", ticket.name, "description")


def test_a_contact_without_anything(person):
    contact = make_contact(make_customer())
    assert erasure.erase(contact, WHY)


def test_who_may_erase(person):
    frappe.set_user(make_agent())
    for call in (
        lambda: people.erasure_preview(person.contact),
        lambda: people.erase_contact(person.contact, WHY),
        lambda: people.export_customer(person.customer),
    ):
        with pytest.raises(frappe.PermissionError):
            call()
    frappe.set_user(person.email)
    with pytest.raises(frappe.PermissionError):
        people.erase_contact(person.contact, WHY)


def test_a_manager_sees_what_would_be_touched(person):
    frappe.set_user(make_agent_manager())
    assert people.erasure_preview(person.contact)
    with pytest.raises(frappe.ValidationError, match="why"):
        people.erase_contact(person.contact, " ")


def test_an_agent_is_no_client():
    agent = make_agent()
    contact = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": "Agent",
            "email_ids": [{"email_id": agent, "is_primary": 1}],
        }
    ).insert()
    with pytest.raises(frappe.ValidationError, match="works in support"):
        erasure.erase(contact.name, WHY)
