"""Promises that were broken, one by one: why, whose, and how late in support time.

What was given late has its lateness stored. Where nobody has given it, and for next
answers, of which a ticket has several, it is counted from the frozen terms: of those
tickets alone.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

import frappe

from beesender_support.policy.reports.service_report import (
    CLOSED_UNKEPT,
    GIVEN_LATE,
    NOT_GIVEN,
    breach_of,
    reason_of_breach,
)
from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.response.response_state import BREACHED
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    TARGETS,
)
from beesender_support.records.site_time import to_site_time
from beesender_support.records.tickets.promise import (
    COUNTED,
    FACTS,
    FIELDS_OF_HELPDESK,
    RESPONSE_STATE,
    FieldsOfHelpdesk,
    promises_of,
)
from beesender_support.screens.reports.asked import (
    FIRST_ASSIGNED,
    START,
    TICKET,
    Asked,
    Filters,
    choice_of,
)
from beesender_support.screens.reports.compliance import COUNTED_OF_TARGET, NARROWED_BY

ALL_TARGETS = "all"
REASONS = (GIVEN_LATE, CLOSED_UNKEPT, NOT_GIVEN)
# More would fill no screen; a shorter period shows the rest.
MOST = 10_000
# Tickets whose terms are read at a time.
LOT = 500
_NO_FIELDS = FieldsOfHelpdesk(*["null"] * 3)


class BrokenPromise(NamedTuple):
    """``due`` is site time; ``late_by`` support time, None where terms can no longer be
    read. ``note`` is the reason for closing that an agent gave."""

    ticket: str
    subject: str
    customer: str
    tier: str
    priority: str
    category: str
    team: str
    agent: str
    started: datetime
    target: str
    due: datetime | None
    reason: str
    late_by: timedelta | None
    note: str


class Broken(NamedTuple):
    """``is_cut`` where there are more tickets than are shown: those of late stay."""

    asked: Asked
    promises: list[BrokenPromise]
    is_cut: bool


def found(filters: Filters | None, otherwise_from: date) -> Broken:
    """The last ones first."""
    asked = Asked.of(filters, otherwise_from, NARROWED_BY)
    target = choice_of(filters, "target", (ALL_TARGETS, *TARGETS))
    reason = choice_of(filters, "reason", ("", *REASONS))
    promises: list[BrokenPromise] = []
    is_cut = False
    for each in TARGETS if target == ALL_TARGETS else (target,):
        rows = _rows(asked, each)
        is_cut = is_cut or len(rows) > MOST
        promises += _promises(each, rows[:MOST])
    if reason:
        promises = [each for each in promises if each.reason == reason]
    promises.sort(key=lambda each: (each.started, each.ticket), reverse=True)
    return Broken(asked, promises, is_cut)


def _rows(asked: Asked, target: str) -> list[frappe._dict]:
    state, _met, earlier = COUNTED_OF_TARGET[target]
    conditions, values = asked.conditions(START)
    due, _took, late = FIELDS_OF_HELPDESK.get(target, _NO_FIELDS)
    return frappe.db.sql(
        f"""select name, subject, customer, beesender_tier, beesender_priority,
            ticket_type, agent_group, {FIRST_ASSIGNED} as agent, {START} as started,
            status_category, beesender_closing_reason, {due} as due,
            {late} as late, beesender_answered_at,
            ({state} = %(breached)s) + {earlier} as breached
        from `tabHD Ticket`
        where ({state} = %(breached)s or {earlier} > 0)
            and is_merged = %(is_merged)s
            and beesender_tier is not null and {conditions}
        order by {START} desc, name desc limit {MOST + 1}""",  # noqa: S608 - conditions hold placeholders and permissions
        {**values, **COUNTED, "breached": RESPONSE_STATE[BREACHED]},
        as_dict=True,
    )


def _promises(target: str, rows: list[frappe._dict]) -> Iterator[BrokenPromise]:
    counted = _by_terms(row.name for row in rows if row.late is None)
    for row in rows:
        if row.late is not None:
            late_by = timedelta(seconds=float(row.late))
            yield _promise(row, target, row.due, GIVEN_LATE, late_by)
            continue
        is_closed = row.status_category == OVER
        known = _broken_of(counted.get(row.name), target)
        for promised in [*known, *[None] * int(row.breached)][: int(row.breached)]:
            yield _counted(row, target, promised, is_closed)


def _by_terms(names: Iterable[str]) -> dict[str, Promises]:
    names, promises = list(names), {}
    for at in range(0, len(names), LOT):
        lot = names[at : at + LOT]
        for row in frappe.get_all(TICKET, {"name": ("in", lot)}, list(FACTS)):
            promises[row.name] = promises_of(row)
    return promises


def _broken_of(promises: Promises | None, target: str) -> list[Promised]:
    each = (*promises.earlier, *promises.each()) if promises else ()
    return [
        one for one in each if one.target == target and one.response.state == BREACHED
    ]


def _counted(
    row: frappe._dict, target: str, promised: Promised | None, is_closed: bool
) -> BrokenPromise:
    reason = promised and breach_of(promised, is_closed=is_closed)
    due = promised and promised.response.due
    is_given = target == FIRST_ANSWER and bool(row.beesender_answered_at)
    return _promise(
        row,
        target,
        to_site_time(due) if due else row.due,
        reason or reason_of_breach(is_given=is_given, is_closed=is_closed),
        promised.response.late_by if promised else None,
    )


def _promise(
    row: frappe._dict,
    target: str,
    due: datetime | None,
    reason: str,
    late_by: timedelta | None,
) -> BrokenPromise:
    return BrokenPromise(
        ticket=str(row.name),
        subject=row.subject or "",
        customer=row.customer or "",
        tier=row.beesender_tier,
        priority=row.beesender_priority or "",
        category=row.ticket_type or "",
        team=row.agent_group or "",
        agent=row.agent or "",
        started=row.started,
        target=target,
        due=due,
        reason=reason,
        late_by=late_by,
        note=row.beesender_closing_reason or "",
    )
