"""Holidays and working days as the documents tell them: every row of every example."""

from datetime import date, timedelta

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.holidays import Days, WorkingDay, merged
from beesender_support.policy.plans.next_year import year_without_dates
from beesender_support.tests.docs.rule_book import (
    MERGED_DATES,
    WORKING_DAYS,
    YEARS_MISSING,
    day_in,
    examples,
    in_zone,
    optional,
)
from beesender_support.tests.docs.test_semantics import (
    holiday_in,
    holidays_in,
    windows_in,
)
from beesender_support.tests.policy.factories import at


def working_day_in(text: str) -> WorkingDay:
    same = holiday_in(text)
    hours = () if same.is_whole_day else (same.start, same.end)
    return WorkingDay(same.day, "", *hours)


def working_days_in(cell: str) -> tuple[WorkingDay, ...]:
    return tuple(map(working_day_in, cell.split("; "))) if cell != "none" else ()


@examples(WORKING_DAYS)
def test_a_working_day_counts_as_told(example):
    zone = example["time zone"]
    calendar = Calendar(
        zone,
        windows_in(example["support hours"]),
        holidays_in(example["holidays"]),
        working_days=working_days_in(example["working days"]),
    )
    start = at(example["start"])
    duration = timedelta(hours=float(example["working time, hours"]))
    assert in_zone(calendar.add(start, duration), zone) == example["end"]
    assert calendar.between(start, at(example["end"])) == duration


@examples(MERGED_DATES)
def test_a_plan_and_its_calendars_are_merged_as_told(example):
    own, *calendars = (
        Days(holidays_in(example[each]))
        for each in ("own holidays", "one calendar", "another calendar")
    )
    found = merged(own, calendars).holidays
    assert "; ".join(sorted(map(str, found))) == example["holidays"]


@examples(YEARS_MISSING)
def test_the_next_year_is_missing_as_told(example):
    years = optional(lambda cell: cell.split("; "), example["listed for"]) or []
    dates = [date(int(year), 5, 1) for year in years]
    ends_on = optional(day_in, example["plan ends"])
    missing = year_without_dates(dates, day_in(example["today"]), ends_on)
    assert str(missing or "none") == example["year missing"]
