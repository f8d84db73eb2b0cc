"""What the pass over open tickets costs, beside Helpdesk's hourly job on the same tickets.

Open tickets under a plan are inserted in one statement, each with terms of its own, and
removed afterwards. Measured are an ordinary minute, in which one ticket in 500 is due;
the pass after everything was woken up, as by an upgrade; breaches, looked for every
minute, and the states of all promises, every five; and Helpdesk's own job, which loads
every ticket. Nothing is said in any
of them. Run it on a site made for tests, with nothing beside it: it commits.

usage: make bench-notices, or on a bench, from its sites folder, with TEST_SITE and
SITES_PATH set: env/bin/python notices.py [--tickets 1000 10000 100000]
[--helpdesk-up-to 10000] [--json]
"""

import argparse
import json
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import update_sla_status_in_ticket

from beesender_support.enforcement.notices import ticket_pass
from beesender_support.enforcement.response import clock_job
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.tests.site.factories import (
    make_contact,
    make_customer,
    make_plan,
    make_ticket,
)
from beesender_support.tests.site.processes import remove_records

CUSTOMER, EMAIL, PREFIX = "Bench of Notices", "bench-notices@example.com", "bench-"
ONE_IN = 500
# The pass over 100,000 open tickets in an ordinary minute, in seconds; and how many times
# faster than Helpdesk's job it is at 10,000.
MOST_SECONDS, LEAST_RATIO = 5, 100
# Columns that differ between the tickets.
DIFFERENT = ("name", "beesender_terms", "beesender_due_at", "beesender_at_risk_at")


def main() -> int:
    options = arguments()
    frappe.init(site=os.environ["TEST_SITE"], sites_path=os.environ["SITES_PATH"])
    frappe.connect()
    if not frappe.conf.allow_tests:
        print("The site has to allow tests: this commits.")
        return 2
    try:
        with template() as ticket:
            # What a process finds out once is no cost of a minute.
            measure(ticket, ONE_IN, with_helpdesk=False)
            results = [
                measure(ticket, number, with_helpdesk=number <= options.helpdesk_up_to)
                for number in options.tickets
            ]
    finally:
        frappe.destroy()
    print(json.dumps(results) if options.json else in_words(results))
    return int(bool(broken(results)))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--tickets", type=int, nargs="+", default=[1_000, 10_000, 100_000]
    )
    parser.add_argument("--helpdesk-up-to", type=int, default=10_000)
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


@contextmanager
def template() -> Iterator[str]:
    """A committed ticket of which the others are copies."""
    clean_up()
    customer = make_customer(CUSTOMER)
    contact = make_contact(customer, EMAIL)
    make_plan(customer, [contact], tier="Premium")
    client = {"customer": customer, "contact": contact, "email": EMAIL}
    urgency = {"ticket_type": "Incident", "beesender_priority": "P3"}
    ticket = make_ticket(client, **urgency)
    ticket.db_set({NEXT_NOTICE: None, "beesender_tells_client": 0})
    frappe.db.commit()
    try:
        yield str(ticket.name)
    finally:
        clean_up()


def clean_up() -> None:
    frappe.db.rollback()
    remove_copies()
    frappe.db.delete("Beesender Notice Log", {"customer": CUSTOMER})
    remove_records([CUSTOMER], [EMAIL])
    frappe.db.commit()


def remove_copies() -> None:
    frappe.db.delete("HD Ticket", {"name": ("like", f"{PREFIX}%")})
    frappe.db.commit()


def insert_copies(of: str, number: int) -> None:
    """Open tickets with half of their time left, each a second after the other."""
    columns = [
        each
        for each in frappe.db.get_table_columns("HD Ticket")
        if each not in DIFFERENT
    ]
    same = ", ".join(f"`{each}`" for each in columns)
    start = "json_unquote(json_value(beesender_terms, '$.started_at'))"
    stamp = "%%Y-%%m-%%dT%%H:%%i:%%s+00:00"
    earlier = "interval (seq %% 2400) second"
    frappe.db.sql(
        f"""insert into `tabHD Ticket` ({same}, {", ".join(DIFFERENT)})
        select {same}, concat(%(prefix)s, lpad(seq, 7, '0')),
            replace(beesender_terms, {start},
                date_format(beesender_registered_at - {earlier}, '{stamp}')),
            beesender_due_at - {earlier}, beesender_at_risk_at - {earlier}
        from `tabHD Ticket`, seq_1_to_{int(number)} where name = %(name)s""",  # noqa: S608
        {"prefix": PREFIX, "name": of},
    )
    frappe.db.commit()


def wake_up(one_in: int) -> int:
    frappe.db.sql(
        f"""update `tabHD Ticket` set {NEXT_NOTICE} = utc_timestamp()
        where name like %s and mod(substr(name, 7), %s) = 0""",  # noqa: S608
        (f"{PREFIX}%", one_in),
    )
    frappe.db.commit()
    return frappe.db.count(
        "HD Ticket", {"name": ("like", f"{PREFIX}%"), NEXT_NOTICE: ("is", "set")}
    )


def sleep() -> None:
    frappe.db.sql(
        f"update `tabHD Ticket` set {NEXT_NOTICE} = null where name like %s",  # noqa: S608
        (f"{PREFIX}%",),
    )
    frappe.db.commit()


def measure(ticket: str, number: int, *, with_helpdesk: bool) -> dict:
    insert_copies(ticket, number)
    try:
        due = wake_up(ONE_IN)
        minute = measured(a_pass)
        sleep()
        wake_up(1)
        all_awake = measured(a_pass)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        clock_job.follow_the_clock()
        clock = measured(clock_job.break_promises)
        five_minutes = measured(clock_job.follow_the_clock)
        helpdesk = measured(update_sla_status_in_ticket) if with_helpdesk else None
    finally:
        remove_copies()
    return {
        "tickets": number,
        "due": due,
        "minute": minute,
        "all_awake": all_awake,
        "breaches": clock,
        "states": five_minutes,
        "helpdesk": helpdesk,
        "memory_mb": memory,
    }


def a_pass() -> None:
    with patch.object(ticket_pass, "BUDGET", 3_600):
        ticket_pass.say_what_is_owed(shares=False)


def measured(operation: Callable[[], object]) -> dict:
    frappe.local.cache.clear()
    count, run = [0], frappe.db.sql

    def counting(*args, **kwargs):
        count[0] += 1
        return run(*args, **kwargs)

    frappe.db.sql = counting
    started = time.perf_counter()
    try:
        operation()
    finally:
        frappe.db.sql = run
    return {"seconds": time.perf_counter() - started, "statements": count[0]}


def broken(results: list[dict]) -> list[str]:
    """What does not hold."""
    faults = []
    for each in results:
        if each["minute"]["seconds"] > MOST_SECONDS:
            faults.append(f"{each['tickets']}: {each['minute']['seconds']:.1f} s")
        if each["helpdesk"] and each["tickets"] >= 10_000:
            ratio = each["helpdesk"]["seconds"] / each["minute"]["seconds"]
            if ratio < LEAST_RATIO:
                faults.append(f"{each['tickets']}: {ratio:.0f} times")
    if len({each["minute"]["statements"] for each in results}) > 1:
        faults.append("the statements grow with the tickets")
    return faults


def in_words(results: list[dict]) -> str:
    lines = []
    for each in results:
        lines.append(f"{each['tickets']:>7} open tickets, {each['due']} of them due")
        for what in ("minute", "all_awake", "breaches", "states", "helpdesk"):
            if cost := each[what]:
                lines.append(
                    f"        {what:<10} {cost['seconds']:9.3f} s"
                    f" {cost['statements']:>8} statements"
                )
        lines.append(f"        memory     {each['memory_mb']:>5} MB at most")
    return "\n".join((*lines, *broken(results)))


if __name__ == "__main__":
    raise SystemExit(main())
