"""The table of open tickets before and after re-rating, to choose from."""

from datetime import datetime
from typing import TypedDict

from frappe.model.document import Document

from beesender_support.enforcement.rerating.rerating import (
    Rerated,
    basis_of,
    decide,
    plans_of,
    readable,
    waiting_tickets,
)
from beesender_support.policy.response.terms import Terms
from beesender_support.records.site_time import to_site_time
from beesender_support.records.tickets import promise
from beesender_support.wording import rerating_words

# So many are shown at a time, those due soonest first; the next when these are done.
MOST_SHOWN = 1_000


class Due(TypedDict):
    """An instant as naive time of the ``site``, and ``local`` in the plan's zone."""

    site: datetime
    local: datetime
    time_zone: str


class Row(TypedDict):
    """A ticket before and after; ``changes`` are short phrases."""

    ticket: str
    subject: str
    customer: str | None
    plan: str
    priority: str | None
    before: Due | None
    after: Due | None
    changes: list[str]
    is_breached_at_once: bool
    is_rescued: bool
    is_overdue: bool


class Preview(TypedDict):
    """``basis`` names what it was made from; ``waiting`` are all open tickets, ``differ``
    those that would change, of which ``tickets`` are the first."""

    basis: str
    waiting: int
    differ: int
    tickets: list[Row]


def preview(scope: Document) -> Preview:
    """Open tickets of a plan, or of all plans with a tier, before and after."""
    plans = plans_of(scope)
    waiting = readable(waiting_tickets(list(plans)))
    rerated = list(decide(waiting, plans))
    return {
        "basis": basis_of(plans),
        "waiting": len(waiting),
        "differ": len(rerated),
        "tickets": [_row(each) for each in rerated[:MOST_SHOWN]],
    }


def _row(rerated: Rerated) -> Row:
    ticket, plan, rerating = rerated
    terms = promise.terms_of(ticket)
    return {
        "ticket": str(ticket.name),
        "subject": ticket.subject,
        "customer": ticket.customer,
        "plan": plan.name,
        "priority": ticket.beesender_priority,
        "before": _due(rerating.before.due, terms),
        "after": _due(rerating.after.due, rerating.terms),
        "changes": rerating_words.changes(rerating),
        "is_breached_at_once": rerating.is_breached_at_once,
        "is_rescued": rerating.is_rescued,
        "is_overdue": rerating.before.state == rerating.after.state == "breached",
    }


def _due(due: datetime | None, terms: Terms | None) -> Due | None:
    if due is None or terms is None:
        return None
    return {
        "site": to_site_time(due),
        "local": due.astimezone(terms.calendar.zone).replace(tzinfo=None),
        "time_zone": terms.time_zone,
    }
