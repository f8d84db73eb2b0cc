"""What reports and screens cost on a site full of tickets: 1,000, 10,000 and 100,000.

Seconds are the best of three, warm, in one process, without the browser; what matters is
how they grow, since machines differ. Processor seconds are those of Python, and of the
database where it runs on this machine: they grow little with what else the machine does.
Statements are those of the database. Run it on a site made for tests: it commits, fills
the site and empties it again.

usage: make bench-reports, or on a bench, from its sites folder, with TEST_SITE and
SITES_PATH set: env/bin/python reports.py [--tickets 1000 10000 100000] [--json] [--keep]
"""

import argparse
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from sys import path

import frappe
from frappe.desk import query_report

path.insert(0, str(Path(__file__).parent))

import seeded

from beesender_support.api import agent, lists, workspace
from beesender_support.enforcement.events import schedule
from beesender_support.enforcement.notices import ticket_pass
from beesender_support.enforcement.response import clock_job
from beesender_support.records.tickets import company_requests

# Tickets: customers and agents.
SIZES = {1_000: (100, 10), 10_000: (1_000, 100), 100_000: (10_000, 500)}
ALL = {"from_date": "2020-01-01"}
# Seconds of a report over all tickets at 100,000.
MOST_SECONDS = 2
TICKET = "HD Ticket"
BY_DUE = "beesender_next_due_at asc"


def report(name: str, **filters: object) -> Callable[[], object]:
    return lambda: query_report.run(name, filters={**ALL, **filters})


def listed(order_by: str, **filters: object) -> Callable[[], object]:
    return lambda: lists.get_list_data(
        TICKET, filters=filters, order_by=order_by, page_length=20
    )


def measures() -> dict[str, Callable[[], object]]:
    customer = frappe.db.get_value(
        TICKET, {"customer": ("like", f"{seeded.PREFIX}%")}, "customer"
    )
    some = frappe.get_all(
        TICKET,
        {"beesender_admission": "Accepted", "customer": customer},
        pluck="name",
        limit=20,
    )
    return {
        **{
            f"report: compliance by {group}": report(
                "Response compliance", group_by=group
            )
            for group in ("month_and_tier", "tier", "agent", "team", "customer")
        },
        "report: compliance, last 12 months": lambda: query_report.run(
            "Response compliance", filters={}
        ),
        "report: broken promises": report("Broken promises"),
        "report: broken promises, 90 days": lambda: query_report.run(
            "Broken promises", filters={}
        ),
        **{
            f"report: intake by {group}": report(
                "Intake by channel and hour", group_by=group
            )
            for group in ("hour", "verdict", "customer")
        },
        "report: plans in force": lambda: query_report.run("Plans in force", {}),
        "report: allowances": lambda: query_report.run("Allowances", {}),
        "report: support fees": lambda: query_report.run("Support fees", {}),
        "report: renewals": lambda: query_report.run("Renewals", {}),
        "list: all, changed last": listed("modified desc"),
        "list: open, due first": listed(
            BY_DUE, status_category="Open", beesender_admission="Accepted"
        ),
        "list: held": listed(
            "creation asc", status_category="Open", beesender_admission="Held"
        ),
        "list: promises of a page": lambda: lists.promises_on_page(some),
        "ticket: panel": lambda: agent.ticket_panel(some[0]),
        "company: number of requests": lambda: company_requests.used_by(customer),
        "workspace: first steps": workspace.first_steps,
        "workspace: plans in force": workspace.plans_in_force,
        "workspace: seats near the limit": workspace.plans_near_limit,
        "workspace: plans ending soon": workspace.plans_ending_soon,
        "workspace: held and taken": workspace.held_and_taken,
        "job, each minute: breaches": clock_job.break_promises,
        "job, each minute: notices": lambda: ticket_pass.say_what_is_owed(shares=False),
        "job, five minutes: states": clock_job.follow_the_clock,
        "job, hourly: plans and seats": schedule.hourly,
    }


def at_once() -> None:
    """Frappe has reports that once took long prepared in the background from then on,
    and answers with what it prepared."""
    frappe.db.set_value("Report", {"module": "Beesender Support"}, "prepared_report", 0)
    frappe.db.commit()
    frappe.clear_cache(doctype="Report")


def processor_of_database() -> float:
    """Seconds that the thread of this connection has worked; 0 on another machine."""
    [(thread,)] = frappe.db.sql(
        "select tid from information_schema.processlist where id = connection_id()"
    )
    for found in Path("/proc").glob(f"*/task/{thread}/schedstat"):
        return int(found.read_text().split()[0]) / 1e9
    return 0


def processor() -> float:
    return time.process_time() + processor_of_database()


def measured(operation: Callable[[], object], rounds: int = 3) -> dict[str, float]:
    count, run = [0], frappe.db.sql

    def counting(*args: object, **kwargs: object) -> object:
        count[0] += 1
        return run(*args, **kwargs)

    best = least = float("inf")
    for _round in range(rounds):
        frappe.local.message_log = []
        count[0] = 0
        worked = processor()
        frappe.db.sql = counting
        started = time.perf_counter()
        try:
            operation()
        finally:
            frappe.db.sql = run
        best = min(best, time.perf_counter() - started)
        least = min(least, processor() - worked)
        frappe.db.commit()
    return {"seconds": best, "processor": least, "statements": count[0]}


def main() -> int:
    options = arguments()
    frappe.init(site=os.environ["TEST_SITE"], sites_path=os.environ["SITES_PATH"])
    frappe.connect()
    if not frappe.conf.allow_tests:
        print("The site has to allow tests: this commits.")
        return 2
    results = {}
    try:
        for tickets in options.tickets:
            if not options.as_it_is:
                seeded.fill(tickets, *SIZES.get(tickets, (tickets // 10, 100)))
            at_once()
            results[tickets] = {
                name: measured(operation) for name, operation in measures().items()
            }
            if not options.json:
                print(in_words({tickets: results[tickets]}), flush=True)
        if not options.keep:
            seeded.empty()
    finally:
        frappe.destroy()
    if options.json:
        print(json.dumps(results))
    slow = [
        name
        for each in results.values()
        for name, found in each.items()
        if name.startswith("report: ") and found["seconds"] > MOST_SECONDS
    ]
    print(*(f"too slow: {each}" for each in slow), sep="\n")
    return int(bool(slow))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tickets", type=int, nargs="+", default=[*SIZES])
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--keep", action="store_true", help="leave the last ones on the site"
    )
    parser.add_argument(
        "--as-it-is", action="store_true", help="measure what was kept before"
    )
    return parser.parse_args()


def in_words(results: dict[int, dict[str, dict[str, float]]]) -> str:
    return "\n".join(
        f"{tickets:>7}  {name:<36} {found['seconds']:8.3f} s"
        f" {found['processor']:8.3f} s of processors"
        f" {found['statements']:>6} statements"
        for tickets, each in results.items()
        for name, found in each.items()
    )


if __name__ == "__main__":
    raise SystemExit(main())
