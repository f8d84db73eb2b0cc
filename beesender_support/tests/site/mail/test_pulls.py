"""Real messages through Frappe's own receiving code, and what became of each."""

import base64

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import HDTicket
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as RedisIsDown

from beesender_support.enforcement.safety import dead_mail
from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.records.cache import invalidate
from beesender_support.tests.site.factories import (
    make_agent,
    make_contact,
    make_customer,
    make_plan,
)
from beesender_support.tests.site.mailbox import (
    LOG,
    Killed,
    compose,
    logged,
    make_client_here,
    pull,
    raw,
    receive,
    receive_one,
)

BROKEN_BASE64_SUBJECT = "=?utf-8?b?a?="


# Messages of every kind become tickets


def test_plain_text(mailbox, account):
    client = make_client_here()
    communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert ticket.beesender_admission == "Accepted"
    assert ticket.beesender_channel == "email"
    assert "Hello" in communication.content
    assert ticket.description == communication.content


def test_html_with_an_alternative_and_an_attachment(mailbox, account):
    client = make_client_here()
    message = compose(client.email, body="The text")
    message.add_alternative("<p>The <b>page</b></p>", subtype="html")
    message.add_attachment(
        b"\x00\x01log", maintype="application", subtype="x-log", filename="журнал.log"
    )
    communication, ticket = receive_one(mailbox, account, message)
    assert "<b>page</b>" in communication.content
    files = frappe.get_all(
        "File", {"attached_to_name": communication.name}, pluck="file_name"
    )
    assert len(files) == 1
    assert ticket.beesender_admission == "Accepted"


@pytest.mark.parametrize(
    ("subject", "charset"),
    [
        ("=?utf-8?b?0J3QtdGCINGH0LDRgtC+0LI=?=", "utf-8"),
        (
            "=?koi8-r?b?"
            + base64.b64encode("Нет чатов".encode("koi8-r")).decode()
            + "?=",
            "koi8-r",
        ),
        ("Нет чатов", "utf-8"),
    ],
    ids=["encoded", "encoded in koi8-r", "raw 8-bit"],
)
def test_a_cyrillic_subject_and_an_8bit_body(mailbox, account, subject, charset):
    client = make_client_here()
    message = raw(
        f"From: {client.email}",
        f"Subject: {subject}",
        f"Content-Type: text/plain; charset={charset}",
        "Content-Transfer-Encoding: 8bit",
        body="Чаты не видны".encode(charset),
    )
    communication, ticket = receive_one(mailbox, account, message)
    assert ticket.subject == "Нет чатов"
    assert "Чаты не видны" in communication.content


def test_five_megabytes(mailbox, account):
    client = make_client_here()
    message = compose(client.email, body="A log follows")
    message.add_attachment(
        b"\xff" * 5_000_000, maintype="application", subtype="gzip", filename="log.gz"
    )
    communication, _ticket = receive_one(mailbox, account, message)
    assert (
        frappe.db.get_value(
            "File", {"attached_to_name": communication.name}, "file_size"
        )
        == 5_000_000
    )


def test_malformed_headers_and_body(mailbox, account):
    client = make_client_here()
    message = raw(
        f"From: {client.email}",
        "Subject: No chats",
        "Date: yesterday",
        "no colon here",
        "Content-Type: multipart/mixed; boundary=never-comes",
        body=b"--something\xff\xfe\x00else",
    )
    _communication, ticket = receive_one(mailbox, account, message)
    assert ticket.customer == client.customer


def test_mail_to_us_by_copy_only(mailbox, account):
    client = make_client_here()
    message = compose(client.email, To=None, Cc="support@example.com")
    communication, ticket = receive_one(mailbox, account, message)
    assert communication.cc == "support@example.com"
    assert ticket.beesender_admission == "Accepted"


def test_mail_that_helpdesk_itself_generated_makes_no_ticket(mailbox, account):
    client = make_client_here()
    message = compose(client.email, X_Auto_Generated="hd-acknowledgement")
    assert receive(mailbox, account, message) == []


def test_one_message_twice_is_one_ticket(mailbox, account):
    message = bytes(compose(make_client_here().email))
    assert len(receive(mailbox, account, message, message)) == 1
    assert receive(mailbox, account, message) == []


# Whose mail?


def test_a_contact_is_known_by_any_address(mailbox, account):
    client = make_client_here()
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": "second@home.example.com"})
    contact.save()
    frappe.db.commit()
    _communication, ticket = receive_one(
        mailbox, account, compose("Second@home.example.com")
    )
    assert ticket.contact == client.contact
    assert ticket.beesender_admission == "Accepted"


def test_the_contact_whose_primary_address_it_is_goes_first(mailbox, account):
    client = make_client_here()
    other = frappe.get_doc("Contact", make_contact(make_customer()))
    other.append("email_ids", {"email_id": client.email})
    other.save()
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert ticket.contact == client.contact


def test_of_several_customers_the_one_that_seats_the_contact_is_judged(
    mailbox, account
):
    client = make_client_here()
    also_member_of(client.contact)
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert ticket.customer == client.customer
    assert ticket.beesender_admission == "Accepted"


def test_of_several_customers_that_seat_the_contact_none_is_guessed(mailbox, account):
    client = make_client_here()
    other = also_member_of(client.contact)
    make_plan(other, [client.contact])
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.customer
    assert ticket.beesender_admission == "Held"
    assert ticket.beesender_admission_reason == "unknown_sender"


def also_member_of(contact):
    customer = frappe.get_doc("HD Customer", make_customer())
    customer.append("contacts", {"contact_name": contact})
    customer.save()
    frappe.db.commit()
    return customer.name


# Whose ticket?


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


# What cannot be registered is kept


def test_mail_without_a_sender_is_kept(mailbox, account):
    body = "Тело письма".encode()
    assert receive(mailbox, account, raw("Subject: Nobody", body=body)) == []
    (entry,) = logged("Mail kept", details="Nobody")
    assert "Тело письма" in entry.raw_content
    assert entry.reason


def test_mail_that_cannot_be_parsed_is_kept_also_if_the_next_one_fails(
    mailbox, account
):
    client = make_client_here()
    unparsable = raw(
        f"From: {client.email}", f"Subject: {BROKEN_BASE64_SUBJECT}", body=b"first"
    )
    senderless = raw("Subject: Nobody", body=b"second")
    assert receive(mailbox, account, unparsable, senderless) == []
    kept = [entry.raw_content for entry in logged("Mail kept")[:2]]
    assert sorted(text.rpartition("\n")[2] for text in kept) == ["first", "second"]


@pytest.mark.parametrize(
    "message",
    [
        raw("Subject: Nobody", body=b"Caf\xe9 " + "Чаты".encode()),
        raw(
            "From: a@b.example",
            f"Subject: {BROKEN_BASE64_SUBJECT}",
            body=b"Caf\xe9 " + "Чаты".encode(),
        ),
    ],
    ids=["fails", "cannot be parsed"],
)
def test_imap_mail_is_kept_whole_and_once(mailbox, imap_account, message):
    before = len(logged("Mail kept"))
    receive(mailbox, imap_account, message)
    (unhandled,) = frappe.get_all(
        "Unhandled Email", {"email_account": imap_account.name}, pluck="raw"
    )
    assert "Чаты" not in unhandled
    kept = logged("Mail kept")
    assert len(kept) == before + 1
    assert r"Caf\xe9 Чаты" in kept[0].raw_content
    mailbox.seen.clear()
    pull(imap_account.name)
    dead_mail.reconcile()
    assert len(logged("Mail kept")) == before + 1


def test_reconciliation_brings_what_the_listeners_missed_once(account):
    dead_mail.reconcile()
    frappe.db.delete(LOG)
    unhandled = frappe.get_doc(
        {
            "doctype": "Unhandled Email",
            "email_account": account.name,
            "raw": "From: a@b.example\nSubject: =?utf-8?b?0J3QtdGC?=\n\nText",
            "reason": "Traceback\n  frames\nValueError: broken on purpose\n",
        }
    ).insert()
    fault = frappe.get_doc(
        {
            "doctype": "Error Log",
            "method": "EmailAccount.receive",
            "error": "Traceback\nOSError: gone",
            "reference_doctype": "Email Account",
            "reference_name": account.name,
        }
    ).insert()
    frappe.db.delete(LOG)
    for _run in range(2):
        dead_mail.reconcile()
        (kept,) = logged("Mail kept", raw_content=unhandled.raw)
        assert (kept.reason, kept.contact, kept.details) == (
            "ValueError: broken on purpose",
            "a@b.example",
            "Нет",
        )
        (known,) = logged("Fault", source=f"Error Log/{fault.name}")
        assert known.reason == "OSError: gone"


# Faults of ours, and of what is underneath


def fail_with(error):
    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("broken on purpose"),
        frappe.ValidationError("broken on purpose"),
        frappe.PermissionError("broken on purpose"),
        frappe.DoesNotExistError("broken on purpose"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_of_the_policy_costs_no_mail(mailbox, account, monkeypatch, error):
    client = make_client_here()
    monkeypatch.setattr(
        "beesender_support.enforcement.requests.decision.triage", fail_with(error)
    )
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.beesender_admission
    assert ticket.response_by
    assert frappe.db.exists("Error Log", {"method": ("like", "Beesender Support%")})


def test_a_refusal_never_meets_mail(mailbox, account, monkeypatch):
    client = make_client_here()
    monkeypatch.setattr(
        "beesender_support.enforcement.requests.decision.triage",
        fail_with(Refused("No")),
    )
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.beesender_admission


def test_a_handler_that_fails_half_way_leaves_no_half_promise(
    mailbox, account, monkeypatch
):
    client = make_client_here()
    monkeypatch.setattr(
        "beesender_support.enforcement.requests.priority.write_priority",
        fail_with(KeyError("P1")),
    )
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.beesender_admission
    assert not ticket.beesender_terms


def test_a_broken_tier_costs_no_mail(mailbox, account):
    client = make_client_here()
    frappe.db.delete("Beesender Support Window", {"parent": "Basic"})
    frappe.db.set_value("Beesender Tier", "Basic", "authorized_contact_limit", -5)
    frappe.clear_document_cache("Beesender Tier", "Basic")
    invalidate()
    frappe.db.commit()
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.beesender_admission
    assert ticket.customer == client.customer


def test_a_fault_that_cannot_be_logged_costs_no_mail(mailbox, account, monkeypatch):
    client = make_client_here()
    monkeypatch.setattr(
        "beesender_support.enforcement.requests.decision.triage",
        fail_with(RuntimeError("broken")),
    )
    monkeypatch.setattr("frappe.log_error", fail_with(RuntimeError("broken too")))
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.beesender_admission


def test_a_site_that_was_not_migrated_takes_mail(mailbox, account, monkeypatch):
    client = make_client_here()

    def ask_for_a_new_column(*args, **kwargs):
        frappe.db.sql("select `beesender_of_tomorrow` from `tabHD Ticket`")

    monkeypatch.setattr(
        "beesender_support.enforcement.requests.decision.triage", ask_for_a_new_column
    )
    _communication, ticket = receive_one(mailbox, account, compose(client.email))
    assert not ticket.beesender_admission


def test_without_redis_the_promise_is_kept(mailbox, account, monkeypatch):
    client = make_client_here()
    monkeypatch.setattr(
        ConnectionPool, "get_connection", fail_with(RedisIsDown("down"))
    )
    # In tests Frappe fails where it would otherwise do without Redis.
    monkeypatch.setitem(frappe.flags, "in_test", False)
    monkeypatch.setattr(frappe, "in_test", False, raising=False)
    frappe.local.cache.clear()
    found = receive(mailbox, account, compose(client.email))
    monkeypatch.undo()
    (communication,) = found
    ticket = frappe.get_doc("HD Ticket", communication.reference_name)
    assert ticket.beesender_admission == "Accepted"


@pytest.mark.parametrize("kind", ["account", "imap_account"])
def test_mail_that_meets_a_deadlock_is_kept(mailbox, request, monkeypatch, kind):
    account = request.getfixturevalue(kind)
    client = make_client_here()
    error = frappe.QueryDeadlockError("Deadlock found")
    monkeypatch.setattr(
        "beesender_support.enforcement.requests.decision.triage", fail_with(error)
    )
    assert receive(mailbox, account, compose(client.email, "Deadlocked")) == []
    (entry,) = logged("Mail kept", details="Deadlocked")
    assert "Deadlock found" in entry.reason
    assert not frappe.db.exists("HD Ticket", {"raised_by": client.email})


# A worker that is killed


@pytest.mark.parametrize("sync", ["UNSEEN", "ALL"])
def test_a_killed_pull_registers_nothing_by_half_and_loses_no_imap_mail(
    mailbox, imap_account, monkeypatch, sync
):
    client = make_client_here()
    frappe.db.set_value("Email Account", imap_account.name, "email_sync_option", sync)
    frappe.db.commit()
    receive(mailbox, imap_account, compose(client.email, "First"))
    mailbox.deliver(*[bytes(compose(client.email, each)) for each in ("Two", "Three")])
    with monkeypatch.context() as patched:
        patched.setattr(HDTicket, "on_communication_update", fail_with(Killed()))
        with pytest.raises(Killed):
            pull(imap_account.name)
    frappe.db.rollback()
    assert subjects_of(client) == ["First"]
    if sync == "UNSEEN":
        pull(imap_account.name)
        assert subjects_of(client) == ["First"]
        mailbox.seen -= {2, 3}  # somebody marks them as unread
    pull(imap_account.name)
    pull(imap_account.name)
    assert subjects_of(client) == ["First", "Three", "Two"]


def subjects_of(client):
    return frappe.get_all(
        "HD Ticket", {"raised_by": client.email}, pluck="subject", order_by="subject"
    )
