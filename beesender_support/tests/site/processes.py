"""Run functions in processes of their own, each with its own connection, for real."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Sequence

import frappe


def in_processes(function: Callable, arguments: Sequence[tuple]) -> list:
    """``function(*each)`` for all ``arguments`` at once; results in their order.

    Each process connects, commits what its function did, and ends. A result is what
    the function returned, or the exception's name and text.
    """
    context = multiprocessing.get_context("fork")
    queue, start = context.Queue(), context.Event()
    site, sites_path = os.environ["TEST_SITE"], os.environ["SITES_PATH"]

    # Forgotten in a child, the parent's connection would be closed, for both.
    inherited = frappe.local.db

    def run(number: int, given: tuple) -> None:
        assert inherited
        try:
            frappe.init(site=site, sites_path=sites_path, force=True)
            frappe.connect()
            # Version 15 keeps it where `init` forgets it.
            frappe.flags.in_test = getattr(frappe, "in_test", False)
            start.wait()
            result = function(*given)
            frappe.db.commit()
        except Exception as error:
            frappe.db.rollback()
            result = (type(error).__name__, str(error))
        queue.put((number, result))
        queue.close()
        queue.join_thread()
        # The parent's connection was inherited: leave without tidying it up.
        os._exit(0)

    workers = [context.Process(target=run, args=each) for each in enumerate(arguments)]
    for worker in workers:
        worker.start()
    start.set()
    results = dict(queue.get(timeout=120) for _ in workers)
    for worker in workers:
        worker.join(timeout=10)
    return [results[number] for number in range(len(workers))]


def in_process(function: Callable, *arguments: object):
    """``function`` in one process of its own, committed."""
    return in_processes(function, [arguments])[0]


def remove_records(
    customers: Iterable[str], addresses: Iterable[str] = (), agents: Iterable[str] = ()
) -> None:
    """What a test committed of these customers; ``addresses`` are patterns of SQL."""
    of_them = {"customer": ("in", tuple(customers))}
    for doctype in ("HD Ticket", "Beesender Support Plan"):
        for name in frappe.get_all(doctype, of_them, pluck="name"):
            frappe.delete_doc(doctype, name, force=True)
    for log in ("Beesender Admission Log", "Beesender Notice Log"):
        frappe.db.delete(log, of_them)
    told = frappe.get_all(
        "Email Queue Recipient",
        or_filters=[["recipient", "like", each] for each in (*addresses, *agents)],
        pluck="parent",
    )
    frappe.db.delete("Email Queue Recipient", {"parent": ("in", told or [""])})
    frappe.db.delete("Email Queue", {"name": ("in", told or [""])})
    for customer in customers:
        frappe.db.delete("HD Customer Member", {"parent": customer})
        frappe.delete_doc("HD Customer", customer, force=True, ignore_missing=True)
    for address in addresses:
        theirs = {"email_id": ("like", address)}
        for contact in frappe.get_all("Contact", theirs, pluck="name"):
            frappe.delete_doc("Contact", contact, force=True)
    mailbox = ("Email Account", "Test Support Mailbox")
    frappe.delete_doc(*mailbox, force=True, ignore_missing=True)
    for agent in agents:
        frappe.db.delete("HD Agent", {"user": agent})
        frappe.delete_doc("User", agent, force=True, ignore_missing=True)
