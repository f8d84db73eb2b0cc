"""Helpdesk's list of tickets, corrected where tickets are under a plan.

Helpdesk draws an empty deadline as "NaNm" or "Failed", and mistakes the site's time for
the browser's. So a page of the list with a ticket under a plan shows how each promise
stands in words: the one that is due soonest, and in a column of its own the solution,
where a ticket of the page is promised one. Other pages stay as they are.
"""

from collections.abc import Callable, Sequence, Set
from datetime import datetime
from typing import Any, NoReturn, TypedDict

import frappe
from frappe import _
from frappe.model.document import get_controller
from frappe.utils import now_datetime

from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.policy.response.clocks import WAITING
from beesender_support.policy.response.response_state import BREACHED, DUE, MET, PAUSED
from beesender_support.policy.sold.targets import HOURS_OF_TARGET, SOLUTION
from beesender_support.records.site_time import iso_text, now, to_instant
from beesender_support.records.tickets import promise
from beesender_support.screens.ticket import promise_in_words
from beesender_support.screens.ticket.countdown import NOT_COUNTED
from beesender_support.screens.ticket.promise_in_words import (
    NOT_SHOWN,
    LabelsInList,
    ShownInList,
)
from beesender_support.wording import renderer

# What Helpdesk draws by itself, and the fields whose columns show words instead.
DRAWN, IN_WORDS = "response_by", "beesender_response_state"
DRAWN_SOLUTION, SOLUTION_IN_WORDS = "resolution_by", "beesender_solution_state"
SHOWN_INSTEAD = {DRAWN: IN_WORDS, DRAWN_SOLUTION: SOLUTION_IN_WORDS}
DRAWN_BY_HELPDESK = {words: drawn for drawn, words in SHOWN_INSTEAD.items()}
# Fields that hold codes, and the names of these codes.
NAMES: dict[str, Callable[[str], str]] = {
    "beesender_admission": _,
    "beesender_admission_reason": renderer.reason_name,
    "beesender_channel": renderer.channel_name,
    "beesender_next_answer_state": _,
    "beesender_affected": _,
    "beesender_way_round": _,
}
_FACTS = (
    *promise.FACTS,
    "resolution_by",
    "contact",
    "customer",
    "raised_by",
    "beesender_admission_reason",
    "beesender_tier",
)


class _Column(TypedDict):
    key: str


class Column(_Column, total=False):
    """A column as Helpdesk's list draws it: the field by ``key``."""

    label: str
    type: str
    options: str
    width: str


# A row of a list: what Helpdesk fetched, by field.
Row = dict[str, Any]
# Values by field, or lists of field, operator and value.
Filters = dict[str, Any] | list[Any]


class Answer(TypedDict):
    """The parts used of Helpdesk's response to a list; the rest is passed on."""

    data: list[Row]
    columns: list[Column]


class QuickFilter(TypedDict):
    """The parts used of one of Helpdesk's: ``name`` is the field."""

    name: str


def columns_of(given: list[Any] | str | None) -> list[Column]:
    """The columns of a request; refuses anything else, as Helpdesk does."""
    columns = _parsed(given)
    if not isinstance(columns, list) or not all(
        isinstance(each, dict) and isinstance(each.get("key"), str) for each in columns
    ):
        _refuse(_("Columns"))
    return columns


def rows_of(given: list[Any] | str | None) -> list[str]:
    """The fields of a request."""
    rows = _parsed(given)
    if not isinstance(rows, list) or not all(isinstance(each, str) for each in rows):
        _refuse(_("Rows"))
    return rows


def filters_of(given: Filters | None) -> Filters:
    """The filters of a request."""
    if not given:
        return {}
    conditions = given.items() if isinstance(given, dict) else given
    if not all(map(_is_condition, conditions)):
        _refuse(_("Filters"))
    return given


def _is_condition(each: object) -> bool:
    if each in ("and", "or"):
        return True
    if not isinstance(each, (list, tuple)) or len(each) < 2:
        return False
    return isinstance(each[0], str) or all(map(_is_condition, each))


def _parsed(given: list[Any] | str | None) -> Any:
    try:
        return frappe.parse_json(given or "[]")
    except ValueError:
        return None


def _refuse(what: str) -> NoReturn:
    frappe.throw(
        _("{0} of a list are missing or not valid. Reload the page.").format(what)
    )


def as_helpdesk_knows(columns: list[Column]) -> list[Column]:
    """The columns of a request: Helpdesk fetches deadlines, the words come later."""
    return [
        {**column, "key": DRAWN_BY_HELPDESK.get(column["key"], column["key"])}
        for column in columns
    ]


def corrected(answer: Answer, is_portal: bool) -> Answer:
    """Put words where Helpdesk would draw a wrong deadline."""
    tickets = tickets_of([row["name"] for row in answer["data"]])
    if not any(ticket.beesender_admission for ticket in tickets.values()):
        return answer
    further: set[str] = set()
    for row in answer["data"]:
        if ticket := tickets.get(row["name"]):
            further |= _write_words(row, ticket)
    answer["columns"] = _columns(answer["columns"], is_portal, further)
    return answer


def for_clients(filters: list[QuickFilter]) -> list[QuickFilter]:
    """Quick filters without what the policy decided: clients may not read those fields."""
    return [each for each in filters if not each["name"].startswith("beesender_")]


def of_what_is_sold(filters: list[QuickFilter]) -> list[QuickFilter]:
    """Quick filters without that of solutions, where no tier promises any."""
    if frappe.db.exists(
        "Beesender Response Target",
        {"parenttype": "Beesender Tier", HOURS_OF_TARGET[SOLUTION]: (">", 0)},
    ):
        return filters
    return [each for each in filters if each["name"] != SOLUTION_IN_WORDS]


def tickets_of(names: Sequence[object]) -> dict[str, frappe._dict]:
    """In one query: a page contains only tickets that its reader may read."""
    rows = frappe.get_all("HD Ticket", {"name": ("in", names)}, list(_FACTS))
    return {row.name: row for row in rows} if names else {}


def _write_words(row: Row, ticket: frappe._dict) -> frozenset[str]:
    """Returns what the ticket is promised besides its first answer."""
    shown = shown_of(ticket)
    row[IN_WORDS], row[SOLUTION_IN_WORDS] = shown.soonest.label, shown.solution.label
    for fieldname, name_of in NAMES.items():
        if row.get(fieldname):
            row[fieldname] = name_of(row[fieldname])
    row["beesender_priority"] = ticket.beesender_priority
    row["beesender_tier"] = renderer.tier_title(ticket.beesender_tier) or None
    return shown.further


def shown_of(ticket: frappe._dict) -> LabelsInList:
    """The promises of a ticket as its row of a list shows them."""
    if ticket.beesender_admission:
        try:
            return promise_in_words.labels_in_list(ticket)
        except Exception as fault:
            if ends_the_transaction(fault):
                raise
            # One ticket that cannot be shown does not remove the others from the page.
            frappe.logger("beesender_support").exception(f"list: ticket {ticket.name}")
            return LabelsInList(ShownInList(_("Cannot be recounted")))
    return LabelsInList(
        _shown_of_helpdesk(ticket.response_by, ticket.first_responded_on),
        (
            ShownInList(_("Paused"), PAUSED)
            if ticket.status_category == WAITING
            else _shown_of_helpdesk(ticket.resolution_by, ticket.resolution_date)
        ),
    )


def _shown_of_helpdesk(due: datetime | None, settled: datetime | None) -> ShownInList:
    """How an agreement of Helpdesk's own stands."""
    if not due:
        return NOT_SHOWN
    if settled:
        is_met = settled <= due
        label = _("Fulfilled") if is_met else _("Failed")
        return ShownInList(label, MET if is_met else BREACHED)
    left = due - now_datetime()
    if left.total_seconds() < 0:
        return ShownInList(_("Failed"), BREACHED)
    label = _("Due in {0}").format(renderer.reader().length(left))
    counts_to = iso_text(to_instant(due, near=now()))
    return ShownInList(
        label,
        DUE,
        {**NOT_COUNTED, "counts_to": counts_to, "overdue": _("Failed")},
    )


def _columns(columns: list[Column], is_portal: bool, further: Set[str]) -> list[Column]:
    """``further`` is what tickets of the page are promised besides a first answer."""
    is_default = _keys(columns) == _keys(_default_columns(is_portal))
    shown = []
    for column in columns:
        key = column["key"]
        if instead := SHOWN_INSTEAD.get(key):
            column = {**column, "key": instead, "type": "Data", "width": "10rem"}
        if key in NAMES:
            # Helpdesk would look for the name where the code is stored.
            column = {**column, "type": "Data"}
        if key == DRAWN and further:
            # With the name of the promise that is due soonest.
            column |= {"label": _("Promise"), "width": "15rem"}
        if key != DRAWN_SOLUTION or SOLUTION in further:
            shown.append(column)
        if key == "status" and is_default and not is_portal:
            shown += _columns_of_plan()
    return shown


def _columns_of_plan() -> list[Column]:
    return [
        {
            "label": _("Support priority"),
            "type": "Link",
            "key": "beesender_priority",
            "options": "Beesender Priority",
            "width": "7rem",
        },
        {
            "label": _("Tier"),
            "type": "Link",
            "key": "beesender_tier",
            "options": "Beesender Tier",
            "width": "7rem",
        },
    ]


def _default_columns(is_portal: bool) -> list[Column]:
    return get_controller("HD Ticket").default_list_data(is_portal)["columns"]


def _keys(columns: list[Column]) -> list[str]:
    return [column["key"] for column in columns]
