"""The plans of ``triage``: a CSV file with a row for each plan sold."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from beesender_support.cli.cells import (
    date_of,
    optional,
    read_tier,
    several,
    text_of,
    zone_name_of,
)
from beesender_support.cli.csv_files import OPEN_OPTIONS, read_rows
from beesender_support.cli.faults import Faults
from beesender_support.policy.tiers import Plan, Seat, same_contact
from beesender_support.policy.working_time import Holiday

READERS = {
    "customer": text_of("customer"),
    "tier": read_tier,
    "time_zone": zone_name_of("time_zone"),
    "starts_on": date_of("starts_on"),
    "ends_on": optional(date_of("ends_on")),
    "authorized_contacts": several(text_of("authorized_contacts")),
    "holidays": several(date_of("holidays")),
}


def read_plans(path: Path, faults: Faults) -> Mapping[str, Sequence[Plan]]:
    """All plans of each customer; faults of the file are told."""
    plans_by_customer: dict[str, list[Plan]] = defaultdict(list)
    name = click.format_filename(path)
    try:
        with open(path, **OPEN_OPTIONS) as lines:
            for place, values in read_rows(lines, name, READERS, faults):
                plan = faults.attempt(partial(_plan, *values), place)
                if plan:
                    _warn_of_too_many_contacts(plan, place, faults)
                    plans_by_customer[plan.customer].append(plan)
    except OSError as error:
        faults.tell(f"cannot be read: {error.strerror}", name)
    return plans_by_customer


def _plan(customer, tier, zone, starts_on, ends_on, contacts, holidays) -> Plan:
    return Plan(
        name=f"{customer} from {starts_on}",
        customer=customer,
        tier=tier,
        time_zone=zone,
        starts_on=starts_on,
        ends_on=ends_on,
        seats=_seats(contacts),
        holidays=tuple(map(Holiday, holidays)),
    )


def _warn_of_too_many_contacts(plan: Plan, place: str, faults: Faults) -> None:
    named, included = len(plan.seats), plan.tier.authorized_contact_limit
    if named > included:
        faults.warn(
            f"authorized_contacts: {named} contacts, {plan.tier.name} includes"
            f" {included}.",
            place,
        )


def _seats(contacts: Iterable[str]) -> tuple[Seat, ...]:
    """One seat for each contact, however often and in what case it is written."""
    named = {same_contact(contact): contact for contact in contacts}
    return tuple(map(Seat, named.values()))
