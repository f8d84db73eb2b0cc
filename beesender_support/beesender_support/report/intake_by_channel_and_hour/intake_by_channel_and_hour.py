"""When requests come, and by which channel: for each hour of the week."""

from collections import defaultdict

from frappe import _, _lt

from beesender_support.policy.calendar.windows import WEEKDAYS
from beesender_support.policy.sold.channels import AGENT
from beesender_support.screens.workspace import statistics
from beesender_support.screens.workspace.report_parts import Chart, Column, Report
from beesender_support.screens.workspace.statistics import Filters
from beesender_support.wording.renderer import channel_name, names_of_channels

HOURS = range(24)
OTHER_LABELS = {AGENT: _lt("by an agent"), "": _lt("not noted")}


# The hour of the week, a number of requests by channel, and ``requests`` of all.
Row = dict[str, str | int]


def execute(filters: Filters | None = None) -> Report:
    asked, rows = statistics.intake_by_hour(filters)
    found = {row["channel"] for row in rows}
    known = [each for each in names_of_channels() if each in found]
    unknown = sorted(found - {*known, ""})
    channels = [*known, *unknown, *({""} & found)]
    counted: dict[tuple[int, int, str], int] = defaultdict(int)
    for row in rows:
        counted[row["weekday"], row["hour"], row["channel"]] = row["requests"]
    data = [
        _row(weekday, hour, {each: counted[weekday, hour, each] for each in channels})
        for weekday in range(len(WEEKDAYS))
        for hour in HOURS
    ]
    return Report(
        _columns(channels),
        [row for row in data if row["requests"]],
        statistics.period_in_words(asked),
        _chart(channels, data),
    )


def _label(channel: str) -> str:
    return str(OTHER_LABELS.get(channel) or channel_name(channel))


def _row(weekday: int, hour: int, by_channel: dict[str, int]) -> Row:
    return {
        "weekday": _(WEEKDAYS[weekday]),
        "hour": f"{hour:02}:00",
        **{channel or "not_noted": count for channel, count in by_channel.items()},
        "requests": sum(by_channel.values()),
    }


def _columns(channels: list[str]) -> list[Column]:
    return [
        {"fieldname": name, "label": label, "fieldtype": fieldtype, "width": 130}
        for name, label, fieldtype in (
            ("weekday", _("Weekday"), "Data"),
            ("hour", _("Hour from"), "Data"),
            *((each or "not_noted", _label(each), "Int") for each in channels),
            ("requests", _("All requests"), "Int"),
        )
    ]


def _chart(channels: list[str], data: list[Row]) -> Chart | None:
    if not channels:
        return None
    return {
        "data": {
            "labels": [f"{row['weekday']} {row['hour']}" for row in data],
            "datasets": [
                {
                    "name": _label(each),
                    "values": [int(row[each or "not_noted"]) for row in data],
                }
                for each in channels
            ],
        },
        "type": "bar",
        "barOptions": {"stacked": True, "spaceRatio": 0.1},
        "axisOptions": {"xIsSeries": True},
        "fieldtype": "Int",
    }
