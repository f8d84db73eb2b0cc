"""What came in: by channel and hour of the week, or by what was decided on it."""

from collections import defaultdict
from datetime import date
from typing import Any

from frappe import _, _lt
from frappe.utils import add_days, getdate

from beesender_support.policy.calendar.windows import WEEKDAYS
from beesender_support.policy.sold.channels import AGENT
from beesender_support.screens.reports import intake
from beesender_support.screens.reports.asked import Asked, Filters
from beesender_support.screens.reports.intake import HourOfChannel, Intake
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    Row,
    bars,
    chart_label,
    column,
    figure,
    month_label,
)
from beesender_support.wording.renderer import (
    channel_name,
    names_of_channels,
    reason_name,
)

DAYS = 90
# The names below more bars than these could not be read, and more months than these.
MOST_BARS, MOST_MONTHS = 10, 24
HOURS = range(24)
OTHER_LABELS = {AGENT: _lt("by an agent"), "": _lt("not noted")}
VERDICT_NAMES = {
    "": _lt("Outside the plans"),
    intake.ACCEPTED: _lt("Accepted"),
    intake.HELD: _lt("Held"),
    intake.DECLINED: _lt("Declined"),
}
# A verdict goes with its reason.
GROUPED_BY = {"verdict": ("verdict", "reason")}


def execute(filters: Filters | None = None) -> Report:
    asked = intake.asked_of(filters, getdate(add_days(getdate(), 1 - DAYS)))
    by = intake.group_of(filters)
    if by != intake.BY_HOUR:
        return _by_group(asked, GROUPED_BY.get(by, (by,)))
    rows = intake.by_hour(asked)
    channels = _channels_in({row.channel for row in rows})
    counted: dict[tuple[int, int, str], int] = defaultdict(int)
    for row in rows:
        counted[row.weekday, row.hour, row.channel] = row.requests
    data = [
        _row(weekday, hour, {each: counted[weekday, hour, each] for each in channels})
        for weekday in range(len(WEEKDAYS))
        for hour in HOURS
    ]
    return Report(
        _columns(channels),
        [row for row in data if row["requests"]],
        asked.in_words(),
        _chart(channels, data),
        _summary_of_hours(rows),
    )


def _channels_in(found: set[str]) -> list[str]:
    """Those that are known in their order, and one that nobody noted last."""
    known = [each for each in names_of_channels() if each in found]
    return [*known, *sorted(found - {*known, ""}), *({""} & found)]


def _label(channel: str) -> str:
    return str(OTHER_LABELS.get(channel) or channel_name(channel))


def _row(weekday: int, hour: int, by_channel: dict[str, int]) -> dict[str, Any]:
    return {
        "weekday": _(WEEKDAYS[weekday]),
        "hour": f"{hour:02}:00",
        **{channel or "not_noted": count for channel, count in by_channel.items()},
        "requests": sum(by_channel.values()),
    }


def _columns(channels: list[str]) -> list[Column]:
    return [
        column(name, label, fieldtype, None, 130)
        for name, label, fieldtype in (
            ("weekday", _("Weekday"), "Data"),
            ("hour", _("Hour from"), "Data"),
            *((each or "not_noted", _label(each), "Int") for each in channels),
            ("requests", _("All requests"), "Int"),
        )
    ]


def _chart(channels: list[str], data: list[dict[str, Any]]) -> Chart | None:
    if not channels:
        return None
    return bars(
        [f"{row['weekday']} {row['hour']}" for row in data],
        {
            chart_label(_label(each)): [int(row[each or "not_noted"]) for row in data]
            for each in channels
        },
        space=0.1,
        is_series=True,
    )


def _summary_of_hours(rows: list[HourOfChannel]) -> list[Figure] | None:
    """All, and in which hour of the week most come."""
    if not rows:
        return None
    by_hour: dict[tuple[int, int], int] = defaultdict(int)
    for row in rows:
        by_hour[row.weekday, row.hour] += row.requests
    weekday, hour = max(by_hour, key=lambda at: (by_hour[at], -at[0], -at[1]))
    return [
        figure(_("All requests"), sum(by_hour.values())),
        figure(_("Busiest hour"), f"{_(WEEKDAYS[weekday])} {hour:02}:00", "Data"),
    ]


# By what was decided


def _by_group(asked: Asked, groups: tuple[str, ...]) -> Report:
    rows = intake.by_group(asked, groups)
    data: list[Row] = [
        {
            **{
                group: _title(group, value)
                for group, value in zip(groups, row.key, strict=True)
            },
            "requests": row.requests,
            "accepted": row.accepted,
            "held": row.held,
            "declined": row.declined,
            "outside": row.outside,
            "listed": intake.listed(asked, groups, row.key),
        }
        for row in rows
    ]
    return Report(
        _columns_of_groups(asked, groups),
        data,
        asked.in_words(),
        _chart_of_groups(groups, rows),
        _summary(rows),
    )


def _title(group: str, value: Any) -> str | date:
    if group == "month":
        return getdate(value)
    if group == "verdict":
        return str(VERDICT_NAMES.get(value or "", value))
    if group == "channel":
        return _label(value or "")
    # Frappe aligns a column by its first value: of none, as if it were a number.
    return reason_name(value) if group == "reason" and value else value or ""


def _columns_of_groups(asked: Asked, groups: tuple[str, ...]) -> list[Column]:
    heads: dict[str, Column] = {
        "month": column("month", _("Month from"), "Date", None, 120),
        "verdict": column("verdict", _("Decision"), "Data", None, 160),
        "reason": column("reason", _("Reason"), "Data", None, 200),
        "channel": column("channel", _("Channel"), "Data", None, 160),
        "customer": column("customer", _("Customer"), "Link", "HD Customer", 220),
    }
    figures: list[tuple[str, str, str | None]] = [("requests", _("All requests"), None)]
    if "verdict" not in groups:
        figures += [
            ("accepted", _("Accepted"), intake.ACCEPTED),
            ("held", _("Held"), intake.HELD),
            ("declined", _("Declined"), intake.DECLINED),
            ("outside", _("Outside the plans"), ""),
        ]
    counted: list[Column] = [
        {
            **column(name, label, "Int", None, 140),
            "listed": intake.listed_as(asked, verdict),
        }
        for name, label, verdict in figures
    ]
    return [*(heads[each] for each in groups), *counted]


def _chart_of_groups(groups: tuple[str, ...], rows: list[Intake]) -> Chart | None:
    if not rows:
        return None
    if groups[0] == "verdict":
        return bars(
            [_named(groups, row) for row in rows],
            {_("All requests"): [row.requests for row in rows]},
            space=0.2,
        )
    rows = rows[-MOST_MONTHS:] if groups[0] == "month" else rows[:MOST_BARS]
    return bars(
        [_named(groups, row) for row in rows],
        {
            _("Accepted"): [row.accepted for row in rows],
            _("Held"): [row.held for row in rows],
            _("Declined"): [row.declined for row in rows],
            _("Outside the plans"): [row.outside for row in rows],
        },
        space=0.2,
        is_series=groups[0] == "month",
        colours=("green", "orange", "red", "dark-grey"),
    )


def _named(groups: tuple[str, ...], row: Intake) -> str:
    if groups[0] == "month":
        return month_label(row.key[0])
    titles = [_title(*each) for each in zip(groups, row.key, strict=True)]
    return chart_label(": ".join(str(each) for each in titles if each) or _("not set"))


def _summary(rows: list[Intake]) -> list[Figure] | None:
    if not rows:
        return None
    return [
        figure(_("All requests"), sum(row.requests for row in rows)),
        figure(_("Accepted"), sum(row.accepted for row in rows), indicator="Green"),
        figure(_("Held"), sum(row.held for row in rows), indicator="Orange"),
        figure(_("Declined"), sum(row.declined for row in rows), indicator="Red"),
        figure(_("Outside the plans"), sum(row.outside for row in rows)),
    ]
