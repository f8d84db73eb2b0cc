"""``conformance``: whether calendar and clocks agree with cases that are published.

The file is a JSON list of cases: ``op`` add, between or clock; a ``calendar`` of
``time_zone``, ``weekly_windows`` ({"0": [[start, end]]}, Monday is 0, seconds after
midnight), ``holidays``, ``yearly_holidays`` ("MM-DD") and, where there
are any, ``working_days`` ("2021-02-20" or "2021-02-20 10:00-12:00"); ``start``; ``seconds`` or
``end``; and ``expect``, an instant or seconds.

A case of a clock has a ``target``; ``seconds`` by priority; the ``priority`` at present;
``events`` after the start, in order, each with ``event``, ``at`` and, where it settles a
promise, the ``priority`` then; ``now``; and ``expect``, a list with ``due``, ``state``,
``used`` and ``late`` of each run of the clock, the latter two in seconds. A first answer
and a solution run once, a next answer for each message that waits for one.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, NamedTuple

import click

from beesender_support.cli.faults import Faults
from beesender_support.files.cells import exact_instant_of, working_day_of
from beesender_support.files.faults import Place
from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday, YearlyHoliday
from beesender_support.policy.calendar.stamps import read_date
from beesender_support.policy.calendar.windows import Window
from beesender_support.policy.errors import UnknownName
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

_MISMATCH = 1


@click.command(short_help="Check calendar and clocks against a file of cases.")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def conformance(context: click.Context, file: Path) -> None:
    """Check calendar and clocks against the cases in FILE; status 1 if one
    disagrees."""
    faults = Faults()
    cases = list(_read_cases(file, faults))
    faults.stop_if_any()
    mismatches = [each for each in cases if each.answer != each.expected]
    for each in mismatches:
        click.echo(each.disagreement)
    click.echo(f"{len(cases) - len(mismatches)} of {len(cases)} cases agree.")
    if mismatches:
        context.exit(_MISMATCH)


class _Stand(NamedTuple):
    """How one run of a clock stands."""

    due: datetime | None
    state: str
    used: timedelta | None
    late: timedelta | None

    def __str__(self) -> str:
        return f"{self.state}, due {self.due}, used {self.used}, late {self.late}"


class _Stands(tuple[_Stand, ...]):
    """Those of all runs of a clock."""

    def __str__(self) -> str:
        return f"[{'; '.join(map(str, self))}]"


@dataclass(frozen=True)
class _Case:
    """A question, what the policy answers and what was expected.

    Instants are in UTC: two of different zones never equal each other in a fold.
    """

    place: Place
    question: Mapping[str, Any]
    answer: datetime | timedelta | _Stands
    expected: datetime | timedelta | _Stands

    @property
    def disagreement(self) -> str:
        question = {
            name: value
            for name, value in self.question.items()
            if name not in ("calendar", "expect")
        }
        zone = self.question["calendar"]["time_zone"]
        return (
            f"{self.place}: {json.dumps(question)} in {zone}:"
            f" {self.answer}, expected {self.expected}"
        )


def _read_cases(file: Path, faults: Faults) -> Iterator[_Case]:
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


def _case(place: Place, stored: Mapping[str, Any]) -> _Case:
    calendar, start = _calendar(stored["calendar"]), _instant("start", stored)
    if stored["op"] == "add":
        due = calendar.add(start, timedelta(seconds=stored["seconds"]))
        return _Case(place, stored, due, _instant("expect", stored))
    if stored["op"] == "between":
        elapsed = calendar.between(start, _instant("end", stored))
        return _Case(place, stored, elapsed, timedelta(seconds=stored["expect"]))
    if stored["op"] == "clock":
        return _Case(place, stored, _stands(calendar, start, stored), _expected(stored))
    raise UnknownName("op", stored["op"], allowed=("add", "between", "clock"))


def _stands(calendar: Calendar, start: datetime, stored: Mapping[str, Any]) -> _Stands:
    target, now = stored["target"], _instant("now", stored)
    if target not in TARGETS:
        raise UnknownName("target", target, allowed=TARGETS)
    lengths = {
        priority: timedelta(seconds=seconds)
        for priority, seconds in stored["seconds"].items()
    }
    present = stored["priority"]

    def stand(run: Run) -> _Stand:
        length = lengths.get(run.priority or present)
        response = measure(calendar, length, run, now=now) if length else NO_PROMISE
        return _stand_of(response)

    happened = since(start, map(_happening, stored["events"]))
    return _Stands(map(stand, runs_of(target, happened)))


def _stand_of(response: Response) -> _Stand:
    return _Stand(response.due, response.state, response.used, response.late_by)


def _happening(stored: Mapping[str, Any]) -> Happening:
    event = Event(stored["event"])
    return Happening(event, _instant("at", stored), stored.get("priority"))


def _expected(stored: Mapping[str, Any]) -> _Stands:
    return _Stands(
        _Stand(
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
