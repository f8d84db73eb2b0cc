"""``triage``: the whole decision for each ticket of an export."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timezone, tzinfo
from io import BufferedReader
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import Progress

from beesender_support.cli.delivery import delivered_whole, refuse_output
from beesender_support.cli.faults import Faults
from beesender_support.cli.output import (
    FIELDS,
    FIELDS_WITH_SOLUTION,
    FORMATS,
    Record,
    record_of,
    record_with_solution,
)
from beesender_support.files.cells import instant_of, optional, zone_of
from beesender_support.files.channels import (
    SHIPPED_CHANNELS,
    codes_of_requests,
    read_channels,
)
from beesender_support.files.customers import PlansByCustomer
from beesender_support.files.faults import quoted
from beesender_support.files.plans import read_plans
from beesender_support.files.tables import read_encoding
from beesender_support.files.tickets import Ticket, read_tickets
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.requests.triage import Decision, Request
from beesender_support.policy.requests.triage import triage as decide

_FILE = click.Path(path_type=Path)


@click.command(short_help="Decide every ticket of a CSV export.")
@click.argument("tickets", type=_FILE, metavar="TICKETS.csv")
@click.option("--plans", type=_FILE, required=True, metavar="PLANS.csv")
@click.option("--channels", type=_FILE, metavar="CHANNELS.csv")
@click.option("--now", default="", help="Count open tickets as of this instant.")
@click.option("--time-zone", "zone", default="", help="For stamps without an offset.")
@click.option("--encoding", default="", help="Of files that are not UTF-8: cp1251.")
@click.option("--hold-unplanned", is_flag=True, help="Hold customers without a plan.")
@click.option("--format", "style", type=click.Choice(list(FORMATS)), default="table")
@click.option("--output", type=_FILE, help="Write to this file instead of stdout.")
def triage(
    tickets: Path,
    plans: Path,
    channels: Path | None,
    now: str,
    zone: str,
    encoding: str,
    hold_unplanned: bool,
    style: str,
    output: Path | None,
) -> None:
    """Decide each ticket of TICKETS.csv by the plans of its customer.

    TICKETS.csv needs the columns ticket, customer, contact, category, priority,
    channel, opened_at and first_responded_at, and may have resolved_at and pauses;
    PLANS.csv needs customer, tier, time_zone, starts_on, ends_on, authorized_contacts
    and holidays, and may have status, working_days, next_answer_hours and
    solution_hours, and what was agreed for a plan alone: first_answer_hours,
    support_windows, authorized_contact_limit and registration_channels. CHANNELS.csv
    needs channel and takes_requests, and may have enabled; without it the channels are
    those that are shipped. All may be separated by commas, semicolons or tabs, or be
    .xlsx workbooks.

    Nothing is written unless all files are free of faults.
    """
    faults = Faults()
    time_zone = faults.read(optional(zone_of("--time-zone")), zone)
    encoding = faults.read(read_encoding, encoding)
    faults.stop_if_any()
    moment = faults.read(optional(instant_of("--now", time_zone)), now)
    inputs = [each for each in (tickets, plans, channels) if each]
    refuse_output(output, inputs, faults)
    faults.stop_if_any()
    known = SHIPPED_CHANNELS
    if channels:
        known = read_channels(channels, encoding, faults)
        # Each plan and ticket by one of them would be a fault of theirs.
        faults.stop_if_any()
    deciding = _Deciding(
        plans=read_plans(plans, encoding, faults, known),
        channels=codes_of_requests(known),
        now=moment or datetime.now(timezone.utc),
        time_zone=time_zone,
        encoding=encoding,
        hold_unplanned=hold_unplanned,
        faults=faults,
    )
    with delivered_whole(output) as file:
        FORMATS[style](*deciding.decide_all(tickets), file)
        faults.stop_if_any()


@dataclass(frozen=True)
class _Deciding:
    """The facts that every decision of a run shares."""

    plans: PlansByCustomer
    channels: tuple[str, ...]
    now: datetime
    time_zone: tzinfo | None
    encoding: str
    hold_unplanned: bool
    faults: Faults

    def decide_all(self, path: Path) -> tuple[Sequence[str], Iterator[Record]]:
        """The names of the fields, and a record for each sound ticket of the file, read
        lazily."""
        fields_and_records = self._fields_and_records(path)
        return next(fields_and_records, FIELDS), fields_and_records

    def _fields_and_records(self, path: Path) -> Iterator[Any]:
        name = click.format_filename(path)
        try:
            with _opened_with_progress(path) as file:
                tickets = read_tickets(
                    file,
                    name,
                    self.encoding,
                    self.time_zone,
                    self.faults,
                    self.channels,
                )
                has_solution = tickets.has_solution
                yield FIELDS_WITH_SOLUTION if has_solution else FIELDS
                recording = record_with_solution if has_solution else record_of
                for ticket in tickets.each:
                    if decision := self._decision_on(ticket):
                        yield recording(ticket.name, decision)
        except OSError as error:
            self.faults.report(f"cannot be read: {error.strerror}", name)

    def _decision_on(self, ticket: Ticket) -> Decision | None:
        request = self._as_known_now(ticket.request)
        plans = self.plans.of(request.customer or "")
        if not plans:
            self._warn_of_a_near_miss(ticket)
        try:
            return decide(
                request,
                plans,
                now=self.now,
                hold_unplanned=self.hold_unplanned,
                # A file has no reader who could answer a refusal.
                answers_at_once=False,
            )
        except PolicyError as error:
            self.faults.report(error, ticket.place)
            return None

    def _as_known_now(self, request: Request) -> Request:
        """An open request without the pauses that come after ``now``."""
        if not request.happenings or request.closed_at:
            return request
        known = (each for each in request.happenings if each.at <= self.now)
        return replace(request, happenings=tuple(known))

    def _warn_of_a_near_miss(self, ticket: Ticket) -> None:
        customer = ticket.request.customer or ""
        if planned := self.plans.nearly(customer):
            self.faults.warn(
                f"{quoted(customer)} has no plan, but {quoted(planned)} has one. If they"
                " are one customer, write the name alike.",
                ticket.place,
                kind="customer",
            )


@contextmanager
def _opened_with_progress(path: Path) -> Iterator[BufferedReader]:
    """The file at ``path``; how far it is read shows on stderr if that is a terminal."""
    console = Console(stderr=True)
    if not console.is_terminal:
        with open(path, "rb") as file:
            yield file
        return
    with (
        Progress(console=console, transient=True) as progress,
        progress.open(path, "rb", description="Reading") as counted,
        # A raw file, which its annotation does not say.
        BufferedReader(cast(Any, counted)) as file,
    ):
        yield file
