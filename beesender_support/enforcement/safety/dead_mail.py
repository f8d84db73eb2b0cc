"""Mail that could not be registered is stored in the Beesender Admission Log.

Frappe marks mail as read (IMAP) or deletes it (POP3) before it registers it, and does
not try again. What fails it logs: for IMAP an Unhandled Email, in which every letter
outside ASCII is lost and which is deleted after a month; for POP3 an Error Log without
the mail. Both are watched, and an hourly job picks up what was missed.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_string
from email.header import decode_header, make_header
from hashlib import md5
from typing import NamedTuple

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.receive import InboundMail
from frappe.model.document import Document
from frappe.query_builder.functions import Concat
from pypika.functions import Function
from pypika.terms import Term
from redis.exceptions import RedisError

from beesender_support.enforcement.safety.fault_isolation import log_and_carry_on
from beesender_support.policy.sold.channels import EMAIL
from beesender_support.records.framework import forget_in
from beesender_support.records.tickets import admission_log

LOG = "Beesender Admission Log"
# What a database with its own settings takes in one statement, with room to spare.
MOST_BYTES = 6_000_000
ESCAPED = re.compile(rb"\\x([0-9a-f]{2})")
# The queue's state of what waits for somebody.
OPEN = "Open"
BATCH = 20
# Which unhandled mail was examined, for as long as Frappe keeps any of it.
EXAMINED, SECONDS_REMEMBERED = "beesender_examined_mail", 40 * 24 * 3_600


class Failing(NamedTuple):
    """What Frappe's intake is failing on; ``mail`` is None where it cannot be parsed."""

    raw: bytes
    account: EmailAccount
    mail: InboundMail | None


# At once


@log_and_carry_on
def keep_unhandled(doc: Document, method: str | None = None) -> None:
    """An Unhandled Email was logged: store the mail, whole if it is still available."""
    failing = failing_mail()
    source = _unhandled_source(doc.raw)
    if failing and is_registered(failing.mail):
        note_registered(source, doc.reason)
        return
    raw = as_text(failing.raw) if failing else doc.raw
    admission_log.record(
        **entry(source, raw, doc.reason, account=doc.email_account),
        **(form_of(failing.raw) if failing else {}),
    )
    if failing and failing.mail:
        failing.mail.flags.beesender_kept_from = source


@log_and_carry_on
def keep_deleted(doc: Document, method: str | None = None) -> None:
    """An Error Log was written: for mail deleted on the server, this is the last
    copy."""
    failing = failing_mail()
    if failing is None or failing.account.use_imap:
        return
    source, raw = f"Error Log/{doc.name}", as_text(failing.raw)
    if is_registered(failing.mail):
        note_registered(source, doc.error)
        return
    if frappe.db.exists(LOG, {"event": "Mail kept", "raw_content": raw}):
        note_known(source, doc.error, _("The same mail was kept before."))
        return
    kept = {
        **entry(source, raw, doc.error, account=failing.account.name),
        **form_of(failing.raw),
    }
    admission_log.record(**kept)
    if failing.mail:
        failing.mail.flags.beesender_kept_from = source
    else:
        # Nothing is committed until the next mail, which may fail and roll this back.
        not_yet_committed().append(kept)


def not_yet_committed() -> list[dict]:
    """What was stored since the last commit and nobody else would store again."""
    return frappe.flags.setdefault("beesender_not_yet_committed", [])


def failing_mail() -> Failing | None:
    """From the frame of Frappe's intake that caught the fault, where it can be seen.

    Nothing that Frappe passes to listeners contains the mail itself.
    """
    traceback = sys.exc_info()[2]
    at_hand = traceback.tb_frame.f_locals if traceback else {}
    account, mail = at_hand.get("self"), at_hand.get("mail")
    raw = getattr(mail, "raw_message", None) or at_hand.get("message")
    if isinstance(account, EmailAccount) and isinstance(raw, bytes):
        return Failing(raw, account, mail if isinstance(mail, InboundMail) else None)
    return None


def is_registered(mail: InboundMail | None) -> bool:
    """Whether a mail was registered after all: the commit succeeded but its response
    was lost, or the mail was sent twice."""
    return bool(
        mail
        and mail.message_id
        and frappe.db.exists(
            "Communication",
            {
                "message_id": mail.message_id,
                "email_account": mail.email_account.name,
                "sent_or_received": "Received",
            },
        )
    )


def note_registered(source: str, reason: str) -> None:
    note_known(source, reason, _("The same mail was registered before."))


def note_known(source: str, reason: str, details: str) -> None:
    """A fault that left nothing to do."""
    known = {"details": details, "queue_state": None}
    admission_log.record(**{**fault(source, reason), **known})


# Every hour


def reconcile() -> None:
    """Store what Frappe logged and the listeners missed. Safe to run twice.

    The last copy of a POP3 mail was in the memory of the worker: then only the fault is
    known.
    """
    for names in _not_examined():
        if rows := _unhandled_mail(names):
            _insert(
                entry(row.source, row.raw, row.reason, row.creation, row.email_account)
                for row in rows
            )
        frappe.db.commit()
        _note_examined(names)
    for rows in _batches(_faults_without_mail):
        _insert(fault(row.source, row.error, row.creation) for row in rows)


def _batches(read) -> Iterator[list[frappe._dict]]:
    """Page after page; each page is committed before the next is read."""
    after = ""
    while rows := read(after):
        yield rows
        frappe.db.commit()
        after = rows[-1].name


def _not_examined() -> Iterator[list[str]]:
    """Unhandled mail that no run has looked at; its digest is costly and never changes.

    Without Redis all of it is examined again, which does no harm.
    """
    examined = set()
    with suppress(RedisError):
        examined = {each.decode() for each in frappe.cache.smembers(EXAMINED)}
    names = sorted({*frappe.get_all("Unhandled Email", pluck="name")} - examined)
    for start in range(0, len(names), BATCH):
        yield names[start : start + BATCH]


def _note_examined(names: list[str]) -> None:
    with suppress(RedisError):
        frappe.cache.sadd(EXAMINED, *names)
        forget_in(SECONDS_REMEMBERED, EXAMINED)


def _unhandled_mail(names: list[str]) -> list[frappe._dict]:
    mail = frappe.qb.DocType("Unhandled Email")
    source = Concat("Unhandled Email/", Function("MD5", mail.raw))
    query = frappe.qb.from_(mail).select(
        mail.name,
        mail.raw,
        mail.reason,
        mail.creation,
        mail.email_account,
        source.as_("source"),
    )
    return _not_logged(query.where(mail.name.isin(names)), mail, source, after="")


def _faults_without_mail(after: str) -> list[frappe._dict]:
    error, account = frappe.qb.DocType("Error Log"), frappe.qb.DocType("Email Account")
    source = Concat("Error Log/", error.name)
    query = (
        frappe.qb.from_(error)
        .left_join(account)
        .on(account.name == error.reference_name)
        .select(error.name, error.error, error.creation, source.as_("source"))
        .where(error.method == "EmailAccount.receive")
        # Of IMAP mail there is an Unhandled Email.
        .where((account.use_imap == 0) | account.use_imap.isnull())
    )
    return _not_logged(query, error, source, after)


def _not_logged(query, table, source: Term, after: str) -> list[frappe._dict]:
    log = frappe.qb.DocType(LOG)
    return (
        query.left_join(log)
        .on(log.source == source)
        .where(log.name.isnull() & (table.name > after))
        .orderby(table.name)
        .limit(BATCH)
        .run(as_dict=True)
    )


def _insert(entries: Iterator[dict]) -> None:
    """In one query, leaving out what another run has logged meanwhile."""
    rows = [
        {
            "name": frappe.generate_hash(length=10),
            "owner": "Administrator",
            "modified_by": "Administrator",
            "modified": row["creation"],
            "actor": "Administrator",
            **row,
        }
        for row in entries
    ]
    frappe.db.bulk_insert(
        LOG, list(rows[0]), [list(row.values()) for row in rows], ignore_duplicates=True
    )


# What is written


def entry(
    source: str,
    raw: str,
    reason: str,
    creation: object = None,
    account: str | None = None,
) -> dict:
    mail = message_from_string(raw or "")
    return {
        **fault(source, reason, creation),
        "event": "Mail kept",
        "contact": readable(mail["From"])[:140],
        "details": readable(mail["Subject"]),
        "raw_content": raw,
        "email_account": account,
    }


def fault(source: str, reason: str, creation: object = None) -> dict:
    return {
        "event": "Fault",
        "source": source,
        "reason": last_line(reason)[:140],
        "channel": EMAIL,
        "details": _("The mail itself was deleted on the server before it failed."),
        "queue_state": OPEN,
        **({"creation": creation} if creation else {}),
    }


def as_text(raw: bytes) -> str:
    r"""Mail as it came; of mail that is not UTF-8 other bytes are written like \xe9, and
    so is a backslash before an x."""
    raw = raw[:MOST_BYTES]
    if _is_escaped(raw):
        raw = raw.replace(rb"\x", rb"\x5cx")
    return raw.decode("utf-8", "backslashreplace")


def form_of(raw: bytes) -> dict[str, bool]:
    """What ``as_text`` made of it, in the fields of the log."""
    return {
        "raw_is_escaped": _is_escaped(raw[:MOST_BYTES]),
        "raw_is_cut_off": len(raw) > MOST_BYTES,
    }


def as_bytes(text: str, is_escaped: bool) -> bytes:
    """The mail as it came, from what ``as_text`` made of it."""
    raw = text.encode()
    if not is_escaped:
        return raw
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), raw)


def _is_escaped(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return True
    return False


def last_line(text: str | None) -> str:
    """Of a traceback: what was raised."""
    return (text or "").strip().rpartition("\n")[2].strip()


def readable(header: object) -> str:
    try:
        return str(make_header(decode_header(header or "")))
    except Exception:
        return str(header)


def _unhandled_source(raw: str) -> str:
    """One for all attempts to register one mail."""
    return f"Unhandled Email/{digest((raw or '').encode())}"


def digest(raw: bytes) -> str:
    return md5(raw, usedforsecurity=False).hexdigest()
