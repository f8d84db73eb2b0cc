"""Plans and tickets as rows of the files that are read here, so that they go around.

What is written of a value is what its readers make that value of again.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TextIO

from beesender_support.files.channels import COLUMNS
from beesender_support.files.formulas import harmless
from beesender_support.files.plans import FIRST_ANSWER_HOURS, READERS
from beesender_support.files.tickets import readers_of_tickets
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    SHORT_WEEKDAYS,
    Window,
)
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.triage import Request
from beesender_support.policy.response.clocks import Event, Happening
from beesender_support.policy.sold.channels import SoldChannel
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    FURTHER_TARGETS,
    HOURS_OF_TARGET,
    NO_LENGTHS,
    Lengths,
)
from beesender_support.policy.sold.tiers import Tier

COLUMNS_OF_PLANS = tuple(READERS)
COLUMNS_OF_CHANNELS = tuple(COLUMNS)
COLUMNS_OF_TICKETS = tuple(readers_of_tickets(None))
_ENDS_A_PAUSE = (Event.RESUMED, Event.REOPENED, Event.RESOLVED, Event.CLOSED)
_BETWEEN = ";"
_YES_OR_NO = {True: "yes", False: "no"}


def write_rows(
    file: TextIO, columns: Sequence[str], rows: Iterable[Mapping[str, str]]
) -> None:
    """A header and the rows; text that a spreadsheet would run is made harmless."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(row[each]) for each in columns] for row in rows)


def plan_cells(
    plan: Plan, contacts: Iterable[str], shipped: Tier | None = None
) -> dict[str, str]:
    """The row of a plan; ``contacts`` are the addresses of those who have a seat,
    ``shipped`` is its tier as the readers know it, if not the same."""
    shipped = shipped or plan.tier
    further = plan.tier.further_targets
    return {
        "customer": plan.customer,
        "tier": plan.tier.name,
        "time_zone": plan.time_zone,
        "starts_on": plan.starts_on.isoformat(),
        "ends_on": plan.ends_on.isoformat() if plan.ends_on else "",
        "authorized_contacts": _BETWEEN.join(contacts),
        "holidays": _BETWEEN.join(map(str, plan.holidays)),
        "status": plan.status,
        "working_days": _BETWEEN.join(map(str, plan.working_days)),
        **{
            HOURS_OF_TARGET[each]: _hours(further.get(each, NO_LENGTHS))
            for each in FURTHER_TARGETS
        },
        **_exception_cells(plan, shipped),
    }


def _exception_cells(plan: Plan, shipped: Tier) -> dict[str, str]:
    """What was agreed for this plan alone; of channels what its tier takes now, where
    that is not what ``shipped`` takes."""
    agreed, tier = plan.exceptions, plan.tier
    limit, windows = agreed.authorized_contact_limit, agreed.windows or ()
    channels = tier.registration_channels
    return {
        FIRST_ANSWER_HOURS: _hours(agreed.targets.get(FIRST_ANSWER, NO_LENGTHS)),
        "support_windows": _week(windows),
        "authorized_contact_limit": "" if limit is None else str(limit),
        "registration_channels": (
            ""
            if channels == shipped.registration_channels
            else _BETWEEN.join(sorted(channels))
        ),
    }


def _week(windows: tuple[Window, ...]) -> str:
    if windows == AROUND_THE_CLOCK:
        return "24/7"
    return _BETWEEN.join(each.described(SHORT_WEEKDAYS) for each in windows)


def channel_cells(channel: SoldChannel) -> dict[str, str]:
    """The row of a channel."""
    return {
        "channel": channel.code,
        "takes_requests": _YES_OR_NO[channel.takes_requests],
        "enabled": _YES_OR_NO[channel.enabled],
    }


def _hours(lengths: Lengths) -> str:
    return _BETWEEN.join(
        f"{priority}={length / timedelta(hours=1):g}"
        for priority, length in lengths.items()
    )


def ticket_cells(name: str, request: Request) -> dict[str, str]:
    """The row of a ticket. Of one that was solved and opened again only the last
    solution is said, and none while it is open."""
    return {
        "ticket": name,
        "customer": request.customer or "",
        "contact": request.contact or "",
        "channel": request.channel,
        "category": request.category.name,
        "priority": request.priority or "",
        "opened_at": _stamp(request.opened_at),
        "first_responded_at": _stamp(request.first_responded_at),
        "resolved_at": _stamp(_solved(request.happenings)),
        "pauses": _BETWEEN.join(_pauses(request)),
    }


def _stamp(instant: datetime | None) -> str:
    return instant.astimezone(timezone.utc).isoformat() if instant else ""


def _solved(happenings: Iterable[Happening]) -> datetime | None:
    solved = None
    for each in happenings:
        if each.event is Event.RESOLVED:
            solved = each.at
        elif each.event in (Event.REOPENED, Event.CLOSED):
            solved = None
    return solved


def _pauses(request: Request) -> Iterator[str]:
    solved, since = _solved(request.happenings), None
    for each in request.happenings:
        if each.event is Event.PAUSED and since is None:
            since = max(each.at, request.opened_at)
        elif each.event in _ENDS_A_PAUSE and since is not None:
            yield f"{_stamp(since)}/{_stamp(max(each.at, since))}"
            since = None
    if since is not None and not (solved and since > solved):
        yield f"{_stamp(since)}/"
