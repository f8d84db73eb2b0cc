"""Holiday calendars and the rows of dates, of a calendar or of a plan, as values."""

from collections.abc import Iterable, Mapping, Sequence

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.policy.calendar.holidays import Days, Holiday, WorkingDay
from beesender_support.policy.calendar.windows import DAY
from beesender_support.policy.plans import limits
from beesender_support.records.sold.policy_values import seconds_of_day
from beesender_support.records.tables import with_rows

CALENDAR = "Beesender Holiday Calendar"


def days_in(rows: Iterable[Document]) -> Days:
    """The dates of rows as they are stored; raises PolicyError."""
    rows = list(rows)
    return Days(
        tuple(_holiday_of(row) for row in rows if not row.get("is_working_day")),
        tuple(_working_day_of(row) for row in rows if row.get("is_working_day")),
    )


def said_of(days: Days) -> tuple[object, ...]:
    """When one row closes or opens a date, whatever it is called."""
    return (
        *((each.day, each.start, each.end, False) for each in days.holidays),
        *(
            (each.day, *(each.hours or (None, None)), True)
            for each in days.working_days
        ),
    )


def checked_days_in(rows: Sequence[Document]) -> Days:
    """The dates of rows as somebody typed them; raises PolicyError for what they cannot
    be."""
    for row in rows:
        limits.check_part_of_day(
            getdate(row.date), _is_given(row.start_time), _is_given(row.end_time)
        )
    days = days_in(rows)
    limits.check_dates(days)
    return days


def days_of_calendars(names: Iterable[str]) -> Mapping[str, Days]:
    """By the name of their calendar, in two queries; none of a calendar that is gone."""
    names = sorted(set(names))
    if not names:
        return {}
    docs = with_rows(CALENDAR, {"name": ("in", names)})
    return {doc.name: days_in(doc.days) for doc in docs}


def names_in(doc: Document) -> list[str]:
    """The calendars of a plan, in its order, each once."""
    rows = doc.get("holiday_calendars") or ()
    return list(dict.fromkeys(row.calendar for row in rows if row.calendar))


def plans_taking(*calendars: str) -> list[str]:
    """The plans that take any of these calendars, by name, drafts and ended ones
    included."""
    if not calendars:
        return []
    names = frappe.get_all(
        "Beesender Plan Calendar",
        {"calendar": ("in", calendars), "parenttype": "Beesender Support Plan"},
        pluck="parent",
    )
    return sorted(set(names))


def _holiday_of(row: Document) -> Holiday:
    return Holiday(
        getdate(row.date),
        row.description or "",
        seconds_of_day(row.start_time),
        seconds_of_day(row.end_time) or DAY,
    )


def _working_day_of(row: Document) -> WorkingDay:
    if not (_is_given(row.start_time) or _is_given(row.end_time)):
        return WorkingDay(getdate(row.date), row.description or "")
    return WorkingDay(
        getdate(row.date),
        row.description or "",
        seconds_of_day(row.start_time),
        seconds_of_day(row.end_time) or DAY,
    )


def _is_given(time: object) -> bool:
    """Whether a Time field is set; midnight counts as set."""
    return time is not None and time != ""
