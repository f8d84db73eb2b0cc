"""The example files, and files too long to hold in memory."""

import json
from pathlib import Path

import pytest

from beesender_support.tests.cli.command import (
    NOW,
    PLAN,
    TICKET,
    run,
    run_python,
    write_rows,
)

EXAMPLES = Path(__file__).parents[3] / "examples"
STATUS_OF_PROCESS = Path("/proc/self/status")
# ru_maxrss will not do: a child starts with what its parent had.
TRIAGE_AND_TELL_MEMORY = f"""
import sys
from beesender_support.cli import main
main(sys.argv[1:], standalone_mode=False)
status = dict(line.split(":", 1) for line in open("{STATUS_OF_PROCESS}"))
print(status["VmHWM"].split()[0], file=sys.stderr)
"""


def triage_examples(*options):
    files = EXAMPLES / "tickets.csv", "--plans", EXAMPLES / "plans.csv"
    result = run("triage", *files, "--now", NOW, *options)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def test_the_examples_are_decided_as_printed_beside_them():
    assert triage_examples() == (EXAMPLES / "decisions.txt").read_text()


def test_the_examples_show_every_case():
    records = list(map(json.loads, triage_examples("--format", "json").splitlines()))
    seen = {name: {record[name] for record in records} for name in records[0]}
    assert seen["tier"] == {"Basic", "Business", "Premium", None}
    assert seen["response_state"] == {"met", "breached", "due", "at_risk", "none"}
    assert seen["verdict"] == {"accepted", "held"}
    assert {"contact_not_authorized", "plan_expired"} <= seen["reason"]
    assert "P1" in seen["priority_corrected_from"]
    assert "Paid enhancement request" in seen["category"]
    offsets = {due[-6:] for due in seen["response_due"] if due}
    assert offsets == {"+01:00", "+02:00", "+03:00", "+08:00", "+10:00", "-02:00"}


@pytest.mark.skipif(not STATUS_OF_PROCESS.exists(), reason="needs Linux's /proc")
@pytest.mark.parametrize("style", ["table", "json", "csv"])
def test_memory_does_not_grow_with_the_number_of_tickets(tmp_path, style):
    plans = write_rows(tmp_path / "plans.csv", [PLAN])

    def peak_kilobytes(rows):
        tickets = tmp_path / "tickets.csv"
        write_rows(tickets, [{**TICKET, "ticket": f"HD-{i}"} for i in range(rows)])
        ran = run_python(
            *("-c", TRIAGE_AND_TELL_MEMORY, "triage", tickets, "--plans", plans),
            *("--format", style, "--output", tmp_path / "decisions"),
        )
        assert ran.returncode == 0, ran.stderr
        assert len((tmp_path / "decisions").read_text().splitlines()) >= rows
        return int(ran.stderr)

    few, many = peak_kilobytes(1_000), peak_kilobytes(15_000)
    # Records kept would take a kilobyte each and more.
    assert many < few + 3_000 < 200_000
