"""The plans of ``triage``: a table with a row for each plan sold."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from beesender_support.files.cells import (
    addresses_of,
    channels_of,
    date_of,
    holiday_of,
    lengths_of,
    number_of,
    optional,
    read_status,
    read_tier,
    several,
    text_of,
    windows_of,
    working_day_of,
    zone_name_of,
)
from beesender_support.files.channels import SHIPPED_CHANNELS
from beesender_support.files.customers import PlansByCustomer
from beesender_support.files.faults import Faults, Place
from beesender_support.files.tables import Readers, read_rows
from beesender_support.policy.plans.limits import MAX_SEATS, check_reach
from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import (
    Plan,
    Seat,
    check_overlap,
    normalize_contact,
)
from beesender_support.policy.sold.channels import Known, taken
from beesender_support.policy.sold.exceptions import Exceptions
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    HOURS_OF_TARGET,
    NO_LENGTHS,
)
from beesender_support.policy.sold.tiers import Tier

_COLUMNS_OF_TARGETS = [HOURS_OF_TARGET[target] for target in FURTHER_TARGETS]
# What was agreed for one plan alone; where a cell is empty, the tier counts.
FIRST_ANSWER_HOURS = "first_answer_hours"
_COLUMNS_OF_EXCEPTIONS = (
    FIRST_ANSWER_HOURS,
    "support_windows",
    "authorized_contact_limit",
    "registration_channels",
)


def readers_of_plans(known: Known = SHIPPED_CHANNELS) -> Readers:
    """What each column may contain; ``known`` are the channels there are."""
    return {
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
        FIRST_ANSWER_HOURS: lengths_of(FIRST_ANSWER_HOURS),
        "support_windows": windows_of("support_windows"),
        "authorized_contact_limit": optional(
            number_of("authorized_contact_limit", MAX_SEATS)
        ),
        "registration_channels": channels_of("registration_channels", known),
    }


READERS = readers_of_plans()
MAY_LACK = ("status", "working_days", *_COLUMNS_OF_TARGETS, *_COLUMNS_OF_EXCEPTIONS)


def read_plans(
    path: Path, encoding: str, faults: Faults, known: Known = SHIPPED_CHANNELS
) -> PlansByCustomer:
    """All plans of each customer; faults of the file are reported. ``known`` are the
    channels there are: a plan takes requests by those that take any now."""
    plans = PlansByCustomer()
    for place, plan in each_plan(path, encoding, faults, known):
        if faults.attempt(partial(_first_of_its_days, plan, plans), place):
            _warn_of_too_many_contacts(plan, place, faults)
            plans.add(plan)
    return plans


def each_plan(
    path: Path, encoding: str, faults: Faults, known: Known = SHIPPED_CHANNELS
) -> Iterator[tuple[Place, Plan]]:
    """The plans as they stand in the file, whatever there is between them; faults of a
    row or of the file are reported."""
    name = click.format_filename(path)
    readers = readers_of_plans(known)
    try:
        with open(path, "rb") as file:
            rows = read_rows(file, name, encoding, readers, faults, MAY_LACK)
            for place, values in rows.values:
                cells = dict(zip(readers, values, strict=False))
                if plan := faults.attempt(partial(_plan, place, known, cells), place):
                    yield place, plan
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)


def _plan(place: Place, known: Known, cells: Mapping[str, Any]) -> Plan:
    """``cells`` are values by column; those of ``MAY_LACK`` may not be there."""
    exceptions = _exceptions(cells)
    tier = exceptions.applied_to(_tier(cells, known))
    if exceptions:
        check_reach(tier)
    return Plan(
        name=f"The plan in row {place.row}",
        customer=cells["customer"],
        tier=tier,
        time_zone=cells["time_zone"],
        starts_on=cells["starts_on"],
        ends_on=cells["ends_on"],
        status=cells.get("status") or ACTIVE,
        seats=_seats(cells["authorized_contacts"]),
        holidays=cells["holidays"],
        working_days=cells.get("working_days", ()),
        exceptions=exceptions,
    )


def _exceptions(cells: Mapping[str, Any]) -> Exceptions:
    """What was agreed otherwise than the tier says, of what the command decides by."""
    return Exceptions(
        targets={FIRST_ANSWER: cells.get(FIRST_ANSWER_HOURS) or NO_LENGTHS},
        windows=cells.get("support_windows") or None,
        authorized_contact_limit=cells.get("authorized_contact_limit"),
    )


def _tier(cells: Mapping[str, Any], known: Known) -> Tier:
    """The tier as it is sold: with the further targets of this plan, and the channels
    by which requests are taken."""
    tier: Tier = cells["tier"]
    further = {
        target: lengths
        for target, column in zip(FURTHER_TARGETS, _COLUMNS_OF_TARGETS, strict=True)
        if (lengths := cells.get(column))
    }
    if further:
        tier = tier.promising(further)
    channels = taken(
        cells.get("registration_channels") or tier.registration_channels, known
    )
    if channels != tier.registration_channels:
        tier = replace(tier, registration_channels=channels)
    return tier


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
