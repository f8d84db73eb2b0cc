"""Thousands of mails and chat posts, with faults in between, and an account of every one.

Mail goes through Frappe's own ``EmailAccount.receive`` and chat posts through the door of
the chatbot, with real commits and rollbacks; what is committed is deleted afterwards. Only
the mail server is not at hand. A killed program is an error that nothing catches, after
which the connection drops what was not committed.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain
from random import Random
from unittest.mock import patch

import frappe
import pytest
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as RedisIsDown

from beesender_support.enforcement.chat import requests
from beesender_support.enforcement.chat.payloads import Message, Registration
from beesender_support.enforcement.requests import decision
from beesender_support.enforcement.safety import dead_mail
from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.policy.errors import InvalidValue
from beesender_support.records.framework import also_without_a_connection
from beesender_support.tests.site.factories import (
    make_contact,
    make_customer,
    make_plan,
)
from beesender_support.tests.site.generated_mail import HOSTILE, LETTERS, NUMBER, Writer
from beesender_support.tests.site.mailbox import Killed, Mailbox, make_account, pull

# For each seed. ``make nothing-is-lost`` runs many.
MESSAGES = int(os.environ.get("BEESENDER_MESSAGES", 300))
MANY = int(os.environ.get("BEESENDER_SEEDS", 0))
SEEDS = list(range(1, MANY + 1)) or [20261123, 2, 4]
# With fewer messages not every kind of fault comes about.
ENOUGH = 900
DOMAIN = "nothing-is-lost.example.com"
CUSTOMER = "Nothing Is Lost"
# Mail that POP3 deleted dies with the worker, so only IMAP's is killed.
ACCOUNTS = {"Nothing Is Lost POP": False, "Nothing Is Lost IMAP": True}
SHARE = {"Nothing Is Lost POP": 0.3, "Nothing Is Lost IMAP": 0.35, "chat": 0.35}
LOG = "Beesender Admission Log"
A_PULL = 50


class Faults:
    """Chooses at most one fault for each message, and where in it."""

    def __init__(self, dice: Random, may_kill: bool) -> None:
        self.dice = dice
        self.kinds = ("policy", "deadlock", "timeout", "lost", "redis") + (
            "kill",
        ) * may_kill
        self.happened: Counter = Counter()
        self.kind: str | None = None
        self.statements_left = 0

    def choose(self) -> None:
        is_sound = self.dice.random() < 0.8
        self.kind = None if is_sound else self.dice.choice(self.kinds)
        self.statements_left = self.dice.randrange(140)

    def strike(self, kind: str) -> None:
        self.happened[kind] += 1
        self.kind = None

    @contextmanager
    def at_large(self) -> Iterator[None]:
        with (
            patch.object(frappe.db, "sql", self.statement(frappe.db.sql)),
            patch.object(decision, "triage", self.policy(decision.triage)),
            patch.object(
                ConnectionPool,
                "get_connection",
                self.connection(ConnectionPool.get_connection),
            ),
            patch(
                "frappe.email.receive.InboundMail.process",
                self.message(frappe.email.receive.InboundMail.process),
            ),
        ):
            yield

    @contextmanager
    def one_message(self) -> Iterator[None]:
        self.choose()
        # In tests Frappe fails where it would otherwise do without Redis.
        in_test = frappe.in_test and self.kind != "redis"
        with (
            patch.object(frappe, "in_test", in_test),
            patch.dict(frappe.flags, in_test=in_test),
        ):
            try:
                yield
            finally:
                if self.kind == "redis":
                    self.strike("redis")
                if self.kind != "kill":
                    self.kind = None

    def message(self, process):
        def processed(mail):
            with self.one_message():
                return process(mail)

        return processed

    def statement(self, sql):
        def executed(query, *args, **kwargs):
            self.statements_left -= 1
            is_due = self.statements_left < 0 or query == "commit"
            if self.kind == "deadlock" and is_due and query != "commit":
                self.strike("deadlock")
                # The database drops what the transaction wrote.
                sql("rollback")
                raise frappe.QueryDeadlockError("Deadlock found on purpose")
            if self.kind == "timeout" and is_due and query != "commit":
                self.strike("timeout")
                # Only the statement is undone.
                raise frappe.QueryTimeoutError("Lock wait timeout exceeded on purpose")
            if self.kind == "lost" and is_due:
                self.strike("lost")
                # Whatever comes next fails too, until somebody connects again.
                frappe.db._conn.close()
                return sql(query, *args, **kwargs)
            if self.kind == "kill" and is_due:
                self.strike("kill")
                raise Killed
            return sql(query, *args, **kwargs)

        return executed

    def policy(self, triage):
        def decided(*args, **kwargs):
            if self.kind == "policy":
                self.strike("policy")
                raise self.dice.choice(
                    (
                        RuntimeError("on purpose"),
                        InvalidValue("field", "on purpose", allowed="nothing"),
                        frappe.ValidationError("on purpose"),
                        frappe.PermissionError("on purpose"),
                        Refused("on purpose"),
                    )
                )
            return triage(*args, **kwargs)

        return decided

    def connection(self, get_connection):
        def connected(*args, **kwargs):
            if self.kind == "redis":
                raise RedisIsDown("on purpose")
            return get_connection(*args, **kwargs)

        return connected


@pytest.fixture(autouse=True)
def _rolled_back(site):
    """In place of the usual one: commits are real here, and undone by hand."""
    frappe.set_user("Administrator")
    # One run at a time: each deletes what an earlier one may have left.
    frappe.db.sql("select get_lock('beesender_nothing_is_lost', 900)")
    delete_everything()
    yield
    frappe.set_user("Administrator")
    frappe.db.rollback()
    delete_everything()
    frappe.db.sql("select release_lock('beesender_nothing_is_lost')")
    frappe.clear_messages()


# The mail of the first seed is what the other test begins with.
@pytest.mark.parametrize("seed", SEEDS if MANY else SEEDS[1:])
@pytest.mark.parametrize("name", ACCOUNTS)
def test_every_mail_is_registered_once_or_kept_once(name, seed):
    dice = Random(seed)
    writer = make_writer(dice, name)
    faults = Faults(dice, may_kill=ACCOUNTS[name])
    deliver_and_pull(name, writer, faults)
    dead_mail.reconcile()
    frappe.db.commit()
    account_for(writer, registered(name), kept())
    assert set(faults.happened) == set(faults.kinds) or MESSAGES < ENOUGH


@pytest.mark.parametrize("name", ACCOUNTS)
def test_with_enough_mail_every_kind_of_fault_strikes(name, monkeypatch):
    monkeypatch.setitem(globals(), "MESSAGES", max(MESSAGES, ENOUGH))
    test_every_mail_is_registered_once_or_kept_once(name, SEEDS[0])


def make_writer(dice: Random, account: str) -> Writer:
    make_account(account, use_imap=ACCOUNTS[account])
    known = make_known_senders()
    return Writer(
        dice,
        mailbox=frappe.db.get_value("Email Account", account, "email_id"),
        known=known,
        strangers=[f"stranger{each}@{DOMAIN}" for each in range(20)],
        tickets=lambda: frappe.get_all(
            "HD Ticket", {"raised_by": ("like", f"%{DOMAIN}")}, pluck="name", limit=200
        ),
    )


def make_known_senders() -> list[str]:
    """Addresses of contacts with a seat, without one, and of a suspended plan."""
    known = []
    for tier, status in (
        ("Basic", "Active"),
        ("Premium", "Active"),
        ("Business", "Suspended"),
    ):
        customer = make_customer(f"{CUSTOMER} {tier}")
        seated, other = (
            f"{who}.{tier}@{DOMAIN}".lower() for who in ("seated", "other")
        )
        contacts = [make_contact(customer, seated), make_contact(customer, other)]
        make_plan(customer, contacts[:1], tier=tier, status=status)
        known += [seated, seated, other]
    frappe.db.commit()
    return known


def deliver_and_pull(account: str, writer: Writer, faults: Faults) -> None:
    mailbox = Mailbox()
    with mailbox.served(), faults.at_large():
        for _pull in range(round(MESSAGES * SHARE[account] / A_PULL)):
            faults.kind = None
            mailbox.deliver(*twice_now_and_then(writer))
            pull_until_done(account, mailbox, faults)


def twice_now_and_then(writer: Writer) -> Iterator[bytes]:
    for message in writer.messages(A_PULL):
        yield message
        if writer.dice.random() < 0.02 and b"\nMessage-ID:" in message:
            yield message


def pull_until_done(account: str, mailbox: Mailbox, faults: Faults) -> None:
    """A killed pull leaves mail marked as read; it is marked as unread again."""
    is_done = False
    while not is_done:
        before = set(mailbox.seen)
        try:
            pull(account)
            is_done = True
        except Killed:
            faults.kind = None
            frappe.db.rollback()
            frappe.local.cache.clear()
            mailbox.seen -= unregistered(mailbox, mailbox.seen - before)


def unregistered(mailbox: Mailbox, uids: set[int]) -> set[int]:
    done = {number for numbers in (registered(), kept()) for number in numbers}
    return {
        uid
        for uid in uids
        if number_of(mailbox.mail[uid].decode("latin-1")) not in done
    }


def number_of(raw: str) -> str:
    return NUMBER.search(raw, raw.index("X-Number:")).group()


# Chat


@pytest.mark.parametrize("seed", SEEDS)
def test_every_chat_post_is_registered_once_or_kept_once(seed):
    dice = Random(seed)
    known = make_known_senders()
    faults = Faults(dice, may_kill=True)
    numbers = []
    with faults.at_large():
        for each in range(round(MESSAGES * SHARE["chat"])):
            numbers.append(f"number-{each:06}")
            post = generated_post(dice, numbers[-1], known, numbers[:-1])
            # What was answered may be asked again.
            for _time in range(1 + (dice.random() < 0.05)):
                post_until_answered(post, faults)
    faults.kind = None
    account_for_posts(numbers)
    assert set(faults.happened) == set(faults.kinds) or MESSAGES < ENOUGH


def generated_post(
    dice: Random, number: str, known: list[str], earlier: list[str]
) -> Callable[[], object]:
    text = f"{number} {dice.choice((LETTERS, *HOSTILE))}"
    begun = [each for each in earlier[-200:] if int(each[-6:]) % 5 < 2]
    if not begun or int(number[-6:]) % 5 < 2:
        stranger = f"stranger{dice.randrange(20)}@{DOMAIN}"
        given = {
            "channel": dice.choice(("chatbot", "widget")),
            "external_id": number,
            "contact_email": dice.choice((*known, stranger)),
            "subject": dice.choice(("Чаты", *HOSTILE)),
            "description": text,
            "priority": dice.choice(("P1", "P3", None)),
        }
        return lambda: requests.register(Registration(**given))
    given = {"external_id": dice.choice(begun), "message_id": number, "text": text}
    return lambda: requests.append(Message(**given))


def post_until_answered(post: Callable[[], object], faults: Faults) -> None:
    """As a chatbot does that gets no answer, or that something went wrong."""
    fault = None
    for _attempt in range(20):
        try:
            with faults.one_message():
                post()
            frappe.db.commit()
            return
        except (Exception, Killed) as error:
            fault = error
            faults.kind = None
            as_the_next_request()
            frappe.set_user("Administrator")
            frappe.local.cache.clear()
    raise AssertionError("never answered") from fault


def as_the_next_request() -> None:
    """With a connection of its own, where the last one was lost."""
    with also_without_a_connection():
        frappe.db.rollback()
        return
    frappe.db.connect()


def account_for_posts(numbers: list[str]) -> None:
    tickets = frappe.get_all(
        "HD Ticket", {"raised_by": ("like", f"%{DOMAIN}")}, pluck="name"
    )
    said = frappe.get_all(
        "Communication",
        {"reference_doctype": "HD Ticket", "reference_name": ("in", tickets)},
        ["content", "reference_name"],
    )
    written = Counter(NUMBER.search(row.content).group() for row in said)
    entries = frappe.get_all(
        LOG, {"raw_content": ("like", "%number-%")}, pluck="raw_content"
    )
    # In the text, not in the id of the chat that it continues.
    written += Counter(re.findall(r'": "(number-\d{6}) ', "\n".join(entries)))
    assert written == Counter(numbers)
    assert set(tickets) == {row.reference_name for row in said}


# The account


def registered(account: str = "Nothing Is Lost%") -> dict[str, list[str]]:
    """Tickets of every number that became a communication."""
    rows = frappe.get_all(
        "Communication",
        {"email_account": ("like", account), "sent_or_received": "Received"},
        [
            "message_id",
            "content",
            "text_content",
            "reference_doctype",
            "reference_name",
        ],
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        text = next(
            filter(
                NUMBER.search,
                filter(None, (row.message_id, row.content, row.text_content)),
            )
        )
        assert row.reference_doctype == "HD Ticket"
        found.setdefault(NUMBER.search(text).group(), []).append(row.reference_name)
    return found


def kept() -> dict[str, list[str]]:
    """Entries of every number that is in the admission log with its raw content."""
    found: dict[str, list[str]] = {}
    for row in frappe.get_all(
        LOG,
        {
            "event": ("in", ["Mail kept", "Automatic mail"]),
            "raw_content": ("like", "%X-Number: number-%"),
        },
        ["name", "raw_content"],
    ):
        found.setdefault(number_of(row.raw_content), []).append(row.name)
    return found


def account_for(writer: Writer, registered: dict, kept: dict) -> None:
    became = {
        number: (len(registered.get(number, ())), len(kept.get(number, ())))
        for number, _identity in writer.written
    }
    expected = {
        number: [(0, 0)] if number in writer.dropped else [(1, 0), (0, 1)]
        for number in became
    }
    wrong = {
        number: each for number, each in became.items() if each not in expected[number]
    }
    assert not wrong, sorted(wrong)
    tickets = frappe.get_all(
        "HD Ticket", {"raised_by": ("like", f"%{DOMAIN}")}, ["name", "description"]
    )
    with_mail = {name for names in registered.values() for name in names}
    assert {ticket.name for ticket in tickets} <= with_mail
    # With few messages chance decides how many of them meet a fault.
    assert len(registered) > len(kept) * (2 if MESSAGES >= ENOUGH else 1)


# What was committed goes


def delete_everything() -> None:
    """Whatever a run has committed, also one that was interrupted: owners go last."""
    everything = names_of_the_run()
    for file in frappe.get_all(
        "File", {"attached_to_name": ("in", everything)}, pluck="name"
    ):
        frappe.delete_doc("File", file, force=True, delete_permanently=True)
    for doctype, filters in SAID_BY:
        delete(doctype, filters)
    for doctype, fieldname in OWNED_BY.items():
        delete(doctype, {fieldname: ("in", everything)})
    for doctype in OWNERS:
        delete(doctype, {"name": ("in", everything)})
    frappe.clear_cache()


def names_of_the_run() -> list[str]:
    of_accounts = {"email_account": ("in", list(ACCOUNTS))}
    raised = {"raised_by": ("like", f"%{DOMAIN}")}
    tickets = {
        *frappe.get_all("Communication", of_accounts, pluck="reference_name"),
        *frappe.get_all("HD Ticket", raised, pluck="name"),
    }
    customers = frappe.get_all(
        "HD Customer", {"name": ("like", f"{CUSTOMER}%")}, pluck="name"
    )
    found = [
        frappe.get_all(doctype, {fieldname: ("in", [*names, "-"])}, pluck="name")
        for doctype, fieldname, names in (
            ("Communication", "reference_name", tickets),
            ("Beesender Support Plan", "customer", customers),
            ("Email Queue", "reference_name", tickets),
        )
    ]
    contacts = frappe.get_all(
        "Contact",
        or_filters=[["email_id", "like", f"%{domain}"] for domain in FOREIGN_DOMAINS],
        pluck="name",
    )
    return ["-", *ACCOUNTS, *tickets, *customers, *contacts, *chain(*found)]


def delete(doctype: str, filters: dict) -> None:
    """In a transaction of its own, so that it meets others as little as may be."""
    for _attempt in range(10):
        try:
            frappe.db.delete(doctype, filters)
            frappe.db.commit()
            return
        except frappe.QueryDeadlockError:
            frappe.db.rollback()
    raise AssertionError(f"cannot delete {doctype}")


FOREIGN_DOMAINS = (DOMAIN, "@y.example", "@many.example.org", "@mx.example.org")
OWNERS = (
    "Communication",
    "Email Queue",
    "HD Ticket",
    "Beesender Support Plan",
    "HD Customer",
    "Contact",
    "Email Account",
)
OWNED_BY = {
    "Communication Link": "parent",
    "Contact Email": "parent",
    "Dynamic Link": "parent",
    "IMAP Folder": "parent",
    "HD Customer Member": "parent",
    "Beesender Authorized Contact": "parent",
    "HD Ticket Activity": "ticket",
    "HD Notification": "reference_ticket",
    "Notification Log": "document_name",
    "Version": "docname",
    "Comment": "reference_name",
    "ToDo": "reference_name",
    "View Log": "reference_name",
    "Email Queue Recipient": "parent",
    "__global_search": "name",
    LOG: "ticket",
    "Beesender Notice Log": "ticket",
    "Error Log": "reference_name",
    "Unhandled Email": "email_account",
}
SAID_BY = (
    (LOG, {"raw_content": ("like", "%number-0%")}),
    (LOG, {"event": "Fault", "source": ("like", "Error Log/%")}),
    ("Error Log", {"error": ("like", "%on purpose%")}),
    ("Error Log", {"error": ("like", "%number-0%")}),
    ("Error Log", {"method": ("like", "Error processing email%")}),
)
