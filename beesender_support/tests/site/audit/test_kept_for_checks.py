"""What is kept for whoever checks is read by them, and in no answer to anybody else."""

import json

import frappe
import pytest
from frappe.api.v1 import update_doc
from frappe.desk.form.load import getdoc
from frappe.handler import run_doc_method

from beesender_support.api import portal
from beesender_support.enforcement.audit import exports
from beesender_support.enforcement.erasure import erasure
from beesender_support.records.tickets.decisions import (
    KEPT_FOR_CHECKS,
    decisions_of,
    left_decisions_of,
)
from beesender_support.tests.site.audit.lives import exported, recounted
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

TICKET, LOG = "HD Ticket", "Beesender Admission Log"
GET_ONE = "helpdesk.helpdesk.doctype.hd_ticket.api.get_one"


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
    yield "page", frappe.call(
        frappe.get_attr(frappe.get_hooks("override_whitelisted_methods")[GET_ONE][-1]),
        name=name,
        is_customer_portal=True,
    )
    yield "get", frappe.client.get(TICKET, name)
    fields = ["name", *KEPT_FOR_CHECKS]
    yield "list", frappe.client.get_list(TICKET, fields, {"name": name})
    frappe.local.response = frappe._dict(docs=[])
    getdoc(TICKET, name)
    docinfo = frappe.response.docinfo
    yield "desk", {**frappe.response.docs[0].as_dict(), "docinfo": docinfo}
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


def said_of(kept):
    return [name for name in KEPT_FOR_CHECKS if kept.get(name)]


def test_no_answer_to_a_client_has_another_customers_plan(moved):
    former, client, ticket = moved
    with session_of(client.email):
        for way, answer in answers_to_a_client(ticket):
            text = frappe.as_json(answer)
            assert not any(f'"{name}\\"' in text for name in KEPT_FOR_CHECKS), way
            assert "contact_is_known" not in text, way
            # Frappe tells in Desk what the fields of the ticket were before.
            assert way == "desk" or former.plan.name not in text, way
            if isinstance(answer, dict):
                assert said_of(answer) == [], way


def test_no_answer_to_a_client_has_what_their_own_request_was_decided_by(client):
    with session_of(client.email):
        raised = portal.raise_request(
            {"subject": "No chats", "description": "<p>1. Log in</p>", **P1_INCIDENT}
        )
        assert said_of(raised.as_dict()) == []
        for way, answer in answers_to_a_client(raised):
            assert "contact_is_known" not in frappe.as_json(answer), way
    assert said_of(raised.reload()) == [*KEPT_FOR_CHECKS]


def test_nor_is_it_on_an_agents_page(client):
    ticket = make_p1(client)
    with session_of(make_agent()):
        page = portal.ticket_of_page(str(ticket.name))
    assert page["beesender_tier"] == "Basic"
    assert not set(KEPT_FOR_CHECKS) & set(page)


def test_no_version_of_a_ticket_has_it(moved):
    _former, _client, ticket = moved
    said = frappe.get_all(
        "Version", {"ref_doctype": TICKET, "docname": str(ticket.name)}, pluck="data"
    )
    assert any('"customer"' in each for each in said)
    for name in KEPT_FOR_CHECKS:
        assert not any(name in each for each in said)


def test_decisions_leave_a_ticket_with_its_customer_and_are_still_told(moved, tmp_path):
    former, client, ticket = moved
    (now_kept,) = decisions_of(ticket)
    assert now_kept.asked.customer == client.customer
    ((left,),) = left_decisions_of(str(ticket.name))
    assert left.plan == former.plan.name
    record = exported(ticket, MONDAY_10)
    told = [each["plan"] for each in record["decisions"]]
    assert told == [former.plan.name, client.plan.name]
    assert record["incomplete"] == []
    result = recounted(tmp_path, record)
    assert (result.returncode, result.stderr) == (0, ""), result.stdout


def test_a_ticket_that_leaves_the_policy_leaves_them_too(client, tmp_path):
    ticket = make_p1(client)
    ticket.update({"customer": None, "contact": None, "raised_by": "x@example.org"})
    with clock_at(MONDAY_10):
        ticket.save()
    assert ticket.reload().beesender_admission is None
    assert decisions_of(ticket) == ()
    record = exported(ticket, MONDAY_10)
    assert [each["plan"] for each in record["decisions"]] == [client.plan.name]
    assert recounted(tmp_path, record).returncode == 0


def test_an_answered_ticket_leaves_them_too(client, tmp_path):
    ticket, other = make_p1(client), make_client()
    with clock_at(MONDAY_10), session_of(make_agent()):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("We are on it.")
    ticket = correct_customer(ticket, other)
    assert ticket.beesender_plan == client.plan.name
    assert decisions_of(ticket) == ()
    record = exported(ticket, MONDAY_10)
    assert [each["plan"] for each in record["decisions"]] == [client.plan.name]
    assert recounted(tmp_path, record).returncode == 0
    # Once.
    ticket.subject = "Again"
    ticket.save()
    assert len(left_decisions_of(str(ticket.name))) == 1


def test_only_managers_read_in_the_log_what_left(moved):
    _former, _client, ticket = moved
    log = frappe.db.get_value(LOG, {"ticket": ticket.name, "decisions": ("is", "set")})
    for user, reads in ((make_agent_manager(), True), (make_agent(), False)):
        with session_of(user):
            assert bool(frappe.client.get(LOG, log).get("decisions")) is reads


def test_erasing_a_contact_reaches_what_left(moved):
    former, client, ticket = moved
    erasure.erase(former.contact, "They asked")
    ((left,),) = left_decisions_of(str(ticket.name))
    assert left.asked.contact.startswith("Erased contact")
    assert left.asked.customer == former.customer
    assert decisions_of(ticket.reload())[0].asked.contact == client.contact


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
    (kept,) = decisions_of(ticket.reload())
    assert kept.asked.contact.startswith("Erased contact")
    (kept,) = decisions_of(others.reload())
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
