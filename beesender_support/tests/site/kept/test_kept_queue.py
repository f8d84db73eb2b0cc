"""What could not be registered is a queue: a ticket is made of it, or it is dismissed."""

import base64
from datetime import datetime, timedelta
from pathlib import Path

import frappe
import pytest
from frappe.email.receive import InboundMail

from beesender_support.api import agent, desk
from beesender_support.enforcement.chat.caller import acting_as_intake
from beesender_support.enforcement.chat.payloads import Message, Registration
from beesender_support.enforcement.chat.requests import insert_ticket
from beesender_support.enforcement.mail import pulls
from beesender_support.enforcement.safety import dead_letters, dead_mail
from beesender_support.patches import queue_what_was_kept
from beesender_support.records.site_time import from_column
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_agent_manager,
    make_email_account,
    refused,
    session_of,
)
from beesender_support.tests.site.mailbox import LOG, compose, logged, raw, receive

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def mail_of(client, subject="No chats", body="Чаты пропали", **headers):
    return compose(client.email, subject, body, **headers)


def keep(message, account=None):
    """As if Frappe's intake had failed on it; the row of the log."""
    mail = InboundMail(bytes(message), account or make_email_account())
    before = {row.name for row in logged("Mail kept")}
    pulls.keep(mail, ValueError("broken on purpose"))
    [row] = [row for row in logged("Mail kept") if row.name not in before]
    return row.name


def row_of(name):
    return frappe.get_doc(LOG, name)


def ticket_of(made):
    return frappe.get_doc("HD Ticket", made["ticket"])


@pytest.fixture
def manager():
    return make_agent_manager()


# Make a ticket of it


def test_the_ticket_is_that_of_the_mail(client, manager):
    message = mail_of(client, Cc="colleague@example.com")
    message.add_attachment(PICTURE, "image", "png", filename="screen.png")
    row = keep(message)
    assert row_of(row).queue_state == "Open"
    with session_of(manager):
        made = desk.make_ticket_of_kept(row)
        assert frappe.session.user == manager
    ticket = ticket_of(made)
    assert made["is_new"]
    assert ticket.raised_by == client.email
    assert ticket.customer == client.customer
    assert ticket.beesender_admission == "Accepted"
    assert ticket.beesender_channel == "email"
    assert ticket.owner == "Administrator"
    communication = frappe.get_last_doc(
        "Communication",
        {"reference_name": ticket.name, "communication_medium": "Email"},
    )
    assert f"<{communication.message_id}>" == message["Message-ID"]
    assert communication.sender == client.email
    assert "Чаты пропали" in communication.content
    assert communication.cc == "colleague@example.com"
    [file] = frappe.get_all(
        "File", {"attached_to_name": communication.name}, ["file_name", "name"]
    )
    stored = Path(frappe.get_doc("File", file.name).get_full_path())
    assert stored.read_bytes() == PICTURE
    decided = row_of(row)
    assert decided.queue_state == "Made a ticket"
    assert decided.queue_decided_by == manager
    assert decided.queue_decided_at
    assert decided.ticket == str(ticket.name)
    assert decided.raw_content


def test_twice_makes_one(client, manager):
    row = keep(mail_of(client))
    with session_of(manager):
        first = desk.make_ticket_of_kept(row)
        second = desk.make_ticket_of_kept(row)
    assert second["ticket"] == first["ticket"]
    assert not second["is_new"]
    assert "made ticket" in second["words"]
    assert frappe.db.count("HD Ticket", {"raised_by": client.email}) == 1


def test_mail_that_was_delivered_again_is_found(mailbox, account, client, manager):
    message = mail_of(client)
    row = keep(message)
    frappe.db.commit()
    # To another of our mailboxes.
    [communication] = receive(mailbox, account, message)
    made = desk.make_ticket_of_kept(row)
    assert made["ticket"] == communication.reference_name
    assert not made["is_new"]
    assert "registered meanwhile" in made["words"]
    assert frappe.db.count("HD Ticket", {"raised_by": client.email}) == 1


def another_account():
    return frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": "Second Mailbox",
            "email_id": "second@example.com",
            "password": "not-used",
            "enable_incoming": 1,
            "use_imap": 0,
            "email_server": "pop.example.com",
            "append_to": "HD Ticket",
        }
    ).insert()


@pytest.mark.parametrize("mailbox", [another_account, make_email_account])
def test_somebody_elses_mail_with_the_same_identity_is_not_it(client, mailbox):
    message = mail_of(client)
    row = keep(message)
    forged = compose("mallory@example.com", "x", Message_ID=message["Message-ID"])
    InboundMail(bytes(forged), mailbox()).process()
    made = desk.make_ticket_of_kept(row)
    assert made["is_new"]
    assert ticket_of(made).raised_by == client.email


def test_an_answer_joins_its_ticket(client):
    first = mail_of(client)
    opened = ticket_of(desk.make_ticket_of_kept(keep(first)))
    answer = mail_of(
        client, "Re: No chats", "Still none", In_Reply_To=first["Message-ID"]
    )
    made = desk.make_ticket_of_kept(keep(answer))
    assert ticket_of(made).name == opened.name


def test_admission_is_that_of_mail(client):
    held = desk.make_ticket_of_kept(keep(compose("stranger@" + "example.net", "Hi")))
    assert not ticket_of(held).beesender_admission
    client.plan.reload().update({"status": "Suspended"}).save()
    made = desk.make_ticket_of_kept(keep(mail_of(client)))
    assert ticket_of(made).beesender_admission == "Held"
    assert ticket_of(made).beesender_admission_reason == "plan_suspended"


def test_bytes_that_are_no_utf_8_come_back_as_they_were(client):
    body = b"Caf\xe9 " + rb"\xe9 \x5c" + "Чаты".encode()
    message = raw(
        f"From: {client.email}",
        "Subject: Odd",
        "To: support@example.com",
        "Content-Type: text/plain; charset=latin-1",
        body=body,
    )
    row = row_of(keep_bytes(message))
    assert row.raw_is_escaped
    assert dead_mail.as_bytes(row.raw_content, bool(row.raw_is_escaped)) == message
    made = desk.make_ticket_of_kept(row.name)
    content = frappe.db.get_value(
        "Communication", {"reference_name": made["ticket"]}, "content"
    )
    assert "Café" in content
    assert r"\xe9 \x5c" in content


def keep_bytes(message):
    mail = InboundMail(message, make_email_account())
    pulls.keep(mail, ValueError("broken on purpose"))
    return frappe.get_last_doc(LOG, {"event": "Mail kept"}).name


def test_mail_of_which_only_the_beginning_was_kept_says_so(client, monkeypatch):
    monkeypatch.setattr(dead_mail, "MOST_BYTES", 3_000)
    message = mail_of(client)
    message.add_attachment(b"x" * 9_000, "text", "csv", filename="long.csv")
    row = keep(message)
    said = desk.kept_overview(row)
    assert said["obstacle"] is None
    [concern] = said["concerns"]
    assert "last attachments are missing or damaged" in concern
    made = desk.make_ticket_of_kept(row)
    assert ticket_of(made).raised_by == client.email


def test_letters_that_frappes_copy_has_lost_are_spoken_of(client):
    lost = bytes(mail_of(client)).decode("ASCII", "replace") + "\ufffd"
    row = frappe.get_doc(
        {"doctype": LOG, **dead_mail.entry("Unhandled Email/test", lost, "x")}
    ).insert(ignore_permissions=True)
    [concern] = desk.kept_overview(row.name)["concerns"]
    assert "Letters outside ASCII were lost" in concern


def test_a_mail_that_fails_again_stays_in_the_queue(manager):
    row = keep_bytes(raw("Subject: Nobody", body=b"Hello"))
    assert any("who sent it" in each for each in desk.kept_overview(row)["concerns"])
    with session_of(manager), refused("still cannot be registered"):
        desk.make_ticket_of_kept(row)
    kept = row_of(row)
    assert kept.queue_state == "Open"
    assert kept.raw_content
    assert not kept.ticket


def test_a_fault_without_its_mail_can_only_be_dismissed():
    row = frappe.get_doc(
        {"doctype": LOG, **dead_mail.fault("Error Log/test", "OSError: gone")}
    ).insert(ignore_permissions=True)
    assert "Ask the sender" in desk.kept_overview(row.name)["obstacle"]
    with refused("Ask the sender"):
        desk.make_ticket_of_kept(row.name)
    desk.dismiss_kept(row.name, "They called again")
    assert row_of(row.name).queue_state == "Dismissed"


def test_the_mailbox_is_the_one_it_was_sent_to_or_is_asked_for(client):
    second = another_account()
    row = keep(mail_of(client, To="second@example.com"))
    frappe.db.set_value(LOG, row, "email_account", None)
    make_email_account()
    assert desk.kept_overview(row)["account"] == second.name
    row = keep(mail_of(client, To="somebody@example.com"))
    frappe.db.set_value(LOG, row, "email_account", None)
    said = desk.kept_overview(row)
    assert said["account"] is None
    assert {second.name, make_email_account().name} <= set(said["accounts"])
    with refused("Choose the mailbox"):
        desk.make_ticket_of_kept(row)
    with refused("Choose the mailbox"):
        desk.make_ticket_of_kept(row, "No mailbox of ours")
    assert desk.make_ticket_of_kept(row, second.name)["is_new"]


def test_a_machines_answer_becomes_a_ticket_if_somebody_wants_that(client):
    message = mail_of(client, "Out of office", Auto_Submitted="auto-replied")
    mail = InboundMail(bytes(message), make_email_account())
    pulls.log_automatic(mail)
    row = frappe.get_last_doc(LOG, {"event": "Automatic mail"})
    assert not row.queue_state
    made = desk.make_ticket_of_kept(row.name)
    assert ticket_of(made).raised_by == client.email
    assert frappe.db.count(LOG, {"event": "Automatic mail"}) >= 1


def test_mail_from_our_own_mailbox_is_no_request():
    row = keep(compose(make_email_account().email_id, "Loop"))
    with refused("from our own mailbox"):
        desk.make_ticket_of_kept(row)


# Requests by chat


def keep_chat(client, **payload):
    """As if a request of the widget had failed; its row, and its key."""
    given = Registration(
        **{
            "external_id": frappe.generate_hash(),
            "channel": "widget",
            "subject": "No chats",
            "description": "None at all",
            "contact_email": client.email,
            **payload,
        }
    )
    key = frappe.generate_hash()
    dead_letters.keep(given, key, ValueError("broken on purpose"))
    return frappe.get_doc(LOG, {"source": key})


def test_a_kept_chat_becomes_the_ticket_that_its_program_finds(client, manager):
    kept = keep_chat(client)
    assert kept.queue_state == "Open"
    with session_of(manager):
        assert desk.kept_overview(kept.name)["accounts"] == []
        made = desk.make_ticket_of_kept(kept.name)
        again = desk.make_ticket_of_kept(kept.name)
    ticket = ticket_of(made)
    assert (ticket.subject, ticket.beesender_channel) == ("No chats", "widget")
    assert ticket.beesender_external_id == kept.source
    assert ticket.beesender_admission == "Accepted"
    assert again == {**again, "ticket": made["ticket"], "is_new": False}
    assert row_of(kept.name).raw_content


def test_a_kept_chat_by_a_channel_that_was_disabled_meanwhile_becomes_one_too(
    client, manager
):
    kept = keep_chat(client)
    channel = frappe.get_doc("Beesender Channel", "widget")
    channel.enabled = 0
    channel.save()
    with pytest.raises(ValueError, match="Allowed"):
        Registration.model_validate_json(kept.raw_content)
    with session_of(manager):
        made = desk.make_ticket_of_kept(kept.name)
    ticket = ticket_of(made)
    assert made["is_new"]
    assert (ticket.subject, ticket.beesender_channel) == ("No chats", "widget")
    assert ticket.beesender_external_id == kept.source
    assert row_of(kept.name).queue_state == "Made a ticket"


def test_a_kept_chat_by_a_channel_that_was_deleted_meanwhile_is_held_with_the_reason(
    client, manager
):
    frappe.get_doc(
        {
            "doctype": "Beesender Channel",
            "__newname": "matrix",
            "title": "Matrix",
            "takes_requests": 1,
        }
    ).insert()
    kept = keep_chat(client, channel="matrix")
    # Past the form, which refuses it while something names the channel.
    frappe.db.delete("Beesender Channel", {"name": "matrix"})
    with session_of(manager):
        made = desk.make_ticket_of_kept(kept.name)
        panel = agent.ticket_panel(made["ticket"])
    ticket = ticket_of(made)
    assert (ticket.subject, ticket.beesender_channel) == ("No chats", "matrix")
    assert ticket.beesender_admission == "Held"
    assert ticket.beesender_admission_reason == "channel_not_in_plan"
    assert panel


def test_a_chat_that_its_program_registered_meanwhile_is_linked(client):
    kept = keep_chat(client)
    with acting_as_intake():
        payload = Registration.model_validate_json(kept.raw_content)
        ticket = insert_ticket(payload, kept.source)
    made = desk.make_ticket_of_kept(kept.name)
    assert (made["ticket"], made["is_new"]) == (ticket, False)


def test_what_a_later_attempt_registered_leaves_the_queue(client):
    kept = keep_chat(client)
    dead_letters.let_go(kept.source)
    assert row_of(kept.name).queue_state == "Made a ticket"


def test_what_a_client_wrote_is_no_markup_in_what_desk_shows(client):
    given = Message(
        external_id="x", message_id="1", text="<img src=x onerror=alert(1)>"
    )
    dead_letters.keep(given, "of this test", ValueError("<b>bold</b>"))
    row = frappe.get_doc(LOG, {"source": "of this test"})
    assert given.text in desk.kept_overview(row.name)["obstacle"]
    with pytest.raises(frappe.ValidationError) as refusal:
        desk.make_ticket_of_kept(row.name)
    assert "<img" not in str(refusal.value)
    assert "&lt;img" in str(refusal.value)


# The clock


@pytest.mark.parametrize("from_arrival", [False, True])
def test_the_clock_starts_now_or_at_its_arrival_by_the_setting(client, from_arrival):
    settings = frappe.get_doc("Beesender Support Settings")
    settings.update({"clock_from_arrival": from_arrival}).save()
    # Frappe compares instants as text, and writes a whole second in two ways.
    arrived, made_at = (
        "2026-11-23T10:00:00.000001+03:00",
        "2026-11-24T11:00:00.000001+03:00",
    )
    with clock_at(arrived):
        row = keep(mail_of(client))
    with clock_at(made_at):
        ticket = ticket_of(desk.make_ticket_of_kept(row))
    started = from_column(ticket.beesender_registered_at)
    expected = datetime.fromisoformat(arrived if from_arrival else made_at)
    assert abs(started - expected) < timedelta(seconds=1)


# Dismiss


def test_what_was_dismissed_stays_whole_and_may_still_become_a_ticket(client, manager):
    row = keep(mail_of(client))
    with refused("Say why"):
        desk.dismiss_kept(row, "  ")
    with session_of(manager):
        desk.dismiss_kept(row, "Spam")
    dismissed = row_of(row)
    assert dismissed.queue_state == "Dismissed"
    assert dismissed.queue_reason == "Spam"
    assert dismissed.queue_decided_by == manager
    assert dismissed.raw_content
    with refused("dismissed it: Spam"):
        desk.dismiss_kept(row, "Again")
    assert desk.make_ticket_of_kept(row)["is_new"]
    with refused("made ticket"):
        desk.dismiss_kept(row, "Late")


def test_other_rows_of_the_log_are_no_queue(client):
    row = frappe.get_doc({"doctype": LOG, "event": "Held"}).insert(
        ignore_permissions=True
    )
    for action in (
        lambda: desk.make_ticket_of_kept(row.name),
        lambda: desk.dismiss_kept(row.name, "x"),
        lambda: desk.kept_overview(row.name),
    ):
        with refused("does not wait for anybody"):
            action()


@pytest.mark.parametrize("who", ["agent", "client", "guest"])
def test_only_agent_managers_decide(client, who):
    row = keep(mail_of(client))
    user = {"agent": make_agent(), "client": client.email, "guest": "Guest"}[who]
    with session_of(user):
        for action in (
            lambda: desk.make_ticket_of_kept(row),
            lambda: desk.dismiss_kept(row, "x"),
            lambda: desk.kept_overview(row),
        ):
            with pytest.raises(frappe.PermissionError):
                action()
    assert row_of(row).queue_state == "Open"


# Rows from before


def test_what_was_kept_before_waits_once_in_the_queue(client):
    kept, decided = keep(mail_of(client)), keep(mail_of(client, "Other"))
    frappe.db.set_value(LOG, kept, "queue_state", None)
    desk.dismiss_kept(decided, "Spam")
    lost = frappe.get_doc(
        {"doctype": LOG, "event": "Fault", "source": "Error Log/old"}
    ).insert(ignore_permissions=True)
    queue_what_was_kept.execute()
    queue_what_was_kept.execute()
    assert row_of(kept).queue_state == "Open"
    assert row_of(decided).queue_state == "Dismissed"
    assert not row_of(lost.name).queue_state
