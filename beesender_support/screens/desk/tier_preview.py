"""An unsaved tier: its week, what is wrong with it, and when requests would be due.

Times are naive: of the site, and ``local`` ones of the chosen zone.
"""

from datetime import datetime, timedelta
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.calendar.windows import DAY, WEEKDAYS, clock_text
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sold.catalogue import OFFERED_TIME_ZONES
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.site_time import now, to_site_time
from beesender_support.records.sold import catalogue
from beesender_support.screens.desk import form_values
from beesender_support.screens.desk.week_layout import Piece, lay_out
from beesender_support.wording import renderer
from beesender_support.wording.names import TARGET_NAMES

PLAN = "Beesender Support Plan"


class PieceShown(TypedDict):
    """Support is open ``[start, end)``, in seconds of the day; ``overlaps`` where two
    windows claim the same time."""

    start: int
    end: int
    overlaps: bool


class Day(TypedDict):
    """``hours`` says the pieces in words."""

    day: str
    pieces: list[PieceShown]
    hours: str


class _Length(TypedDict):
    hours: float | None


class Due(_Length, total=False):
    """When something would be due, its target in support ``hours`` and as words. Where
    none is promised, ``hours`` is None and the rest is absent."""

    length: str
    due: datetime
    due_local: datetime


class DueOfPriority(Due):
    """Of the first answer to a request of ``priority``; ``further`` are the other
    targets that the tier sells, by the names of ``further_targets``."""

    priority: str
    further: list[Due]


class Deadlines(TypedDict):
    """``starts_at`` is wall-clock time of the chosen zone, or what was typed for it."""

    starts_at: datetime | str | None
    further_targets: list[str]
    due: list[DueOfPriority]


class TierPreview(Deadlines):
    """``week`` starts on Monday; ``refusal`` says what is wrong."""

    week: list[Day]
    refusal: str | None
    time_zone: str


def tier_preview(
    doc: Document, zone: str | None = None, starts_at: str | None = None
) -> TierPreview:
    """The week of an unsaved tier, what is wrong with it, and when requests would be
    due.

    ``starts_at`` is wall-clock time in ``zone``; by default now, in the first zone sold.
    """
    zone = zone or OFFERED_TIME_ZONES[0]
    tier, refusal = form_values.tier_in(doc)
    preview: TierPreview = {
        "week": week_in_words(lay_out(form_values.windows_in(doc))),
        "refusal": refusal,
        "time_zone": zone,
        "starts_at": starts_at,
        "further_targets": [],
        "due": [],
    }
    if tier is None:
        return preview
    try:
        return {**preview, **deadlines(tier, zone, starts_at)}
    except PolicyError as error:
        # A zone belongs to a plan, so the plan's form has the label of the field.
        refusal = renderer.refusal_in_words(frappe.get_doc({"doctype": PLAN}), error)
    except ValueError:
        refusal = _("{0} is not a date and time.").format(starts_at)
    return {**preview, "refusal": refusal}


def deadlines(tier: Tier, zone: str, starts_at: str | None) -> Deadlines:
    """When a request of each priority would be due that is registered at ``starts_at``,
    for the next answer one that the customer asks then.

    Raises PolicyError, or ValueError for what is no date and time.
    """
    calendar = calendar_of(zone, tier.windows)
    start = _instant_in(calendar, starts_at)
    return {
        "starts_at": _local(calendar, start),
        "further_targets": [_(TARGET_NAMES[each]) for each in tier.further_targets],
        "due": [
            {
                "priority": code,
                **_due(calendar, start, tier.response_targets.get(code)),
                "further": [
                    _due(calendar, start, lengths.get(code))
                    for lengths in tier.further_targets.values()
                ],
            }
            for code in catalogue.priority_codes()
        ],
    }


def week_in_words(week: tuple[tuple[Piece, ...], ...]) -> list[Day]:
    return [
        {
            "day": _(weekday),
            "pieces": [
                {"start": start, "end": end, "overlaps": overlaps}
                for start, end, overlaps in pieces
            ],
            "hours": _hours(pieces),
        }
        for weekday, pieces in zip(WEEKDAYS, week, strict=True)
    ]


def _hours(pieces: tuple[Piece, ...]) -> str:
    if not pieces:
        return _("Closed")
    if pieces == (Piece(0, DAY),):
        return _("Around the clock")
    return renderer.reader().listed(list(map(_hours_of_piece, pieces)))


def _hours_of_piece(piece: Piece) -> str:
    hours = f"{clock_text(piece.start)}-{clock_text(piece.end)}"
    return _("{0} (twice)").format(hours) if piece.overlaps else hours


def _instant_in(calendar: Calendar, starts_at: str | None) -> datetime:
    """The instant of a wall-clock time in a calendar's zone; raises ValueError."""
    if not starts_at:
        return now()
    local = datetime.fromisoformat(starts_at).replace(tzinfo=calendar.zone)
    # As instants: two times of one zone are compared by their wall clocks.
    return local.astimezone(now().tzinfo)


def _due(calendar: Calendar, start: datetime, target: timedelta | None) -> Due:
    if target is None:
        return {"hours": None}
    due = calendar.add(start, target)
    return {
        "hours": target.total_seconds() / 3_600,
        "length": renderer.reader().target(target),
        "due": to_site_time(due),
        "due_local": _local(calendar, due),
    }


def _local(calendar: Calendar, instant: datetime) -> datetime:
    return instant.astimezone(calendar.zone).replace(tzinfo=None)
