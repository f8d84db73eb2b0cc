"""How promises were kept, and in how much support time: of first answers unless another
target is chosen, by month and tier unless requests are grouped otherwise."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from frappe import _, _lt
from frappe.utils import add_months, get_first_day, getdate

from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.screens.reports import compliance
from beesender_support.screens.reports.asked import AGENT, MONTH, Filters
from beesender_support.screens.reports.compliance import (
    BREACHED_STATE,
    MET_STATE,
    OPEN_WORDS,
    Compliance,
    Kept,
    Spread,
    percent,
)
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    as_hours,
    bars,
    chart_label,
    column,
    figure,
    month_label,
    names_of_users,
)
from beesender_support.wording.renderer import reader, tier_title

MONTHS = 12
# The names below more bars than these could not be read, and more months than these.
MOST_BARS, MOST_MONTHS = 10, 24


class Words(NamedTuple):
    """What is said of a target: above the table, and at the head of what was kept."""

    what_counts: str
    met: str


WORDS = {
    FIRST_ANSWER: Words(
        _lt(
            "A request counts in the month in which its clock started. Compliance is what was"
            " answered in time, of all requests with a promise whose outcome is known; overdue"
            " ones count as broken."
        ),
        _lt("Answered in time"),
    ),
    NEXT_ANSWER: Words(
        _lt(
            "Each further answer to a request counts, in the month in which the request's"
            " clock started. Compliance is what was answered in time, of all such answers"
            " with a promise whose outcome is known; overdue ones count as broken."
        ),
        _lt("Answered in time"),
    ),
    SOLUTION: Words(
        _lt(
            "A request counts in the month in which its clock started, unless it was closed"
            " without a solution. Compliance is what was solved in time, of all requests"
            " with a promise whose outcome is known; overdue ones count as broken."
        ),
        _lt("Solved in time"),
    ),
}
HEADS = {
    MONTH: _lt("Month from"),
    "tier": _lt("Tier"),
    "priority": _lt("Support priority"),
    "category": _lt("Category"),
    "team": _lt("Team"),
    "customer": _lt("Customer"),
    AGENT: _lt("Agent"),
}


def execute(filters: Filters | None = None) -> Report:
    since = get_first_day(add_months(getdate(), 1 - MONTHS))
    found = compliance.counted(filters, since)
    words = WORDS[found.target]
    names = _names(found)
    data = [_row(found, row, names) for row in found.rows]
    message = f"{found.asked.in_words()} {words.what_counts}"
    if AGENT in found.groups:
        message = f"{message} {_('An agent is whom a ticket is assigned to.')}"
    return Report(
        _columns(found, words),
        data,
        message,
        _chart(found, data),
        _summary(found, words),
    )


def _names(found: Compliance) -> dict[Any, str]:
    """What people call the agents; of everything else the key is its name."""
    if AGENT not in found.groups:
        return {}
    return names_of_users({key for row in found.rows for key in row.key})


def _row(found: Compliance, row: Kept, names: dict[Any, str]) -> dict[str, Any]:
    keys = {
        group: _title(group, value, names)
        for group, value in zip(found.groups, row.key, strict=True)
    }
    return {
        **keys,
        "met": row.met,
        "breached": row.breached,
        "open": row.open,
        "compliance": percent(row.met, row.breached),
        "median": as_hours(row.spread.median),
        "p90": as_hours(row.spread.p90),
        "p95": as_hours(row.spread.p95),
        "listed": found.listed(row.key),
    }


def _title(group: str, value: Any, names: dict[Any, str]) -> str | date | None:
    if group == MONTH:
        return getdate(value)
    if not value:
        return None if group == "customer" else _("not set")
    return tier_title(value) if group == "tier" else names.get(value, value)


def _columns(found: Compliance, words: Words) -> list[Column]:
    figures: list[Column] = [
        {**column(name, label, "Int", None, 150), "listed": listed}
        for name, label, listed in (
            ("met", str(words.met), found.listed_as(MET_STATE)),
            ("breached", _("Late or overdue"), found.listed_as(BREACHED_STATE)),
            ("open", _("Not yet known"), found.listed_as(*OPEN_WORDS)),
        )
    ]
    # Frappe shows a percentage with three decimals by default.
    share: Column = {
        **column("compliance", _("Compliance"), "Percent", None, 120),
        "precision": "1",
    }
    times: list[Column] = [
        {**column(name, label, "Float", None, 150), "precision": "2"}
        for name, label in (
            ("median", _("Median, support hours")),
            ("p90", _("90 % within, support hours")),
            ("p95", _("95 % within, support hours")),
        )
    ]
    return [*map(_head, found.groups), *figures, share, *times]


def _head(group: str) -> Column:
    label = str(HEADS[group])
    if group == MONTH:
        return column(group, label, "Date", None, 120)
    if group == "customer":
        return column(group, label, "Link", "HD Customer", 220)
    # As a link, Frappe would translate the name as if it were a word.
    return column(group, label, "Data", None, 180)


def _chart(found: Compliance, data: list[dict[str, Any]]) -> Chart | None:
    """Bars of what is known; none where no outcome is."""
    data = [row for row in data if row["compliance"] is not None]
    if not data:
        return None
    *first, last = found.groups
    if first:
        return _by_month_and_tier(data)
    data = data[-MOST_MONTHS:] if last == MONTH else data[:MOST_BARS]
    return bars(
        [_bar(last, row[last]) for row in data],
        {_("Compliance"): [_whole(row["compliance"]) for row in data]},
        is_series=last == MONTH,
    )


def _bar(group: str, value: Any) -> str:
    if group == MONTH:
        return month_label(value)
    return chart_label(value or _("not set"))


def _by_month_and_tier(data: list[dict[str, Any]]) -> Chart:
    """A column for each month and tier."""
    months = sorted({row["month"] for row in data})
    tiers = list(dict.fromkeys(row["tier"] for row in data))
    percents = {(row["month"], row["tier"]): row["compliance"] for row in data}
    return bars(
        list(map(month_label, months)),
        {
            chart_label(tier): [_whole(percents.get((month, tier))) for month in months]
            for tier in tiers
        },
        is_series=True,
    )


def _whole(share: float | None) -> int | None:
    """A chart takes no number of decimals. Rounded down: 99.9 is not all."""
    return None if share is None else int(share)


def _summary(found: Compliance, words: Words) -> list[Figure] | None:
    if not found.rows:
        return None
    met, breached = found.met, found.breached
    share = percent(met, breached)
    return [
        figure(str(words.met), met, indicator="Green"),
        figure(_("Late or overdue"), breached, indicator="Red"),
        figure(_("Not yet known"), found.open),
        *(
            [figure(_("Compliance"), f"{reader().number(share)} %", "Data")]
            if share is not None
            else []
        ),
        *_times(found.spread),
    ]


def _times(spread: Spread) -> list[Figure]:
    return [
        figure(label, reader().support_time(timedelta(seconds=seconds)), "Data")
        for label, seconds in (
            (_("Median"), spread.median),
            (_("90 % within"), spread.p90),
            (_("95 % within"), spread.p95),
        )
        if seconds is not None
    ]
