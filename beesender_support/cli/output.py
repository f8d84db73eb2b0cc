"""What ``triage`` writes: a record for each ticket, in one of three formats.

A format takes decisions one by one, so memory does not grow with their number. Most of
them follow a precedent, of which only the instants are written anew.
"""

import csv
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from io import StringIO
from itertools import islice
from typing import Any, NamedTuple, TextIO

from beesender_support.files.faults import on_a_line
from beesender_support.files.formulas import harmless
from beesender_support.policy.calendar.windows import clock_text
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.requests.triage import Decision
from beesender_support.policy.response.response_state import NONE, Response
from beesender_support.policy.sentences import ENGLISH, Sentence
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
# In no text of a file.
_MARK = "\0"
_to_json = json.JSONEncoder(ensure_ascii=False).encode


class Precedent:
    """A decision that others follow: those of requests from the same person, by the same
    channel, of the same kind and under the same plan differ in instants alone, so that
    all the rest is written once.

    ``record`` is the decision's own. Of its explanation only the deadline differs.
    """

    def __init__(self, record: Record, explanation: Sequence[Sentence]) -> None:
        self.record = record
        before, due, after = " ".join(map(str, map(_marked, explanation))).partition(
            _MARK
        )
        self._before, self._after = before, after
        self.has_deadline = bool(due)
        self._json = _pieces_of(record)
        self._json_before, self._json_after = map(_to_json, (before, after))

    def followed_as_record(self, following: "Following") -> Record:
        ticket, _precedent, due, state, seconds = following
        if due is None:
            return {**self.record, "ticket": ticket}
        return {
            **self.record,
            "ticket": ticket,
            "response_due": due.isoformat(),
            "response_state": state,
            "response_seconds": seconds,
            "explanation": f"{self._before}{ENGLISH.show(due)}{self._after}",
        }

    def followed_as_json(self, following: "Following") -> str:
        """As ``json_line`` of the record."""
        ticket, _precedent, due, state, seconds = following
        start, rest, to_state, to_seconds, to_explanation, last = self._json
        name = _to_json(ticket)
        if due is None:
            return f"{start}{name}{rest}"
        return (
            f'{start}{name}{last}"{due.isoformat()}"{to_state}"{state}"{to_seconds}'
            f"{seconds}{to_explanation}{self._json_before[:-1]}{ENGLISH.show(due)}"
            f"{self._json_after[1:]}}}\n"
        )


def _marked(sentence: Sentence) -> Sentence:
    """The sentence with a mark where it says a deadline."""
    if "due" not in sentence.context:
        return sentence
    return Sentence(sentence.template, {**sentence.context, "due": _MARK})


def _pieces_of(record: Record) -> tuple[str, ...]:
    """The line of ``record`` in JSON, around what differs: before the ticket and all
    behind it; before state, seconds and explanation, and from the ticket to the
    deadline."""
    names = list(record)

    def between(after: str, until: str) -> str:
        first, last = names.index(after) + 1, names.index(until)
        said = {each: record[each] for each in names[first:last]}
        inner = f"{_to_json(said)[1:-1]}, " if said else ""
        return f', {inner}"{until}": '

    rest = {each: record[each] for each in names[1:]}
    return (
        '{"ticket": ',
        f", {_to_json(rest)[1:]}\n",
        between("response_due", "response_state"),
        between("response_state", "response_seconds"),
        between("response_seconds", "explanation"),
        between("ticket", "response_due"),
    )


class Following(NamedTuple):
    """A decision that follows a precedent; ``due`` is in the plan's zone, None where
    nothing is promised."""

    ticket: str
    precedent: Precedent
    due: datetime | None = None
    state: str = NONE
    seconds: float | None = None

    def as_json(self) -> str:
        return self.precedent.followed_as_json(self)

    def as_record(self) -> Record:
        return self.precedent.followed_as_record(self)


Decided = Following | Record


def _record(decided: Decided) -> Record:
    return decided.as_record() if isinstance(decided, Following) else decided


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


class Format(NamedTuple):
    """``piece_of`` makes of a decision what ``write`` puts together, in their order."""

    piece_of: Callable[[Decided], Any]
    write: Callable[[Sequence[str], Iterable[Any], TextIO], None]
    # Pieces that may be joined before they are written.
    is_text: bool = True


def json_line(decided: Decided) -> str:
    """One JSON object a line."""
    if isinstance(decided, Following):
        return decided.as_json()
    return f"{_to_json(decided)}\n"


def write_lines(fields: Sequence[str], lines: Iterable[str], file: TextIO) -> None:
    file.writelines(lines)


def csv_row(decided: Decided) -> str:
    """One row a record; null is an empty cell.

    Text that a spreadsheet would run as a formula has an apostrophe before it.
    """
    row = StringIO()
    _write_row(row, map(harmless, _record(decided).values()))
    return row.getvalue()


def write_csv(fields: Sequence[str], rows: Iterable[str], file: TextIO) -> None:
    """A header and the rows."""
    _write_row(file, fields)
    file.writelines(rows)


def _write_row(file: TextIO, cells: Iterable[Any]) -> None:
    csv.writer(file, lineterminator="\n").writerow(cells)


def table_line(decided: Decided) -> tuple[str, ...]:
    record = _record(decided)
    if _SOLUTION[0] in record:
        return _line_with_solution(record)
    return _line_of(record)


def write_table(
    fields: Sequence[str], lines: Iterable[tuple[str, ...]], file: TextIO
) -> None:
    """Columns to read, each as wide as its page needs."""
    has_solution = _SOLUTION[0] in fields
    headings = (*_HEADINGS, *(_HEADINGS_OF_SOLUTION if has_solution else ()))
    lines = iter(lines)
    while page := list(islice(lines, _ROWS_ON_A_PAGE)):
        page.insert(0, headings)
        widths = [max(map(len, column)) for column in zip(*page, strict=True)]
        layout = "  ".join(f"{{:{width}}}" for width in widths)
        file.writelines(f"{layout.format(*line).rstrip()}\n" for line in page)


def _line_of(record: Record) -> tuple[str, ...]:
    verdict, reason = record["verdict"], record["reason"]
    asked = record["priority_corrected_from"]
    return (
        on_a_line(record["ticket"]),
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


FORMATS: Mapping[str, Format] = {
    "table": Format(table_line, write_table, is_text=False),
    "json": Format(json_line, write_lines),
    "csv": Format(csv_row, write_csv),
}
