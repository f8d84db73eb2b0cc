"""Promises that were broken, with the reasons, whose they are and how late they were."""

from collections import Counter
from datetime import timedelta

from frappe import _, _lt
from frappe.utils import add_days, getdate

from beesender_support.policy.reports.service_report import (
    CLOSED_UNKEPT,
    GIVEN_LATE,
    NOT_GIVEN,
    nearest_rank,
)
from beesender_support.screens.reports import broken
from beesender_support.screens.reports.asked import Filters
from beesender_support.screens.reports.broken import MOST, Broken, BrokenPromise
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    Row,
    TitlesOfTiers,
    as_hours,
    bars,
    column,
    figure,
    month_label,
    month_of,
    names_of_users,
)
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.renderer import reader
from beesender_support.wording.service_report_words import BREACH_REASONS

DAYS = 90
REASON_NAMES = {
    GIVEN_LATE: _lt("Given late"),
    CLOSED_UNKEPT: _lt("Closed without it"),
    NOT_GIVEN: _lt("Not given yet"),
}


def execute(filters: Filters | None = None) -> Report:
    found = broken.found(filters, getdate(add_days(getdate(), 1 - DAYS)))
    names = names_of_users({each.agent for each in found.promises})
    titles = TitlesOfTiers()
    return Report(
        _columns(),
        [_row(each, names, titles) for each in found.promises],
        _message(found),
        _chart(found.promises),
        _summary(found.promises),
    )


def _message(found: Broken) -> str:
    said = " ".join(
        (
            found.asked.in_words(),
            _("A request counts by the day on which its clock started."),
            _("An agent is whom a ticket is assigned to."),
        )
    )
    if not found.is_cut:
        return said
    return f"{said} {_('Only the last {0} are shown: choose less.').format(MOST)}"


def _columns() -> list[Column]:
    return [
        column("ticket", _("Ticket"), "Link", "HD Ticket", 90),
        column("subject", _("Subject"), "Data", None, 240),
        column("customer", _("Customer"), "Link", "HD Customer", 180),
        column("promise", _("Promise"), "Data", None, 120),
        column("reason", _("Reason"), "Data", None, 170),
        {
            **column("late_by", _("Late by, support hours"), "Float", None, 130),
            "precision": "2",
        },
        column("due", _("Deadline"), "Datetime", None, 160),
        column("tier", _("Tier"), "Data", None, 110),
        column("priority", _("Support priority"), "Data", None, 110),
        column("category", _("Category"), "Data", None, 140),
        column("team", _("Team"), "Data", None, 140),
        column("agent", _("Agent"), "Data", None, 160),
        column("note", _("Reason for closing"), "Data", None, 180),
    ]


def _row(each: BrokenPromise, names: dict[str, str], titles: TitlesOfTiers) -> Row:
    late = each.late_by
    return {
        "ticket": each.ticket,
        "subject": each.subject,
        "customer": each.customer or None,
        "promise": _(TARGET_NAMES[each.target]),
        "reason": _(BREACH_REASONS[each.target][each.reason]),
        "late_by": None if late is None else as_hours(late.total_seconds()),
        "due": each.due,
        "tier": titles[each.tier],
        "priority": each.priority,
        "category": each.category,
        "team": each.team,
        "agent": names.get(each.agent, each.agent),
        "note": each.note,
    }


def _chart(promises: list[BrokenPromise]) -> Chart | None:
    """Numbers by month, each reason in a colour of its own."""
    if not promises:
        return None
    counted = Counter((month_of(each.started.date()), each.reason) for each in promises)
    months = sorted({month for month, _reason in counted})
    return bars(
        list(map(month_label, months)),
        {
            str(name): [counted[month, reason] for month in months]
            for reason, name in REASON_NAMES.items()
        },
        space=0.4,
        is_series=True,
    )


def _summary(promises: list[BrokenPromise]) -> list[Figure] | None:
    if not promises:
        return None
    reasons = Counter(each.reason for each in promises)
    late = [each.late_by for each in promises if each.late_by is not None]
    return [
        figure(_("Broken promises"), len(promises), indicator="Red"),
        *(figure(str(REASON_NAMES[each]), reasons[each]) for each in REASON_NAMES),
        *(
            [
                figure(_("Median of how late"), _time(nearest_rank(late, 50)), "Data"),
                figure(_("Latest"), _time(max(late)), "Data"),
            ]
            if late
            else []
        ),
    ]


def _time(length: timedelta) -> str:
    return reader().support_time(length)
