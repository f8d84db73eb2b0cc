"""The page "Requests of the company": what its manager sees of all its people's requests.

Only who manages the customer in Helpdesk sees it, and of no other customer anything. All
others have Helpdesk's own list, which shows what Helpdesk lets them see.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from html import unescape
from typing import Literal, TypedDict
from urllib.parse import urlencode

import frappe
from frappe import _

from beesender_support.files.formulas import harmless
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.requests.company_list import (
    Wanted,
    pages_of,
    wanted_of,
)
from beesender_support.records.people.session_contact import managed_by
from beesender_support.records.site_time import now, to_instant
from beesender_support.records.sold import catalogue
from beesender_support.records.tickets import company_requests
from beesender_support.records.tickets.promise import RESPONSE_STATE
from beesender_support.screens.ticket import ticket_list
from beesender_support.wording.renderer import channel_name, reader
from beesender_support.wording.service_report_words import name_of_month

ROUTE = "/support-plan/requests"
DOWNLOAD = "/api/method/beesender_support.api.portal.company_requests"
# More rows than a reader looks through; the page says so.
MOST_ROWS_OF_A_FILE = 5_000
# Months to choose from, the present one first.
MOST_MONTHS = 120


class Option(TypedDict):
    value: str
    label: str
    is_chosen: bool


class Choice(TypedDict):
    """One of the filters: ``name`` is that of the parameter."""

    name: str
    label: str
    options: list[Option]


class RequestShown(TypedDict):
    number: str
    address: str
    subject: str
    person: str
    promise: str
    state: str
    priority: str
    category: str
    channel: str
    registered: str
    status: str


class CustomerLink(TypedDict):
    label: str
    address: str
    is_shown: bool


class _Page(TypedDict):
    now: str
    is_agent: bool
    manages: bool


class NotTheirs(_Page):
    state: Literal["not_yours"]


class CompanyRequests(_Page):
    """``found``, ``range_shown`` and ``left_out``, which says that the file does not hold
    all, are sentences; addresses are None where there is no
    such page."""

    state: Literal["requests"]
    customer: str
    customers: list[CustomerLink]
    choices: list[Choice]
    text: str
    requests: list[RequestShown]
    found: str
    range_shown: str
    previous: str | None
    next: str | None
    all_requests: str | None
    download: str
    left_out: str | None
    time_zone: str


def page_for(user: str, asked: Mapping[str, object]) -> CompanyRequests | NotTheirs:
    """The page as ``user`` sees it; ``asked`` are the parameters of its address."""
    at = now()
    managed = managed_by(user)
    customer = _customer(managed, asked)
    if customer is None:
        return {
            "state": "not_yours",
            "now": at.isoformat(),
            "is_agent": False,
            "manages": bool(managed),
        }
    wanted = wanted_of(asked)
    number = company_requests.number_of(customer, wanted)
    rows = company_requests.rows_of(customer, wanted)
    used = company_requests.used_by(customer)
    people = _names_of({*used.contacts, *(row.contact for row in rows if row.contact)})
    return {
        "state": "requests",
        "now": at.isoformat(),
        "is_agent": False,
        "manages": True,
        "customer": customer,
        "customers": _links(managed, customer),
        "choices": _choices(wanted, used, people, at),
        "text": wanted.text or "",
        "requests": [_shown(row, people) for row in rows],
        "found": _("Requests found: {0}").format(number),
        "range_shown": _range(wanted, len(rows), number),
        "previous": _turned(customer, asked, wanted.page - 1, number),
        "next": _turned(customer, asked, wanted.page + 1, number),
        "all_requests": _address(customer) if wanted.is_narrowed() else None,
        "download": f"{DOWNLOAD}?{urlencode({**_kept(asked), 'customer': customer})}",
        "left_out": _left_out(number),
        "time_zone": frappe.utils.get_system_timezone(),
    }


def as_csv(user: str, asked: Mapping[str, object]) -> str:
    """The same requests as a file, without pages; PermissionError for anybody else."""
    customer = _customer(managed_by(user), asked)
    if customer is None:
        raise frappe.PermissionError
    wanted = wanted_of({**asked, "page": "1"})
    rows = company_requests.rows_of(customer, wanted, MOST_ROWS_OF_A_FILE)
    people = _names_of({row.contact for row in rows if row.contact})
    shown = [_shown(row, people) for row in rows]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    columns = _columns()
    writer.writerow(map(harmless, columns.values()))
    for each in shown:
        values: Mapping[str, object] = each
        writer.writerow(harmless(str(values[name])) for name in columns)
    return file.getvalue()


def _customer(managed: Sequence[str], asked: Mapping[str, object]) -> str | None:
    """The one that is asked for, if it is theirs; without a name their first."""
    if named := asked.get("customer"):
        return next((each for each in managed if each == named), None)
    return managed[0] if managed else None


# What is shown of a request


def _shown(row: frappe._dict, people: Mapping[str, str]) -> RequestShown:
    promise = ticket_list.shown_of(row).soonest
    return {
        "number": str(row.name),
        "address": f"/helpdesk/my-tickets/{row.name}",
        "subject": unescape(row.subject or ""),
        "person": people.get(row.contact or "") or row.contact or row.raised_by or "",
        "promise": promise.label,
        "state": promise.state,
        "priority": row.beesender_priority or "",
        "category": _(row.ticket_type) if row.ticket_type else "",
        "channel": channel_name(row.beesender_channel),
        "registered": _moment(row.creation),
        "status": _(row.status) if row.status else "",
    }


def _columns() -> dict[str, str]:
    """Of the file: the names of values, and their headings."""
    return {
        "number": _("Number"),
        "subject": _("Subject"),
        "person": _("Person"),
        "status": _("Status"),
        "promise": _("Promise"),
        "priority": _("Priority"),
        "category": _("Category"),
        "channel": _("Channel"),
        "registered": _("Registered"),
    }


def _moment(site_time: datetime) -> str:
    zone = time_zone(frappe.utils.get_system_timezone())
    return reader().moment(to_instant(site_time).astimezone(zone))


def _names_of(contacts: Iterable[str]) -> dict[str, str]:
    wanted = sorted(contacts)
    if not wanted:
        return {}
    rows = frappe.get_all("Contact", {"name": ("in", wanted)}, ["name", "full_name"])
    return {row.name: row.full_name or row.name for row in rows}


# What may be chosen


def _choices(
    wanted: Wanted,
    used: company_requests.Used,
    people: Mapping[str, str],
    at: datetime,
) -> list[Choice]:
    month = wanted.month.isoformat()[:7] if wanted.month else None
    return [
        _choice(
            "person",
            _("Person"),
            wanted.person,
            sorted(
                ((each, people.get(each, each)) for each in used.contacts),
                key=lambda pair: pair[1].casefold(),
            ),
        ),
        _choice(
            "state",
            _("Promise"),
            wanted.state,
            [(each, _(each)) for each in RESPONSE_STATE.values()],
        ),
        _choice(
            "priority",
            _("Priority"),
            wanted.priority,
            [(each, each) for each in catalogue.priority_codes()],
        ),
        _choice(
            "category",
            _("Category"),
            wanted.category,
            [(each.name, _(each.name)) for each in catalogue.categories()],
        ),
        _choice(
            "channel",
            _("Channel"),
            wanted.channel,
            sorted(
                ((each, channel_name(each)) for each in used.channels),
                key=lambda pair: pair[1],
            ),
        ),
        _choice("month", _("Month"), month, _months(used.since, at)),
    ]


def _choice(
    name: str, label: str, chosen: str | None, options: Iterable[tuple[str, str]]
) -> Choice:
    return {
        "name": name,
        "label": label,
        "options": [
            {"value": value, "label": shown, "is_chosen": value == chosen}
            for value, shown in options
        ],
    }


def _months(since: datetime | None, at: datetime) -> list[tuple[str, str]]:
    """From the first request until now, the latest first."""
    if since is None:
        return []
    zone = time_zone(frappe.utils.get_system_timezone())
    today = at.astimezone(zone).date()
    first, last = (each.year * 12 + each.month - 1 for each in (since, today))
    numbers = range(last, max(first, last - MOST_MONTHS) - 1, -1)
    days = [date(number // 12, number % 12 + 1, 1) for number in numbers]
    return [(day.isoformat()[:7], name_of_month(day)) for day in days]


# Addresses


def _links(managed: Sequence[str], shown: str) -> list[CustomerLink]:
    if len(managed) < 2:
        return []
    return [
        {"label": each, "address": _address(each), "is_shown": each == shown}
        for each in managed
    ]


def _address(customer: str) -> str:
    return f"{ROUTE}?{urlencode({'customer': customer})}"


def _turned(
    customer: str, asked: Mapping[str, object], page: int, number: int
) -> str | None:
    """The address of another page, if there is one."""
    if not 1 <= page <= pages_of(number):
        return None
    kept = {**_kept(asked), "customer": customer, "page": page}
    return f"{ROUTE}?{urlencode(kept)}"


def _kept(asked: Mapping[str, object]) -> dict[str, str]:
    names = ("person", "state", "priority", "category", "channel", "month", "text")
    return {
        name: value
        for name in names
        if isinstance(value := asked.get(name), str) and value
    }


def _left_out(number: int) -> str | None:
    """What the file does not hold, where that is anything."""
    if number <= MOST_ROWS_OF_A_FILE:
        return None
    return _(
        "The file holds the {0} latest of them. Choose a month or a person to get the"
        " others."
    ).format(MOST_ROWS_OF_A_FILE)


def _range(wanted: Wanted, shown: int, number: int) -> str:
    if not shown:
        return ""
    first = wanted.first_row + 1
    return _("{0}–{1} of {2}").format(first, wanted.first_row + shown, number)
