"""``import``: exports of another system as the files that ``triage`` reads."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timezone, tzinfo
from pathlib import Path
from typing import Any, TextIO

import click

from beesender_support.cli.delivery import delivered_whole
from beesender_support.cli.faults import Faults
from beesender_support.files.cells import optional, zone_of
from beesender_support.files.exports import (
    IN_DOUBT,
    MADE,
    REPORT_FIELDS,
    SKIPPED,
    ExportFile,
    RowDecided,
    decided_rows,
    lists_customers,
    open_exports,
)
from beesender_support.files.formulas import harmless
from beesender_support.files.tables import read_encoding
from beesender_support.policy.imports.mappings import ImportMapping, mapping_of
from beesender_support.policy.imports.people import People
from beesender_support.policy.imports.rows import (
    Imported,
    ImportedContact,
    ImportedCustomer,
    ImportedPlan,
    Importing,
)
from beesender_support.policy.imports.sources import (
    CONTACTS,
    CUSTOMERS,
    KINDS,
    PLANS,
    SOURCES,
    TICKETS,
)
from beesender_support.policy.sold.catalogue import CATALOGUE

_IN_DOUBT_STATUS = 1
COLUMNS = {
    CUSTOMERS: ("customer", "domain", "external_id"),
    CONTACTS: ("contact", "name", "phone", "customer", "external_id"),
    PLANS: (
        "customer",
        "tier",
        "time_zone",
        "starts_on",
        "ends_on",
        "authorized_contacts",
        "holidays",
        "status",
        "external_id",
    ),
    TICKETS: (
        "ticket",
        "customer",
        "contact",
        "category",
        "priority",
        "channel",
        "opened_at",
        "first_responded_at",
        "resolved_at",
        "subject",
    ),
}
REPORT = "report"


@click.command("import", short_help="Make the command's files of another system's.")
@click.argument("source", type=click.Choice(list(SOURCES)))
@click.argument("files", nargs=-1, required=True, metavar="[KIND=]FILE...")
@click.option("--out", "folder", type=click.Path(path_type=Path), required=True)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(path_type=Path),
    help="A JSON file: what columns and words of your export mean.",
)
@click.option("--time-zone", "zone", default="", help="For stamps without an offset.")
@click.option("--encoding", default="", help="Of files that are not UTF-8: cp1251.")
@click.pass_context
def import_files(
    context: click.Context,
    source: str,
    files: Sequence[str],
    folder: Path,
    mapping_file: Path | None,
    zone: str,
    encoding: str,
) -> None:
    """Make customers.csv, contacts.csv, plans.csv and tickets.csv of the exports of
    SOURCE in the folder --out, and report.csv with each row that is not in them as it
    stands, and why.

    What a FILE holds is told by its header; customers=, contacts=, plans= or tickets=
    before its name says it. Nothing is guessed: a row that could mean two things is in
    doubt. Status 1 says that some are, 2 that nothing was written.
    """
    faults = Faults()
    time_zone = faults.read(optional(zone_of("--time-zone")), zone)
    encoding = faults.read(read_encoding, encoding)
    mapping = faults.attempt(lambda: mapping_of(source, _stored(mapping_file, faults)))
    _refuse_folder(folder, files, faults)
    faults.stop_if_any()
    with ExitStack() as opened:
        exports_of = [_opened(each, opened, faults) for each in files]
        faults.stop_if_any()
        said = _write(
            [each for each in exports_of if each],
            mapping,
            time_zone,
            encoding,
            folder,
            faults,
        )
    for line in _lines_of(said):
        click.echo(line)
    if any(outcome == IN_DOUBT for _kind, outcome in said):
        click.echo(f"See {click.format_filename(folder / 'report.csv')}.")
        context.exit(_IN_DOUBT_STATUS)


def _stored(path: Path | None, faults: Faults) -> Any:
    if path is None:
        return None
    name = click.format_filename(path)
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)
    except (ValueError, RecursionError) as error:
        faults.report(f"is not JSON: {error}", name)
    return None


def _refuse_folder(folder: Path, files: Iterable[str], faults: Faults) -> None:
    place = f"--out {click.format_filename(folder)}"
    if folder.exists() and not folder.is_dir():
        faults.report("is a file. Give the name of a folder.", place)
        return
    ours = {_path_in(folder, kind).resolve() for kind in (*KINDS, REPORT)}
    for each in files:
        if _kind_and_path(each)[1].resolve() in ours:
            faults.report(f"{each} is an input and would be lost.", place)


def _kind_and_path(said: str) -> tuple[str | None, Path]:
    kind, equal, path = said.partition("=")
    return (kind, Path(path)) if equal and kind in KINDS else (None, Path(said))


def _path_in(folder: Path, kind: str) -> Path:
    return folder / f"{kind}.csv"


def _opened(said: str, opened: ExitStack, faults: Faults) -> ExportFile | None:
    kind, path = _kind_and_path(said)
    name = click.format_filename(path)
    try:
        return ExportFile(name, opened.enter_context(open(path, "rb")), kind)
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)
        return None


def _write(
    files: Sequence[ExportFile],
    mapping: ImportMapping,
    zone: tzinfo | None,
    encoding: str,
    folder: Path,
    faults: Faults,
) -> Counter[tuple[str, str]]:
    """Writes all files, or none; how many rows of each kind came to what."""
    exports = open_exports(files, mapping, encoding, faults)
    faults.stop_if_any()
    people = People(lists_customers=lists_customers(exports))
    importing = Importing(mapping, CATALOGUE, people, zone)
    said: Counter[tuple[str, str]] = Counter()
    folder.mkdir(parents=True, exist_ok=True)
    with _writers(folder) as write:
        for row in decided_rows(exports, importing):
            said[row.kind, row.outcome] += 1
            if row.value is not None:
                write(row.kind, _cells_of(row.value))
            for cells in _report_of(row):
                write(REPORT, cells)
    return said


@contextmanager
def _writers(folder: Path) -> Iterator[Any]:
    """Writes a row of cells to a file by its kind; files appear together, at the end."""
    with ExitStack() as files:
        writers = {}
        for kind, columns in (*COLUMNS.items(), (REPORT, REPORT_FIELDS)):
            path = _path_in(folder, kind)
            file: TextIO = files.enter_context(delivered_whole(path))
            writers[kind] = csv.writer(file, lineterminator="\n")
            writers[kind].writerow(columns)
        yield lambda kind, cells: writers[kind].writerow(map(harmless, cells))


def _cells_of(value: Imported) -> tuple[Any, ...]:
    """The cells of ``COLUMNS``."""
    if isinstance(value, ImportedCustomer):
        return value.name, value.domain, value.external_id
    if isinstance(value, ImportedContact):
        return (
            value.address,
            value.name,
            value.phone,
            value.customer or "",
            value.external_id,
        )
    if isinstance(value, ImportedPlan):
        plan = value.plan
        return (
            plan.customer,
            plan.tier.name,
            plan.time_zone,
            plan.starts_on.isoformat(),
            plan.ends_on.isoformat() if plan.ends_on else "",
            ";".join(seat.contact for seat in plan.seats),
            "",
            plan.status,
            value.external_id,
        )
    return (
        value.external_id,
        value.customer,
        value.contact or "",
        value.category.name,
        value.priority or "",
        value.channel,
        *(
            each.astimezone(timezone.utc).isoformat() if each else ""
            for each in (value.opened_at, value.first_responded_at, value.resolved_at)
        ),
        value.subject,
    )


def _report_of(row: RowDecided) -> Iterator[tuple[Any, ...]]:
    for finding in row.findings:
        outcome = IN_DOUBT if finding.is_doubt else SKIPPED
        place = row.place
        said = str(finding.sentence)
        yield place.file, place.row, row.kind, outcome, finding.code, said


def _lines_of(said: Counter[tuple[str, str]]) -> Iterator[str]:
    for kind in KINDS:
        counts = [said[kind, each] for each in (MADE, SKIPPED, IN_DOUBT)]
        if any(counts):
            made, skipped, doubted = (f"{each:,}" for each in counts)
            yield f"{kind}: {made} made, {skipped} skipped, {doubted} in doubt."
