"""``deadline``: what is promised for one request, and how that was counted."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from beesender_support.cli.faults import Faults
from beesender_support.cli.files.cells import (
    holiday_of,
    instant_of,
    optional,
    read_category,
    read_priority,
    read_tier,
    zone_of,
)
from beesender_support.cli.output import due_in_zone, explanation_of, seconds_of
from beesender_support.policy.calendar.calendar import COUNTED, Span
from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import clock_text
from beesender_support.policy.plans.categories import Category
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.plans.tiers import AGENT, Tier
from beesender_support.policy.requests.triage import Decision, Request, triage


class _Answered(NamedTuple):
    """The decision on a request of ``opened`` under a plan made for it."""

    decision: Decision
    plan: Plan
    opened: datetime


@click.command(short_help="Work out when one request must be answered.")
@click.option("--tier", required=True)
@click.option("--category", required=True)
@click.option("--priority", default="", help="The category's default if not given.")
@click.option("--opened", required=True, help="Such as 2026-11-20T17:30:00+03:00.")
@click.option("--time-zone", required=True, help="The plan's, such as GMT+3.")
@click.option(
    "--holiday",
    "holidays",
    multiple=True,
    help="A date, or 2026-12-31 14:00-24:00; may be repeated.",
)
@click.option("--explain", is_flag=True, help="Show what was counted and skipped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def deadline(explain: bool, as_json: bool, **asked: Any) -> None:
    """Work out by when a request must be answered under a plan.

    OPENED without an offset is read in the plan's time zone.
    """
    faults = Faults()
    values = _values(asked, faults)
    faults.stop_if_any()
    answered: _Answered = faults.attempt(lambda: _decide(**values))
    faults.stop_if_any()
    spans = _spans(answered) if explain else ()
    if not as_json:
        _print(answered, spans)
        return
    answer = _plain(answered)
    if explain:
        answer["spans"] = [_plain_span(each) for each in spans]
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


def _values(asked: Mapping[str, Any], faults: Faults) -> dict[str, Any]:
    zone = faults.read(zone_of("time_zone"), asked["time_zone"])
    readers = {
        "tier": read_tier,
        "category": read_category,
        "priority": optional(read_priority),
        # A wrong zone is already reported; the instant is then only validated.
        "opened": instant_of("opened", zone or timezone.utc),
    }
    values = {name: faults.read(read, asked[name]) for name, read in readers.items()}
    read_holiday = holiday_of("holiday")
    holidays = [faults.read(read_holiday, each) for each in asked["holidays"]]
    return {**values, "time_zone": asked["time_zone"].strip(), "holidays": holidays}


def _decide(
    tier: Tier,
    category: Category,
    priority: str | None,
    opened: datetime,
    time_zone: str,
    holidays: Sequence[Holiday],
) -> _Answered:
    """As for an agent who registers the request: nobody's seat is checked."""
    plan = Plan(
        name="",
        customer="",
        tier=tier,
        time_zone=time_zone,
        starts_on=date.min,
        holidays=tuple(holidays),
    )
    request = Request(plan.customer, None, AGENT, category, priority, opened)
    return _Answered(triage(request, [plan], now=opened), plan, opened)


def _spans(answered: _Answered) -> tuple[Span, ...]:
    """What the deadline counts and skips, in the plan's zone; nothing without one."""
    target, calendar = answered.decision.response.target, answered.plan.calendar
    if target is None:
        return ()
    zone = calendar.zone
    return tuple(
        span._replace(start=span.start.astimezone(zone), end=span.end.astimezone(zone))
        for span in calendar.explain(answered.opened, target)
    )


def _plain(answered: _Answered) -> dict[str, Any]:
    decision, plan, opened = answered
    return {
        "tier": decision.tier,
        "category": decision.category.name,
        "priority": decision.priority,
        "priority_corrected_from": decision.priority_corrected_from,
        "time_zone": plan.time_zone,
        "opened": opened.astimezone(plan.calendar.zone).isoformat(),
        "response_due": due_in_zone(decision),
        "target_seconds": seconds_of(decision.response.target),
        "explanation": explanation_of(decision),
    }


def _plain_span(span: Span) -> dict[str, Any]:
    return {
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "seconds": seconds_of(_length_of(span)),
        "counted": span.reason == COUNTED,
        "reason": span.reason,
        "description": span.description,
    }


def _length_of(span: Span) -> timedelta:
    # In UTC: subtracting in one zone would not see a change of its offset.
    return span.end.astimezone(timezone.utc) - span.start.astimezone(timezone.utc)


def _print(answered: _Answered, spans: Sequence[Span]) -> None:
    decision, plan, _opened = answered
    click.echo(explanation_of(decision))
    click.echo(f"Response due: {due_in_zone(decision) or 'none'}")
    if spans:
        table = Table(f"From ({plan.time_zone})", "To", "Hours", "Counted?", box=SIMPLE)
        for span in spans:
            length = clock_text(int(_length_of(span).total_seconds()))
            table.add_row(_clock(span.start), _clock(span.end), length, _label(span))
        Console().print(table)


def _label(span: Span) -> str:
    if span.reason == COUNTED:
        return "counted"
    return f"skipped: {' '.join(filter(None, (span.reason, span.description)))}"


def _clock(local: datetime) -> str:
    return f"{local:%a %Y-%m-%d %H:%M:%S}".removesuffix(":00")
