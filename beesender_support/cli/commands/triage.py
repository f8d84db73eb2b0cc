"""``triage``: the whole decision for each ticket of an export."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timezone
from io import BufferedReader
from pathlib import Path
from typing import Any

import click

from beesender_support.cli.deciding import Asked
from beesender_support.cli.delivery import delivered_whole, refuse_output
from beesender_support.cli.faults import Faults
from beesender_support.cli.jobs import Workers, jobs_option, made_by, workers
from beesender_support.cli.output import FIELDS, FIELDS_WITH_SOLUTION, FORMATS
from beesender_support.cli.reading import opened_with_progress
from beesender_support.files.cells import instant_of, optional, zone_of
from beesender_support.files.channels import (
    SHIPPED_CHANNELS,
    codes_of_requests,
    read_channels,
)
from beesender_support.files.plans import read_plans
from beesender_support.files.tables import read_encoding
from beesender_support.files.tickets import read_tickets

_FILE = click.Path(path_type=Path)


@click.command(short_help="Decide every ticket of a CSV export.")
@click.argument("tickets", type=_FILE, metavar="TICKETS.csv")
@click.option("--plans", type=_FILE, required=True, metavar="PLANS.csv")
@click.option("--channels", type=_FILE, metavar="CHANNELS.csv")
@click.option("--now", default="", help="Count open tickets as of this instant.")
@click.option("--time-zone", "zone", default="", help="For stamps without an offset.")
@click.option("--encoding", default="", help="Of files that are not UTF-8: cp1251.")
@click.option("--hold-unplanned", is_flag=True, help="Hold customers without a plan.")
@jobs_option
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
    jobs: int,
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
    asked = Asked(
        tickets,
        encoding,
        time_zone,
        codes_of_requests(known),
        read_plans(plans, encoding, faults, known),
        moment or datetime.now(timezone.utc),
        hold_unplanned,
        FORMATS[style],
    )
    with delivered_whole(output) as file, workers(asked, jobs) as shared:
        asked.style.write(*_decided(asked, shared, faults), file)
        faults.stop_if_any()


def _decided(
    asked: Asked, shared: Workers | None, faults: Faults
) -> tuple[Sequence[str], Iterator[Any]]:
    """The names of the fields, and what is written of each sound ticket, made lazily."""
    fields_and_pieces = _fields_and_pieces(asked, shared, faults)
    return next(fields_and_pieces, FIELDS), fields_and_pieces


def _fields_and_pieces(
    asked: Asked, shared: Workers | None, faults: Faults
) -> Iterator[Any]:
    try:
        with opened_with_progress(asked.tickets) as file:
            made = made_by(shared, file, asked, faults) if shared else None
            if made is None:
                yield from _decided_here(asked, file, faults)
                return
            yield _fields(next(made))
            for pieces in made:
                yield from pieces
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", asked.name)


def _decided_here(asked: Asked, file: BufferedReader, faults: Faults) -> Iterator[Any]:
    tickets = read_tickets(
        file, asked.name, asked.encoding, asked.time_zone, faults, asked.channels
    )
    yield _fields(tickets.has_solution)
    deciding = asked.deciding(tickets.has_solution)
    yield from map(asked.style.piece_of, deciding.decide_all(tickets.each, faults))


def _fields(has_solution: bool) -> Sequence[str]:
    return FIELDS_WITH_SOLUTION if has_solution else FIELDS
