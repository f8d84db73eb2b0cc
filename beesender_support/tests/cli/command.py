"""Running the command in tests, on small files made for the purpose."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from beesender_support.cli import main

COMMAND = (sys.executable, "-m", "beesender_support.cli")
# Click 8.1 has to be told, later ones do not know the word.
KEEP_STDERR_APART = (
    {"mix_stderr": False} if "mix_stderr" in signature(CliRunner).parameters else {}
)
NOW = "2026-11-23T12:00:00+00:00"
TICKET = {
    "ticket": "HD-1",
    "customer": "Acme Telecom",
    "contact": "anna@acme.example.com",
    "category": "Incident",
    "priority": "P1",
    "channel": "email",
    "opened_at": "2026-11-20T17:30:00+03:00",
    "first_responded_at": "",
}
PLAN = {
    "customer": "Acme Telecom",
    "tier": "Basic",
    "time_zone": "GMT+3",
    "starts_on": "2026-01-01",
    "ends_on": "",
    "authorized_contacts": "anna@acme.example.com;boris@acme.example.com",
    "holidays": "",
}


def run(*arguments: object) -> Result:
    return CliRunner(**KEEP_STDERR_APART).invoke(main, list(map(str, arguments)))


def run_for_real(*arguments: object, **options: Any) -> subprocess.CompletedProcess:
    return run_python(*COMMAND[1:], *arguments, **options)


def run_python(*arguments: object, **options: Any) -> subprocess.CompletedProcess:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, **options)


def write_rows(path: Path, rows: Sequence[dict], columns: Sequence[str] = ()) -> Path:
    """A CSV file of ``rows``; ``columns`` are needed only where there is none."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns or rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode())
    return path


class Desk:
    """A folder with tickets and plans to triage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tickets = write_rows(folder / "tickets.csv", [TICKET])
        self.plans = write_rows(folder / "plans.csv", [PLAN])
        self.output = folder / "decisions.txt"

    def put_tickets(self, *changes: dict) -> None:
        """A ticket for each of ``changes`` to the usual one."""
        write_rows(self.tickets, [{**TICKET, **each} for each in changes])

    def put_plans(self, *changes: dict) -> None:
        write_rows(self.plans, [{**PLAN, **each} for each in changes])

    def triage(self, *options: object) -> Result:
        return run(
            "triage", self.tickets, "--plans", self.plans, "--now", NOW, *options
        )

    def decide(self, *options: object) -> list[dict]:
        """The records of a run that must end well."""
        result = self.triage("--format", "json", *options)
        assert (result.exit_code, result.stderr) == (0, "")
        return [json.loads(line) for line in result.stdout.splitlines()]

    def decide_one(self, *options: object, **changes: str) -> dict:
        """The record of one ticket that differs by ``changes`` from the usual one."""
        self.put_tickets(changes)
        (record,) = self.decide(*options)
        return record

    def faults(self, *options: object) -> list[str]:
        """The lines on stderr of a run that must be refused and write nothing."""
        self.output.write_text("as before")
        for target in (("--output", self.output), ()):
            result = self.triage(*target, *options)
            assert (result.exit_code, result.stdout) == (2, "")
            assert "Traceback" not in result.stderr
        assert self.output.read_text() == "as before"
        assert not list(self.folder.glob(".*"))
        return result.stderr.splitlines()
