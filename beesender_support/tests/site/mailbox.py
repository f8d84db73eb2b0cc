"""A mailbox without a mail server: what ``poplib`` and ``imaplib`` would say of one.

Everything from there on is Frappe's own: ``EmailAccount.receive`` and what it calls.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import make_msgid
from unittest.mock import patch

import frappe
from frappe.model.document import Document

from beesender_support.enforcement.mail import pulls
from beesender_support.tests.site.factories import make_client

LOG = "Beesender Admission Log"
UIDVALIDITY = "1"


class Mailbox:
    """Mail on a server. POP3 deletes what was taken at ``quit``; IMAP keeps flags."""

    def __init__(self) -> None:
        self.mail: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.next_uid = 1

    def deliver(self, *messages: bytes) -> list[int]:
        uids = range(self.next_uid, self.next_uid + len(messages))
        self.mail.update(zip(uids, messages, strict=True))
        self.next_uid = uids.stop
        return list(uids)

    @contextmanager
    def served(self) -> Iterator[None]:
        """Whoever connects to a mail server gets this mailbox."""
        with (
            patch("frappe.email.receive.poplib.POP3", lambda *a, **k: _Pop(self)),
            patch("frappe.email.receive.imaplib.IMAP4", lambda *a, **k: _Imap(self)),
        ):
            yield


class Killed(BaseException):
    """The worker is gone: none of its code runs any more, what it did not commit is lost."""


class _Pop:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.uids = sorted(mailbox.mail)
        self.deleted: set[int] = set()

    def user(self, name: str) -> None: ...

    def pass_(self, password: str) -> None: ...

    def list(self) -> tuple:
        return b"+OK", [b"%d 1" % (place + 1) for place in range(len(self.uids))], 0

    def retr(self, number: int) -> tuple:
        return b"+OK", self.mailbox.mail[self.uids[number - 1]].split(b"\n"), 0

    def dele(self, number: int) -> None:
        self.deleted.add(self.uids[number - 1])

    def quit(self) -> None:
        for uid in self.deleted:
            del self.mailbox.mail[uid]


class _Imap:
    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    def login(self, name: str, password: str) -> None: ...

    def logout(self) -> None: ...

    def select(self, folder: str, readonly: bool = False) -> tuple:
        return "OK", [b"%d" % len(self.mailbox.mail)]

    def status(self, folder: str, names: str) -> tuple:
        state = f"{folder} (UIDVALIDITY {UIDVALIDITY} UIDNEXT {self.mailbox.next_uid})"
        return "OK", [state.encode()]

    def uid(self, command: str, *args: object) -> tuple:
        return getattr(self, command.lower())(*args)

    def search(self, charset: None, rule: str) -> tuple:
        every = sorted(self.mailbox.mail)
        if rule == "UNSEEN":
            found = [uid for uid in every if uid not in self.mailbox.seen]
        else:
            # The range UID 9:* includes the last mail, whatever its number.
            first = int(rule.removeprefix("UID ").split(":")[0])
            found = [uid for uid in every if uid >= first] or every[-1:]
        return "OK", [b" ".join(b"%d" % uid for uid in found)]

    def fetch(self, uid: bytes, parts: str) -> tuple:
        raw = self.mailbox.mail[int(uid)]
        flags = rb"\Seen" if int(uid) in self.mailbox.seen else b""
        head = b"1 (UID %d BODY[] {%d}" % (int(uid), len(raw))
        return "OK", [(head, raw), b" FLAGS (%s))" % flags]

    def store(self, uid: bytes, operation: str, flags: str) -> tuple:
        self.mailbox.seen.add(int(uid))
        return "OK", []


def make_account(name: str, use_imap: bool, sync: str = "UNSEEN") -> Document:
    """An account whose mail becomes tickets; its address is made of its name."""
    append_to = {"append_to": "HD Ticket"}
    folder = {"folder_name": "INBOX", "uidvalidity": UIDVALIDITY, **append_to}
    return frappe.get_doc(
        {
            "doctype": "Email Account",
            "email_account_name": name,
            "email_id": f"{frappe.scrub(name)}@example.com",
            "password": "not-used",
            "enable_incoming": 1,
            "use_imap": int(use_imap),
            "use_ssl": 0,
            "email_server": "mail.example.com",
            "email_sync_option": sync,
            "create_contact": 1,
            **append_to,
            "imap_folder": [folder] if use_imap else [],
        }
    ).insert()


def pull(account: str) -> None:
    """What Frappe's job does. It raises at the end if some mail failed."""
    pulls.watch_job(method="pull_from_email_account")
    try:
        frappe.get_doc("Email Account", account).receive()
    except Exception:
        frappe.clear_messages()


@contextmanager
def transactions_within_the_test() -> Iterator[None]:
    """Commits and rollbacks of the code are kept apart, and all is undone by the test."""
    database, undo = frappe.db, frappe.db.rollback

    def commit(**kwargs: object) -> None:
        database.before_rollback.reset()
        database.after_rollback.reset()
        database.before_commit.run()
        database.savepoint("committed")
        database.after_commit.run()

    def rollback(*, save_point: str | None = None, **kwargs: object) -> None:
        if not save_point:
            database.before_commit.reset()
            database.after_commit.reset()
            database.before_rollback.run()
        undo(save_point=save_point or "committed")
        if not save_point:
            database.after_rollback.run()

    database.savepoint("committed")
    with (
        patch.object(database, "commit", commit),
        patch.object(database, "rollback", rollback),
    ):
        yield
    database.after_rollback.reset()


# What tests send and look at


def make_client_here(**plan):
    client = make_client(**plan)
    frappe.db.commit()
    return client


def compose(sender, subject="No chats", body="Hello", **headers):
    """A message; None leaves a header out, and ``Name_x`` becomes ``Name-X``."""
    message = EmailMessage()
    for name, value in {
        "From": sender,
        "To": "support@example.com",
        "Subject": subject,
        "Message-ID": make_msgid(),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }.items():
        if value is not None:
            message[name] = value
    message.set_content(body)
    return message


def raw(*lines, body=b"Hello"):
    """A message as its bytes, for what no library would compose."""
    encoded = [
        line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line
        for line in lines
    ]
    identity = b"Message-ID: " + make_msgid().encode()
    return b"\n".join([*encoded, identity, b"", body])


def receive(mailbox, account, *messages):
    """The communications that a pull makes of these messages, oldest first."""
    before = set(communications(account))
    mailbox.deliver(
        *[each if isinstance(each, bytes) else bytes(each) for each in messages]
    )
    pull(account.name)
    names = [name for name in communications(account) if name not in before]
    return [frappe.get_doc("Communication", name) for name in names]


def communications(account):
    return frappe.get_all(
        "Communication",
        {"email_account": account.name, "sent_or_received": "Received"},
        pluck="name",
        order_by="creation",
    )


def receive_one(mailbox, account, message):
    """The communication and the ticket of one message."""
    (communication,) = receive(mailbox, account, message)
    assert communication.reference_doctype == "HD Ticket"
    return communication, frappe.get_doc("HD Ticket", communication.reference_name)


def logged(event, **filters):
    return frappe.get_all(
        LOG, {"event": event, **filters}, ["*"], order_by="creation desc"
    )
