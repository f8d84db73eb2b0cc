"""``conformance``: whether the calendar agrees with cases that others collected.

The file is a JSON list of cases: ``op`` add or between; a ``calendar`` of ``time_zone``,
``weekly_windows`` ({"0": [[start, end]]}, Monday is 0, seconds after midnight),
``holidays`` and ``yearly_holidays`` ("MM-DD"); ``start``; ``seconds`` or ``end``; and
``expect``, an instant or seconds.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click

from beesender_support.cli.faults import Faults, Place
from beesender_support.cli.files.cells import exact_instant_of
from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday, YearlyHoliday
from beesender_support.policy.calendar.stamps import read_date
from beesender_support.policy.calendar.windows import Window
from beesender_support.policy.errors import UnknownName

_MISMATCH = 1


@click.command(short_help="Check the calendar against a file of cases.")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def conformance(context: click.Context, file: Path) -> None:
    """Check the calendar against the cases in FILE; status 1 if one disagrees."""
    faults = Faults()
    cases = list(_read_cases(file, faults))
    faults.stop_if_any()
    mismatches = [each for each in cases if each.answer != each.expected]
    for each in mismatches:
        click.echo(each.disagreement)
    click.echo(f"{len(cases) - len(mismatches)} of {len(cases)} cases agree.")
    if mismatches:
        context.exit(_MISMATCH)


@dataclass(frozen=True)
class _Case:
    """A question, what the calendar answers and what was expected.

    Instants are in UTC: two of different zones never equal each other in a fold.
    """

    place: Place
    question: Mapping[str, Any]
    answer: datetime | timedelta
    expected: datetime | timedelta

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
    raise UnknownName("op", stored["op"], allowed=("add", "between"))


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
    )


def _yearly_holiday(text: str) -> YearlyHoliday:
    month, day = text.split("-")
    return YearlyHoliday(int(month), int(day))


def _instant(name: str, stored: Mapping[str, Any]) -> datetime:
    return exact_instant_of(name, zone=None)(stored[name]).astimezone(timezone.utc)
