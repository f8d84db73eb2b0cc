"""A replay as a page that anybody can open: no network, no script, tables behind charts.

Jinja draws the charts from plain values that are made here; it escapes everything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from beesender_support.policy.replay.drafts import (
    IMPOSSIBLE,
    MERGED,
    NO_CLOCK,
    NO_PLAN,
    NO_TERMS,
    UNREADABLE,
)
from beesender_support.policy.replay.standings import HELD
from beesender_support.policy.replay.summary import (
    Hour,
    Summary,
    Tally,
)
from beesender_support.policy.response.response_state import share_in_percent
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    SOLUTION,
    TARGETS,
)

MOST_CUSTOMERS = 50
_TEMPLATES = Path(__file__).parents[1] / "templates"
_TARGETS = {
    FIRST_ANSWER: _("First answer"),
    NEXT_ANSWER: _("Next answer"),
    SOLUTION: _("Solution"),
}
_WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
_NOT_JUDGED = {
    MERGED: _("Merged into another, where it is counted"),
    NO_TERMS: _("Accepted, but nothing says what was promised"),
    UNREADABLE: _("What was promised cannot be read"),
    NO_CLOCK: _("Imported without the times it would be judged by"),
    NO_PLAN: _("Held, and there is no plan by which it could be judged"),
    IMPOSSIBLE: _("The draft would leave it no working time"),
}
_NOTHING = _("None")
_UNKNOWN = "-"


class Reader(NamedTuple):
    """For whom a report is written: the language, what translates into it, and the
    marks of its numbers."""

    language: str = "en"
    translate: Callable[[str], str] = str
    decimal_point: str = "."
    thousands: str = ","

    def number(self, value: int) -> str:
        return f"{value:,}".replace(",", self.thousands)

    def percent(self, share: float | None) -> str:
        if share is None:
            return _UNKNOWN
        percent = f"{share_in_percent(share):.1f}"
        return f"{percent} %".replace(".", self.decimal_point)


ENGLISH = Reader()


class Report(NamedTuple):
    """What the templates show, as plain text; ``about`` are pairs of label and value."""

    language: str
    title: str
    about: Sequence[tuple[str, str]]
    time_zone: str
    now: str
    total: Mapping[str, Any]
    targets: Sequence[Mapping[str, Any]]
    tiers: Sequence[Mapping[str, Any]]
    priorities: Sequence[Mapping[str, Any]]
    customers: Sequence[Mapping[str, Any]]
    more_customers: int
    week: Sequence[Mapping[str, Any]]
    busiest: str
    not_judged: Sequence[tuple[str, str]]
    skipped: str


def report_of(
    summary: Summary,
    *,
    time_zone: str,
    now: datetime,
    about: Sequence[tuple[str, str]] = (),
    reader: Reader = ENGLISH,
    title_of_tier: Callable[[str], str] = str,
    title: str = "",
) -> Report:
    """The figures as they are read; ``time_zone`` is that in which hours were folded."""
    by_change = sorted(summary.customers.items(), key=_by_change)
    most = max((hour.requests for hour in summary.hours), default=0)
    return Report(
        language=reader.language,
        title=title or reader.translate(_("Replay of past requests")),
        about=about,
        time_zone=time_zone,
        now=f"{now:%Y-%m-%d %H:%M} {now.tzname()}",
        total=_row("", summary.total, reader),
        targets=[
            {
                "name": reader.translate(_TARGETS[target]),
                "cells": _cells_of_target(summary, target, reader),
            }
            for target in TARGETS
            if target in summary.targets
        ],
        tiers=_rows(summary.tiers.items(), reader, title_of_tier),
        priorities=_rows(summary.priorities.items(), reader),
        customers=_rows(by_change[:MOST_CUSTOMERS], reader),
        more_customers=max(len(by_change) - MOST_CUSTOMERS, 0),
        week=[
            {
                "name": reader.translate(weekday),
                "hours": [
                    _hour(each, most)
                    for each in summary.hours[day * 24 : day * 24 + 24]
                ],
            }
            for day, weekday in enumerate(_WEEKDAYS)
        ],
        busiest=reader.number(most),
        not_judged=[
            (reader.translate(_NOT_JUDGED.get(reason, reason)), reader.number(number))
            for reason, number in sorted(summary.not_judged.items())
        ],
        skipped=reader.number(summary.skipped) if summary.skipped else "",
    )


def page_of(report: Report, reader: Reader = ENGLISH) -> str:
    """A whole page, to be stored as a file."""
    return _rendered("replay/page.html", report, reader)


def figures_of(report: Report, reader: Reader = ENGLISH) -> str:
    """The same as a part of another page, with its style."""
    style = (_TEMPLATES / "replay/style.css").read_text(encoding="utf-8")
    body = _rendered("replay/figures.html", report, reader)
    return f'<style>{style}</style><div class="replay">{body}</div>'


def _rendered(template: str, report: Report, reader: Reader) -> str:
    # To import it takes longer than most commands.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["_"] = reader.translate
    return environment.get_template(template).render(report=report)


def _rows(
    tallies: Iterable[tuple[str, Tally]],
    reader: Reader,
    title_of: Callable[[str], str] = str,
) -> list[Mapping[str, Any]]:
    nobody = reader.translate(_NOTHING)
    return [
        _row(title_of(name) if name else nobody, tally, reader)
        for name, tally in tallies
    ]


def _row(name: str, tally: Tally, reader: Reader) -> Mapping[str, Any]:
    before, after = tally.compliance_before, tally.compliance_after
    return {
        "name": name,
        "is_known": before is not None or after is not None,
        "share_before": before,
        "share_after": after,
        "compliance_before": reader.percent(before),
        "compliance_after": reader.percent(after),
        "held_gained": reader.number(tally.gained(HELD)),
        "held_lost": reader.number(tally.lost(HELD)),
        **{name: reader.number(each) for name, each in tally.figures().items()},
    }


def _cells_of_target(summary: Summary, target: str, reader: Reader) -> list[str]:
    before, after = summary.targets[target]
    return [
        reader.percent(before.compliance),
        reader.percent(after.compliance),
        *(
            reader.number(number)
            for pair in zip(before, after, strict=True)
            for number in pair
        ),
    ]


def _hour(hour: Hour, most: int) -> Mapping[str, Any]:
    share = 0.15 + 0.85 * hour.requests / most if most else 0
    return {
        "requests": hour.requests,
        "before": hour.breached_before,
        "after": hour.breached_after,
        "share": round(share, 2),
    }


def _by_change(pair: tuple[str, Tally]) -> tuple[int, int, str]:
    """The most changed first, then the largest."""
    name, tally = pair
    figures = tally.figures()
    changed = figures["breaches_gained"] + figures["breaches_lost"]
    changed += tally.gained(HELD) + tally.lost(HELD)
    return -changed, -tally.tickets, name
