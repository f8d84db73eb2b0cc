"""``replay``: past tickets under the plans there were, and under others."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timezone, tzinfo
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click

from beesender_support.cli.deciding import NearMisses, decided_now
from beesender_support.cli.delivery import delivered_whole, refuse_output
from beesender_support.cli.faults import Faults
from beesender_support.cli.jobs import Workers, jobs_option, made_by, workers
from beesender_support.cli.languages import LANGUAGES, reader_of
from beesender_support.cli.reading import opened_with_progress
from beesender_support.files import replay_report
from beesender_support.files.cells import instant_of, optional, zone_of
from beesender_support.files.channels import (
    SHIPPED_CHANNELS,
    codes_of_requests,
    read_channels,
)
from beesender_support.files.customers import PlansByCustomer
from beesender_support.files.faults import Faults as FaultsOfFiles
from beesender_support.files.faults import on_a_line
from beesender_support.files.plans import read_plans
from beesender_support.files.tables import read_encoding
from beesender_support.files.tickets import Ticket, read_tickets
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.replay.standings import Replayed, replayed
from beesender_support.policy.replay.summary import Counts, Folding, Summary, Tally
from beesender_support.policy.requests.triage import Decision, Request
from beesender_support.policy.sentences import marked as _

_FILE = click.Path(path_type=Path)
_HEADINGS = (
    "",
    "TICKETS",
    "COMPLIANCE",
    "AFTER",
    "BREACHED",
    "AFTER",
    "GAINED",
    "LOST",
    "HELD",
    "AFTER",
)
_NOBODY = "(none)"
_to_json = json.JSONEncoder(ensure_ascii=False).encode


@click.command(short_help="Try other plans on the tickets of a CSV export.")
@click.argument("tickets", type=_FILE, metavar="TICKETS.csv")
@click.option("--plans", type=_FILE, required=True, metavar="PLANS.csv")
@click.option("--against", type=_FILE, required=True, metavar="OTHER.csv")
@click.option("--channels", type=_FILE, metavar="CHANNELS.csv")
@click.option("--now", default="", help="Count open tickets as of this instant.")
@click.option(
    "--time-zone",
    "zone",
    default="",
    help="For stamps without an offset, and of the hours of the week; else UTC.",
)
@click.option("--encoding", default="", help="Of files that are not UTF-8: cp1251.")
@click.option("--hold-unplanned", is_flag=True, help="Hold customers without a plan.")
@jobs_option
@click.option("--html", type=_FILE, metavar="REPORT.html", help="Also write a report.")
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=LANGUAGES[0],
    help="Of the report.",
)
@click.option(
    "--format", "style", type=click.Choice(("table", "json")), default="table"
)
@click.option("--output", type=_FILE, help="Write to this file instead of stdout.")
def replay(
    tickets: Path,
    plans: Path,
    against: Path,
    channels: Path | None,
    now: str,
    zone: str,
    encoding: str,
    hold_unplanned: bool,
    jobs: int,
    html: Path | None,
    language: str,
    style: str,
    output: Path | None,
) -> None:
    """Decide each ticket of TICKETS.csv by PLANS.csv, then by OTHER.csv, and say what
    would have been otherwise.

    The files are those of triage. A ticket is breached once any of its promises is. It
    was answered when it was: what agents would have done otherwise nobody knows. One
    that is held has no clock. With --format json each line is an object, and the last
    has the totals.

    Nothing is written unless all files are free of faults.
    """
    faults = Faults()
    time_zone = faults.read(optional(zone_of("--time-zone")), zone)
    encoding = faults.read(read_encoding, encoding)
    faults.stop_if_any()
    moment = faults.read(optional(instant_of("--now", time_zone)), now)
    inputs = [each for each in (tickets, plans, against, channels) if each]
    refuse_output(output, inputs, faults)
    refuse_output(html, inputs, faults, "--html")
    if output and html and output.resolve() == html.resolve():
        faults.report("is also --output.", f"--html {click.format_filename(html)}")
    faults.stop_if_any()
    known = SHIPPED_CHANNELS
    if channels:
        known = read_channels(channels, encoding, faults)
        faults.stop_if_any()
    replaying = _Replaying(
        tickets=tickets,
        before=read_plans(plans, encoding, faults, known),
        after=read_plans(against, encoding, faults, known),
        channels=codes_of_requests(known),
        now=moment or datetime.now(timezone.utc),
        time_zone=time_zone,
        encoding=encoding,
        hold_unplanned=hold_unplanned,
    )
    with workers(replaying, jobs) as shared:
        summary = _summary(replaying, shared, faults)
    faults.stop_if_any()
    with ExitStack() as delivering:
        if html:
            page = delivering.enter_context(delivered_whole(html))
            paths = tickets, plans, against
            page.write(_page(summary, replaying, zone, paths, reader_of(language)))
        file = delivering.enter_context(delivered_whole(output))
        (_write_json if style == "json" else _write_table)(summary, file)


@dataclass
class _Replaying:
    """The facts that every decision of a run shares."""

    tickets: Path
    before: PlansByCustomer
    after: PlansByCustomer
    channels: tuple[str, ...]
    now: datetime
    time_zone: tzinfo | None
    encoding: str
    hold_unplanned: bool

    def __post_init__(self) -> None:
        self._near_misses = NearMisses(self.before), NearMisses(self.after)

    @property
    def name(self) -> str:
        return click.format_filename(self.tickets)

    def work(
        self, has_solution: bool
    ) -> Callable[[Iterator[Ticket], FaultsOfFiles], Any]:
        """Counts some of the tickets; how solutions went, where the file says it."""
        return self.counted

    def folding(self) -> Folding:
        return Folding(self.time_zone or timezone.utc)

    def counted(self, tickets: Iterator[Ticket], faults: FaultsOfFiles) -> Counts:
        """Each of ``tickets`` under both sets of plans."""
        folding = self.folding()
        for ticket in tickets:
            if both := self._on_both_sides(ticket, faults):
                folding.add(both)
        return folding.counts

    def _on_both_sides(self, ticket: Ticket, faults: FaultsOfFiles) -> Replayed | None:
        request = ticket.request
        self._warn_of_a_near_miss(ticket, faults)
        try:
            return replayed(
                request.opened_at,
                self._decided(request, self.before),
                self._decided(request, self.after),
            )
        except PolicyError as error:
            faults.report(error, ticket.place)
            return None

    def _decided(self, request: Request, plans: PlansByCustomer) -> Decision:
        own = plans.of(request.customer or "")
        return decided_now(request, own, self.now, self.hold_unplanned)

    def _warn_of_a_near_miss(self, ticket: Ticket, faults: FaultsOfFiles) -> None:
        for misses in self._near_misses:
            if not misses.plans.of(ticket.customer) and misses.warn(ticket, faults):
                return


def _summary(replaying: _Replaying, shared: Workers | None, faults: Faults) -> Summary:
    """Of the whole file; what others counted of it is put together."""
    folding = replaying.folding()
    try:
        with opened_with_progress(replaying.tickets) as file:
            made = made_by(shared, file, replaying, faults) if shared else None
            if made is None:
                made = _counted_here(replaying, file, faults)
            for part in islice(made, 1, None):
                folding.counts.add(part)
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", replaying.name)
    return folding.summary()


def _counted_here(
    replaying: _Replaying, file: BufferedReader, faults: Faults
) -> Iterator[Any]:
    """As ``made_by`` gives it, in one part."""
    tickets = read_tickets(
        file,
        replaying.name,
        replaying.encoding,
        replaying.time_zone,
        faults,
        replaying.channels,
    )
    yield tickets.has_solution
    yield replaying.counted(tickets.each, faults)


# What is written


def _groups(summary: Summary) -> Iterator[tuple[str, str, Tally]]:
    for by, tallies in (
        ("tier", summary.tiers),
        ("priority", summary.priorities),
        ("customer", summary.customers),
    ):
        for name, tally in tallies.items():
            yield by, name, tally


def _write_json(summary: Summary, file: TextIO) -> None:
    """One JSON object a line: the groups, the hours of the week that had requests, the
    targets, and last the totals."""
    lines: list[Mapping[str, Any]] = []
    for by, name, tally in _groups(summary):
        lines.append({"by": by, "name": name, **tally.figures()})
    for target, (before, after) in summary.targets.items():
        both = {"before": before._asdict(), "after": after._asdict()}
        lines.append({"by": "target", "name": target, **both})
    for number, hour in enumerate(summary.hours):
        if hour.requests:
            lines.append({"by": "hour_of_week", "name": number, **hour._asdict()})
    lines.append(summary.total.figures())
    file.writelines(f"{_to_json(line)}\n" for line in lines)


def _write_table(summary: Summary, file: TextIO) -> None:
    rows = [_HEADINGS, _line("All", summary.total)]
    for by, name, tally in _groups(summary):
        rows.append(_line(f"{by} {on_a_line(name) or _NOBODY}", tally))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    first, *rest = widths
    layout = "  ".join([f"{{:{first}}}", *(f"{{:>{width}}}" for width in rest)])
    file.writelines(f"{layout.format(*row).rstrip()}\n" for row in rows)


def _line(name: str, tally: Tally) -> tuple[str, ...]:
    tickets, *figures = tally.figures().values()
    return (
        name,
        f"{tickets:,}",
        replay_report.ENGLISH.percent(tally.compliance_before),
        replay_report.ENGLISH.percent(tally.compliance_after),
        *(f"{each:,}" for each in figures),
    )


def _page(
    summary: Summary,
    replaying: _Replaying,
    zone: str,
    paths: tuple[Path, Path, Path],
    reader: replay_report.Reader,
) -> str:
    tickets, before, after = (click.format_filename(path.name) for path in paths)
    report = replay_report.report_of(
        summary,
        time_zone=zone or "UTC",
        now=replaying.now,
        about=(
            (reader.translate(_("Tickets")), tickets),
            (reader.translate(_("Plans as they were")), before),
            (reader.translate(_("Plans under the draft")), after),
        ),
        reader=reader,
    )
    return replay_report.page_of(report, reader)
