"""Which requests a report is about, as its filters say: for a statement, and for the list
of tickets that a figure opens.

Figures count only what the reader may read. Days, months and hours are in the site's zone.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import frappe
from frappe import _
from frappe.desk.reportview import build_match_conditions
from frappe.utils import (
    add_days,
    escape_html,
    formatdate,
    get_last_day,
    get_system_timezone,
    getdate,
)

from beesender_support.screens.workspace.fees import day_of, period_between

# The filters of a report, by name.
Filters = dict[str, Any]
# Filters of a list of tickets, by field: an operator and a value.
Listed = dict[str, list[Any]]

TICKET = "HD Ticket"
# When the clock of a promise started; when a request was registered.
START, REGISTERED = "service_level_agreement_creation", "creation"
MONTH, AGENT = "month", "agent"
# What requests are told apart by, and the column of a ticket.
COLUMNS = {
    "tier": "beesender_tier",
    "priority": "beesender_priority",
    "category": "ticket_type",
    "team": "agent_group",
    "customer": "customer",
    "channel": "beesender_channel",
    "verdict": "beesender_admission",
    "reason": "beesender_admission_reason",
}
# Helpdesk keeps whom a ticket is assigned to as a list; the first one answers for it.
FIRST_ASSIGNED = "json_value(`tabHD Ticket`.`_assign`, '$[0]')"
# What a filter chooses among; of others any word may be left of what is gone.
RECORDS = {
    "tier": "Beesender Tier",
    "priority": "Beesender Priority",
    "category": "HD Ticket Type",
    "team": "HD Team",
    "customer": "HD Customer",
    AGENT: "User",
}


def refuse(sentence: str, *values: object) -> None:
    """Shown by Desk as HTML, and a filter may come with a link: values are escaped."""
    frappe.throw(sentence.format(*(escape_html(str(each)) for each in values)))


@dataclass(frozen=True, slots=True)
class Asked:
    """Both days inclusive; ``chosen`` are the other filters that are set, by name."""

    from_date: date
    to_date: date
    chosen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, filters: Filters | None, otherwise_from: date, names: tuple[str, ...]
    ) -> "Asked":
        """The filters ``names`` as chosen, and the period; otherwise from
        ``otherwise_from`` to today. Raises a sentence for what nobody can mean."""
        given = filters or {}
        first, last = period_between(
            day_of(given.get("from_date") or otherwise_from),
            day_of(given.get("to_date") or getdate()),
        )
        chosen = {each: value for each in names if (value := one_value(given, each))}
        for name, value in chosen.items():
            _check(name, value)
        return cls(first, last, chosen)

    def conditions(self, moment: str) -> tuple[str, dict[str, Any]]:
        """For tickets whose ``moment``, a column in site time, is in the period, as far as
        the session's user may read them."""
        conditions = [f"{moment} >= %(start)s", f"{moment} < %(end)s"]
        values = {"start": self.from_date, "end": add_days(self.to_date, 1)}
        for name, value in self.chosen.items():
            column = FIRST_ASSIGNED if name == AGENT else COLUMNS[name]
            conditions.append(f"{column} = %({name})s")
            values[name] = value
        if readable := build_match_conditions(TICKET):
            # It is filled in like the rest, and may name an agent with a percent sign.
            conditions.append(f"({readable.replace('%', '%%')})")
        return " and ".join(conditions), values

    def listed(self, moment: str) -> Listed:
        """The same, as filters of a list."""
        found: Listed = {moment: ["between", [str(self.from_date), str(self.to_date)]]}
        for name, value in self.chosen.items():
            found.update(self.listed_in(name, value, moment))
        return found

    def listed_in(self, group: str, value: object, moment: str) -> Listed:
        """The filters of a list for one ``value`` of what requests are grouped by."""
        if group == MONTH:
            month = getdate(str(value))
            first = max(month, self.from_date)
            last = min(getdate(get_last_day(month)), self.to_date)
            return {moment: ["between", [str(first), str(last)]]}
        column = "_assign" if group == AGENT else COLUMNS[group]
        if not value:
            return {column: ["is", "not set"]}
        if group == AGENT:
            return {column: ["like", f"[{frappe.as_json(str(value), indent=None)}%"]}
        return {column: ["=", value]}

    def in_words(self) -> str:
        return _("From {0} to {1}, in the site's time zone ({2}).").format(
            formatdate(self.from_date),
            formatdate(self.to_date),
            get_system_timezone(),
        )


def one_value(filters: Filters, name: str) -> str:
    """What a filter has chosen; empty where it has nothing. Raises a sentence for what a
    field of a form cannot hold."""
    value = filters.get(name) or ""
    if not isinstance(value, str):
        refuse(_("Choose one value for the filter {0}."), name)
    return str(value)


def _check(name: str, value: str) -> None:
    doctype = RECORDS.get(name)
    if doctype and not frappe.db.exists(doctype, value):
        refuse(_("{0} is not there any more, or never was. Choose another one."), value)


def column_of(group: str, moment: str) -> str:
    """The expression by which a statement groups requests."""
    if group == MONTH:
        return f"date_format({moment}, '%%Y-%%m-01')"
    return FIRST_ASSIGNED if group == AGENT else f"nullif({COLUMNS[group]}, '')"


def choice_of(filters: Filters | None, name: str, among: tuple[str, ...]) -> str:
    """The value of a filter that has a few; the first of them where it is empty."""
    value = (filters or {}).get(name) or among[0]
    if value not in among:
        refuse(_("{0} is not among the choices of this report."), value)
    return str(value)
