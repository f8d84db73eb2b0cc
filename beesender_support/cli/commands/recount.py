"""``recount``: whether what a site stored of its promises is what they count to.

A file holds decision records as a site exports them: one JSON object, a list of them, or
one a line. Nothing but the file is needed; docs/decisions.md explains each code in it.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import click

from beesender_support.cli.faults import Faults
from beesender_support.files.faults import Place, quoted
from beesender_support.policy.audit.record import DecisionRecord, read_record
from beesender_support.policy.audit.recount import (
    Explained,
    Recounted,
)
from beesender_support.policy.audit.recount import recount as count_again
from beesender_support.policy.audit.stamps import as_text
from beesender_support.policy.calendar.windows import clock_text
from beesender_support.policy.calendar.zones import (
    time_zone,
    time_zone_database_version,
)
from beesender_support.policy.response.deadline_explanation import Passage

_DIFFERS = 1
_ZIP, _LARGEST = b"PK\x03\x04", 2 * 1024**3
_STDIN = Path("-")


@click.command(short_help="Check the decision records that a site exported.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text"
)
@click.pass_context
def recount(context: click.Context, files: Sequence[Path], format_: str) -> None:
    """Count the decision records in FILES again, and say where they differ.

    FILES are what a site exports of its tickets; - is the standard input. Status 1 if
    anything differs.
    """
    faults = Faults()
    records = [each for file in files for each in _records(file, faults)]
    faults.stop_if_any()
    counted = [
        (record, faults.attempt(partial(count_again, record), place))
        for place, record in records
    ]
    faults.stop_if_any()
    write = _say_json if format_ == "json" else _say_text
    write(counted)
    if any(again.differences for _record, again in counted):
        context.exit(_DIFFERS)


# Reading


def _records(file: Path, faults: Faults) -> Iterator[tuple[Place, DecisionRecord]]:
    name = click.format_filename(file)
    for number, plain in enumerate(_stored_in(file, name, faults), start=1):
        place = Place(name, number, "record")
        record, refused = read_record(plain)
        for each in refused:
            faults.report(each, place)
        if record:
            yield place, record


def _stored_in(file: Path, name: str, faults: Faults) -> list[Any]:
    try:
        content = sys.stdin.buffer.read() if file == _STDIN else file.read_bytes()
        stored = [each for text in _texts_in(content) for each in _parsed(text)]
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)
    except (BadZipFile, NotImplementedError, RuntimeError) as error:
        # A nesting that is too deep is a RuntimeError, too.
        faults.report(f"cannot be read: {error}", name)
    except ValueError as error:
        faults.report(f"is not JSON: {error}", name)
    else:
        if stored:
            return stored
        faults.report("holds no decision record.", name)
    return []


def _texts_in(content: bytes) -> list[str]:
    """The text of a file, or those in a zip as a site makes it."""
    if not content.startswith(_ZIP):
        return [content.decode("utf-8-sig")]
    with ZipFile(BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(each.file_size for each in members) > _LARGEST:
            raise BadZipFile("it holds more than 2 GB")
        return [archive.read(each).decode("utf-8-sig") for each in members]


def _parsed(text: str) -> list[Any]:
    """The values of a text: its list, or one a line, or the one that it is."""
    try:
        whole = json.loads(text)
    except ValueError:
        # Not at what else ends a line for Python: JSON may hold that in a text.
        lines = [line for line in text.split("\n") if line.strip()]
        if len(lines) < 2:
            raise
        return [json.loads(line) for line in lines]
    return whole if isinstance(whole, list) else [whole]


# Saying


_Counted = Sequence[tuple[DecisionRecord, Recounted]]


def _say_text(counted: _Counted) -> None:
    for record, again in counted:
        for each in again.differences:
            click.echo(
                f"ticket {quoted(again.ticket)}: {each.place}:"
                f" stored {_shown(each.stored)}, recounted {_shown(each.recounted)}"
            )
        for explained in again.explained:
            _explain(explained)
        for missing in record.incomplete:
            about = f" ({quoted(missing.about)})" if missing.about else ""
            click.echo(
                f"ticket {quoted(again.ticket)}: incomplete: {missing.code}{about}"
            )
    checked = sum(len(again.checked) for _record, again in counted)
    differing = sum(bool(again.differences) for _record, again in counted)
    click.echo(
        f"Tickets: {len(counted):,}. Values checked: {checked:,}."
        f" Tickets that differ: {differing:,}."
    )
    _say_other_rules(counted)


def _say_other_rules(counted: _Counted) -> None:
    """Zones change their rules: whoever counts by others may find other deadlines."""
    here = time_zone_database_version()
    theirs = {
        record.terms.time_zone_database for record, _again in counted if record.terms
    }
    for each in sorted(theirs - {here}):
        click.echo(
            f"Terms were frozen by the time zone database {quoted(each)};"
            f" this was counted by {here}."
        )


def _explain(explained: Explained) -> None:
    if explained.sentence:
        click.echo(f"  {explained.sentence}")
    for each in explained.passages:
        click.echo(f"  {_line(each, explained.time_zone)}")


def _line(passage: Passage, zone: str) -> str:
    start, end = (
        f"{at.astimezone(time_zone(zone)):%a %Y-%m-%d %H:%M}"
        for at in (passage.start, passage.end)
    )
    if not passage.worked:
        reasons = ", ".join(" ".join(filter(None, each)) for each in passage.closed)
        return f"{start} - {end}  not counted: {reasons}"
    worked = clock_text(int(passage.worked.total_seconds()))
    on_days = f" on {passage.days} days" if passage.days > 1 else ""
    return f"{start} - {end}  {worked} of support time{on_days}"


def _shown(value: object) -> str:
    if value is None:
        return "nothing"
    return quoted(value) if isinstance(value, str) else quoted(json.dumps(value))


def _say_json(counted: _Counted) -> None:
    """One object a ticket, and at the end one of them all."""
    for record, again in counted:
        plain = {
            "ticket": again.ticket,
            "checked": len(again.checked),
            "differences": [each._asdict() for each in again.differences],
            "explanation": [_plain_explained(each) for each in again.explained],
            "incomplete": [*dict.fromkeys(each.code for each in record.incomplete)],
        }
        click.echo(json.dumps(plain, ensure_ascii=False))
    total = {
        "tickets": len(counted),
        "checked": sum(len(again.checked) for _record, again in counted),
        "differing": sum(bool(again.differences) for _record, again in counted),
        "time_zone_database": time_zone_database_version(),
    }
    click.echo(json.dumps(total))


def _plain_explained(explained: Explained) -> dict[str, Any]:
    return {
        "target": explained.target,
        "sentence": explained.sentence and str(explained.sentence),
        "time_zone": explained.time_zone,
        "passages": [
            {
                "start": as_text(each.start),
                "end": as_text(each.end),
                "support_seconds": each.worked.total_seconds(),
                "days": each.days,
                "closed": [" ".join(filter(None, pair)) for pair in each.closed],
            }
            for each in explained.passages
        ],
    }
