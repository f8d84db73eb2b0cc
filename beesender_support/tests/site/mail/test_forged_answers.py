"""Mail that only says it is an agent's, or a client's, on a ticket that it names."""

import frappe
import pytest

from beesender_support.tests.site.factories import make_agent, make_ticket
from beesender_support.tests.site.mailbox import (
    logged,
    make_client_here,
    raw,
    receive,
    receive_one,
)

SERVER = "mx.support.example"
FORGED = {
    "not confirmed": [
        f"Authentication-Results: {SERVER}; dmarc=fail header.from=vendor.example",
        "From: {0}",
    ],
    "in the mailbox's name": ["From: {1}", "Reply-To: {0}"],
    "two fields": ["From: {0}", "From: {0}"],
}


@pytest.fixture
def client(account):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.trusted_authentication_servers = SERVER
    settings.save()
    return make_client_here(tier="Premium")


@pytest.fixture
def agent(client):
    return make_agent("agent.forged@vendor.example")


def mail(account, ticket, head, sender, copy=""):
    lines = [line.format(sender, account.email_id) for line in head]
    return raw(*lines, f"To: {account.email_id}, {copy}", f"Subject: #{ticket}")


@pytest.mark.parametrize("head", FORGED.values(), ids=FORGED)
def test_a_forged_answer_of_an_agent_keeps_no_promise(
    mailbox, account, client, agent, head
):
    ticket = make_ticket(client)
    frappe.db.commit()
    _message, own = receive_one(
        mailbox, account, mail(account, ticket.name, head, agent, client.email)
    )
    ticket.reload()
    assert not ticket.beesender_answered_at
    assert not ticket.first_responded_on
    assert own.name != ticket.name


def test_nor_does_mail_that_a_program_sends_for_an_agent(
    mailbox, account, client, agent
):
    ticket = make_ticket(client)
    frappe.db.commit()
    head = [
        f"Authentication-Results: {SERVER}; dmarc=pass header.from=vendor.example",
        "From: {0}",
        "Auto-Submitted: auto-generated",
    ]
    receive(mailbox, account, mail(account, ticket.name, head, agent, client.email))
    assert not ticket.reload().beesender_answered_at


def test_nor_does_one_that_answers_a_message_of_the_ticket(
    mailbox, account, client, agent
):
    _message, ticket = receive_one(
        mailbox,
        account,
        raw(f"From: {client.email}", "Message-ID: <asked@acme.example>", "Subject: A"),
    )
    head = [*FORGED["not confirmed"], "In-Reply-To: <asked@acme.example>"]
    message, same = receive_one(
        mailbox, account, mail(account, "", head, agent, client.email)
    )
    assert same.name == ticket.name
    assert message.sent_or_received == "Received"
    assert not same.beesender_answered_at


@pytest.mark.parametrize("head", FORGED.values(), ids=FORGED)
def test_a_forged_client_joins_no_ticket_by_its_number(mailbox, account, client, head):
    ticket = make_ticket(client)
    frappe.db.commit()
    _message, own = receive_one(
        mailbox, account, mail(account, ticket.name, head, client.email)
    )
    assert own.name != ticket.name
    assert own.beesender_admission_reason == "unverified_sender"
    (entry,) = logged("Stray reply", ticket=own.name)
    assert "nothing proves who sent it" in entry.details


def test_an_agent_who_is_confirmed_answers_by_mail(mailbox, account, client, agent):
    ticket = make_ticket(client)
    frappe.db.commit()
    head = [
        f"Authentication-Results: {SERVER}; dmarc=pass header.from=vendor.example",
        "From: {0}",
    ]
    receive(mailbox, account, mail(account, ticket.name, head, agent, client.email))
    assert ticket.reload().beesender_answered_at
