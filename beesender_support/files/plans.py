"""The plans of ``triage``: a table with a row for each plan sold."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from pathlib import Path

import click

from beesender_support.files.cells import (
    addresses_of,
    date_of,
    holiday_of,
    lengths_of,
    optional,
    read_status,
    read_tier,
    several,
    text_of,
    working_day_of,
    zone_name_of,
)
from beesender_support.files.customers import PlansByCustomer
from beesender_support.files.faults import Faults, Place
from beesender_support.files.tables import read_rows
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import (
    Plan,
    Seat,
    check_overlap,
    normalize_contact,
)
from beesender_support.policy.sold.targets import (
    FURTHER_TARGETS,
    HOURS_OF_TARGET,
    Lengths,
)
from beesender_support.policy.sold.tiers import Tier

_COLUMNS_OF_TARGETS = [HOURS_OF_TARGET[target] for target in FURTHER_TARGETS]
READERS = {
    "customer": text_of("customer"),
    "tier": read_tier,
    "time_zone": zone_name_of("time_zone"),
    "starts_on": date_of("starts_on"),
    "ends_on": optional(date_of("ends_on")),
    "authorized_contacts": addresses_of("authorized_contacts"),
    "holidays": several(holiday_of("holidays")),
    "status": optional(read_status),
    "working_days": several(working_day_of("working_days")),
    **{column: lengths_of(column) for column in _COLUMNS_OF_TARGETS},
}
MAY_LACK = ("status", "working_days", *_COLUMNS_OF_TARGETS)


def read_plans(path: Path, encoding: str, faults: Faults) -> PlansByCustomer:
    """All plans of each customer; faults of the file are reported."""
    plans = PlansByCustomer()
    name = click.format_filename(path)
    try:
        with open(path, "rb") as file:
            rows = read_rows(file, name, encoding, READERS, faults, MAY_LACK)
            for place, values in rows.values:
                plan = faults.attempt(partial(_plan, place, *values), place)
                if plan and faults.attempt(
                    partial(_first_of_its_days, plan, plans), place
                ):
                    _warn_of_too_many_contacts(plan, place, faults)
                    plans.add(plan)
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)
    return plans


def _plan(
    place: Place,
    customer: str,
    tier: Tier,
    zone: str,
    starts_on: date,
    ends_on: date | None,
    contacts: Iterable[str],
    holidays: Iterable[Holiday],
    status: str | None = None,
    working_days: Iterable[WorkingDay] = (),
    *further_targets: Lengths,
) -> Plan:
    """``further_targets`` are sold under this plan alone, in their order."""
    typed = zip(FURTHER_TARGETS, further_targets, strict=False)
    if sold := {target: lengths for target, lengths in typed if lengths}:
        tier = tier.promising(sold)
    return Plan(
        name=f"The plan in row {place.row}",
        customer=customer,
        tier=tier,
        time_zone=zone,
        starts_on=starts_on,
        ends_on=ends_on,
        status=status or ACTIVE,
        seats=_seats(contacts),
        holidays=tuple(holidays),
        working_days=tuple(working_days),
    )


def _first_of_its_days(plan: Plan, plans: PlansByCustomer) -> bool:
    """True; raises PlanOverlap if another plan of its customer is in force on one of
    them."""
    check_overlap(plan, plans.of(plan.customer))
    return True


def _warn_of_too_many_contacts(plan: Plan, place: Place, faults: Faults) -> None:
    named, included = len(plan.seats), plan.tier.authorized_contact_limit
    if named > included:
        faults.warn(
            f"{named} contacts, {plan.tier.name} includes {included}.",
            place,
            kind="authorized_contacts",
        )


def _seats(contacts: Iterable[str]) -> tuple[Seat, ...]:
    """One seat for each contact, however often and in what case it is written."""
    named = {normalize_contact(contact): contact for contact in contacts}
    return tuple(map(Seat, named.values()))
