"""What re-rating changes of a ticket, in the reader's language."""

from frappe import _
from frappe.utils import format_datetime

from beesender_support.policy.response.rerating import (
    HOLIDAYS,
    OTHER_RESPONSE_TIMES,
    RESPONSE_TIME,
    SUPPORT_HOURS,
    TIER,
    TIME_ZONE,
    Change,
    Rerating,
)
from beesender_support.wording.renderer import fill


def changes(rerating: Rerating) -> list[str]:
    """A short phrase for each term that changes."""
    return [_phrase(change) for change in rerating.changes]


def activity(rerating: Rerating, why: str) -> str:
    """How a ticket's history says it, after the name of who did it."""
    due, terms = rerating.after.due, rerating.terms
    if due is None:
        return _("re-rated the ticket: no response time is promised. Why: {0}").format(
            why
        )
    local = due.astimezone(terms.calendar.zone).replace(tzinfo=None)
    return _("re-rated the ticket: a response is now due {0} ({1}). Why: {2}").format(
        format_datetime(local), terms.time_zone, why
    )


def _phrase(change: Change) -> str:
    before, after = change.before, change.after
    if change.what == TIER:
        return _("Tier: {0} instead of {1}").format(after, before)
    if change.what == TIME_ZONE:
        return _("Time zone: {0} instead of {1}").format(after, before)
    if change.what == RESPONSE_TIME:
        return fill(
            _("Response time: {0} instead of {1}"), _target(after), _target(before)
        )
    return {
        OTHER_RESPONSE_TIMES: _("Response times of other priorities"),
        SUPPORT_HOURS: _("Support hours"),
        HOLIDAYS: _("Holidays"),
    }.get(change.what, _("Rules of time zones"))


def _target(target: object) -> object:
    return _("none promised") if target is None else target
