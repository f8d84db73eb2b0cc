"""Cases of the conformance set, and what the policy answers to each.

conformance/README.md says what a file of cases holds.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import click

from beesender_support.cli.faults import Faults
from beesender_support.files.cells import exact_instant_of, working_day_of
from beesender_support.files.faults import Place, on_a_line
from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday, YearlyHoliday
from beesender_support.policy.calendar.stamps import read_date
from beesender_support.policy.calendar.windows import Window
from beesender_support.policy.errors import UnknownName
from beesender_support.policy.plans.plans import Plan, Seat
from beesender_support.policy.requests.admission import admit, tier_of_admission
from beesender_support.policy.response.clocks import (
    Event,
    Happening,
    Run,
    runs_of,
    since,
)
from beesender_support.policy.response.response_state import (
    NO_PROMISE,
    Response,
    measure,
)
from beesender_support.policy.sold.targets import TARGETS

# What is asked by each ``op``.
KINDS = {
    "add": "deadlines",
    "between": "working time",
    "clock": "clocks",
    "admit": "admission",
}
_NOT_SAID = ("calendar", "plans", "origin", "expect")


class Stand(NamedTuple):
    """How one run of a clock stands."""

    due: datetime | None
    state: str
    used: timedelta | None
    late: timedelta | None

    def __str__(self) -> str:
        return f"{self.state}, due {self.due}, used {self.used}, late {self.late}"


class Stands(tuple[Stand, ...]):
    """Those of all runs of a clock."""

    def __str__(self) -> str:
        return f"[{'; '.join(map(str, self))}]"


class Verdict(NamedTuple):
    """Who may ask: a verdict, its reason, and the number of the plan that decides."""

    verdict: str
    reason: str | None
    plan: int | None

    def __str__(self) -> str:
        why = f" because {self.reason}" if self.reason else ""
        return f"{self.verdict}{why}, by plan {self.plan}"


Answer = datetime | timedelta | Stands | Verdict


@dataclass(frozen=True)
class Case:
    """A question, what the policy answers and what was expected.

    Instants are in UTC: two of different zones never equal each other in a fold.
    """

    place: Place
    question: Mapping[str, Any]
    answer: Answer
    expected: Answer

    @property
    def agrees(self) -> bool:
        return self.answer == self.expected

    @property
    def kind(self) -> str:
        return KINDS[self.question["op"]]

    @property
    def disagreement(self) -> str:
        question = {
            name: value
            for name, value in self.question.items()
            if name not in _NOT_SAID
        }
        calendar = self.question.get("calendar")
        zone = f" in {calendar['time_zone']}" if calendar else ""
        return (
            f"{self.place}: {json.dumps(question)}{zone}:"
            f" {self.answer}, expected {on_a_line(str(self.expected))}"
        )


def read_cases(file: Path, faults: Faults) -> Iterator[Case]:
    name = click.format_filename(file)
    for number, stored in enumerate(_stored_in(file, name, faults), start=1):
        place = Place(name, number, "case")
        try:
            yield _case(place, stored)
        except KeyError as error:
            faults.report(f"{error} is missing.", place, kind="a name is missing")
        except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
            faults.report(f"is no case: {error}", place, kind="is no case")


def _stored_in(file: Path, name: str, faults: Faults) -> list[Any]:
    try:
        stored = json.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        faults.report(f"cannot be read: {error.strerror}", name)
    except (ValueError, RecursionError) as error:
        faults.report(f"is not JSON: {error}", name)
    else:
        if isinstance(stored, list) and stored:
            return stored
        faults.report("is not a list of cases.", name)
    return []


def _case(place: Place, stored: Mapping[str, Any]) -> Case:
    if stored["op"] == "admit":
        return Case(place, stored, _admission(stored), Verdict(**stored["expect"]))
    calendar, start = _calendar(stored["calendar"]), _instant("start", stored)
    if stored["op"] == "add":
        due = calendar.add(start, timedelta(seconds=stored["seconds"]))
        return Case(place, stored, due, _instant("expect", stored))
    if stored["op"] == "between":
        elapsed = calendar.between(start, _instant("end", stored))
        return Case(place, stored, elapsed, timedelta(seconds=stored["expect"]))
    if stored["op"] == "clock":
        return Case(place, stored, _stands(calendar, start, stored), _expected(stored))
    raise UnknownName("op", stored["op"], allowed=tuple(KINDS))


def _admission(stored: Mapping[str, Any]) -> Verdict:
    plans = [_plan(number, each) for number, each in enumerate(stored["plans"])]
    admission = admit(
        plans,
        customer=stored["customer"],
        contact=stored["contact"],
        channel=stored["channel"],
        at=_instant("at", stored),
        sender_is_verified=stored["sender_is_verified"],
        contact_is_known=stored["contact_is_known"],
        hold_unplanned=stored["hold_unplanned"],
        answers_at_once=stored["answers_at_once"],
    )
    decides = None if admission.plan is None else int(admission.plan.name)
    return Verdict(admission.verdict, admission.reason, decides)


def _plan(number: int, stored: Mapping[str, Any]) -> Plan:
    """Named by its number. What is promised by it is nothing to its admission."""
    rank = stored["rank"]
    tier = tier_of_admission(f"of rank {rank}", rank, stored["channels"])
    return Plan(
        name=str(number),
        customer="",
        tier=tier,
        time_zone=stored["time_zone"],
        starts_on=read_date(stored["starts_on"]),
        ends_on=_date(stored["ends_on"]),
        status=stored["status"],
        seats=tuple(
            Seat(each["contact"], _date(each["from"]), _date(each["to"]))
            for each in stored["seats"]
        ),
    )


def _date(stored: str | None) -> date | None:
    return None if stored is None else read_date(stored)


def _stands(calendar: Calendar, start: datetime, stored: Mapping[str, Any]) -> Stands:
    target, now = stored["target"], _instant("now", stored)
    if target not in TARGETS:
        raise UnknownName("target", target, allowed=TARGETS)
    lengths = {
        priority: timedelta(seconds=seconds)
        for priority, seconds in stored["seconds"].items()
    }
    present = stored["priority"]

    def stand(run: Run) -> Stand:
        length = lengths.get(run.priority or present)
        response = measure(calendar, length, run, now=now) if length else NO_PROMISE
        return _stand_of(response)

    happened = since(start, map(_happening, stored["events"]))
    return Stands(map(stand, runs_of(target, happened)))


def _stand_of(response: Response) -> Stand:
    return Stand(response.due, response.state, response.used, response.late_by)


def _happening(stored: Mapping[str, Any]) -> Happening:
    event = Event(stored["event"])
    return Happening(event, _instant("at", stored), stored.get("priority"))


def _expected(stored: Mapping[str, Any]) -> Stands:
    return Stands(
        Stand(
            _instant("due", each) if each["due"] else None,
            each["state"],
            _seconds(each["used"]),
            _seconds(each["late"]),
        )
        for each in stored["expect"]
    )


def _seconds(stored: float | None) -> timedelta | None:
    return None if stored is None else timedelta(seconds=stored)


def _calendar(stored: Mapping[str, Any]) -> Calendar:
    return Calendar(
        stored["time_zone"],
        windows=tuple(
            Window(int(weekday), *window)
            for weekday, windows in stored["weekly_windows"].items()
            for window in windows
        ),
        holidays=tuple(Holiday(read_date(day)) for day in stored["holidays"]),
        yearly_holidays=tuple(map(_yearly_holiday, stored["yearly_holidays"])),
        working_days=tuple(
            map(working_day_of("working_days"), stored.get("working_days", ()))
        ),
    )


def _yearly_holiday(text: str) -> YearlyHoliday:
    month, day = text.split("-")
    return YearlyHoliday(int(month), int(day))


def _instant(name: str, stored: Mapping[str, Any]) -> datetime:
    return exact_instant_of(name, zone=None)(stored[name]).astimezone(timezone.utc)
