"""Which ticket a mail joins, and what of it asks for nothing."""

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import HDTicket

from beesender_support.tests.site.factories import make_agent, make_contact, session_of
from beesender_support.tests.site.mailbox import (
    LOG,
    compose,
    logged,
    make_client_here,
    receive,
    receive_one,
)

SUBJECT = "No chats in the console"
STRANGER = "stranger@elsewhere.example"


@pytest.fixture
def first(mailbox, account, client):
    """The client's first mail, and the ticket it became."""
    message = compose(client.email, SUBJECT)
    _communication, ticket = receive_one(mailbox, account, message)
    return frappe._dict(message=message, ticket=ticket, name=ticket.name)


def answer_of_agent(ticket):
    with session_of(make_agent()):
        frappe.get_doc("HD Ticket", ticket).reply_via_agent("We look into it.")
    frappe.db.commit()
    sent = frappe.get_last_doc(
        "Communication", {"reference_name": ticket, "sent_or_received": "Sent"}
    )
    sent.db_set("message_id", f"{sent.name}@support.example")
    frappe.db.commit()
    return f"<{sent.message_id}>"


# Which ticket?


@pytest.mark.parametrize(
    "subject", [SUBJECT, "Re: " + SUBJECT, "chats", "%", "_o chats"]
)
def test_a_similar_subject_is_a_request_of_its_own(
    mailbox, account, client, first, subject
):
    _communication, own = receive_one(mailbox, account, compose(client.email, subject))
    assert own.name != first.name
    assert own.beesender_admission == "Accepted"
    assert own.response_by
    assert not logged("Stray reply", ticket=own.name)


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_an_answer_to_a_message_joins_its_ticket(
    mailbox, account, client, first, header
):
    identity = first.message["Message-ID"]
    message = compose(client.email, "Something else", **{header: identity})
    _communication, same = receive_one(mailbox, account, message)
    assert same.name == first.name


def test_a_colleague_who_names_the_ticket_joins_it(mailbox, account, client, first):
    make_contact(client.customer, "colleague@clients.example")
    frappe.db.commit()
    message = compose("colleague@clients.example", f"Again (#{first.name})")
    _communication, same = receive_one(mailbox, account, message)
    assert same.name == first.name


@pytest.mark.parametrize("subject", ["Fwd: {}", "FW: other (#{})", "{}", "Re: {}"])
def test_what_an_agent_passes_on_is_a_request_of_its_own(
    mailbox, account, first, subject
):
    agent = make_agent("agent.forwards@vendor.example")
    frappe.db.commit()
    named = first.name if "#" in subject else SUBJECT
    _communication, own = receive_one(
        mailbox, account, compose(agent, subject.format(named))
    )
    assert own.name != first.name


def test_an_agent_who_names_the_ticket_joins_it(mailbox, account, first):
    agent = make_agent("agent.joins@vendor.example")
    frappe.db.commit()
    _communication, same = receive_one(
        mailbox, account, compose(agent, f"Re: {SUBJECT} (#{first.name})")
    )
    assert same.name == first.name


@pytest.mark.parametrize("left", [("User", "enabled"), ("HD Agent", "is_active")])
def test_an_agent_who_left_joins_no_ticket(mailbox, account, first, left):
    agent = make_agent(f"agent.left.{left[1]}@vendor.example")
    if not frappe.db.exists("HD Agent", agent):
        frappe.get_doc({"doctype": "HD Agent", "user": agent}).insert()
    doctype, field = left
    frappe.db.set_value(doctype, agent, field, 0)
    frappe.db.commit()
    _communication, own = receive_one(
        mailbox, account, compose(agent, f"Re: {SUBJECT} (#{first.name})")
    )
    assert own.name != first.name


def test_a_client_joins_no_ticket_of_others_by_subject(mailbox, account, first):
    other = make_client_here(tier="Premium")
    for subject in (SUBJECT, f"Re: {SUBJECT} (#{first.name})"):
        _communication, own = receive_one(
            mailbox, account, compose(other.email, subject)
        )
        assert own.name != first.name
        assert own.customer == other.customer


def test_a_client_s_plain_ticket_of_old_takes_no_new_request(mailbox, account, client):
    frappe.db.set_value("Beesender Support Plan", client.plan.name, "status", "Draft")
    frappe.db.commit()
    _communication, old = receive_one(mailbox, account, compose(client.email, SUBJECT))
    assert not old.beesender_admission
    frappe.db.set_value("Beesender Support Plan", client.plan.name, "status", "Active")
    frappe.db.commit()
    _communication, own = receive_one(mailbox, account, compose(client.email, SUBJECT))
    assert own.name != old.name
    assert own.beesender_admission == "Accepted"


def test_an_answer_to_a_merged_ticket_goes_to_its_target(
    mailbox, account, client, first
):
    _communication, target = receive_one(
        mailbox, account, compose(client.email, "Target")
    )
    with session_of(make_agent()):
        merge_ticket(first.name, target.name)
    frappe.db.commit()
    for message in (
        compose(client.email, f"Re: {SUBJECT} (#{first.name})"),
        compose(client.email, "Re", In_Reply_To=first.message["Message-ID"]),
    ):
        communication, _ticket = receive_one(mailbox, account, message)
        communication.reload()
        assert communication.reference_name == target.name


def test_a_reply_months_later_starts_no_clock(mailbox, account, client, first):
    answered = answer_of_agent(first.name)
    frappe.db.set_value(
        "HD Ticket", first.name, {"status": "Closed", "status_category": "Resolved"}
    )
    frappe.db.commit()
    before = frappe.db.get_value("HD Ticket", first.name, "beesender_due_at")
    message = compose(client.email, "P1 now", In_Reply_To=answered)
    _communication, same = receive_one(mailbox, account, message)
    assert same.name == first.name
    assert same.status_category == "Open"
    assert same.beesender_due_at == before


# What asks for nothing


MACHINES = {
    "auto-replied": {"Auto_Submitted": "auto-replied"},
    "out of office": {
        "Subject": "Out of office: back on Monday",
        "X_Auto_Response_Suppress": "All",
    },
    "precedence": {"Precedence": "auto_reply"},
    "autoreply": {"X_Autoreply": "yes", "Precedence": "bulk"},
    "exchange": {
        "Auto_Submitted": "auto-generated",
        "X_Auto_Response_Suppress": "All",
        "Subject": "Automatic reply: No chats",
    },
    "no way back": {"Return_Path": "<>"},
    "russian": {"Auto_Submitted": "auto-generated", "Subject": "Автоответ: Чаты"},
}


def automatic(sender, **headers):
    headers = dict(headers)
    return compose(sender, headers.pop("Subject", "Away"), body="I am away", **headers)


@pytest.mark.parametrize("headers", MACHINES.values(), ids=MACHINES)
def test_a_machine_s_answer_is_a_row_in_the_log(mailbox, account, client, headers):
    before = frappe.db.count("HD Ticket")
    message = automatic(client.email, **headers)
    assert receive(mailbox, account, message) == []
    assert frappe.db.count("HD Ticket") == before
    (entry,) = logged("Automatic mail", contact=client.email)
    assert "I am away" in entry.raw_content
    assert not mailbox.mail
    assert not frappe.db.exists("Error Log", {"reference_name": account.name})


def test_it_changes_nothing_of_the_ticket_it_answers(mailbox, account, client, first):
    answered = answer_of_agent(first.name)
    frappe.db.set_value(
        "HD Ticket", first.name, {"status": "Closed", "status_category": "Resolved"}
    )
    frappe.db.commit()
    fields = [
        "status",
        "response_by",
        "agreement_status",
        "beesender_due_at",
        "modified",
    ]
    before = frappe.db.get_value("HD Ticket", first.name, fields)
    for headers in (
        {"Auto_Submitted": "auto-replied", "In_Reply_To": answered},
        {"Auto_Submitted": "auto-generated", "In_Reply_To": answered},
        {"Auto_Submitted": "auto-generated", "Subject": f"[T-1] Re: (#{first.name})"},
    ):
        assert receive(mailbox, account, automatic(client.email, **headers)) == []
    assert frappe.db.get_value("HD Ticket", first.name, fields) == before
    rows = logged("Automatic mail", contact=client.email)
    assert [row.ticket for row in rows] == [first.name] * 3


def test_a_bounce_is_a_row_in_the_log(mailbox, account, client):
    message = compose("MAILER-DAEMON@mx.example.org", "Undelivered Mail")
    message.make_mixed()
    message.add_attachment("Reporting-MTA: dns; mx.example.org", subtype="plain")
    message.set_param("report-type", "delivery-status")
    message.replace_header(
        "Content-Type", message["Content-Type"].replace("mixed", "report")
    )
    assert receive(mailbox, account, message) == []
    assert len(logged("Automatic mail", contact="mailer-daemon@mx.example.org")) == 1


def test_several_in_one_pull_are_all_accounted_for(mailbox, account, client):
    messages = [
        automatic(client.email, Auto_Submitted="auto-replied"),
        compose(client.email, "Question"),
        automatic(client.email, Auto_Submitted="auto-replied", Subject="Away again"),
    ]
    (question,) = receive(mailbox, account, *messages)
    assert question.subject == "Question"
    assert len(logged("Automatic mail", contact=client.email)) == 2


def test_a_monitoring_system_with_a_seat_asks(mailbox, account, client):
    message = automatic(
        client.email, Auto_Submitted="auto-generated", Subject="CRITICAL: disk full"
    )
    _communication, ticket = receive_one(mailbox, account, message)
    assert ticket.beesender_admission == "Accepted"
    assert ticket.response_by


def test_a_program_without_a_seat_is_held_and_not_answered(mailbox, account, client):
    monitor = f"monitor-{frappe.generate_hash(length=8)}@clients.example"
    make_contact(client.customer, monitor)
    frappe.db.commit()
    message = automatic(monitor, Auto_Submitted="auto-generated", Subject="CRITICAL")
    _communication, ticket = receive_one(mailbox, account, message)
    assert ticket.beesender_admission == "Held"
    assert not frappe.db.exists("Email Queue Recipient", {"recipient": monitor})


def test_two_machines_do_not_go_on_talking(mailbox, account, client):
    """A held stranger's absence notices answer our notice, day after day."""
    make_contact(client.customer, "away@clients.example")
    frappe.db.commit()
    receive(mailbox, account, compose("away@clients.example", "Question"))
    for _day in range(3):
        long_ago = frappe.utils.add_days(frappe.utils.now_datetime(), -2)
        frappe.db.set_value(
            LOG, {"event": "Sender told"}, "creation", long_ago, update_modified=False
        )
        notice = automatic("away@clients.example", Auto_Submitted="auto-replied")
        assert receive(mailbox, account, notice) == []
    assert len(logged("Sender told", contact="away@clients.example")) == 1


# Who joins a ticket


def test_a_stranger_who_names_a_ticket_gets_one_of_their_own(mailbox, account):
    client = make_client_here()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    close(ticket)
    stray, own = receive_one(
        mailbox,
        account,
        compose("stranger@elsewhere.example.org", f"Re: No chats (#{ticket.name})"),
    )
    assert own.name != ticket.name
    assert own.raised_by == "stranger@elsewhere.example.org"
    assert own.beesender_channel == "email"
    assert own.description == stray.content
    assert ticket.reload().status == "Closed"
    (entry,) = logged("Stray reply", ticket=own.name)
    assert entry.contact == "stranger@elsewhere.example.org"
    assert ticket.name in entry.details


def test_a_stranger_with_a_plan_is_judged_by_it(mailbox, account):
    client, other = make_client_here(), make_client_here(tier="Premium")
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    _stray, own = receive_one(
        mailbox, account, compose(other.email, f"See #{ticket.name}")
    )
    assert own.name != ticket.name
    assert (own.customer, own.beesender_tier) == (other.customer, "Premium")


def test_a_stranger_joins_a_ticket_outside_the_policy_as_in_plain_helpdesk(
    mailbox, account
):
    _communication, ticket = receive_one(
        mailbox, account, compose("a@plain.example.org")
    )
    _reply, same = receive_one(
        mailbox, account, compose("b@plain.example.org", f"Re: #{ticket.name}")
    )
    assert same.name == ticket.name


def test_a_stray_reply_that_cannot_get_a_ticket_stays_where_it_was(
    mailbox, account, monkeypatch
):
    client = make_client_here()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    message = compose("stranger@elsewhere.example.org", f"Re: #{ticket.name}")

    def fail(self):
        raise frappe.ValidationError("broken on purpose")

    monkeypatch.setattr(HDTicket, "after_insert", fail)
    _stray, same = receive_one(mailbox, account, message)
    assert same.name == ticket.name


@pytest.mark.parametrize(
    "known_as", ["raiser", "second address", "colleague", "agent", "in copy"]
)
def test_whoever_takes_part_answers_on_the_ticket(mailbox, account, known_as):
    client = make_client_here()
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": "second@home.example.com"})
    contact.save()
    make_contact(client.customer, "colleague@client.example.com")
    make_agent("agent@vendor.example.com")
    frappe.db.commit()
    message = compose(client.email, Cc="Partner <Partner@Other.example.com>")
    _communication, ticket = receive_one(mailbox, account, message)
    sender = {
        "raiser": client.email.upper(),
        "second address": "second@home.example.com",
        "colleague": "colleague@client.example.com",
        "agent": "agent@vendor.example.com",
        "in copy": "partner@other.example.com",
    }[known_as]
    _reply, same = receive_one(mailbox, account, compose(sender, f"Re: #{ticket.name}"))
    assert same.name == ticket.name
    assert not logged("Stray reply", contact=sender.lower())


def test_an_answer_to_a_message_of_the_ticket_stays_with_it(mailbox, account):
    client = make_client_here()
    first = compose(client.email)
    _communication, ticket = receive_one(mailbox, account, first)
    forwarded_to = "forwarded@other.example.org"
    _reply, same = receive_one(
        mailbox,
        account,
        compose(forwarded_to, "Re: chats", In_Reply_To=first["Message-ID"]),
    )
    assert same.name == ticket.name


def close(ticket):
    ticket.status, ticket.status_category = "Closed", "Resolved"
    ticket.save()
    frappe.db.commit()
