"""The promises of the tickets on a page of a list, for their colours and countdowns.

Helpdesk's list draws plain text where a column is not one of its own, so a page asks
once for all its tickets what their words mean and how they go on.
"""

from typing import TypedDict

import frappe
from frappe import _
from helpdesk.utils import is_agent

from beesender_support.records.site_time import now
from beesender_support.screens.ticket import countdown, ticket_list
from beesender_support.screens.ticket.countdown import Countdown, Words
from beesender_support.screens.ticket.promise_in_words import ShownInList

# A longer page asks for the rest in further requests.
MAX_TICKETS = 500


class Standing(TypedDict):
    """How a promise stands: the code of its ``state``, the words in the list, and how
    it goes on."""

    state: str
    label: str
    countdown: Countdown


class Promises(TypedDict):
    """Of one ticket, in the order of the columns of a list."""

    shown: list[Standing]
    is_held: bool


class Page(TypedDict):
    """``tickets`` by their numbers; ``now`` is the instant of it all, ``words`` what
    those of a countdown are made of, ``decide_held`` what a button does,
    ``held`` its label."""

    now: str
    decide_held: str
    held: str
    language: str
    words: Words
    tickets: dict[str, Promises]


def promises_on_page(names: list[str]) -> Page:
    """Of the tickets that the reader may read; others are left out."""
    if len(names) > MAX_TICKETS:
        frappe.throw(_("At most {0} tickets at a time.").format(MAX_TICKETS))
    readable = frappe.get_list(
        "HD Ticket", {"name": ("in", names)}, pluck="name", page_length=MAX_TICKETS
    )
    tickets = ticket_list.tickets_of(readable)
    may_decide = is_agent()
    return {
        "now": now().isoformat(),
        "decide_held": _("Decide held requests"),
        "held": _("Held: {0}"),
        "language": frappe.local.lang,
        "words": countdown.words(),
        "tickets": {
            str(name): _promises_of(ticket, may_decide)
            for name, ticket in tickets.items()
        },
    }


def _promises_of(ticket: frappe._dict, may_decide: bool) -> Promises:
    labels = ticket_list.shown_of(ticket)
    return {
        "shown": [
            _standing(each) for each in (labels.soonest, labels.solution) if each.label
        ],
        "is_held": may_decide and ticket.beesender_admission == "Held",
    }


def _standing(shown: ShownInList) -> Standing:
    return {"state": shown.state, "label": shown.label, "countdown": shown.countdown}
