"""Rows a second of ``beesender-support triage`` on a made-up export, beside the floor.

The floor is what any program must do: read the CSV, parse both stamps and write a line of
JSON for each row, in one process, with the standard library. It, one process of ``triage``
and one for each core take turns, so that all meet the same load; the median counts.
"""

import csv
import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from filecmp import cmp
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import click

FIRST = datetime(2025, 1, 1, tzinfo=timezone.utc)
NOW = FIRST + timedelta(days=730)
CUSTOMERS, PLANNED = 510, 500
TIERS = ("Basic", "Business", "Premium")
ZONES = ("GMT+1", "GMT+2", "GMT+3", "GMT+8", "GMT+10", "GMT-2", "Europe/Berlin")
DAYS_OFF = ("01-01", "03-08", "04-18", "04-21", "05-01", "05-29", "06-09", "10-03")
HOLIDAYS = ";".join(f"{year}-{day}" for year in (2025, 2026) for day in DAYS_OFF)
PLAN_COLUMNS = (
    "customer",
    "tier",
    "time_zone",
    "starts_on",
    "ends_on",
    "authorized_contacts",
    "holidays",
)
TICKET_COLUMNS = (
    "ticket",
    "customer",
    "contact",
    "category",
    "priority",
    "channel",
    "opened_at",
    "first_responded_at",
)
# What --solutions adds.
PLAN_COLUMNS_OF_SOLUTIONS = ("solution_hours",)
TICKET_COLUMNS_OF_SOLUTIONS = ("resolved_at", "pauses")
HOURS = ";".join(f"P{number}={8 * number}" for number in range(1, 5))
# ru_maxrss is in bytes on macOS, in kilobytes elsewhere.
RSS_PER_MEGABYTE = 1e6 if sys.platform == "darwin" else 1e3


def plans() -> Iterator[tuple]:
    for number in range(PLANNED):
        contacts = ";".join(contact_of(number, each) for each in range(2))
        yield (
            f"Customer {number}",
            TIERS[number % len(TIERS)],
            ZONES[number % len(ZONES)],
            "2025-01-01",
            "",
            contacts,
            HOLIDAYS,
        )


def tickets(rows: int) -> Iterator[tuple]:
    """In the order they were opened, as an export has them; one in ten is unanswered."""
    dice = random.Random(20261123)
    for number in range(rows):
        customer = dice.randrange(CUSTOMERS)
        opened = FIRST + (NOW - FIRST) * number / rows
        answered = opened + timedelta(seconds=dice.randrange(3 * 86_400))
        yield (
            f"T-{number}",
            f"Customer {customer}",
            # One in twenty is nobody we know.
            contact_of(customer, dice.choice((0, 1)) if dice.random() < 0.95 else 9),
            dice.choice(
                ("Incident", "Incident", "Consultation", "Paid enhancement request")
            ),
            dice.choice(("P1", "P2", "P3", "P4", "")),
            dice.choice(("portal", "email", "chatbot", "widget")),
            opened.isoformat(timespec="seconds"),
            answered.isoformat(timespec="seconds") if dice.random() < 0.9 else "",
        )


def with_hours(rows: Iterator[tuple]) -> Iterator[tuple]:
    for row in rows:
        yield (*row, HOURS)


def with_solutions(rows: Iterator[tuple]) -> Iterator[tuple]:
    """Two in three tickets waited once for the customer; nine in ten are solved."""
    dice = random.Random(20261124)
    for row in rows:
        opened = datetime.fromisoformat(row[TICKET_COLUMNS.index("opened_at")])
        paused = opened + timedelta(seconds=dice.randrange(86_400))
        resumed = paused + timedelta(seconds=dice.randrange(2 * 86_400))
        solved = resumed + timedelta(seconds=dice.randrange(2 * 86_400))
        pause = "/".join(
            each.isoformat(timespec="seconds") for each in (paused, resumed)
        )
        yield (
            *row,
            solved.isoformat(timespec="seconds") if dice.random() < 0.9 else "",
            pause if dice.random() < 2 / 3 else "",
        )


def contact_of(customer: int, number: int) -> str:
    return f"contact{number}@customer{customer}.example.com"


def write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple]) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)


FLOOR = """
import csv, json, sys
from datetime import datetime
encode = json.JSONEncoder(ensure_ascii=False).encode
with (
    open(sys.argv[1], encoding="utf-8", newline="") as source,
    open(sys.argv[2], "w", encoding="utf-8") as target,
):
    rows = csv.reader(source)
    columns = next(rows)
    opened, answered = map(columns.index, ("opened_at", "first_responded_at"))
    for row in rows:
        row[opened] = datetime.fromisoformat(row[opened]).isoformat()
        if row[answered]:
            row[answered] = datetime.fromisoformat(row[answered]).isoformat()
        target.write(encode(dict(zip(columns, row))) + "\\n")
"""


class Run(NamedTuple):
    """Wall seconds and those of the processor, from start to exit."""

    wall: float
    processor: float


def run(*command: object) -> Run:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = perf_counter()
    subprocess.run([sys.executable, *command], check=True)
    wall = perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - used.ru_utime - used.ru_stime
    return Run(wall, processor)


def floor(folder: Path) -> Run:
    return run("-c", FLOOR, folder / "tickets.csv", folder / "floor.json")


def triage(folder: Path, style: str, jobs: int) -> Run:
    return run(
        *("-m", "beesender_support.cli", "triage"),
        *(folder / "tickets.csv", "--plans", folder / "plans.csv"),
        *("--now", NOW.isoformat(), "--format", style, "--jobs", str(jobs)),
        *("--output", folder / f"decisions {jobs}"),
    )


def middle(runs: list[Run]) -> Run:
    return Run(*(median(each) for each in zip(*runs, strict=True)))


def peak_of_a_process() -> float:
    """Megabytes of the largest process so far."""
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / RSS_PER_MEGABYTE


@click.command(help=__doc__)
@click.option("--rows", default=200_000, show_default=True)
@click.option("--rounds", default=3, show_default=True)
@click.option("--jobs", default=os.cpu_count() or 1, show_default="all cores")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "csv"]),
    default="json",
    show_default=True,
)
@click.option(
    "--solutions", is_flag=True, help="With pauses and solutions, which are promised."
)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def main(
    rows: int, rounds: int, jobs: int, style: str, solutions: bool, as_json: bool
) -> None:
    with TemporaryDirectory() as folder:
        plan_columns, sold = PLAN_COLUMNS, plans()
        columns, asked = TICKET_COLUMNS, tickets(rows)
        if solutions:
            plan_columns += PLAN_COLUMNS_OF_SOLUTIONS
            columns += TICKET_COLUMNS_OF_SOLUTIONS
            sold, asked = with_hours(sold), with_solutions(asked)
        write(Path(folder, "plans.csv"), plan_columns, sold)
        write(Path(folder, "tickets.csv"), columns, asked)
        place = Path(folder)
        runs: dict[str, list[Run]] = {"floor": [], "one": [], "all": []}
        for _round in range(rounds):
            runs["floor"].append(floor(place))
            runs["one"].append(triage(place, style, 1))
            runs["all"].append(triage(place, style, jobs))
        one, all_jobs = (place / f"decisions {each}" for each in (1, jobs))
        if not cmp(one, all_jobs, shallow=False):
            raise click.ClickException("The processes wrote something else than one.")
    found = {name: middle(each) for name, each in runs.items()}
    numbers = {
        "rows": rows,
        "format": style,
        "solutions": solutions,
        "jobs": jobs,
        "rows_per_second": {
            name: round(rows / each.wall) for name, each in found.items()
        },
        "processor_seconds": {
            name: round(each.processor, 2) for name, each in found.items()
        },
        # How many times as long as the floor it takes.
        "wall_to_floor": {
            name: round(each.wall / found["floor"].wall, 2)
            for name, each in found.items()
        },
        "processor_to_floor": {
            name: round(each.processor / found["floor"].processor, 2)
            for name, each in found.items()
        },
        "peak_memory_mb": round(peak_of_a_process(), 1),
    }
    if as_json:
        click.echo(json.dumps(numbers))
        return
    for name, each in found.items():
        click.echo(
            f"{name}: {rows / each.wall:,.0f} rows/s, {each.wall:.1f} s,"
            f" {numbers['wall_to_floor'][name]:g} times the floor"
            f" ({numbers['processor_to_floor'][name]:g} in processor time)"
        )
    click.echo(f"largest process: {numbers['peak_memory_mb']:.0f} MB")


if __name__ == "__main__":
    main()
