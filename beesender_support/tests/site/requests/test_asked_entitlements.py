"""What a ticket asks for beside an answer: staff see whether the plan includes it, answer
or handle it with a reason; clients say it with a new request, and nothing else."""

import frappe
import pytest

from beesender_support.api import agent as agent_api
from beesender_support.api import portal
from beesender_support.enforcement.allowances import taking
from beesender_support.screens.ticket import panel
from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_ticket,
    refused,
    session_of,
)

FIELD, DEVELOPERS, QUESTIONS = (
    "beesender_entitlement",
    "developer_consultation",
    "administrator_questions",
)
LOG = "Beesender Admission Log"


def send(client, **values):
    doc = {
        "doctype": "HD Ticket",
        "subject": "We need your developers",
        "description": "A word with them.",
        "via_customer_portal": 1,
        **values,
    }
    with session_of(client.email):
        return portal.raise_request(doc).reload()


def asked(ticket):
    return panel.panel(ticket)["asked"]


def history_of(ticket):
    return frappe.get_all("HD Ticket Activity", {"ticket": ticket.name}, pluck="action")


def test_a_client_sends_what_is_asked_for_and_is_never_blocked():
    client = make_client()
    ticket = send(client, **{FIELD: DEVELOPERS})
    assert ticket.get(FIELD) == DEVELOPERS
    assert ticket.beesender_admission == "Accepted"
    seen = asked(ticket)
    assert (seen["state"], seen["is_handled"]) == ("not_included", False)
    assert seen["said"] == (
        "The Basic plan does not include: Consultation with the developers. The Premium"
        " plan includes it."
    )
    assert seen["said"] in seen["reply"]


def test_a_client_reads_before_sending_how_the_plan_stands_to_each():
    with session_of(make_client().email):
        page = portal.new_request()
    offered = {each["value"]: each for each in page["entitlements"]}
    assert offered[QUESTIONS]["is_included"]
    assert "includes: Questions of the system" in offered[QUESTIONS]["said"]
    assert not offered[DEVELOPERS]["is_included"]
    assert offered[DEVELOPERS]["said"].endswith(
        "You can send the request all the same: we register it and answer you."
    )


@pytest.mark.parametrize("code", ["cake", "fax", "../x", 1, {"a": 1}])
def test_what_is_not_offered_is_dropped_and_the_request_kept(code):
    ticket = send(make_client(), **{FIELD: code})
    assert not ticket.get(FIELD)
    assert ticket.beesender_admission == "Accepted"


def test_a_client_writes_none_of_it_afterwards():
    client = make_client()
    ticket = send(client, **{FIELD: DEVELOPERS})
    with session_of(client.email):
        mine = frappe.get_doc("HD Ticket", ticket.name)
        mine.set(FIELD, QUESTIONS)
        mine.save()
        assert frappe.db.get_value("HD Ticket", ticket.name, FIELD) == DEVELOPERS
        for call in (
            lambda: agent_api.set_entitlement(ticket.name, QUESTIONS),
            lambda: agent_api.handle_not_included(ticket.name, "I say so"),
            lambda: agent_api.answer_not_included(ticket.name, "No"),
        ):
            with pytest.raises(frappe.PermissionError):
                call()
    assert not frappe.db.exists(LOG, {"ticket": ticket.name, "event": ("like", "H%")})


def test_an_agent_says_what_is_asked_for_and_takes_it_back():
    ticket = make_ticket(make_client())
    assert asked(ticket) is None
    with session_of(make_agent()):
        agent_api.set_entitlement(ticket.name, DEVELOPERS)
        assert asked(ticket.reload())["state"] == "not_included"
        agent_api.set_entitlement(ticket.name, "")
        assert asked(ticket.reload()) is None
        with refused("This is not offered"):
            agent_api.set_entitlement(ticket.name, "cake")
    assert "set what is asked for: Consultation with the developers" in history_of(
        ticket
    )


def test_an_answer_that_it_is_not_included_is_an_answer_and_leaves_the_ticket_open():
    ticket = send(make_client(), **{FIELD: DEVELOPERS})
    with session_of(make_agent()):
        with refused("Write what the client reads"):
            agent_api.answer_not_included(ticket.name, "  ")
        agent_api.answer_not_included(ticket.name, "Not included.\n\n<b>Sorry</b>")
    [content] = frappe.get_all(
        "Communication",
        {"reference_name": ticket.name, "sent_or_received": "Sent"},
        pluck="content",
    )
    assert "<p>Not included.</p>" in content
    assert "&lt;b&gt;Sorry&lt;/b&gt;" in content
    assert ticket.reload().beesender_response_state == "Met"
    assert ticket.status_category != "Resolved"


def test_handling_it_all_the_same_needs_a_reason_and_is_kept():
    ticket = send(make_client(), **{FIELD: DEVELOPERS})
    agent = make_agent()
    with session_of(agent):
        with refused("Say why"):
            agent_api.handle_not_included(ticket.name, " ")
        agent_api.handle_not_included(ticket.name, "Promised by sales")
    assert asked(ticket)["is_handled"]
    row = frappe.get_last_doc(LOG, {"ticket": ticket.name})
    assert (row.event, row.reason, row.actor, row.details) == (
        "Handled though not included",
        DEVELOPERS,
        agent,
        "Promised by sales",
    )
    assert any("Promised by sales" in each for each in history_of(ticket))


def test_what_is_included_is_not_overridden():
    ticket = send(make_client(tier="Premium"), **{FIELD: DEVELOPERS})
    assert asked(ticket)["state"] == "included"
    assert asked(ticket)["reply"] == ""
    with session_of(make_agent()), refused("The plan includes what is asked for"):
        agent_api.handle_not_included(ticket.name, "Why not")


def test_the_reply_is_in_the_clients_language():
    client = make_client()
    frappe.db.set_value("User", client.email, "language", "ru")
    ticket = send(client, **{FIELD: DEVELOPERS})
    reply = asked(ticket)["reply"]
    assert reply.startswith("В тариф Basic не входит: Консультации с")
    assert asked(ticket)["said"].startswith("The Basic plan")


def test_an_entitlement_that_tickets_ask_for_is_deleted_by_force_alone():
    doc = frappe.get_doc(
        {"doctype": "Beesender Entitlement", "title": "Fax", "unit": "Yes or no"}
    ).insert(set_name="fax")
    ticket = send(make_client(), **{FIELD: "fax"})
    with pytest.raises(frappe.LinkExistsError):
        doc.delete()
    doc.delete(force=True)
    ticket.reload().save()
    assert not ticket.get(FIELD)


def test_what_is_asked_for_costs_a_save_no_query_of_ours(monkeypatch):
    def count_queries(act):
        asked_of_database = []
        sql = frappe.db.sql

        def counting(*args, **kwargs):
            asked_of_database.append(args[0])
            return sql(*args, **kwargs)

        with monkeypatch.context() as patched:
            patched.setattr(frappe.db, "sql", counting)
            act()
        return len(asked_of_database)

    ticket = make_ticket(make_client())
    ticket.save()
    plain = count_queries(lambda: ticket.reload().save())
    ticket.set(FIELD, DEVELOPERS)
    ticket.save()
    asking = count_queries(lambda: ticket.reload().save())
    # Frappe looks up a link that is set.
    assert asking - plain <= 1


def test_what_was_given_back_is_not_of_the_ticket_any_more():
    client = make_client(tier="Business")
    used, reserved, other = (send(client, **{FIELD: "updates"}) for _ in range(3))
    for ticket, take in ((used, taking.use), (reserved, taking.reserve)):
        taking.give_back(ticket, take(ticket, "updates").name, "Not needed")
    taking.use(other, "updates", amount=2)
    for ticket in (used, reserved):
        assert asked(ticket)["state"] == "used_up"
    assert asked(other)["state"] == "included"


def test_what_is_used_up_is_said_so_but_not_of_the_ticket_that_used_it():
    client = make_client(tier="Business")
    first, second, third = (send(client, **{FIELD: "updates"}) for _ in range(3))
    assert asked(first)["said"].endswith("Left in this contract year: 2.")
    with session_of(make_agent()):
        for ticket in (first, second):
            taking.use(ticket, "updates")
    assert asked(third)["state"] == "used_up"
    assert asked(second)["state"] == "included"
    with session_of(client.email):
        page = portal.new_request()
    updates = next(e for e in page["entitlements"] if e["value"] == "updates")
    assert not updates["is_included"]
    assert "used up in this contract year: Updates" in updates["said"]
