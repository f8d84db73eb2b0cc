"""What a ticket owes is said once, whatever happens to the program that says it.

Whoever says it is a process of its own, with a connection of its own, which commits.
"""

import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from unittest.mock import patch

import frappe
import pytest
from redis.connection import ConnectionPool
from redis.exceptions import ConnectionError as RedisIsDown

from beesender_support.enforcement.notices import ticket_pass
from beesender_support.records.framework import also_without_a_connection
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.tests.site.factories import (
    clock_at,
    make_agent,
    make_contact,
    make_customer,
    make_p1,
    make_plan,
)
from beesender_support.tests.site.processes import (
    in_process,
    in_processes,
    remove_records,
)

CUSTOMER, DOMAIN = "Test Client Told Once", "@example.net"
AGENT, ACCOUNT = "told-once@example.net", "Test Mailbox Told Once"
OF_THIS_TEST = ([CUSTOMER], [f"%{DOMAIN}"], [AGENT])
LOG = "Beesender Notice Log"
# Three shares are used up, and the promise is broken.
A_SECOND_LATE, LATER = "2026-11-23T12:30:01+03:00", "2026-11-23T12:40:00+03:00"
KINDS = ("promise_warning", "promise_breached")
NOTHING = (Counter(), 0, 0)
ALL = (
    Counter([(50, "Missed"), (75, "Missed"), (90, "Missed"), (100, "Sent")]),
    1,
    1,
)


class Killed(BaseException):
    """No handler of anybody's catches it."""


# Records, committed


def make_tickets(number: int) -> list[str]:
    """Tickets of an agent who is mailed, on a site that has an account for it."""
    make_agent(AGENT)
    customer = make_customer(CUSTOMER)
    email = f"client{DOMAIN}"
    contact = make_contact(customer, email)
    make_plan(customer, [contact])
    client = frappe._dict(customer=customer, contact=contact, email=email)
    frappe.get_doc(
        {
            "doctype": "Email Account",
            "name": ACCOUNT,
            "email_account_name": ACCOUNT,
            "email_id": f"support{DOMAIN}",
            "enable_outgoing": 1,
            "default_outgoing": 1,
            "smtp_server": "mail.example.net",
        }
    ).db_insert()
    tickets = []
    for _number in range(number):
        ticket = make_p1(client)
        assigned = frappe.as_json([AGENT])
        ticket.db_set("_assign", assigned, update_modified=False)
        tickets.append(str(ticket.name))
    return tickets


def remove_all() -> None:
    frappe.db.delete(LOG, {"customer": CUSTOMER})
    frappe.db.delete("HD Notification", {"user_to": AGENT})
    frappe.db.delete("Email Account", {"name": ACCOUNT})
    remove_records(*OF_THIS_TEST)


@pytest.fixture(scope="module")
def stock(site) -> Iterator[list[str]]:
    """Tickets that nobody has looked at yet; each test takes some."""
    in_process(remove_all)
    made = in_process(make_tickets, 11)
    assert isinstance(made, list), made
    yield made
    frappe.db.rollback()
    in_process(remove_all)


@pytest.fixture
def take(stock) -> Callable[[int], list[str]]:
    return lambda number: [stock.pop() for _ in range(number)]


def told(ticket: str) -> tuple[Counter, int, int]:
    """What is in the log, the bells and the agent's mails of a ticket."""
    rows = frappe.get_all(
        LOG,
        {"ticket": ticket, "kind": ("in", KINDS)},
        ["share", "outcome"],
        as_list=True,
    )
    bells = frappe.db.count(
        "HD Notification", {"user_to": AGENT, "reference_ticket": ticket}
    )
    mails = frappe.get_all(
        "Email Queue",
        [
            ["reference_doctype", "=", "HD Ticket"],
            ["reference_name", "=", ticket],
            ["Email Queue Recipient", "recipient", "=", AGENT],
        ],
        pluck="name",
    )
    return Counter(map(tuple, rows)), bells, len(mails)


def assert_all_was_told_once(tickets: list[str]) -> None:
    frappe.db.rollback()
    for ticket in tickets:
        assert told(ticket) == ALL


# What processes do


def a_pass(tickets: list[str], stamp: str = A_SECOND_LATE) -> None:
    """Over these tickets, and no others of the site, two at a time."""
    with clock_at(stamp):
        for start in range(0, len(tickets), 2):
            ticket_pass.look_at(tickets[start : start + 2])


@contextmanager
def failing_before(number: int, fail: Callable[[], None]) -> Iterator[None]:
    """Before a statement of this connection, the first being 1, ``fail()``."""
    run, left = frappe.db.sql, [number]

    def counted(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            fail()
        return run(*args, **kwargs)

    frappe.db.sql = counted
    try:
        yield
    finally:
        frappe.db.sql = run


def kill() -> None:
    lose_connection()
    raise Killed


def lose_connection() -> None:
    """The database drops it, and knows nothing of what it had not committed."""
    lost = frappe.local.db
    [[number]] = lost.sql("select connection_id()")
    connect_anew()
    frappe.db.sql(f"kill {int(number)}")
    frappe.db.close()
    frappe.local.db = lost


def connect_anew() -> None:
    frappe.connect()
    frappe.db.connect()


def interrupted_at_every_statement(
    tickets: list[str], fail: Callable[[], None], step: int
) -> tuple[int, list]:
    """Passes that are interrupted before their first statement, the next, and so on,
    until one is not: how many statements that was, and what was half done ever."""
    half_done, number = [], 1
    while True:
        connect_anew()
        is_whole = False
        with suppress(Killed), also_without_a_connection():
            with failing_before(number, fail):
                a_pass(tickets)
            is_whole = True
        connect_anew()
        # Once the database has noticed.
        frappe.db.sql(
            "select name from `tabHD Ticket` where name in %s for update", (tickets,)
        )
        frappe.db.rollback()
        states = [told(ticket) for ticket in tickets]
        if states not in ([NOTHING] * len(tickets), [ALL] * len(tickets)):
            half_done.append((number, states))
        if is_whole:
            return number, half_done
        number += step


def without_redis(tickets: list[str]) -> None:
    def is_down(*_args, **_kwargs):
        raise RedisIsDown("down")

    frappe.flags.in_test = frappe.in_test = False
    with patch.object(ConnectionPool, "get_connection", is_down):
        frappe.local.cache.clear()
        a_pass(tickets)


def look_slowly(tickets: list[str], has_read) -> None:
    def take_and_wait(names):
        lot = take_at_once(names)
        has_read.set()
        time.sleep(0.5)
        return lot

    take_at_once = ticket_pass.take
    with patch.object(ticket_pass, "take", take_and_wait):
        a_pass(tickets)


def save_meanwhile(tickets: list[str], has_read) -> None:
    assert has_read.wait(20)
    with clock_at(LATER):
        ticket = frappe.get_doc("HD Ticket", tickets[0])
        ticket.beesender_priority = "P2"
        ticket.save(ignore_permissions=True)


def run(function: Callable, *args: object) -> None:
    function(*args)


# Tests


def test_killed_at_any_statement_all_is_said_or_nothing(take):
    tickets = take(1)
    statements, half_done = in_process(interrupted_at_every_statement, tickets, kill, 1)
    assert half_done == []
    assert statements > 40
    assert_all_was_told_once(tickets)
    # Another pass, also by a clock that was set back, finds it in the log.
    in_process(wake_up_again, tickets)
    in_process(a_pass, tickets)
    in_process(wake_up_again, tickets)
    in_process(a_pass, tickets, "2026-11-23T11:00:00+03:00")
    assert_all_was_told_once(tickets)


def wake_up_again(tickets: list[str]) -> None:
    frappe.db.set_value(
        "HD Ticket", {"name": ("in", tickets)}, NEXT_NOTICE, "2026-11-01 00:00:00"
    )


def test_a_connection_that_is_lost_in_between_loses_and_doubles_nothing(take):
    tickets = take(1)
    statements, half_done = in_process(
        interrupted_at_every_statement, tickets, lose_connection, 5
    )
    assert half_done == []
    assert statements > 20
    assert_all_was_told_once(tickets)


def test_two_passes_at_once_share_the_tickets(take):
    tickets = take(6)
    results = in_processes(a_pass, [(tickets,), (tickets[::-1],)])
    assert results == [None, None]
    # What one of them held when the other came is looked at by whoever comes next.
    in_process(a_pass, tickets)
    assert_all_was_told_once(tickets)


def test_nothing_depends_on_redis(take):
    tickets = take(1)
    assert in_process(without_redis, tickets) is None
    assert_all_was_told_once(tickets)


def test_what_an_agent_saves_meanwhile_wakes_the_ticket_up_again(take):
    tickets = take(1)
    has_read = multiprocessing.get_context("fork").Event()
    results = in_processes(
        run, [(look_slowly, tickets, has_read), (save_meanwhile, tickets, has_read)]
    )
    assert results == [None, None]
    assert_all_was_told_once(tickets)
    woken = frappe.db.get_value("HD Ticket", tickets[0], NEXT_NOTICE)
    assert str(woken) == "2026-11-23 09:40:00"
    in_process(a_pass, tickets, LATER)
    frappe.db.rollback()
    # Of P2, eight hours are promised: half of them are used up, a promise of its own.
    shares, bells, mails = told(tickets[0])
    assert shares == ALL[0] + Counter([(50, "Sent")])
    assert (bells, mails) == (2, 1)
