"""By what a ticket was decided is read by managers, and in no answer to anybody else."""

import json

import frappe
import pytest
from frappe.api.v1 import read_doc, update_doc
from frappe.desk.form import linked_with
from frappe.desk.form.load import getdoc
from frappe.desk.form.save import savedocs
from frappe.handler import run_doc_method
from helpdesk.helpdesk.doctype.hd_ticket.api import get_one

from beesender_support.api import portal
from beesender_support.enforcement.audit import exports
from beesender_support.enforcement.erasure import erasure
from beesender_support.records.tickets.decisions import DECISION
from beesender_support.tests.site.audit.lives import decided_on, exported, recounted
from beesender_support.tests.site.factories import (
    MONDAY_10,
    P1_INCIDENT,
    clock_at,
    http_request,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_p1,
    session_of,
)

TICKET = "HD Ticket"
# What somebody reads of records they may not read.
HIDDEN = {"docs": [], "hidden_count": 2}


def correct_customer(ticket, client):
    """An agent finds that the request was another customer's."""
    with clock_at(MONDAY_10), session_of(make_agent()):
        doc = frappe.get_doc(TICKET, ticket.name)
        theirs = {"contact": client.contact, "raised_by": client.email}
        doc.update({"customer": client.customer, **theirs})
        doc.save(ignore_version=False)
    return doc.reload()


@pytest.fixture
def moved(site):
    """A ticket of one customer, and another one's contact who reads it now."""
    former, client = make_client(), make_client()
    return former, client, correct_customer(make_p1(former), client)


def answers_to_a_client(ticket):
    """What a portal user gets of a ticket, by each way that answers with all of it."""
    name = str(ticket.name)
    frappe.form_dict.clear()
    yield "page", frappe.call(get_one, name=name, is_customer_portal=True)
    yield "get", frappe.client.get(TICKET, name)
    yield "list", frappe.client.get_list(TICKET, ["*"], {"name": name})
    frappe.local.response = frappe._dict(docs=[])
    getdoc(TICKET, name)
    docinfo = frappe.response.docinfo
    yield "desk", {**frappe.response.docs[0].as_dict(), "docinfo": docinfo}
    doc = frappe.get_doc(TICKET, name).as_dict()
    savedocs(frappe.as_json({**doc, "description": "Of Desk"}), "Save")
    docinfo = frappe.response.docinfo
    yield "desk, saved", {**frappe.response.docs[0].as_dict(), "docinfo": docinfo}
    frappe.form_dict.data = json.dumps({"description": "Once more"})
    yield "rest", update_doc(TICKET, name).as_dict()
    for method, args in (
        ("mark_seen", {}),
        ("create_communication_via_contact", {"message": "Hello"}),
        ("get_last_communication", {}),
        ("add_comment", {"text": "Hello"}),
    ):
        frappe.local.response = frappe._dict(docs=[])
        with http_request():
            run_doc_method(method, dt=TICKET, dn=name, args=json.dumps(args))
        yield method, frappe.response.docs[0].as_dict()
    yield "set_value", frappe.client.set_value(TICKET, name, "description", "Again")
    yield "save", frappe.client.save({**frappe.get_doc(TICKET, name).as_dict()})


def test_no_answer_to_a_client_has_another_customers_plan(moved):
    former, client, ticket = moved
    with session_of(client.email):
        for way, answer in answers_to_a_client(ticket):
            text = frappe.as_json(answer)
            assert "contact_is_known" not in text, way
            assert former.plan.name not in text, way


def test_no_answer_to_a_client_has_what_their_own_request_was_decided_by(client):
    with session_of(client.email):
        raised = portal.raise_request(
            {"subject": "No chats", "description": "<p>1. Log in</p>", **P1_INCIDENT}
        )
        assert "contact_is_known" not in frappe.as_json(raised)
        for way, answer in answers_to_a_client(raised):
            assert "contact_is_known" not in frappe.as_json(answer), way
    (kept,) = decided_on(raised)
    assert kept.by == client.email


def changes_in_versions(ticket):
    said = frappe.get_all(
        "Version", {"ref_doctype": TICKET, "docname": str(ticket.name)}, pluck="data"
    )
    return [each for data in said for each in json.loads(data).get("changed", ())]


def test_no_version_of_a_ticket_has_what_clients_may_not_read(moved):
    """Frappe shows versions to whoever reads the ticket, with all their fields."""
    former, client, ticket = moved
    assert ticket.beesender_plan == client.plan.name
    changed = {
        name: (before, after) for name, before, after in changes_in_versions(ticket)
    }
    assert changed["customer"] == (former.customer, client.customer)
    hidden = {
        each.fieldname
        for each in ticket.meta.fields
        if each.permlevel and each.fieldname.startswith("beesender_")
    }
    assert {"beesender_plan", "beesender_terms"} <= hidden
    assert not hidden & set(changed)


def test_a_site_s_own_field_of_a_level_is_kept_as_frappe_keeps_it(moved):
    _former, _client, ticket = moved
    field = {"dt": TICKET, "fieldname": "own_note", "fieldtype": "Data", "permlevel": 2}
    # Without a column: a change of the table would commit.
    frappe.get_meta(TICKET).append("fields", field)
    changed = [["own_note", "a", "b"], ["beesender_plan", "a", "b"]]
    try:
        version = frappe.get_doc(
            {
                "doctype": "Version",
                "ref_doctype": TICKET,
                "docname": str(ticket.name),
                "data": json.dumps({"changed": changed}),
            }
        ).insert()
    finally:
        frappe.clear_cache(doctype=TICKET)
    assert json.loads(version.data)["changed"] == changed[:1]


def test_managers_still_read_what_was_decided_before(moved):
    former, client, ticket = moved
    said = frappe.as_json(exported(ticket, MONDAY_10)["timeline"])
    assert former.plan.name in said
    assert client.plan.name in said


def test_of_other_records_versions_are_as_before(client):
    data = json.dumps({"changed": [["beesender_plan", "a", "b"]]})
    version = frappe.get_doc(
        {
            "doctype": "Version",
            "ref_doctype": "Beesender Support Plan",
            "docname": client.plan.name,
            "data": data,
        }
    ).insert()
    assert version.data == data


def readings(name):
    """Every way in which a program or Desk asks for a record."""
    yield lambda: frappe.client.get(DECISION, name)
    yield lambda: frappe.client.get_list(DECISION, ["facts"])
    yield lambda: frappe.client.get_count(DECISION)
    yield lambda: frappe.client.get_value(DECISION, "facts", {"name": name})
    yield lambda: getdoc(DECISION, name)
    yield lambda: read_doc(DECISION, name)


def test_only_managers_read_decisions(moved):
    _former, client, ticket = moved
    name = frappe.db.get_value(DECISION, {"ticket": str(ticket.name)})
    for user in (client.email, make_agent(), "Guest"):
        with session_of(user):
            for read in readings(name):
                with pytest.raises(frappe.PermissionError):
                    read()
    with session_of(client.email):
        linked = linked_with.get(TICKET, str(ticket.name))
    # Version 15 does not tell how many there are.
    assert linked.get(DECISION, HIDDEN) == HIDDEN
    with session_of(make_agent_manager()):
        assert frappe.client.get(DECISION, name).facts
        assert len(frappe.client.get_list(DECISION, ["facts"])) >= 2


def writings(name, ticket):
    yield lambda: frappe.client.insert({"doctype": DECISION, "ticket": ticket})
    yield lambda: frappe.client.set_value(DECISION, name, "facts", "{}")
    frappe.form_dict.data = json.dumps({"facts": "{}"})
    yield lambda: update_doc(DECISION, name)
    yield lambda: frappe.client.delete(DECISION, name)


def test_nobody_writes_decisions(moved):
    _former, client, ticket = moved
    ticket = str(ticket.name)
    name = frappe.db.get_value(DECISION, {"ticket": ticket})
    before = frappe.get_all(DECISION, {"ticket": ticket}, ["*"], order_by="name")
    for user in (client.email, make_agent(), make_agent_manager()):
        with session_of(user):
            for write in writings(name, ticket):
                with pytest.raises(frappe.PermissionError):
                    write()
    with pytest.raises(frappe.ValidationError, match="written once"):
        frappe.client.set_value(DECISION, name, "facts", "{}")
    after = frappe.get_all(DECISION, {"ticket": ticket}, ["*"], order_by="name")
    assert after == before


def test_decisions_of_each_customer_are_told_in_order(moved, tmp_path):
    former, client, ticket = moved
    told = [(each.asked.customer, each.plan) for each in decided_on(ticket)]
    assert told == [(each.customer, each.plan.name) for each in (former, client)]
    record = exported(ticket, MONDAY_10)
    assert [each["plan"] for each in record["decisions"]] == [
        former.plan.name,
        client.plan.name,
    ]
    assert record["incomplete"] == []
    result = recounted(tmp_path, record)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_of_a_ticket_that_leaves_the_policy_they_are_told_too(client, tmp_path):
    ticket = make_p1(client)
    ticket.update({"customer": None, "contact": None, "raised_by": "x@example.org"})
    with clock_at(MONDAY_10):
        ticket.save()
    assert ticket.reload().beesender_admission is None
    record = exported(ticket, MONDAY_10)
    assert [each["plan"] for each in record["decisions"]] == [client.plan.name]
    assert recounted(tmp_path, record).returncode == 0


def test_an_answered_ticket_is_not_decided_again(client, tmp_path):
    ticket, other = make_p1(client), make_client()
    with clock_at(MONDAY_10), session_of(make_agent()):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("We are on it.")
    ticket = correct_customer(ticket, other)
    assert ticket.beesender_plan == client.plan.name
    record = exported(ticket, MONDAY_10)
    assert [each["plan"] for each in record["decisions"]] == [client.plan.name]
    assert recounted(tmp_path, record).returncode == 0
    ticket.subject = "Again"
    ticket.save()
    assert len(decided_on(ticket)) == 1


def test_decisions_go_with_their_ticket(moved):
    _former, client, ticket = moved
    other = make_p1(client)
    frappe.delete_doc(TICKET, ticket.name)
    assert decided_on(ticket) == ()
    assert len(decided_on(other)) == 1


def test_who_asked_follows_a_contact_that_is_renamed_or_merged(client):
    ticket = make_p1(client)
    frappe.rename_doc("Contact", client.contact, "Renamed Client")
    other = make_contact(client.customer)
    frappe.rename_doc("Contact", "Renamed Client", other, merge=True)
    (kept,) = decided_on(ticket)
    assert kept.asked.contact == other
    facts = frappe.db.get_value(DECISION, {"ticket": str(ticket.name)}, "facts")
    assert client.contact not in facts


def test_erasing_a_contact_reaches_decisions_for_a_former_customer(moved):
    former, client, ticket = moved
    (row,) = [each for each in erasure.preview(former.contact) if is_decision(each)]
    assert row["records"] == 1
    erasure.erase(former.contact, "They asked")
    first, last = decided_on(ticket)
    assert first.asked.contact.startswith("Erased contact")
    assert first.asked.customer == former.customer
    assert last.asked.contact == client.contact


def is_decision(touched):
    return touched["doctype"] == DECISION


def test_erasing_a_contact_reaches_tickets_that_are_a_colleagues_now(client):
    ticket = make_p1(client)
    colleague = make_contact(client.customer)
    # Theirs is a part of another name, and of the customer's.
    longer = frappe.rename_doc("Contact", colleague, f"{client.contact} Junior")
    others = make_p1({**client, "contact": longer, "email": None})
    with clock_at(MONDAY_10):
        ticket.update({"contact": longer, "raised_by": "colleague@example.com"})
        ticket.save()
    erasure.erase(client.contact, "They asked")
    (kept,) = decided_on(ticket)
    assert kept.asked.contact.startswith("Erased contact")
    (kept,) = decided_on(others)
    assert kept.asked.contact == longer


def test_a_file_of_the_customer_for_whom_they_asked_once_goes_too(moved):
    former, client, _ticket = moved
    runs = [
        frappe.get_doc(
            {
                "doctype": exports.RUN,
                "customer": each.customer,
                "from_date": "2026-11-20",
                "to_date": "2026-11-20",
                "state": "Running",
            }
        ).insert(ignore_permissions=True)
        for each in (former, client)
    ]
    # Who works for another customer by now.
    frappe.db.delete("HD Customer Member", {"contact_name": former.contact})
    erasure.erase(former.contact, "They asked")
    assert [each.reload().state for each in runs] == [exports.STOPPED] * 2
