"""What ``triage`` writes: a record for each ticket, in one of three formats.

A format takes the records one by one, so memory does not grow with their number.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any, TextIO

from beesender_support.files.faults import quoted
from beesender_support.files.formulas import harmless
from beesender_support.policy.calendar.windows import clock_text
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.requests.triage import Decision
from beesender_support.policy.response.response_state import Response
from beesender_support.policy.sold.targets import SOLUTION

FIELDS = (
    "ticket",
    "verdict",
    "reason",
    "tier",
    "category",
    "priority",
    "priority_corrected_from",
    "response_due",
    "response_state",
    "response_seconds",
    "explanation",
)
_SOLUTION = ("resolution_due", "resolution_state", "resolution_seconds")
# Those of a file that says how solutions went.
FIELDS_WITH_SOLUTION = (*FIELDS[:-1], *_SOLUTION, FIELDS[-1])
Record = Mapping[str, Any]

_HEADINGS = ("TICKET", "VERDICT", "TIER", "PRIORITY", "RESPONSE DUE", "STATE", "USED")
_HEADINGS_OF_SOLUTION = ("RESOLUTION DUE", "STATE", "USED")
_ROWS_ON_A_PAGE = 500
_to_json = json.JSONEncoder(ensure_ascii=False).encode


def record_of(ticket: str, decision: Decision) -> Record:
    """The plain values of a decision under the names in ``FIELDS``, in that order."""
    response = decision.response
    return {
        "ticket": ticket,
        "verdict": decision.admission.verdict,
        "reason": decision.admission.reason,
        "tier": decision.tier,
        "category": decision.category.name,
        "priority": decision.priority,
        "priority_corrected_from": decision.priority_corrected_from,
        "response_due": due_in_zone(decision, response),
        "response_state": response.state,
        "response_seconds": seconds_of(response.used),
        "explanation": explanation_of(decision),
    }


def record_with_solution(ticket: str, decision: Decision) -> Record:
    """As ``record_of``, under the names in ``FIELDS_WITH_SOLUTION``."""
    solution = decision.promises.of(SOLUTION)
    record = {
        **record_of(ticket, decision),
        "resolution_due": due_in_zone(decision, solution),
        "resolution_state": solution.state,
        "resolution_seconds": seconds_of(solution.used),
    }
    return {name: record[name] for name in FIELDS_WITH_SOLUTION}


def due_in_zone(decision: Decision, response: Response) -> str | None:
    """The deadline of one promise in ISO form, with the offset of the plan's zone."""
    due, terms = response.due, decision.terms
    if due is None or terms is None:
        return None
    return due.astimezone(time_zone(terms.time_zone)).isoformat()


def explanation_of(decision: Decision) -> str:
    """The policy's sentences as one text."""
    return " ".join(map(str, decision.explanation))


def seconds_of(duration: timedelta | None) -> int | float | None:
    """Seconds, an int when they are whole."""
    if duration is None:
        return None
    seconds = duration.total_seconds()
    return int(seconds) if seconds.is_integer() else seconds


# Formats


def write_json(fields: Sequence[str], records: Iterable[Record], file: TextIO) -> None:
    """One JSON object a line."""
    for record in records:
        file.write(f"{_to_json(record)}\n")


def write_csv(fields: Sequence[str], records: Iterable[Record], file: TextIO) -> None:
    """A header and one row a record; null is an empty cell.

    Text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(fields)
    writer.writerows(map(harmless, record.values()) for record in records)


def write_table(fields: Sequence[str], records: Iterable[Record], file: TextIO) -> None:
    """Columns to read, each as wide as its page needs."""
    has_solution = _SOLUTION[0] in fields
    headings = (*_HEADINGS, *(_HEADINGS_OF_SOLUTION if has_solution else ()))
    lines = map(_line_with_solution if has_solution else _line_of, records)
    while page := list(islice(lines, _ROWS_ON_A_PAGE)):
        page.insert(0, headings)
        widths = [max(map(len, column)) for column in zip(*page, strict=True)]
        layout = "  ".join(f"{{:{width}}}" for width in widths)
        file.writelines(f"{layout.format(*line).rstrip()}\n" for line in page)


def _line_of(record: Record) -> tuple[str, ...]:
    verdict, reason = record["verdict"], record["reason"]
    asked = record["priority_corrected_from"]
    ticket = record["ticket"]
    return (
        # A line break or an escape sequence would spoil the table.
        ticket if ticket.isprintable() else quoted(ticket),
        f"{verdict}: {reason}" if reason else verdict,
        record["tier"] or "-",
        f"{record['priority'] or '-'}{f' (asked {asked})' if asked else ''}",
        record["response_due"] or "-",
        record["response_state"],
        _clock_of(record["response_seconds"]),
    )


def _line_with_solution(record: Record) -> tuple[str, ...]:
    due, state, seconds = map(record.__getitem__, _SOLUTION)
    return (*_line_of(record), due or "-", state, _clock_of(seconds))


def _clock_of(seconds: float | None) -> str:
    return "-" if seconds is None else clock_text(int(seconds))


Format = Callable[[Sequence[str], Iterable[Record], TextIO], None]
FORMATS: Mapping[str, Format] = {
    "table": write_table,
    "json": write_json,
    "csv": write_csv,
}
