"""Ordinary steps of agents, in the order in which they are done, one request each."""

from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from unittest.mock import patch

import frappe
import pytest
from frappe.email.receive import InboundMail
from frappe.utils import safe_exec
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket, new, split_ticket

from beesender_support.enforcement.response.clock_job import follow_the_clock
from beesender_support.records.tickets import promise
from beesender_support.tests.site.factories import (
    AFTER_P1,
    FRIDAY_1730,
    MONDAY_10,
    MONDAY_11,
    clock_at,
    make_agent,
    make_client,
    make_email_account,
    make_p1,
    receive_mail,
    session_of,
    site_time,
)

TICKET = "HD Ticket"


@pytest.fixture
def agent():
    return make_agent()


def take_down(agent, stamp=FRIDAY_1730, **fields):
    """By Helpdesk's form, as long as nobody knows who calls."""
    with clock_at(stamp), session_of(agent):
        ticket = new({"subject": "A call", "description": "No chats", **fields})
    end_request()
    return ticket


def save(agent, stamp, ticket, **fields):
    with clock_at(stamp), session_of(agent):
        saved = frappe.get_doc(TICKET, ticket.name)
        saved.update(fields)
        saved.save()
    end_request()
    return ticket.reload()


def answer(agent, stamp, ticket, **recipients):
    with clock_at(stamp), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("We do it.", **recipients)
    end_request()
    return ticket.reload()


def merge(agent, stamp, source, target):
    with clock_at(stamp), session_of(agent):
        merge_ticket(source.name, target.name)
    end_request()


def end_request():
    """What one request keeps in mind, the next does not know."""
    for name in [name for name in frappe.flags if name.startswith("beesender")]:
        frappe.flags.pop(name)


# Answered before anybody named the customer


def test_an_answer_given_before_the_customer_was_named_counts(client, agent):
    ticket = take_down(agent)
    answer(agent, MONDAY_10, ticket, to=client.email)
    ticket = save(agent, MONDAY_11, ticket, customer=client.customer)
    assert ticket.first_responded_on == site_time(MONDAY_10)
    assert ticket.beesender_response_state == "Met"


@pytest.mark.parametrize(
    ("status", "owner", "state"),
    [
        ("Completed", "agent", "Met"),
        ("No Answer", "agent", "Due"),
        ("Completed", "Guest", "Due"),
    ],
)
def test_a_call_during_which_the_ticket_was_taken_down_counts(
    client, agent, status, owner, state
):
    ticket = take_down(agent, "2026-11-20T17:30:30+03:00")
    with clock_at("2026-11-20T17:40:00+03:00"):
        call = frappe.get_doc(
            {
                "doctype": "TP Call Log",
                "id": frappe.generate_hash(),
                "telephony_medium": "Twilio",
                "type": "Incoming",
                "status": status,
                "from": "+1",
                "to": "+2",
                "start_time": site_time("2026-11-20T17:28:00+03:00"),
                "end_time": site_time("2026-11-20T17:40:00+03:00"),
                "links": [{"link_doctype": TICKET, "link_name": ticket.name}],
            }
        ).insert(ignore_permissions=True)
    user = agent if owner == "agent" else owner
    call.db_set({"owner": user, "modified_by": user}, update_modified=False)
    end_request()
    ticket = save(agent, "2026-11-20T17:41:00+03:00", ticket, customer=client.customer)
    assert ticket.beesender_response_state == state
    if state == "Met":
        assert ticket.first_responded_on == site_time("2026-11-20T17:30:30+03:00")


def test_neither_a_split_nor_a_merge_answered_before_the_customer_was_named(
    client, agent
):
    whole, target = take_down(agent), take_down(agent)
    answered = make_p1(client)
    answer(agent, "2026-11-20T17:45:00+03:00", answered, to=client.email)
    with clock_at(MONDAY_10), session_of(agent):
        message = frappe.db.get_value("Communication", {"reference_name": whole.name})
        split_ticket("Another", message)
    end_request()
    merge(agent, MONDAY_10, answered, target)
    for ticket in (whole, target):
        ticket = save(agent, MONDAY_11, ticket, customer=client.customer)
        assert promise.answered_at(ticket) is None
        assert ticket.beesender_response_state == "Due"


# The wrong customer


def test_the_wrong_customer_named_and_taken_off_again_mends_no_broken_promise(
    client, agent
):
    ticket, wrong = make_p1(client), make_client().customer
    with clock_at(AFTER_P1):
        follow_the_clock()
    ticket = save(agent, "2026-11-23T14:00:00+03:00", ticket, customer=wrong)
    assert ticket.beesender_admission == "Held"
    back = "2026-11-23T14:05:00+03:00"
    ticket = save(agent, back, ticket, customer=client.customer)
    assert ticket.beesender_admission == "Accepted"
    assert ticket.service_level_agreement_creation == site_time(FRIDAY_1730)
    assert ticket.beesender_response_state == "Breached"


def test_who_takes_down_a_request_asks_for_nobody_also_after_leaving(client, agent):
    ticket, right = take_down(agent, customer=client.customer), make_client().customer
    frappe.delete_doc("HD Agent", agent, force=True)
    user = frappe.get_doc("User", agent)
    user.update({"enabled": 0, "roles": []})
    user.save()
    ticket = save(make_agent(), MONDAY_10, ticket, customer=right)
    assert ticket.beesender_admission == "Accepted"
    assert ticket.service_level_agreement_creation == site_time(FRIDAY_1730)


# To whom


@pytest.mark.parametrize(
    ("to", "state"),
    [
        ("{client} <{client}>", "Met"),
        ("[Anna] {client} <{client}>", "Met"),
        ("Last, Anna <{client}>", "Met"),
        ("partner@partner.example; {client}", "Met"),
        ("partner@partner.example <partner@partner.example>", "Due"),
        ("partner@partner.example,, ", "Due"),
        ("partner@partner.example; {agent}", "Due"),
        ("{agent} <{agent}>", "Due"),
        ("{client} <partner@partner.example>", "Due"),
        ("Anna", "Due"),
        ("", "Met"),
    ],
)
def test_recipients_are_read_however_they_are_written(client, agent, to, state):
    ticket = make_p1(client)
    to = to.format(client=client.email, agent=agent)
    answer(agent, MONDAY_10, ticket, to=to)
    assert ticket.beesender_response_state == state


# Merged


def test_what_is_still_written_on_a_merged_ticket_promises_nothing_more(client, agent):
    source, target = make_p1(client), make_p1(client)
    merge(agent, MONDAY_10, source, target)
    answer(agent, AFTER_P1, source, to=client.email)
    assert not source.beesender_response_state
    assert source.agreement_status != "Failed"


def test_tickets_are_not_merged_in_a_circle_of_any_length(client, agent):
    first, second, third = make_p1(client), make_p1(client), make_p1(client)
    merge(agent, MONDAY_10, first, second)
    merge(agent, MONDAY_10, second, third)
    with pytest.raises(frappe.ValidationError, match="was merged into this one"):
        merge(agent, MONDAY_10, third, first)


def test_a_copy_of_a_merged_ticket_is_a_request_of_its_own(client, agent):
    source, target = make_p1(client), make_p1(client)
    merge(agent, MONDAY_10, source, target)
    with clock_at(MONDAY_11), session_of(agent):
        copy = frappe.copy_doc(source.reload()).insert()
    assert not copy.is_merged
    assert copy.reload().beesender_response_state == "Due"


def test_an_agents_own_mail_about_a_merged_ticket_answers_where_it_lives_on(
    client, agent
):
    source, middle, target = make_p1(client), make_p1(client), make_p1(client)
    merge(agent, "2026-11-23T09:00:00+03:00", source, middle)
    merge(agent, "2026-11-23T09:10:00+03:00", middle, target)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = agent, client.email, "support@example.com"
    mail["Subject"] = f"Re: chats (#{source.name})"
    mail["Date"] = format_datetime(promise.to_instant(site_time(MONDAY_10)))
    mail["Message-ID"] = make_msgid()
    mail.set_content("We have mended it.")
    with clock_at("2026-11-23T10:05:00.000001+03:00"):
        message = InboundMail(mail.as_bytes(), make_email_account()).process()
    assert str(message.reference_name) == str(target.name)
    assert target.reload().first_responded_on == site_time(MONDAY_10)
    assert target.beesender_response_state == "Met"


# Outside the policy and back


def test_taking_the_customer_off_makes_no_mail_more_credible(client, agent):
    ticket = receive_mail(f"{client.email}, stranger@evil.example", "Whose?")
    end_request()
    assert ticket.beesender_admission_reason == "unverified_sender"
    save(agent, MONDAY_10, ticket, customer=None)
    assert not ticket.beesender_admission
    save(agent, MONDAY_11, ticket, customer=client.customer)
    assert ticket.beesender_admission_reason == "unverified_sender"
    assert ticket.beesender_admission == "Held"


def test_what_waited_is_counted_from_when_it_is_taken_also_by_a_detour(client, agent):
    ticket = make_p1(client, customer=make_client().customer)
    end_request()
    assert ticket.beesender_admission == "Held"
    save(agent, MONDAY_10, ticket, customer=None)
    save(agent, MONDAY_11, ticket, customer=client.customer)
    assert ticket.service_level_agreement_creation == site_time(MONDAY_11)
    assert ticket.beesender_response_state == "Due"


# Server Scripts of the site


@contextmanager
def server_script(event, script):
    doc = frappe.get_doc(
        {
            "doctype": "Server Script",
            "name": frappe.generate_hash(length=8),
            "script_type": "DocType Event",
            "reference_doctype": TICKET,
            "doctype_event": event,
            "script": script,
        }
    ).insert()
    frappe.clear_cache()
    try:
        with patch.object(safe_exec, "is_safe_exec_enabled", return_value=True):
            yield
    finally:
        doc.delete()
        frappe.clear_cache()


@pytest.mark.parametrize("event", ["Before Validate", "Before Save"])
def test_what_a_script_writes_is_decided_by(client, agent, event):
    saved = make_p1(client, ticket_type="Consultation", beesender_priority="P4")
    script = "doc.ticket_type = 'Incident'\ndoc.priority = 'Urgent'"
    with server_script(event, script):
        new_one = make_p1(client, ticket_type="Consultation", beesender_priority="P4")
        save(agent, MONDAY_10, saved, subject="Still")
    for ticket in (new_one, saved):
        assert (ticket.beesender_priority, ticket.priority) == ("P1", "Urgent")
        assert ticket.response_by == site_time("2026-11-23T12:30:00+03:00")


@pytest.mark.parametrize("event", ["Before Validate", "Before Save"])
def test_a_script_names_the_customer_and_moves_no_clock(client, agent, event):
    script = (
        f"doc.customer = {client.customer!r}\n"
        "doc.first_responded_on = '2026-11-20 17:00:00'\n"
        "doc.beesender_answered_at = '2026-11-20 15:00:00'\n"
        "doc.beesender_tier = 'Premium'"
    )
    saved = take_down(agent)
    with server_script(event, script):
        new_one = take_down(agent).reload()
        save(agent, MONDAY_10, saved, subject="Still")
    for ticket in (new_one, saved):
        assert (ticket.beesender_admission, ticket.beesender_tier) == (
            "Accepted",
            "Basic",
        )
        assert ticket.service_level_agreement_creation == site_time(FRIDAY_1730)
        assert not ticket.beesender_answered_at
        assert ticket.beesender_response_state == "Due"
