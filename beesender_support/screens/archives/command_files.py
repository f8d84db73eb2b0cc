"""What the command reads of a site: its plans and tickets, as it would decide them.

Seats are those of today, and holidays those of a plan and its calendars; channels and
what was agreed for a plan alone are said, too. What the command cannot decide alike is
said in a file of its own: it knows the tiers as shipped.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile

import frappe
from frappe import _

from beesender_support.files.written import (
    COLUMNS_OF_CHANNELS,
    COLUMNS_OF_PLANS,
    COLUMNS_OF_TICKETS,
    channel_cells,
    plan_cells,
    ticket_cells,
    write_rows,
)
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.triage import Request
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import AGENT
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, plan_values
from beesender_support.records.tables import with_rows
from beesender_support.records.tickets import promise

PLAN, TICKET = "Beesender Support Plan", "HD Ticket"
SHIPPED_TIERS = {each.name: each for each in CATALOGUE.tiers}
NOTES = ("file", "record", "note")
_LOT = 1_000
_FIELDS = (
    *promise.FACTS,
    "customer",
    "contact",
    "raised_by",
    "beesender_channel",
)


class Note(NamedTuple):
    """What the command does not know of a record."""

    file: str
    record: str
    note: str

    def cells(self) -> dict[str, str]:
        return dict(zip(NOTES, self, strict=True))


def archive() -> bytes:
    """``plans.csv``, ``channels.csv``, ``tickets.csv`` and ``notes.csv`` of what the user
    may read."""
    at = now()
    notes: list[Note] = []
    plans = list(_plans(notes))
    addresses = _addresses_of({seat.contact for plan in plans for seat in plan.seats})
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as files:
        files.writestr(
            "plans.csv", _text(COLUMNS_OF_PLANS, _rows_of_plans(plans, addresses, at))
        )
        channels = map(channel_cells, catalogue.channels().values())
        files.writestr("channels.csv", _text(COLUMNS_OF_CHANNELS, channels))
        customers = {plan.customer for plan in plans}
        tickets = _tickets(customers, notes)
        files.writestr("tickets.csv", _text(COLUMNS_OF_TICKETS, tickets))
        files.writestr("notes.csv", _text(NOTES, (each.cells() for each in notes)))
    return content.getvalue()


def _text(columns: Iterable[str], rows: Iterable[dict[str, str]]) -> str:
    text = io.StringIO()
    write_rows(text, tuple(columns), rows)
    return text.getvalue()


def _plans(notes: list[Note]) -> Iterator[Plan]:
    names = frappe.get_list(PLAN, pluck="name", limit_page_length=0)
    for doc in with_rows(PLAN, {"name": ("in", names)}) if names else ():
        try:
            plan = plan_values.plan_of(doc)
        except PolicyError as error:
            notes.append(Note("plans.csv", doc.name, str(error)))
            continue
        known = SHIPPED_TIERS.get(plan.tier.name)
        if known is None:
            why = _("left out: the command does not know the tier {0}")
            notes.append(Note("plans.csv", doc.name, why.format(plan.tier.name)))
            continue
        if not _promises_alike(plan, known):
            why = _("the command counts by the tier {0} as it is shipped")
            notes.append(Note("plans.csv", doc.name, why.format(known.name)))
        yield plan


def _promises_alike(plan: Plan, shipped: Tier) -> bool:
    """Whether the tier as shipped, with what was agreed for the plan, promises the same;
    further targets and channels have columns of their own."""
    try:
        known = plan.exceptions.applied_to(shipped)
    except PolicyError:
        return False
    alike = ("windows", "response_targets")
    return all(getattr(plan.tier, each) == getattr(known, each) for each in alike)


def _rows_of_plans(
    plans: Iterable[Plan], addresses: dict[str, str], at: datetime
) -> Iterator[dict[str, str]]:
    for plan in plans:
        seats = plan.active_seats(plan.today(at))
        contacts = (addresses.get(seat.contact) for seat in seats)
        shipped = SHIPPED_TIERS[plan.tier.name]
        yield plan_cells(plan, filter(None, contacts), shipped)


def _addresses_of(contacts: Iterable[str]) -> dict[str, str]:
    """The first address of each contact."""
    names = list(contacts)
    rows = (
        frappe.get_all(
            "Contact Email",
            {"parent": ("in", names), "parenttype": "Contact"},
            ["parent", "email_id"],
            order_by="is_primary, idx desc",
        )
        if names
        else ()
    )
    return {row.parent: row.email_id for row in rows}


def _tickets(customers: set[str], notes: list[Note]) -> Iterator[dict[str, str]]:
    start = 0
    while customers:
        rows = frappe.get_list(
            TICKET,
            filters={"customer": ("in", list(customers)), **promise.COUNTED},
            fields=list(_FIELDS),
            order_by="creation, name",
            limit_start=start,
            limit_page_length=_LOT,
        )
        if not rows:
            return
        start += len(rows)
        addresses = _addresses_of({row.contact for row in rows if row.contact})
        for row in rows:
            if request := _request_of(row, addresses, notes):
                yield ticket_cells(str(row.name), request)


def _request_of(
    row: frappe._dict, addresses: dict[str, str], notes: list[Note]
) -> Request | None:
    category = catalogue.category_for(row.ticket_type)
    shipped = {each.name for each in CATALOGUE.categories}
    if category is None or category.name not in shipped:
        why = _("left out: the command does not know the category {0}")
        said = why.format(row.ticket_type or "-")
        notes.append(Note("tickets.csv", str(row.name), said))
        return None
    if row.beesender_channel not in (*catalogue.channels(), AGENT):
        why = _("left out: the command does not know the channel {0}")
        said = why.format(row.beesender_channel or "-")
        notes.append(Note("tickets.csv", str(row.name), said))
        return None
    return Request(
        row.customer,
        addresses.get(row.contact) or row.raised_by or None,
        row.beesender_channel,
        category,
        row.beesender_priority or None,
        promise.registered_at(row),
        first_responded_at=promise.answered_at(row),
        happenings=promise.happenings_of(row),
    )
