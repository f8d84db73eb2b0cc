"""What re-rating changes of a ticket, in the reader's language."""

from datetime import datetime

from frappe import _, _lt
from frappe.utils import format_datetime

from beesender_support.policy.response.rerating import (
    HOLIDAYS,
    NEXT_ANSWER_TIME,
    OTHER_NEXT_ANSWER_TIMES,
    OTHER_RESPONSE_TIMES,
    OTHER_SOLUTION_TIMES,
    RESPONSE_TIME,
    SOLUTION_TIME,
    SUPPORT_HOURS,
    TIER,
    TIME_ZONE,
    WORKING_DAYS,
    Change,
    RatedTarget,
    Rerating,
)
from beesender_support.policy.response.response_state import PAUSED
from beesender_support.policy.sentences import SupportTime
from beesender_support.policy.sold.targets import NEXT_ANSWER, SOLUTION
from beesender_support.wording.renderer import fill, tier_title

TIMES = {
    RESPONSE_TIME: _lt("Response time: {0} instead of {1}"),
    NEXT_ANSWER_TIME: _lt("Next answer: {0} instead of {1}"),
    SOLUTION_TIME: _lt("Solution: {0} instead of {1}"),
}
NOW_DUE = {
    NEXT_ANSWER: _lt("a next answer is now due {0} ({1})"),
    SOLUTION: _lt("a solution is now due {0} ({1})"),
}
NOW_PAUSED = {SOLUTION: _lt("a solution is paused: {0} is left")}


def changes(rerating: Rerating) -> list[str]:
    """A short phrase for each term that changes."""
    return [_phrase(change) for change in rerating.changes]


def activity(rerating: Rerating, why: str) -> str:
    """How a ticket's history says it, after the name of who did it."""
    first, further = rerating.after.due, _further_due(rerating)
    if further or rerating.is_answered:
        said = _first_due(rerating) + further
        return _("re-rated the ticket: {0}. Why: {1}").format(
            "; ".join(said) or _("nothing is due"), why
        )
    if first is None:
        return _("re-rated the ticket: no response time is promised. Why: {0}").format(
            why
        )
    return _("re-rated the ticket: a response is now due {0} ({1}). Why: {2}").format(
        *_there(rerating, first), why
    )


def _first_due(rerating: Rerating) -> list[str]:
    due = rerating.after.due
    if due is None or rerating.is_answered:
        return []
    return [_("a first answer is now due {0} ({1})").format(*_there(rerating, due))]


def _further_due(rerating: Rerating) -> list[str]:
    said = (_due_of(rerating, each) for each in rerating.targets)
    return [each for each in said if each]


def _due_of(rerating: Rerating, rated: RatedTarget) -> str | None:
    """Of a target besides the first answer; None where nothing is due."""
    due, target = rated.promised_after.due, rated.target
    if target in NOW_PAUSED and rated.after.state == PAUSED:
        return fill(str(NOW_PAUSED[target]), SupportTime.of(rated.after.left))
    if target in NOW_DUE and due:
        return str(NOW_DUE[target]).format(*_there(rerating, due))
    return None


def _there(rerating: Rerating, due: datetime) -> tuple[str, str]:
    """An instant in the plan's zone, and the zone."""
    terms = rerating.terms
    local = due.astimezone(terms.calendar.zone).replace(tzinfo=None)
    return format_datetime(local), terms.time_zone


def _phrase(change: Change) -> str:
    before, after = change.before, change.after
    if change.what == TIER:
        return _("Tier: {0} instead of {1}").format(
            tier_title(str(after)), tier_title(str(before))
        )
    if change.what == TIME_ZONE:
        return _("Time zone: {0} instead of {1}").format(after, before)
    if change.what in TIMES:
        return fill(str(TIMES[change.what]), _target(after), _target(before))
    return {
        OTHER_RESPONSE_TIMES: _("Response times of other priorities"),
        OTHER_NEXT_ANSWER_TIMES: _("Times of next answers of other priorities"),
        OTHER_SOLUTION_TIMES: _("Times of solutions of other priorities"),
        SUPPORT_HOURS: _("Support hours"),
        HOLIDAYS: _("Holidays"),
        WORKING_DAYS: _("Working days"),
    }.get(change.what, _("Rules of time zones"))


def _target(target: object) -> object:
    return _("none promised") if target is None else target
