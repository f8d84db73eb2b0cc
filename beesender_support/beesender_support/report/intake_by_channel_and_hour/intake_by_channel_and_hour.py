"""When requests come, and by which channel: for each hour of the week."""

from collections import defaultdict

from frappe import _, _lt

from beesender_support.policy.calendar.windows import WEEKDAYS
from beesender_support.policy.plans.tiers import AGENT, CHANNELS
from beesender_support.screens.workspace import statistics
from beesender_support.wording.names import CHANNEL_NAMES

HOURS = range(24)
OTHER_LABELS = {AGENT: _lt("by an agent"), "": _lt("not noted")}


def execute(filters: dict | None = None) -> tuple:
    asked, rows = statistics.intake_by_hour(filters)
    channels = [each for each in (*CHANNELS, "") if _has(rows, each)]
    counted = defaultdict(int)
    for row in rows:
        counted[row.weekday, row.hour, row.channel] = row.requests
    data = [
        _row(weekday, hour, {each: counted[weekday, hour, each] for each in channels})
        for weekday in range(len(WEEKDAYS))
        for hour in HOURS
    ]
    message = statistics.period_in_words(asked)
    return (
        _columns(channels),
        [row for row in data if row["requests"]],
        message,
        _chart(channels, data),
    )


def _has(rows: list[dict], channel: str) -> bool:
    return any(row.channel == channel for row in rows)


def _label(channel: str) -> str:
    return str(OTHER_LABELS.get(channel) or _(CHANNEL_NAMES[channel]))


def _row(weekday: int, hour: int, by_channel: dict[str, int]) -> dict:
    return {
        "weekday": _(WEEKDAYS[weekday]),
        "hour": f"{hour:02}:00",
        **{channel or "not_noted": count for channel, count in by_channel.items()},
        "requests": sum(by_channel.values()),
    }


def _columns(channels: list[str]) -> list[dict]:
    return [
        {"fieldname": name, "label": label, "fieldtype": fieldtype, "width": 130}
        for name, label, fieldtype in (
            ("weekday", _("Weekday"), "Data"),
            ("hour", _("Hour from"), "Data"),
            *((each or "not_noted", _label(each), "Int") for each in channels),
            ("requests", _("All requests"), "Int"),
        )
    ]


def _chart(channels: list[str], data: list[dict]) -> dict | None:
    if not channels:
        return None
    return {
        "data": {
            "labels": [f"{row['weekday']} {row['hour']}" for row in data],
            "datasets": [
                {
                    "name": _label(each),
                    "values": [row[each or "not_noted"] for row in data],
                }
                for each in channels
            ],
        },
        "type": "bar",
        "barOptions": {"stacked": True, "spaceRatio": 0.1},
        "axisOptions": {"xIsSeries": True},
        "fieldtype": "Int",
    }
