"""Deadlines and elapsed times a second, beside other ways to count them in one run.

Ours are ``Calendar.add`` and ``Calendar.between``. Beside them, where installed:
``businesstimedelta`` from PyPI, and Helpdesk's own loops on a real site, if BENCH_SITE
names one and BENCH_PATH its bench (run it with that bench's python then). Whatever is
slower answers the same questions and must agree.
"""

import json
import os
import random
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

import click

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.calendar.windows import HOUR, WEEKDAYS, Window

ZONE = "Europe/Berlin"
TARGET, SPAN = timedelta(hours=8), timedelta(days=10)
OPENING, CLOSING = 9, 18
WORKING_DAYS = range(5)
FIRST_DAY, DAYS = date(2025, 1, 1), 730
# Ten a year, the same every year. The last year is for those who look for the next
# holiday however far away.
HOLIDAYS = [
    date(year, month, day)
    for year in range(FIRST_DAY.year, FIRST_DAY.year + 4)
    for month, day in (
        (1, 1),
        (3, 8),
        (4, 18),
        (4, 21),
        (5, 1),
        (5, 29),
        (6, 9),
        (10, 3),
        (12, 25),
        (12, 26),
    )
]
CALENDAR = Calendar(
    ZONE,
    tuple(Window(day, OPENING * HOUR, CLOSING * HOUR) for day in WORKING_DAYS),
    tuple(map(Holiday, HOLIDAYS)),
)


@dataclass(frozen=True)
class Contestant:
    """A way to count: ``own`` turns an instant into what its two functions take."""

    name: str
    deadline: Callable
    elapsed: Callable
    own: Callable[[datetime], datetime]

    def answers(self, starts: Sequence[datetime]) -> tuple[list, list]:
        """The deadlines as local wall times and the elapsed seconds."""
        owned = [(self.own(start), self.own(start + SPAN)) for start in starts]
        return (
            [_wall_time(self.deadline(start)) for start, _ in owned],
            [_seconds(self.elapsed(start, end)) for start, end in owned],
        )

    def deadlines_per_second(self, starts: Sequence[datetime]) -> float:
        owned, deadline = list(map(self.own, starts)), self.deadline
        began = perf_counter()
        for start in owned:
            deadline(start)
        return len(owned) / (perf_counter() - began)

    def elapsed_per_second(self, starts: Sequence[datetime]) -> float:
        owned = [(self.own(start), self.own(start + SPAN)) for start in starts]
        elapsed = self.elapsed
        began = perf_counter()
        for start, end in owned:
            elapsed(start, end)
        return len(owned) / (perf_counter() - began)


def _wall_time(deadline: datetime) -> datetime:
    if deadline.tzinfo is None:
        return deadline
    return deadline.astimezone(CALENDAR.zone).replace(tzinfo=None)


def _seconds(elapsed: timedelta | float) -> float:
    return elapsed.total_seconds() if isinstance(elapsed, timedelta) else elapsed


def ours() -> Contestant:
    return Contestant(
        "ours",
        deadline=lambda start: CALENDAR.add(start, TARGET),
        elapsed=CALENDAR.between,
        own=lambda instant: instant,
    )


def businesstimedelta() -> Contestant:
    """The rules its README shows, with the dates in a set, its fastest choice."""
    import businesstimedelta as package
    import pytz

    zone = pytz.timezone(ZONE)
    hours = package.WorkDayRule(
        start_time=time(OPENING),
        end_time=time(CLOSING),
        working_days=list(WORKING_DAYS),
        tz=zone,
    )
    rules = package.Rules([hours, package.HolidayRule(set(HOLIDAYS), tz=zone)])
    target = package.BusinessTimeDelta(rules, timedelta=TARGET)
    return Contestant(
        "businesstimedelta",
        deadline=lambda start: start + target,
        elapsed=lambda start, end: rules.difference(start, end).timedelta,
        own=lambda instant: instant,
    )


@contextmanager
def helpdesk(site: str, bench: Path) -> Iterator[Contestant]:
    """Helpdesk's loops on ``site``, in its naive local time; leaves nothing behind."""
    import frappe

    # Frappe writes its logs beside the working folder.
    os.chdir(bench / "sites")
    frappe.init(site, sites_path=".")
    frappe.connect()
    try:
        agreement = _service_level_agreement(frappe)
        yield Contestant(
            "helpdesk",
            deadline=lambda start: agreement.calc_time(start, "High", "response_time"),
            elapsed=agreement.calc_elapsed_time,
            own=_wall_time,
        )
    finally:
        frappe.db.rollback()
        frappe.destroy()


def _service_level_agreement(frappe):
    """An agreement in memory; its holiday list must be in the database to be read."""
    holiday_list = frappe.get_doc(
        doctype="HD Service Holiday List",
        holiday_list_name="Benchmark of working time",
        from_date=HOLIDAYS[0],
        to_date=HOLIDAYS[-1],
        holidays=[{"holiday_date": day, "description": str(day)} for day in HOLIDAYS],
    ).insert(ignore_permissions=True)
    return frappe.get_doc(
        doctype="HD Service Level Agreement",
        holiday_list=holiday_list.name,
        priorities=[{"priority": "High", "response_time": TARGET.total_seconds()}],
        support_and_resolution=[
            {
                "workday": WEEKDAYS[day],
                "start_time": timedelta(hours=OPENING),
                "end_time": timedelta(hours=CLOSING),
            }
            for day in WORKING_DAYS
        ],
    )


@contextmanager
def contestants() -> Iterator[list[Contestant]]:
    """Ours first, then those that can run here."""
    site, bench = os.environ.get("BENCH_SITE"), os.environ.get("BENCH_PATH")
    with ExitStack() as stack:
        found = [ours()]
        if find_spec("businesstimedelta"):
            found.append(businesstimedelta())
        if site and bench and find_spec("helpdesk"):
            found.append(stack.enter_context(helpdesk(site, Path(bench))))
        yield found


def sample(size: int) -> list[datetime]:
    """The same instants in every run, spread over two years, nights and days alike."""
    first = datetime.combine(FIRST_DAY, time(), timezone.utc)
    dice = random.Random(20261123)
    return [
        first + timedelta(seconds=dice.randrange(DAYS * 86_400)) for _ in range(size)
    ]


def disagreements(
    one: Contestant, other: Contestant, starts: Sequence[datetime]
) -> list[str]:
    """What the two answer differently, in words."""
    found = []
    for kind, expected, answers in zip(
        ("deadline", "elapsed"),
        one.answers(starts),
        other.answers(starts),
        strict=True,
    ):
        found += [
            f"{kind} from {start}: {one.name} {mine}, {other.name} {theirs}"
            for start, mine, theirs in zip(starts, expected, answers, strict=True)
            if mine != theirs
        ]
    return found


def measure(
    entered: Sequence[Contestant], starts: Sequence[datetime], rounds: int
) -> dict[str, tuple[float, float]]:
    """The best of some rounds, taken in turn so that a busy moment hits them all."""
    best = {each.name: (0.0, 0.0) for each in entered}
    for _ in range(rounds):
        for each in entered:
            deadlines, elapsed = best[each.name]
            best[each.name] = (
                max(deadlines, each.deadlines_per_second(starts)),
                max(elapsed, each.elapsed_per_second(starts)),
            )
    return best


@click.command(help=__doc__.partition("\n")[0])
@click.option("--starts", "size", default=2_000, show_default=True)
@click.option("--rounds", default=5, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One line of JSON.")
def main(size: int, rounds: int, as_json: bool) -> None:
    starts = sample(size)
    with contestants() as entered:
        found = [
            line
            for other in entered[1:]
            for line in disagreements(entered[0], other, starts)
        ]
        best = measure(entered, starts, rounds)
    _print_json(best) if as_json else _print_table(best)
    for line in found:
        click.echo(line, err=True)
    sys.exit(1 if found else 0)


def _print_json(best: dict[str, tuple[float, float]]) -> None:
    numbers = {}
    for name, (deadlines, elapsed) in best.items():
        prefix = "" if name == "ours" else f"{name}_"
        numbers[f"{prefix}deadlines_per_second"] = round(deadlines)
        numbers[f"{prefix}elapsed_per_second"] = round(elapsed)
    click.echo(json.dumps(numbers))


def _print_table(best: dict[str, tuple[float, float]]) -> None:
    click.echo(
        f"{'':20}{'deadlines/s':>14}{'ours is':>10}{'elapsed/s':>14}{'ours is':>10}"
    )
    our_deadlines, our_elapsed = best["ours"]
    for name, (deadlines, elapsed) in best.items():
        click.echo(
            f"{name:20}{deadlines:14,.0f}{our_deadlines / deadlines:9.1f}x"
            f"{elapsed:14,.0f}{our_elapsed / elapsed:9.1f}x"
        )


if __name__ == "__main__":
    main()
