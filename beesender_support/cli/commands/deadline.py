"""``deadline``: what is promised for one request, and how that was counted."""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any, NamedTuple

import click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from beesender_support.cli.faults import Faults
from beesender_support.cli.output import due_in_zone, explanation_of, seconds_of
from beesender_support.files.cells import (
    Pause,
    holiday_of,
    hours_of,
    in_order,
    instant_of,
    optional,
    pause_of,
    read_category,
    read_priority,
    read_tier,
    working_day_of,
    zone_of,
)
from beesender_support.files.tickets import happenings_of
from beesender_support.policy.calendar.calendar import COUNTED, Span
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.calendar.windows import clock_text
from beesender_support.policy.errors import InvalidValue
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.requests.triage import Decision, Request, triage
from beesender_support.policy.response.clocks import PAUSING, Event, Happening
from beesender_support.policy.response.deadline_explanation import (
    explain_target,
    no_promise_for,
    spans_of_run,
)
from beesender_support.policy.response.promises import Promised
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import AGENT
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
    Lengths,
)
from beesender_support.policy.sold.tiers import Tier

# What each target is called, and what the line with its deadline begins with.
_NAMES = {
    FIRST_ANSWER: ("first answer", "Response due"),
    NEXT_ANSWER: ("next answer", "Next answer due"),
    SOLUTION: ("solution", "Solution due"),
}


class _Answered(NamedTuple):
    """The decision on a request of ``opened`` under a plan made for it, and the promise
    that was asked for."""

    decision: Decision
    plan: Plan
    opened: datetime
    promised: Promised

    @property
    def explanation(self) -> str:
        """The whole decision for the first answer, of other targets their promise."""
        decision, target = self.decision, self.promised.target
        if target == FIRST_ANSWER or decision.terms is None:
            return explanation_of(decision)
        promise = explain_target(decision.terms, decision.settled.code, self.promised)
        said = [promise or self._nothing_promised()]
        if decision.settled.correction:
            said.insert(0, decision.settled.correction)
        return " ".join(map(str, said))

    def _nothing_promised(self) -> object:
        decision = self.decision
        if not decision.category.promises_response:
            return no_promise_for(decision.category.name)
        name, _due = _NAMES[self.promised.target]
        return (
            f"{decision.tier} promises no {name} for {decision.priority}. Say within how"
            " many support hours one is due, such as --within 16."
        )


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
@click.option(
    "--working-day",
    "working_days",
    multiple=True,
    help="A day off that is worked, as a holiday is given; may be repeated.",
)
@click.option(
    "--target",
    type=click.Choice(TARGETS),
    default=FIRST_ANSWER,
    help="Of a next answer, OPENED is when the customer wrote.",
)
@click.option("--within", default="", help="Support hours, if the tier says none: 16.")
@click.option(
    "--pause",
    "pauses",
    multiple=True,
    help="START/END, while support waited for a solution; may be repeated.",
)
@click.option("--explain", is_flag=True, help="Show what was counted and skipped.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def deadline(explain: bool, as_json: bool, **asked: Any) -> None:
    """Work out by when a request must be answered or solved under a plan.

    Instants without an offset are read in the plan's time zone.
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
    return {
        **values,
        "time_zone": asked["time_zone"].strip(),
        "holidays": holidays,
        "working_days": [
            faults.read(working_day_of("working_day"), each)
            for each in asked["working_days"]
        ],
        "target": asked["target"],
        "within": faults.read(optional(hours_of("--within")), asked["within"]),
        "pauses": _pauses(asked, values["opened"], zone or timezone.utc, faults),
    }


def _pauses(
    asked: Mapping[str, Any], opened: datetime | None, zone: tzinfo, faults: Faults
) -> tuple[Pause, ...]:
    read_pause = pause_of("--pause", zone)
    read = [faults.read(read_pause, each) for each in asked["pauses"]]
    pauses = [each for each in read if each]
    if pauses and asked["target"] not in PAUSING:
        names = " or ".join(PAUSING)
        faults.report(f"--pause: only with --target {names}: nothing else pauses.")
    for pause in pauses:
        if pause.end is None:
            allowed = "a pause that has an end: until then the deadline moves on"
            faults.report(InvalidValue("--pause", pause, allowed=allowed))
        if opened and pause.start < opened:
            allowed = f"a start at opened ({opened.isoformat()}) or later"
            faults.report(InvalidValue("--pause", pause, allowed=allowed))
    return faults.attempt(lambda: in_order("--pause", pauses)) or ()


def _decide(
    tier: Tier,
    category: Category,
    priority: str | None,
    opened: datetime,
    time_zone: str,
    holidays: Sequence[Holiday],
    working_days: Sequence[WorkingDay],
    target: str,
    within: timedelta | None,
    pauses: Sequence[Pause],
) -> _Answered:
    """As for an agent who registers the request: nobody's seat is checked."""
    plan = Plan(
        name="",
        customer="",
        tier=tier.promising({target: _every_priority(within)}) if within else tier,
        time_zone=time_zone,
        starts_on=date.min,
        holidays=tuple(holidays),
        working_days=tuple(working_days),
    )
    request = Request(
        plan.customer,
        None,
        AGENT,
        category,
        priority,
        opened,
        happenings=_happenings(target, opened, pauses),
    )
    decision = triage(request, [plan], now=opened)
    return _Answered(decision, plan, opened, decision.promises.promised(target))


def _every_priority(within: timedelta) -> Lengths:
    return {each.code: within for each in CATALOGUE.priorities}


def _happenings(
    target: str, opened: datetime, pauses: Sequence[Pause]
) -> tuple[Happening, ...]:
    """What makes the clock of ``target`` run from ``opened``, and when it paused."""
    if target == NEXT_ANSWER:
        events = (Event.ANSWERED, Event.CUSTOMER_WROTE)
        return tuple(Happening(event, opened) for event in events)
    return happenings_of(pauses)


def _spans(answered: _Answered) -> tuple[Span, ...]:
    """What the deadline counts and skips, in the plan's zone; nothing without one."""
    promised, calendar = answered.promised, answered.plan.calendar
    if promised.response.target is None or promised.run is None:
        return ()
    zone = calendar.zone
    return tuple(
        span._replace(start=span.start.astimezone(zone), end=span.end.astimezone(zone))
        for span in spans_of_run(
            calendar, promised.run, promised.response.target, now=answered.opened
        )
    )


def _plain(answered: _Answered) -> dict[str, Any]:
    decision, plan, opened, promised = answered
    due = due_in_zone(decision, promised.response)
    if promised.target == FIRST_ANSWER:
        deadline = {"response_due": due}
    else:
        deadline = {"target": promised.target, "due": due}
    return {
        "tier": decision.tier,
        "category": decision.category.name,
        "priority": decision.priority,
        "priority_corrected_from": decision.priority_corrected_from,
        "time_zone": plan.time_zone,
        "opened": opened.astimezone(plan.calendar.zone).isoformat(),
        **deadline,
        "target_seconds": seconds_of(promised.response.target),
        "explanation": answered.explanation,
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
    decision, plan, _opened, promised = answered
    _name, due = _NAMES[promised.target]
    click.echo(answered.explanation)
    click.echo(f"{due}: {due_in_zone(decision, promised.response) or 'none'}")
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
