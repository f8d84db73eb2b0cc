"""How a promise goes on until somebody answers, for a browser to say by itself.

The server gives the instants, its own time, and the words as it would say them; a page
then needs no request to count down. What has been answered, is paused or closed says
the same as long as nothing happens.
"""

from typing import TypedDict

from frappe import _
from frappe.model.document import Document

from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.response_state import AT_RISK, BREACHED, DUE
from beesender_support.records.site_time import iso_text, now

COUNTED = (DUE, AT_RISK, BREACHED)


class Countdown(TypedDict):
    """``counts_to`` is the instant to count down to, and up from; None where nothing is
    counted. From ``at_risk_from`` on the promise is at risk; None where that is never
    said. ``overdue`` are the words after the deadline, ``frame`` what stands around all
    words, each with a place for the rest."""

    counts_to: str | None
    at_risk_from: str | None
    overdue: str
    frame: str


class Words(TypedDict):
    """What the words of a countdown are made of, each with places for its numbers."""

    due: str
    due_at_once: str
    days_and_hours: str
    days: str
    hours_and_minutes: str
    hours: str
    minutes: str
    at_once: str


NOT_COUNTED = Countdown(counts_to=None, at_risk_from=None, overdue="{0}", frame="{0}")


def countdown_of(promised: Promised, doc: Document) -> Countdown:
    """How a promise with a deadline goes on."""
    response = promised.response
    is_settled = bool(promised.run and promised.run.stopped_at)
    if response.state not in COUNTED or is_settled or doc.status_category == OVER:
        return {**NOT_COUNTED}
    counts_to = response.due
    if response.state == BREACHED and response.overdue is not None:
        # A pause after the deadline is not overdue.
        counts_to = now() - response.overdue
    return {
        "counts_to": iso_text(counts_to),
        "at_risk_from": iso_text(response.at_risk_from),
        "overdue": _("Overdue by {0}"),
        "frame": "{0}",
    }


def words() -> Words:
    """In the language of the session."""
    return {
        "due": _("Due in {0}"),
        "due_at_once": _("Due in less than a minute"),
        "days_and_hours": _("{0} d {1} h"),
        "days": _("{0} d"),
        "hours_and_minutes": _("{0} h {1} min"),
        "hours": _("{0} h"),
        "minutes": _("{0} min"),
        "at_once": _("less than a minute"),
    }
