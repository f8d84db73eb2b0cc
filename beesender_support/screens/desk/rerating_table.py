"""The table of open tickets before and after re-rating, to choose from."""

from datetime import datetime
from typing import TypedDict

from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.rerating.rerating import (
    Rerated,
    basis_of,
    decide,
    plans_of,
    readable,
    waiting_tickets,
)
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.response.rerating import RatedTarget
from beesender_support.policy.response.response_state import PAUSED
from beesender_support.policy.response.terms import Terms
from beesender_support.records.site_time import now, to_site_time
from beesender_support.records.tickets import promise
from beesender_support.wording import rerating_words
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.promise_words import state_in_few_words
from beesender_support.wording.renderer import in_words

# So many are shown at a time, those due soonest first; the next when these are done.
MOST_SHOWN = 1_000


class Due(TypedDict):
    """An instant as naive time of the ``site``, and ``local`` in the plan's zone."""

    site: datetime
    local: datetime
    time_zone: str


class _Outcome(TypedDict):
    """A promise before and after; None where nothing is promised."""

    before: Due | None
    after: Due | None
    is_breached_at_once: bool
    is_rescued: bool
    is_overdue: bool


class Target(_Outcome):
    """The code of a target, and what it is called; of a paused promise, which has no
    deadline until it continues, how it stands."""

    target: str
    name: str
    paused_before: str | None
    paused_after: str | None


class Row(_Outcome):
    """A ticket before and after: when its first answer is due, or was where it
    ``is_answered``; ``targets`` are its open promises, and what happens to any of them
    is said of the ticket. ``changes`` are short phrases."""

    ticket: str
    subject: str
    customer: str | None
    plan: str
    priority: str | None
    changes: list[str]
    is_answered: bool
    targets: list[Target]


class Preview(TypedDict):
    """``basis`` names what it was made from; ``waiting`` are all open tickets of which
    something is promised, ``answered`` those of them that wait for something else than a
    first answer; ``differ`` those that would change, of which ``tickets`` are the
    first."""

    basis: str
    waiting: int
    answered: int
    differ: int
    tickets: list[Row]


def preview(scope: Document) -> Preview:
    """Open tickets of a plan, or of all plans with a tier, before and after."""
    plans = plans_of(scope)
    waiting = readable(waiting_tickets(plans))
    rerated = list(decide(waiting, plans))
    return {
        "basis": basis_of(plans),
        "waiting": len(waiting),
        "answered": sum(promise.answered_at(each) is not None for each in waiting),
        "differ": len(rerated),
        "tickets": [_row(each) for each in rerated[:MOST_SHOWN]],
    }


def _row(rerated: Rerated) -> Row:
    ticket, plan, rerating = rerated
    both = promise.terms_of(ticket), rerating.terms
    return {
        "ticket": str(ticket.name),
        "subject": ticket.subject,
        "customer": ticket.customer,
        "plan": plan.name,
        "priority": ticket.beesender_priority,
        "before": _due(rerating.before.due, both[0]),
        "after": _due(rerating.after.due, both[1]),
        "changes": rerating_words.changes(rerating),
        "is_answered": rerating.is_answered,
        "is_breached_at_once": rerating.is_breached_at_once,
        "is_rescued": rerating.is_rescued,
        "is_overdue": any(each.is_overdue for each in rerating.targets),
        "targets": [_target(each, *both) for each in rerating.targets],
    }


def _target(rated: RatedTarget, before: Terms | None, after: Terms) -> Target:
    return {
        "target": rated.target,
        "name": _(TARGET_NAMES[rated.target]),
        "before": _due(rated.promised_before.due, before),
        "after": _due(rated.promised_after.due, after),
        "paused_before": _paused(rated.promised_before),
        "paused_after": _paused(rated.promised_after),
        "is_breached_at_once": rated.is_breached_at_once,
        "is_rescued": rated.is_rescued,
        "is_overdue": rated.is_overdue,
    }


def _paused(promised: Promised) -> str | None:
    if promised.response.state != PAUSED:
        return None
    return in_words(state_in_few_words(promised, now=now()))


def _due(due: datetime | None, terms: Terms | None) -> Due | None:
    if due is None or terms is None:
        return None
    return {
        "site": to_site_time(due),
        "local": due.astimezone(terms.calendar.zone).replace(tzinfo=None),
        "time_zone": terms.time_zone,
    }
