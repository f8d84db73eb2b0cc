"""Time and memory of ``beesender-support replay`` on a made-up export, beside the floor and
``triage`` of the same file.

The floor is that of ``triage.py``. A replay decides each ticket twice, by the plans of the
export and by the same one tier higher, in one process and in several, of which the output
must be the same. The benchmark ends with status 1 if it is not, or if a process of a
replay takes more memory than is promised.
"""

import json
import os
import sys
from collections.abc import Iterator
from filecmp import cmp
from pathlib import Path
from subprocess import PIPE
from subprocess import run as run_process
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import NamedTuple

import click
from triage import (
    FLOOR,
    NOW,
    PLAN_COLUMNS,
    RSS_PER_MEGABYTE,
    TICKET_COLUMNS,
    plans,
    tickets,
    write,
)

MOST_MEGABYTES = 200
# Also of processes that the measured one started, and of these the largest.
MEASURE = """
import json, resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


class Run(NamedTuple):
    """Wall seconds and those of the processor, megabytes of the largest process, and how
    many processes waited for a core when it began."""

    wall: float
    processor: float
    peak: float
    load: float


def upgraded(rows: Iterator[tuple]) -> Iterator[tuple]:
    """Each plan one tier higher; who has the highest keeps it."""
    higher = {"Basic": "Business", "Business": "Premium", "Premium": "Premium"}
    for customer, tier, *rest in rows:
        yield (customer, higher[tier], *rest)


def run(*command: object) -> Run:
    load, began = os.getloadavg()[0], perf_counter()
    measured = [sys.executable, "-c", MEASURE, sys.executable, *map(str, command)]
    found = run_process(measured, check=True, stdout=PIPE, text=True).stdout
    wall = perf_counter() - began
    processor, peak = json.loads(found.splitlines()[-1])
    return Run(wall, processor, peak / RSS_PER_MEGABYTE, load)


def runs_in(folder: Path, jobs: int) -> Iterator[tuple[str, Run]]:
    files = (folder / "tickets.csv", "--plans", folder / "plans.csv")
    options = ("--now", NOW.isoformat(), "--format", "json", "--output")
    program = ("-m", "beesender_support.cli")
    yield "floor", run("-c", FLOOR, folder / "tickets.csv", folder / "floor.json")
    yield "triage", run(*program, "triage", *files, *options, folder / "decisions")
    against = ("--against", folder / "other.csv")
    for name, count in (("replay", 1), (f"replay --jobs {jobs}", jobs)):
        page = ("--html", folder / f"page {count}", "--jobs", count)
        output = (*options, folder / f"replay {count}")
        yield name, run(*program, "replay", *files, *against, *page, *output)


@click.command(help=__doc__)
@click.option("--rows", default=100_000, show_default=True)
@click.option("--jobs", default=max(2, os.cpu_count() or 1), show_default="all cores")
def main(rows: int, jobs: int) -> None:
    found: dict[str, Run] = {}
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "plans.csv", PLAN_COLUMNS, plans())
        write(folder / "other.csv", PLAN_COLUMNS, upgraded(plans()))
        write(folder / "tickets.csv", TICKET_COLUMNS, tickets(rows))
        for named, each in runs_in(folder, jobs):
            found[named] = each
            floor = found["floor"]
            click.echo(
                f"{named}: {rows / each.wall:,.0f} rows/s, {each.wall:.1f} s,"
                f" {each.wall / floor.wall:.1f} times the floor"
                f" ({each.processor / floor.processor:.1f} in processor time),"
                f" largest process {each.peak:.0f} MB, load {each.load:.1f}"
            )
        alike = (
            cmp(folder / f"{kind} 1", folder / f"{kind} {jobs}", shallow=False)
            for kind in ("replay", "page")
        )
        if not all(alike):
            raise click.ClickException("The processes wrote something else than one.")
    if max(each.peak for each in found.values()) > MOST_MEGABYTES:
        raise click.ClickException(f"That is more than {MOST_MEGABYTES} MB.")


if __name__ == "__main__":
    main()
