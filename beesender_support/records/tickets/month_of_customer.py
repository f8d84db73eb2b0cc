"""The requests of a customer in a month, as its service report counts them.

Which promises were kept is read from the columns that lists and reports count, so that
all say the same; how long something took is counted from the frozen terms.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import frappe

from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.reports import service_report
from beesender_support.policy.reports.months import Month, plans_in
from beesender_support.policy.reports.service_report import (
    DECLINED,
    HELD,
    OUTSIDE,
    PROMISED,
    Allowance,
    Breach,
    Outcome,
    Reported,
    Seats,
    ServiceReport,
    Sold,
)
from beesender_support.policy.response.clocks import OVER
from beesender_support.policy.response.promises import Promised, Promises
from beesender_support.policy.response.response_state import (
    BREACHED,
    MET,
    OPEN_STATES,
)
from beesender_support.policy.sold.entitlements import YES_OR_NO, SoldEntitlement
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, TARGETS
from beesender_support.records.allowances import balances
from beesender_support.records.site_time import (
    from_column,
    now,
    to_instant,
    to_site_time,
)
from beesender_support.records.sold import catalogue, sold_plans
from beesender_support.records.tickets.promise import (
    COUNTED,
    EARLIER_BREACHED,
    EARLIER_MET,
    FACTS,
    FIELDS_OF_TARGET,
    RESPONSE_STATE,
    STATE_FIELDS,
    UTC_FIELDS,
    promises_of,
    registered_at,
)

TICKET = "HD Ticket"
START = "service_level_agreement_creation"
# A month of another zone, and of a ticket that was registered while the site was in one.
MARGIN = timedelta(days=2)
_STANDINGS = {"Held": HELD, "Declined": DECLINED}


def report_of(plan: Plan, month: Month) -> ServiceReport:
    """The month of the customer of ``plan``, in which at least that plan ran."""
    at = now()
    plans = plans_in(month, sold_plans.of_customer(plan.customer)) or (plan,)
    last = plans[-1]
    day = month.day_of_seats(last, at)
    counted = balances.counted(last)
    return service_report.report(
        requests_in(plan.customer, month),
        customer=plan.customer,
        month=month.first,
        time_zone=month.zone,
        counted_at=at,
        is_over=month.is_over(at),
        plans=tuple(
            Sold(
                each.name,
                each.tier.name,
                each.time_zone,
                each.starts_on,
                each.ends_on,
                bool(each.exceptions),
            )
            for each in plans
        ),
        seats=Seats(
            len(last.active_seats(day)), last.tier.authorized_contact_limit, day
        ),
        updates_per_year=last.tier.updates_per_year,
        allowances=tuple(
            Allowance(code, counted[code].unit, balance)
            for code, balance in balances.balances_of(last, on=day).items()
        ),
        entitlements=tuple(
            (each.code, bool(last.tier.entitlements.get(each.code)))
            for each in catalogue.entitlements().values()
            if each.unit == YES_OR_NO and _is_sold(each, last)
        ),
    )


def _is_sold(entitlement: SoldEntitlement, plan: Plan) -> bool:
    """A retired one is said only of a plan that has it."""
    return entitlement.enabled or bool(plan.tier.entitlements.get(entitlement.code))


def requests_in(customer: str, month: Month) -> Iterator[Reported]:
    """Those that belong to the month, in one query."""
    for row in _rows(customer, month):
        is_promised = bool(row.beesender_tier) and any(
            row.get(each) for each in STATE_FIELDS
        )
        started = row.get(START) if is_promised else None
        began = to_instant(started) if started else registered_at(row)
        if month.contains(began):
            yield _reported(row, is_promised)


def _rows(customer: str, month: Month) -> list[frappe._dict]:
    period = (
        to_site_time(month.start - MARGIN),
        to_site_time(month.end + MARGIN),
    )
    fields = {*FACTS, *STATE_FIELDS, *UTC_FIELDS, START, "subject", "beesender_tier"}
    return frappe.get_all(
        TICKET,
        filters={"customer": customer, **COUNTED},
        or_filters=dict.fromkeys(
            (START, "creation", "beesender_registered_at"), ("between", period)
        ),
        fields=sorted(fields),
        order_by="creation, name",
    )


def _reported(row: frappe._dict, is_promised: bool) -> Reported:
    category, priority = row.ticket_type or "", row.beesender_priority or ""
    if not is_promised:
        standing = _STANDINGS.get(row.beesender_admission, OUTSIDE)
        return Reported(category, priority, standing, {})
    promises = promises_of(row)
    outcomes = {each: _outcome(row, each) for each in TARGETS}
    first = promises.first_answer
    is_answered = bool(first.run and first.run.stopped_at)
    return Reported(
        category,
        priority,
        PROMISED,
        {each: one for each, one in outcomes.items() if one.promised},
        response=first.response.used if is_answered else None,
        breaches=tuple(_breaches(row, promises, outcomes)),
    )


def _outcome(row: frappe._dict, target: str) -> Outcome:
    state = row.get(FIELDS_OF_TARGET[target].state)
    earlier = (
        (row.get(EARLIER_MET) or 0, row.get(EARLIER_BREACHED) or 0)
        if target == NEXT_ANSWER
        else (0, 0)
    )
    return Outcome(
        earlier[0] + (state == RESPONSE_STATE[MET]),
        earlier[1] + (state == RESPONSE_STATE[BREACHED]),
        int(state in {RESPONSE_STATE[each] for each in OPEN_STATES}),
    )


def _breaches(
    row: frappe._dict, promises: Promises, outcomes: dict[str, Outcome]
) -> Iterator[Breach]:
    """As many as the columns count; what the terms no longer say of one is left out."""
    is_closed = row.status_category == OVER
    last = {each.target: each for each in promises.each()}
    for target, outcome in outcomes.items():
        known = [
            each
            for each in (*promises.earlier, *filter(None, [last.get(target)]))
            if each.target == target and each.response.state == BREACHED
        ]
        listed: list[Promised | None] = [*known]
        listed += [None] * (outcome.breached - len(known))
        for promised in listed[: outcome.breached]:
            yield _breach(row, target, promised, is_closed)


def _breach(
    row: frappe._dict, target: str, promised: Promised | None, is_closed: bool
) -> Breach:
    reason = promised and service_report.breach_of(promised, is_closed=is_closed)
    return Breach(
        ticket=str(row.name),
        subject=row.subject or "",
        priority=row.beesender_priority or "",
        target=target,
        due=promised.response.due if promised else _due(row, target),
        overrun=promised.response.late_by if promised else None,
        reason=reason
        or service_report.reason_of_breach(
            is_given=target == FIRST_ANSWER and bool(row.beesender_answered_at),
            is_closed=is_closed,
        ),
        note=row.beesender_closing_reason or "",
    )


def _due(row: frappe._dict, target: str) -> datetime | None:
    return from_column(row.get(FIELDS_OF_TARGET[target].due_at))
