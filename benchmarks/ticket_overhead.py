"""What the app adds to the insert and the save of a ticket, on a real Helpdesk: as it
is shipped, with every target sold, and in the session of a client.

Each round inserts and saves one ticket with the app's handlers and one without, in
alternating order, in one process; everything is rolled back. SQL statements are counted
warm, that is, with documents in Frappe's cache but the request's own cache empty.

usage: make bench-overhead, or on a bench, from its sites folder, with TEST_SITE and
SITES_PATH set: env/bin/python ticket_overhead.py [--rounds 60] [--json]
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import NamedTuple

import frappe

from beesender_support.records import cache
from beesender_support.tests.site.factories import make_client

APP = "beesender_support."
MOST_ADDED_STATEMENTS = {"insert": 4, "save": 2}
# What a client sends is checked and cleaned first.
MOST_ADDED_OF_CLIENT = {"insert": 23, "save": 10}
HIGHEST_RATIO = 1.05


class Cost(NamedTuple):
    """``processor_seconds`` are Python's, without those of the database; other work on
    the machine disturbs them less."""

    seconds: float
    processor_seconds: float
    statements: int


def measured(operation: Callable[[], object]) -> Cost:
    frappe.local.cache.clear()
    # A request of its own would ask whether what is remembered holds.
    cache.ask_again()
    with counted_statements() as statements:
        started, of_processor = time.perf_counter(), time.process_time()
        operation()
        return Cost(
            time.perf_counter() - started,
            time.process_time() - of_processor,
            statements[0],
        )


@contextmanager
def counted_statements():
    count, original = [0], frappe.db.sql

    def counting(*args, **kwargs):
        count[0] += 1
        return original(*args, **kwargs)

    frappe.db.sql = counting
    try:
        yield count
    finally:
        frappe.db.sql = original


@contextmanager
def handlers(are_on: bool):
    """Frappe's merged document events, with or without this app's."""
    merged = frappe.get_doc_hooks()
    kept = {
        doctype: {
            event: [each for each in methods if are_on or not each.startswith(APP)]
            for event, methods in events.items()
        }
        for doctype, events in merged.items()
    }
    frappe.local.doc_events_hooks = kept
    try:
        yield
    finally:
        frappe.local.doc_events_hooks = merged


def one_ticket(client: frappe._dict, with_app: bool, user: str) -> dict[str, Cost]:
    frappe.set_user(user)
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": "Operators see no chats",
            "description": "Steps: open the console. No chats appear.",
            "ticket_type": "Incident",
            "raised_by": client.email,
            "contact": client.contact,
            "customer": client.customer,
        }
    )
    with handlers(with_app):
        insert = measured(ticket.insert)
        ticket.reload()
        # One of the fields that a client may change.
        ticket.description = "Steps: open the console. Still no chats appear."
        save = measured(ticket.save)
    if bool(ticket.beesender_admission) != with_app:
        raise AssertionError("the handlers were not switched as they should be")
    return {"insert": insert, "save": save}


def sell_all_targets() -> None:
    tier = frappe.get_doc("Beesender Tier", "Basic")
    for row in tier.response_targets:
        row.update({"next_answer_hours": 4, "solution_hours": 40})
    tier.save()


def measure(rounds: int) -> dict[str, dict[str, float]]:
    client = make_client()
    results = _measure(client, rounds)
    of_client = _measure(client, rounds, client.email)
    sell_all_targets()
    with_all = _measure(client, rounds)
    return {
        **results,
        **{f"{name}, all targets": each for name, each in with_all.items()},
        **{f"{name}, by a client": each for name, each in of_client.items()},
    }


def _measure(
    client: frappe._dict, rounds: int, user: str = "Administrator"
) -> dict[str, dict[str, float]]:
    runs: dict[bool, list[dict[str, Cost]]] = {True: [], False: []}
    for number in range(rounds + 2):
        for with_app in (True, False) if number % 2 else (False, True):
            costs = one_ticket(client, with_app, user)
            if number >= 2:  # the first two warm the caches
                runs[with_app].append(costs)
    frappe.set_user("Administrator")
    return {name: compare(name, runs) for name in ("insert", "save")}


def compare(name: str, runs: dict[bool, list[dict[str, Cost]]]) -> dict[str, float]:
    with_app, without = (
        [run[name] for run in runs[with_app]] for with_app in (True, False)
    )
    # The best of the rounds: what the code costs, without what else the machine did.
    seconds = [min(cost.seconds for cost in costs) for costs in (with_app, without)]
    processor = [
        min(cost.processor_seconds for cost in costs) for costs in (with_app, without)
    ]
    return {
        "added_statements": with_app[-1].statements - without[-1].statements,
        "statements_without": without[-1].statements,
        "time_ratio": seconds[0] / seconds[1],
        "processor_ratio": processor[0] / processor[1],
        "added_milliseconds": (seconds[0] - seconds[1]) * 1000,
    }


def _is_within(name: str, result: dict[str, float]) -> bool:
    operation, _, how = name.partition(", ")
    if how == "by a client":
        return result["added_statements"] <= MOST_ADDED_OF_CLIENT[operation]
    return (
        result["added_statements"] <= MOST_ADDED_STATEMENTS[operation]
        and result["time_ratio"] <= HIGHEST_RATIO
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    frappe.init(site=os.environ["TEST_SITE"], sites_path=os.environ["SITES_PATH"])
    frappe.connect()
    frappe.flags.mute_emails = True
    try:
        results = measure(options.rounds)
    finally:
        frappe.db.rollback()
        frappe.destroy()
    if options.json:
        print(json.dumps(results))
    else:
        for name, result in results.items():
            print(
                f"{name}: {result['added_statements']:+} statements on"
                f" {result['statements_without']}, time x {result['time_ratio']:.3f}"
                f" ({result['added_milliseconds']:+.2f} ms),"
                f" Python's processor time x {result['processor_ratio']:.3f}"
            )
    is_within = all(_is_within(name, result) for name, result in results.items())
    return 0 if is_within else 1


if __name__ == "__main__":
    raise SystemExit(main())
