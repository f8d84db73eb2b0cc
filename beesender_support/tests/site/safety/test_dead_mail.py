"""Mail that cannot be registered is kept, whole and once."""

import frappe
import pytest

from beesender_support.enforcement.safety import dead_mail
from beesender_support.tests.site.mailbox import (
    LOG,
    logged,
    make_client_here,
    pull,
    raw,
    receive,
)

BROKEN_BASE64_SUBJECT = "=?utf-8?b?a?="


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
