"""A fault of ours, or of what is underneath, costs no mail."""

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import HDTicket
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as RedisIsDown

from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.records.cache import invalidate
from beesender_support.tests.site.mailbox import (
    Killed,
    compose,
    logged,
    make_client_here,
    pull,
    receive,
    receive_one,
)


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
        "beesender_support.enforcement.requests.decision.write_priority",
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
