"""Rows a second and peak memory of ``beesender-support replay`` on a made-up export, and
of ``triage`` beside it."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import click
from triage import NOW, PLAN_COLUMNS, TICKET_COLUMNS, plans, tickets, write

MEASURE = (
    "import resource, subprocess, sys;"
    "subprocess.run(sys.argv[1:], check=True);"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


def upgraded(rows):
    """Each plan one tier higher; who has the highest keeps it."""
    higher = {"Basic": "Business", "Business": "Premium", "Premium": "Premium"}
    for customer, tier, *rest in rows:
        yield (customer, higher[tier], *rest)


def run(folder: Path, command: str, *options: object) -> tuple[float, float]:
    """Wall seconds and peak megabytes, of Linux."""
    files = (folder / "tickets.csv", "--plans", folder / "plans.csv")
    measured = (*(sys.executable, "-m", "beesender_support.cli", command), *files)
    began = perf_counter()
    peak = subprocess.run(
        [
            *(sys.executable, "-c", MEASURE),
            *map(str, (*measured, "--now", NOW.isoformat(), *options)),
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    return perf_counter() - began, int(peak.split()[-1]) / 1e3


@click.command(help=__doc__)
@click.option("--rows", default=200_000, show_default=True)
def main(rows: int) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder / "plans.csv", PLAN_COLUMNS, plans())
        write(folder / "other.csv", PLAN_COLUMNS, upgraded(plans()))
        write(folder / "tickets.csv", TICKET_COLUMNS, tickets(rows))
        output = ("--format", "json", "--output", folder / "out")
        against = ("--against", folder / "other.csv", "--html", folder / "page.html")
        for command, options in (("triage", ()), ("replay", against)):
            seconds, peak = run(folder, command, *options, *output)
            click.echo(
                f"{command}: {rows:,} rows in {seconds:.1f} s,"
                f" {rows / seconds:,.0f} rows/s, peak {peak:.0f} MB"
            )


if __name__ == "__main__":
    main()
