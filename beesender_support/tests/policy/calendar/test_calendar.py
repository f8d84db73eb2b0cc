"""Calendars by example: what they refuse, edges, daylight saving, and explanations."""

import json
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path

import pytest

from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.calendar.holidays import (
    Holiday,
    WorkingDay,
    YearlyHoliday,
)
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    MINUTE,
    Window,
)
from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import (
    InvalidDuration,
    NaiveInstant,
    NoWorkingTime,
    OutOfReach,
)
from beesender_support.tests.policy.factories import (
    FRIDAY,
    MICROSECOND,
    NIGHTS,
    OFFICE_HOURS,
    SATURDAY,
    SUNDAY,
    at,
    hours,
    utc,
    weekly,
)

VECTORS = json.loads(
    (Path(__file__).parents[3] / "conformance/cases/working_time.json").read_text()
)


def every_day_of(year: int):
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def every_day_but(month: int, day: int) -> tuple[YearlyHoliday, ...]:
    return tuple(
        YearlyHoliday(each.month, each.day)
        for each in every_day_of(2000)
        if (each.month, each.day) != (month, day)
    )


# Cases collected from other projects


def calendar_from(stored: dict) -> Calendar:
    return Calendar(
        stored["time_zone"],
        tuple(
            Window(int(weekday), *window)
            for weekday, windows in stored["weekly_windows"].items()
            for window in windows
        ),
        tuple(Holiday(date.fromisoformat(day)) for day in stored["holidays"]),
        tuple(
            YearlyHoliday(*map(int, day.split("-")))
            for day in stored["yearly_holidays"]
        ),
    )


@pytest.mark.parametrize(
    "vector",
    VECTORS,
    ids=[f"{number}-{vector['op']}" for number, vector in enumerate(VECTORS)],
)
def test_other_projects_count_the_same(vector):
    calendar, start = calendar_from(vector["calendar"]), at(vector["start"])
    if vector["op"] == "add":
        deadline = calendar.add(start, timedelta(seconds=vector["seconds"]))
        assert deadline == at(vector["expect"])
    else:
        passed = calendar.between(start, at(vector["end"]))
        assert passed == timedelta(seconds=vector["expect"])


# Refusals. Each names the field and the value.


def test_a_calendar_without_windows_is_refused():
    with pytest.raises(NoWorkingTime) as refusal:
        Calendar("UTC", ())
    assert (refusal.value.field, refusal.value.value) == ("support_windows", "any week")


def test_a_calendar_that_opens_only_on_29_february_is_refused():
    with pytest.raises(NoWorkingTime) as refusal:
        Calendar("UTC", AROUND_THE_CLOCK, (), every_day_but(2, 29))
    assert refusal.value.field == "support_windows"
    assert refusal.value.value == 2001


def test_a_calendar_that_opens_on_one_date_of_a_year_is_not_refused():
    calendar = Calendar("UTC", AROUND_THE_CLOCK, (), every_day_but(12, 31))
    start = at("2028-01-01T00:00+00:00")
    assert calendar.next_open(start) == at("2028-12-31T00:00+00:00")


def test_a_calendar_that_opens_on_a_date_its_weekdays_miss_is_refused():
    with pytest.raises(NoWorkingTime) as refusal:
        Calendar("UTC", OFFICE_HOURS, (), every_day_but(12, 31))
    assert date(refusal.value.value, 12, 31).weekday() in (SATURDAY, SUNDAY)


@pytest.mark.parametrize("year", [2026, 2028, 2400])
def test_holidays_covering_a_year_are_refused(year):
    holidays = tuple(map(Holiday, every_day_of(year)))
    with pytest.raises(NoWorkingTime) as refusal:
        Calendar("UTC", OFFICE_HOURS, holidays)
    assert (refusal.value.field, refusal.value.value) == ("support_windows", year)
    assert str(year) in str(refusal.value)


def test_holidays_covering_every_window_of_a_year_are_refused():
    holidays = tuple(
        Holiday(day, start=8 * HOUR, end=18 * HOUR) for day in every_day_of(2026)
    )
    with pytest.raises(NoWorkingTime):
        Calendar("UTC", OFFICE_HOURS, holidays)


def test_holidays_at_the_ends_of_the_years_a_date_can_have_are_harmless():
    holidays = (Holiday(date.min), Holiday(date.max))
    calendar = Calendar("UTC", OFFICE_HOURS, holidays)
    assert calendar.is_open(at("2026-11-23T12:00+00:00"))


def test_a_negative_duration_is_refused():
    calendar = Calendar("UTC", OFFICE_HOURS)
    for question in (calendar.add, calendar.explain):
        with pytest.raises(InvalidDuration) as refusal:
            question(at("2026-11-23T12:00+00:00"), -MICROSECOND)
        assert (refusal.value.field, refusal.value.value) == ("duration", -MICROSECOND)


class ZoneWithoutOffset(tzinfo):
    def utcoffset(self, _instant):
        return None


@pytest.mark.parametrize(
    "naive",
    [
        datetime(2026, 11, 23, 12),
        datetime(2026, 11, 23, 12, tzinfo=ZoneWithoutOffset()),
    ],
)
def test_a_naive_instant_is_refused_by_every_question(naive):
    calendar, aware = Calendar("UTC", OFFICE_HOURS), at("2026-11-23T12:00+00:00")
    for question in (
        lambda: calendar.is_open(naive),
        lambda: calendar.next_open(naive),
        lambda: calendar.add(naive, hours(1)),
        lambda: calendar.between(naive, aware),
        lambda: calendar.between(aware, naive),
        lambda: calendar.explain(naive, hours(1)),
    ):
        with pytest.raises(NaiveInstant) as refusal:
            question()
        assert (refusal.value.field, refusal.value.value) == ("instant", naive)


@pytest.mark.parametrize(
    ("instant", "year"),
    [
        ("0001-01-01T00:00+00:00", 1),
        ("1899-11-01T00:00+00:00", 1899),
        ("3000-02-01T00:00+00:00", 3000),
        ("9999-12-31T23:59+00:00", 9999),
    ],
)
def test_an_instant_out_of_reach_is_refused(instant, year):
    calendar = Calendar("Europe/Berlin", OFFICE_HOURS)
    with pytest.raises(OutOfReach) as refusal:
        calendar.next_open(at(instant))
    assert (refusal.value.field, refusal.value.value) == ("instant", year)
    assert "1900 to 2999" in str(refusal.value)


@pytest.mark.parametrize(
    "instant", ["1900-01-01T12:00+00:00", "2999-12-30T12:00+00:00"]
)
def test_the_first_and_the_last_year_are_in_reach(instant):
    assert Calendar("UTC", AROUND_THE_CLOCK).is_open(at(instant))


def test_a_deadline_out_of_reach_is_refused():
    calendar = Calendar("UTC", AROUND_THE_CLOCK)
    with pytest.raises(OutOfReach) as refusal:
        calendar.add(at("2999-11-23T12:00+00:00"), timedelta(days=400))
    assert refusal.value.value == 3000


# Edges


@pytest.mark.parametrize(
    ("opened", "duration", "due"),
    [
        pytest.param(
            "2026-11-23T14:00", 4, "2026-11-23T18:00", id="exactly at closing"
        ),
        pytest.param(
            "2026-11-23T14:00",
            4 + 1 / 3_600_000_000,
            "2026-11-24T09:00:00.000001",
            id="a microsecond longer",
        ),
        pytest.param("2026-11-20T17:00", 2, "2026-11-23T10:00", id="over a weekend"),
        pytest.param("2026-11-23T06:00", 1, "2026-11-23T10:00", id="before opening"),
        pytest.param("2026-11-23T18:00", 1, "2026-11-24T10:00", id="at closing"),
        pytest.param("2026-11-21T12:00", 9, "2026-11-23T18:00", id="on a Saturday"),
        pytest.param("2026-11-23T12:00", 0, "2026-11-23T12:00", id="nothing, open"),
        pytest.param("2026-11-23T18:00", 0, "2026-11-24T09:00", id="nothing, closing"),
        pytest.param("2026-11-21T00:00", 0, "2026-11-23T09:00", id="nothing, closed"),
        pytest.param("2026-11-23T09:00", 45, "2026-11-27T18:00", id="a whole week"),
    ],
)
def test_a_deadline_in_office_hours(opened, duration, due):
    calendar = Calendar("GMT+3", OFFICE_HOURS)
    found = calendar.add(at(f"{opened}+03:00"), hours(duration))
    assert found == at(f"{due}+03:00")
    assert found.tzinfo is timezone.utc


def test_a_window_is_half_open():
    calendar = Calendar("UTC", OFFICE_HOURS)
    opening, closing = at("2026-11-23T09:00+00:00"), at("2026-11-23T18:00+00:00")
    assert calendar.is_open(opening)
    assert not calendar.is_open(opening - MICROSECOND)
    assert calendar.is_open(closing - MICROSECOND)
    assert not calendar.is_open(closing)


def test_around_the_clock_has_no_hole():
    calendar = Calendar("GMT+3", AROUND_THE_CLOCK)
    start = at("2026-12-31T23:59:59.999999+03:00")
    assert calendar.add(start, timedelta(days=365)) == start + timedelta(days=365)
    assert calendar.next_open(start) == start


def test_a_window_across_midnight_belongs_to_the_day_it_starts():
    calendar = Calendar("UTC", (Window(FRIDAY, 22 * HOUR, 30 * HOUR),))
    assert calendar.is_open(at("2026-11-28T05:59+00:00"))  # Saturday
    assert not calendar.is_open(at("2026-11-27T05:59+00:00"))  # Friday


def test_a_holiday_cuts_a_window_across_midnight_where_it_begins():
    night = (Window(FRIDAY, 22 * HOUR, 30 * HOUR),)
    on_saturday = Calendar("UTC", night, (Holiday(date(2026, 11, 28)),))
    on_friday = Calendar("UTC", night, (Holiday(date(2026, 11, 27)),))
    start, end = at("2026-11-27T12:00+00:00"), at("2026-11-28T12:00+00:00")
    assert on_saturday.between(start, end) == hours(2)
    assert on_friday.between(start, end) == hours(6)


def test_a_holiday_may_take_part_of_a_day():
    early_closing = Holiday(date(2026, 12, 31), "New Year's Eve", 14 * HOUR, DAY)
    calendar = Calendar("GMT+3", OFFICE_HOURS, (early_closing,))
    start = at("2026-12-31T13:00+03:00")
    assert calendar.add(start, hours(1)) == at("2026-12-31T14:00+03:00")
    assert calendar.add(start, hours(2)) == at("2027-01-01T10:00+03:00")


def test_a_holiday_is_a_local_date():
    holiday = Holiday(date(2026, 11, 23))
    ahead = Calendar("GMT+10", AROUND_THE_CLOCK, (holiday,))
    behind = Calendar("GMT-2", AROUND_THE_CLOCK, (holiday,))
    instant = at("2026-11-22T14:00+00:00")
    assert ahead.next_open(instant) == at("2026-11-23T14:00+00:00")
    assert behind.next_open(instant) == instant
    assert behind.next_open(at("2026-11-23T02:00+00:00")) == at(
        "2026-11-24T02:00+00:00"
    )


def test_equal_terms_share_a_calendar():
    assert calendar_of("GMT+3", OFFICE_HOURS) is calendar_of("GMT+3", OFFICE_HOURS)
    assert Calendar("GMT+3", OFFICE_HOURS[::-1]) == Calendar("GMT+3", OFFICE_HOURS)


# Daylight saving


@pytest.mark.parametrize(
    ("zone", "windows", "start", "duration", "end"),
    [
        pytest.param(
            "Europe/Berlin",
            AROUND_THE_CLOCK,
            "2026-10-25T00:00+02:00",
            25,
            "2026-10-26T00:00+01:00",
            id="the day the clocks go back has 25 hours",
        ),
        pytest.param(
            "Europe/Berlin",
            AROUND_THE_CLOCK,
            "2026-03-29T00:00+01:00",
            23,
            "2026-03-30T00:00+02:00",
            id="the day the clocks go forward has 23 hours",
        ),
        pytest.param(
            "Europe/Berlin",
            (Window(SUNDAY, 2 * HOUR, 3 * HOUR),),
            "2026-10-25T00:00+02:00",
            2,
            "2026-10-25T03:00+01:00",
            id="a repeated hour counts twice",
        ),
        pytest.param(
            "Europe/Berlin",
            (Window(SUNDAY, 2 * HOUR, 3 * HOUR),),
            "2026-10-25T00:00+02:00",
            1.5,
            "2026-10-25T02:30+01:00",
            id="a deadline in the second of two equal wall times",
        ),
        pytest.param(
            "Europe/Berlin",
            (Window(SUNDAY, 2 * HOUR, 3 * HOUR),),
            "2026-03-28T12:00+01:00",
            1,
            "2026-04-05T03:00+02:00",
            id="a skipped hour counts not at all",
        ),
        pytest.param(
            "Europe/Berlin",
            (Window(SUNDAY, 2 * HOUR + 30 * MINUTE, 4 * HOUR),),
            "2026-03-28T12:00+01:00",
            1,
            "2026-03-29T04:00+02:00",
            id="a window that opens in the skipped hour opens after it",
        ),
        pytest.param(
            "Europe/Berlin",
            (Window(SATURDAY, 22 * HOUR, 30 * HOUR),),
            "2026-10-24T12:00+02:00",
            9,
            "2026-10-25T06:00+01:00",
            id="a night shift of eight hours on the clock lasts nine",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            AROUND_THE_CLOCK,
            "2026-04-05T00:00+11:00",
            24.5,
            "2026-04-06T00:00+10:30",
            id="the clocks may go back by half an hour",
        ),
        pytest.param(
            "Australia/Lord_Howe",
            (Window(SUNDAY, HOUR, 3 * HOUR),),
            "2026-10-04T00:00+10:30",
            1.5,
            "2026-10-04T03:00+11:00",
            id="and forward by half an hour",
        ),
        pytest.param(
            "America/Sao_Paulo",
            (Window(SUNDAY, 0, 2 * HOUR),),
            "2018-11-03T12:00-03:00",
            1,
            "2018-11-04T02:00-02:00",
            id="midnight itself may be skipped",
        ),
        pytest.param(
            "America/Sao_Paulo",
            (Window(SATURDAY, 23 * HOUR, DAY),),
            "2019-02-16T12:00-02:00",
            2,
            "2019-02-17T00:00-03:00",
            id="the hour before midnight may be repeated",
        ),
        pytest.param(
            "Asia/Tehran",
            AROUND_THE_CLOCK,
            "2022-09-21T00:00+04:30",
            25,
            "2022-09-22T00:00+03:30",
            id="a zone half an hour off saves daylight too",
        ),
        pytest.param(
            "Pacific/Apia",
            weekly([FRIDAY]),
            "2011-12-28T12:00-10:00",
            9,
            "2012-01-06T18:00+14:00",
            id="a whole Friday may be skipped",
        ),
    ],
)
def test_daylight_saving(zone, windows, start, duration, end):
    calendar = Calendar(zone, windows)
    assert calendar.add(at(start), hours(duration)) == at(end)
    assert calendar.between(at(start), at(end)) == hours(duration)


def test_a_holiday_on_the_day_the_clocks_go_back_lasts_25_hours():
    calendar = Calendar(
        "Europe/Berlin", AROUND_THE_CLOCK, (Holiday(date(2026, 10, 25)),)
    )
    start, end = at("2026-10-25T00:00+02:00"), at("2026-10-26T00:00+01:00")
    assert calendar.next_open(start) == end
    assert end - start == hours(25)


def test_the_second_of_two_equal_wall_times_is_an_hour_later():
    berlin = time_zone("Europe/Berlin")
    calendar = Calendar("Europe/Berlin", AROUND_THE_CLOCK)
    first = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)
    assert calendar.between(first, first.replace(fold=1)) == hours(1)
    assert calendar.between(first.replace(fold=1), first) == hours(0)


# Explanations


def reasons(calendar: Calendar, start: str, duration: float) -> list[tuple]:
    zone = calendar.zone
    return [
        (
            f"{span.start.astimezone(zone):%a %H:%M}",
            f"{span.end.astimezone(zone):%a %H:%M}",
            span.reason,
            span.description,
        )
        for span in calendar.explain(at(start), hours(duration))
    ]


def test_an_explanation_tells_nights_breaks_weekends_and_holidays_apart():
    windows = weekly(range(5), 9, 13) + weekly(range(5), 14, 18)
    holiday = Holiday(date(2026, 11, 23), "Founders' day")
    calendar = Calendar("GMT+3", windows, (holiday,))
    assert reasons(calendar, "2026-11-20T12:00+03:00", 6) == [
        ("Fri 12:00", "Fri 13:00", "counted", ""),
        ("Fri 13:00", "Fri 14:00", "break", ""),
        ("Fri 14:00", "Fri 18:00", "counted", ""),
        ("Fri 18:00", "Sat 00:00", "night", ""),
        ("Sat 00:00", "Mon 00:00", "weekend", ""),
        ("Mon 00:00", "Tue 00:00", "holiday", "Founders' day"),
        ("Tue 00:00", "Tue 09:00", "night", ""),
        ("Tue 09:00", "Tue 10:00", "counted", ""),
    ]


def test_an_explanation_names_only_the_working_part_of_a_part_day_holiday():
    holiday = Holiday(date(2026, 11, 23), "Stocktaking", 16 * HOUR, DAY)
    calendar = Calendar("UTC", OFFICE_HOURS, (holiday,))
    assert reasons(calendar, "2026-11-23T15:00+00:00", 1.5) == [
        ("Mon 15:00", "Mon 16:00", "counted", ""),
        ("Mon 16:00", "Mon 18:00", "holiday", "Stocktaking"),
        ("Mon 18:00", "Tue 09:00", "night", ""),
        ("Tue 09:00", "Tue 09:30", "counted", ""),
    ]


def test_holidays_that_overlap_are_told_once():
    holidays = (
        Holiday(date(2026, 11, 23), "Stocktaking", 9 * HOUR, 12 * HOUR),
        Holiday(date(2026, 11, 23), "Training", 10 * HOUR, 14 * HOUR),
    )
    calendar = Calendar("UTC", OFFICE_HOURS, holidays)
    assert reasons(calendar, "2026-11-23T09:00+00:00", 1) == [
        ("Mon 09:00", "Mon 12:00", "holiday", "Stocktaking"),
        ("Mon 12:00", "Mon 14:00", "holiday", "Training"),
        ("Mon 14:00", "Mon 15:00", "counted", ""),
    ]


def test_a_holiday_on_a_day_off_is_a_weekend_but_for_what_it_cuts():
    nights = tuple(Window(day, 22 * HOUR, 30 * HOUR) for day in range(5))
    holiday = Holiday(date(2026, 11, 28), "Feast")
    calendar = Calendar("UTC", nights, (holiday,))
    assert reasons(calendar, "2026-11-27T23:00+00:00", 1.5) == [
        ("Fri 23:00", "Sat 00:00", "counted", ""),
        ("Sat 00:00", "Sat 06:00", "holiday", "Feast"),
        ("Sat 06:00", "Mon 00:00", "weekend", ""),
        ("Mon 00:00", "Mon 22:00", "night", ""),
        ("Mon 22:00", "Mon 22:30", "counted", ""),
    ]


def test_an_explanation_of_nothing_skips_to_the_next_opening():
    calendar = Calendar("UTC", OFFICE_HOURS)
    noon = at("2026-11-23T12:00+00:00")
    assert calendar.explain(noon, hours(0)) == ()
    assert calendar.explain(noon + timedelta(microseconds=1), hours(0)) == ()
    assert reasons(calendar, "2026-11-23T18:00+00:00", 0) == [
        ("Mon 18:00", "Tue 09:00", "night", "")
    ]


# Open intervals


def test_open_intervals_are_those_between_two_instants_cut_at_both():
    calendar = Calendar("GMT+3", OFFICE_HOURS, (Holiday(date(2026, 11, 24)),))
    assert calendar.open_intervals(
        at("2026-11-23T12:00+03:00"), at("2026-11-26T10:30+03:00")
    ) == (
        (utc("2026-11-23T12:00+03:00"), utc("2026-11-23T18:00+03:00")),
        (utc("2026-11-25T09:00+03:00"), utc("2026-11-25T18:00+03:00")),
        (utc("2026-11-26T09:00+03:00"), utc("2026-11-26T10:30+03:00")),
    )


def test_windows_that_touch_at_midnight_are_one_interval_however_long():
    calendar = Calendar("GMT+3", AROUND_THE_CLOCK)
    start, end = at("2026-01-01T00:00+00:00"), at("2026-12-31T00:00+00:00")
    assert calendar.open_intervals(start, end) == ((start, end),)


@pytest.mark.parametrize("minutes", [0, -1, -100_000])
def test_nothing_is_open_until_an_instant_that_is_not_later(minutes):
    start = at("2026-11-23T12:00+03:00")
    end = start + timedelta(minutes=minutes)
    assert Calendar("GMT+3", OFFICE_HOURS).open_intervals(start, end) == ()


def test_open_intervals_refuse_an_instant_without_an_offset():
    with pytest.raises(NaiveInstant):
        Calendar("GMT+3", OFFICE_HOURS).open_intervals(
            datetime(2026, 1, 1), at("2026-01-02T00:00+00:00")
        )


# Working days. 2026-11-21 is a Saturday, 2026-11-26 a Thursday.

SATURDAY_WORKED = WorkingDay(date(2026, 11, 21), "For Monday")


def worked(*working_days, windows=OFFICE_HOURS, holidays=(), zone="GMT+3") -> Calendar:
    return Calendar(zone, windows, holidays, working_days=working_days)


def opening_times(calendar: Calendar, day: str) -> list[str]:
    start = datetime.fromisoformat(day).replace(tzinfo=calendar.zone)
    intervals = calendar.open_intervals(start, start + timedelta(days=1))
    return [
        f"{opening.astimezone(calendar.zone):%H:%M} {closing.astimezone(calendar.zone):%H:%M}"
        for opening, closing in intervals
    ]


def test_a_working_day_has_the_windows_of_the_nearest_weekday_before_it():
    tuesdays = (*weekly([1], 8, 12), *weekly([4], 9, 18))
    assert opening_times(worked(SATURDAY_WORKED), "2026-11-21") == ["09:00 18:00"]
    calendar = worked(WorkingDay(date(2026, 11, 26)), windows=tuesdays)
    assert opening_times(calendar, "2026-11-26") == ["08:00 12:00"]
    # Of a Monday it is the Friday before.
    calendar = worked(WorkingDay(date(2026, 11, 23)), windows=tuesdays)
    assert opening_times(calendar, "2026-11-23") == ["09:00 18:00"]


def test_a_working_day_with_times_is_open_then_as_well():
    timed = WorkingDay(date(2026, 11, 21), "", 10 * HOUR, 14 * HOUR)
    assert opening_times(worked(timed), "2026-11-21") == ["10:00 14:00"]
    evening = WorkingDay(date(2026, 11, 26), "", 17 * HOUR, 20 * HOUR)
    assert opening_times(worked(evening), "2026-11-26") == ["09:00 20:00"]


def test_a_working_day_outweighs_a_holiday_of_the_whole_date():
    feast = Holiday(date(2026, 11, 26), "Feast")
    whole = worked(WorkingDay(date(2026, 11, 26)), holidays=(feast,))
    assert opening_times(whole, "2026-11-26") == ["09:00 18:00"]
    assert whole.closed_on(feast.day) == ()
    timed = WorkingDay(date(2026, 11, 26), "", 10 * HOUR, 14 * HOUR)
    part = worked(timed, holidays=(feast,))
    assert opening_times(part, "2026-11-26") == ["10:00 14:00"]
    assert [str(each) for each in part.closed_on(feast.day)] == [
        "2026-11-26 00:00-10:00",
        "2026-11-26 14:00-24:00",
    ]


def test_a_holiday_of_part_of_the_date_closes_that_part_of_a_working_day():
    short = Holiday(date(2026, 11, 21), "Eve", 16 * HOUR, DAY)
    calendar = worked(SATURDAY_WORKED, holidays=(short,))
    assert opening_times(calendar, "2026-11-21") == ["09:00 16:00"]


def test_a_working_night_ends_on_the_morning_after():
    calendar = worked(SATURDAY_WORKED, windows=NIGHTS)
    assert opening_times(calendar, "2026-11-21") == ["00:00 06:00", "22:00 00:00"]
    assert opening_times(calendar, "2026-11-22") == ["00:00 06:00"]
    feast = Holiday(date(2026, 11, 22))
    calendar = worked(SATURDAY_WORKED, windows=NIGHTS, holidays=(feast,))
    assert opening_times(calendar, "2026-11-22") == []


def test_a_working_day_changes_nothing_around_the_clock():
    plain = Calendar("GMT+3", AROUND_THE_CLOCK)
    start = at("2026-11-20T17:30+03:00")
    for each in (SATURDAY_WORKED, WorkingDay(date(2026, 11, 21), "", 0, HOUR)):
        calendar = worked(each, windows=AROUND_THE_CLOCK)
        for length in (hours(1), hours(24), hours(100)):
            assert calendar.add(start, length) == plain.add(start, length)


def test_a_working_sunday_on_which_the_clocks_go_back_has_its_hour_twice():
    calendar = worked(
        WorkingDay(date(2026, 10, 25), "", 2 * HOUR, 3 * HOUR), zone="Europe/Berlin"
    )
    start = at("2026-10-24T12:00+02:00")
    assert calendar.add(start, hours(2)) == at("2026-10-25T03:00+01:00")


def test_an_explanation_names_the_working_day_without_which_nothing_would_count():
    spans = worked(SATURDAY_WORKED).explain(at("2026-11-20T17:30+03:00"), hours(1))
    assert [(each.reason, each.description, each.is_worked) for each in spans] == [
        ("counted", "", False),
        ("night", "", False),
        ("counted", "For Monday", True),
    ]
