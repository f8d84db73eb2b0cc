"""A service report in the words of its reader's language, part by part.

Everything in it is plain text: whoever shows it escapes it.
"""

from datetime import date, datetime, timedelta
from typing import TypedDict

from babel.dates import get_month_names
from frappe import _

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.reports.service_report import (
    CLOSED_UNKEPT,
    DECLINED,
    GIVEN_LATE,
    HELD,
    NOT_GIVEN,
    OUTSIDE,
    PERCENTILE,
    PROMISED,
    Breach,
    Outcome,
    ServiceReport,
    Sold,
)
from beesender_support.policy.response.response_state import share_in_percent
from beesender_support.policy.sentences import Name, marked
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.wording.allowances.balance_words import (
    balance_in_words,
    title_of,
)
from beesender_support.wording.names import TARGET_NAMES
from beesender_support.wording.renderer import fill, reader, tier_title

STANDING_NAMES = {
    PROMISED: marked("Under a promised time"),
    OUTSIDE: marked("Outside the promise"),
    HELD: marked("Still held"),
    DECLINED: marked("Declined"),
}
_ANSWER = {
    GIVEN_LATE: marked("Answered late"),
    CLOSED_UNKEPT: marked("Closed without an answer"),
    NOT_GIVEN: marked("Not answered yet"),
}
BREACH_REASONS = {
    FIRST_ANSWER: _ANSWER,
    NEXT_ANSWER: _ANSWER,
    SOLUTION: {
        GIVEN_LATE: marked("Solved late"),
        CLOSED_UNKEPT: marked("Closed without a solution in time"),
        NOT_GIVEN: marked("Not solved yet"),
    },
}


class Fact(TypedDict):
    label: str
    value: str


class Table(TypedDict):
    """Rows of cells under ``heads``. From the column ``numbers_from`` on, counted from
    0, cells are numbers."""

    title: str
    heads: list[str]
    rows: list[list[str]]
    numbers_from: int
    note: str


class ReportInWords(TypedDict):
    """``unfinished`` is empty where the month was over."""

    title: str
    customer: str
    period: str
    unfinished: str
    plans: list[str]
    facts: list[Fact]
    tables: list[Table]
    footnote: str


def in_words(report: ServiceReport) -> ReportInWords:
    """In the session's language."""
    tables = (
        _requested(report),
        _outcomes(report),
        _spreads(report),
        _breaches(report),
    )
    return {
        "title": _("Service report: {0}").format(month_name(report)),
        "customer": report.customer,
        "period": _("Months, days and times are those of {0}.").format(
            report.time_zone
        ),
        "unfinished": "" if report.is_over else _unfinished(report),
        "plans": [_plan(each) for each in report.plans],
        "facts": _facts(report),
        "tables": [each for each in tables if each["rows"]],
        "footnote": _(
            "A request belongs to the month in which its clock started. Response times"
            " are support time: hours in which support is closed do not count. The"
            " figures were counted on {0}."
        ).format(_moment(report, report.counted_at)),
    }


def month_name(report: ServiceReport) -> str:
    """``November 2026``, as a heading has it."""
    return name_of_month(report.month)


def name_of_month(day: date) -> str:
    """Of the month in which a day is: ``November 2026``, as a heading has it."""
    # The name by itself: in Russian the months of dates are in another case.
    name = get_month_names("wide", "stand-alone", reader().locale)[day.month]
    return f"{name[0].upper()}{name[1:]} {day.year}"


def _unfinished(report: ServiceReport) -> str:
    return _("The month is not over: what is said here is as of {0}.").format(
        _moment(report, report.counted_at)
    )


def _plan(sold: Sold) -> str:
    if named := sold.exceptions_in(reader().locale.language):
        return fill(
            _("{0}. Agreed for this plan alone: {1}"),
            _dates_of(sold),
            "; ".join(named),
        )
    if not sold.has_exceptions:
        return _dates_of(sold)
    return fill(
        _("{0}. Something else was agreed for this plan alone"), _dates_of(sold)
    )


def _dates_of(sold: Sold) -> str:
    first = reader().long_date(sold.starts_on)
    if sold.ends_on is None:
        return _("{0} ({1}), from {2}, without an end").format(
            tier_title(sold.tier), sold.time_zone, first
        )
    return _("{0} ({1}), from {2} to {3}").format(
        tier_title(sold.tier), sold.time_zone, first, reader().long_date(sold.ends_on)
    )


def _facts(report: ServiceReport) -> list[Fact]:
    seats, first = report.seats, report.outcomes[FIRST_ANSWER]
    facts = [
        (_("Requests"), str(report.requests)),
        *(
            (_(name), str(report.standings[code]))
            for code, name in STANDING_NAMES.items()
        ),
        (_("First answers in time"), _percent(first)),
        (
            _("Seats used on {0}").format(reader().long_date(seats.day)),
            _("{0} of {1}").format(seats.used, seats.included),
        ),
        *_allowances(report),
        *_entitlements(report),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _allowances(report: ServiceReport) -> list[tuple[str, str]]:
    """What is counted by the contract year, and how it stands on the day of the seats."""
    if report.allowances is None:
        words = _("{0} (how many were used is not counted here)")
        return [
            (
                _("Updates included in a contract year"),
                words.format(report.updates_per_year),
            )
        ]
    return [
        (
            _("{0}, in the contract year").format(title_of(each.entitlement)),
            balance_in_words(each.balance, each.unit),
        )
        for each in report.allowances
    ]


def _entitlements(report: ServiceReport) -> list[tuple[str, str]]:
    """What is included without a number, and what is not."""
    standing = report.entitlements or ()
    named = {
        heading: [title_of(code) for code, included in standing if included is wanted]
        for heading, wanted in ((_("Included"), True), (_("Not included"), False))
    }
    return [
        (heading, reader().listed(titles))
        for heading, titles in named.items()
        if titles
    ]


def _requested(report: ServiceReport) -> Table:
    """Categories by priorities."""
    priorities = sorted({each.priority for each in report.requested})
    counted = {
        (each.category, each.priority): each.requests for each in report.requested
    }
    categories = sorted({each.category for each in report.requested})
    rows = []
    for category in categories:
        numbers = [counted.get((category, each), 0) for each in priorities]
        name = reader().name(category) or _("Without a category")
        rows.append([name, *map(str, numbers), str(sum(numbers))])
    return _table(
        _("Requests by category and priority"),
        [
            _("Category"),
            *(each or _("Without a priority") for each in priorities),
            _("All"),
        ],
        rows,
        1,
    )


def _outcomes(report: ServiceReport) -> Table:
    return _table(
        _("Promises"),
        [
            _("Promise"),
            _("In time"),
            _("Late"),
            _("Not yet known"),
            _("Compliance"),
        ],
        [
            [_(TARGET_NAMES[target]), *map(str, outcome), _percent(outcome)]
            for target, outcome in report.outcomes.items()
        ],
        1,
        _(
            "Compliance is what was in time, of everything whose outcome is known; what"
            " is overdue counts as late."
        ),
    )


def _spreads(report: ServiceReport) -> Table:
    return _table(
        _("Support time until the first answer"),
        [
            _("Priority"),
            _("Answers"),
            _("Median"),
            _("{0} % within").format(PERCENTILE),
        ],
        [
            [
                spread.priority or _("All"),
                str(spread.answers),
                _time(spread.median),
                _time(spread.percentile),
            ]
            for spread in report.spreads
        ],
        1,
    )


def _breaches(report: ServiceReport) -> Table:
    return _table(
        _("Promises that were not kept"),
        [
            _("Request"),
            _("Priority"),
            _("Promise"),
            _("Due"),
            _("Late by, support time"),
            _("Reason"),
        ],
        [
            [
                f"#{each.ticket} {each.subject}",
                each.priority,
                _(TARGET_NAMES[each.target]),
                _moment(report, each.due) if each.due else "",
                "" if each.overrun is None else _time(each.overrun),
                _reason(each),
            ]
            for each in report.breaches
        ],
        6,
    )


def _reason(breach: Breach) -> str:
    reason = _(BREACH_REASONS[breach.target][breach.reason])
    if breach.note:
        return fill(_("{0}; closed as {1}"), reason, Name(breach.note))
    return reason


def _table(
    title: str,
    heads: list[str],
    rows: list[list[str]],
    numbers_from: int,
    note: str = "",
) -> Table:
    return {
        "title": title,
        "heads": heads,
        "rows": rows,
        "numbers_from": numbers_from,
        "note": note,
    }


def _percent(outcome: Outcome) -> str:
    share = outcome.compliance
    return "–" if share is None else f"{reader().number(share_in_percent(share))} %"


def _time(length: timedelta) -> str:
    return reader().support_time(length) if length else _("at once")


def _moment(report: ServiceReport, instant: datetime) -> str:
    local = instant.astimezone(time_zone(report.time_zone))
    return reader().moment(local.replace(tzinfo=None))
