"""Calendars by example: what they refuse, the facts of daylight saving, and their words."""

import json
from datetime import date, datetime, timedelta, timezone, tzinfo
from pathlib import Path

import pytest

from beesender_support.policy.calendar.calendar import Calendar, calendar_of
from beesender_support.policy.calendar.holidays import Holiday, YearlyHoliday
from beesender_support.policy.calendar.windows import (
    AROUND_THE_CLOCK,
    DAY,
    HOUR,
    MINUTE,
    Window,
    clock_seconds,
    clock_text,
    describe_windows,
)
from beesender_support.policy.calendar.zones import (
    time_zone,
    time_zone_database_version,
)
from beesender_support.policy.errors import (
    InvalidDuration,
    InvalidHoliday,
    InvalidWindow,
    NaiveInstant,
    NoWorkingTime,
    OutOfReach,
    OverlappingWindows,
    PolicyError,
    UnknownTimeZone,
)

VECTORS = json.loads(
    (Path(__file__).parent / "data" / "working_time_vectors.json").read_text()
)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
MICROSECOND = timedelta(microseconds=1)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def weekly(days, opening=9, closing=18) -> tuple[Window, ...]:
    return tuple(Window(day, opening * HOUR, closing * HOUR) for day in days)


OFFICE_HOURS = weekly(range(5))


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


# Zones


def test_gmt_plus_3_is_three_hours_ahead_of_utc_and_etc_gmt_minus_3():
    noon = datetime(2026, 7, 1, 12, tzinfo=timezone.utc)
    for name in ("GMT+3", "UTC+3", "gmt+3", " GMT+3 ", "GMT+03", "Etc/GMT-3"):
        assert noon.astimezone(time_zone(name)).hour == 15, name
    assert time_zone("GMT+3") is time_zone("Etc/GMT-3")


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("GMT-2", hours(-2)),
        ("GMT+10", hours(10)),
        ("GMT+14", hours(14)),
        ("GMT+5:45", hours(5.75)),
        ("GMT-3:30", hours(-3.5)),
        ("GMT+0", hours(0)),
        ("UTC", hours(0)),
        ("Asia/Kathmandu", hours(5.75)),
    ],
)
def test_a_zone_has_its_offset(name, offset):
    assert datetime(2026, 1, 1, tzinfo=time_zone(name)).utcoffset() == offset


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "Europe",
        "Europe/",
        "/Europe/Berlin",
        "Europe/Berlin\n",
        "Europe//Berlin",
        "../etc/passwd",
        "Europe/../Europe/Berlin",
        "Atlantis/Capital",
        "GMT+25",
        "GMT+14:30",
        "GMT+3:60",
        "GMT+",
        "+03:00",
        "leapseconds",
        "zone.tab",
        "Europe\\Berlin",
    ],
)
def test_an_unknown_zone_is_refused_by_name(name):
    with pytest.raises(UnknownTimeZone) as refusal:
        Calendar(name, OFFICE_HOURS)
    assert (refusal.value.field, refusal.value.value) == ("time_zone", name)
    assert name in str(refusal.value)


def test_the_rules_of_zones_name_their_release():
    assert time_zone_database_version()[:4].isdigit()


# Refusals. Each names the field and the value.


@pytest.mark.parametrize(
    ("weekday", "start", "end"),
    [
        (MONDAY, 18 * HOUR, 9 * HOUR),
        (MONDAY, 9 * HOUR, 9 * HOUR),
        (MONDAY, 0, DAY + 1),
        (MONDAY, DAY, DAY + HOUR),
        (MONDAY, -HOUR, HOUR),
        (7, 9 * HOUR, 18 * HOUR),
        (-1, 9 * HOUR, 18 * HOUR),
    ],
)
def test_a_window_that_cannot_be_kept_is_refused(weekday, start, end):
    with pytest.raises(InvalidWindow) as refusal:
        Window(weekday, start, end)
    assert refusal.value.field == "support_windows"
    assert f"{clock_text(start)}-{clock_text(end)}" in str(refusal.value)


def test_a_window_on_the_clock_that_ends_before_it_starts_crosses_midnight():
    night = Window.on_the_clock(MONDAY, 22 * HOUR, 6 * HOUR)
    assert night == Window(MONDAY, 22 * HOUR, 30 * HOUR)
    assert Window.on_the_clock(MONDAY, 18 * HOUR, 0).end == DAY
    assert Window.on_the_clock(MONDAY, 0, DAY).end == DAY
    with pytest.raises(InvalidWindow):
        Window.on_the_clock(MONDAY, 9 * HOUR, 9 * HOUR)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(
            Window(MONDAY, 9 * HOUR, 18 * HOUR),
            Window(MONDAY, 9 * HOUR, 18 * HOUR),
            id="twice the same",
        ),
        pytest.param(
            Window(MONDAY, 9 * HOUR, 13 * HOUR),
            Window(MONDAY, 12 * HOUR, 18 * HOUR),
            id="on one day",
        ),
        pytest.param(
            Window(MONDAY, 22 * HOUR, 30 * HOUR),
            Window(TUESDAY, 5 * HOUR, 9 * HOUR),
            id="across midnight",
        ),
        pytest.param(
            Window(SUNDAY, 22 * HOUR, 30 * HOUR),
            Window(MONDAY, 5 * HOUR, 9 * HOUR),
            id="across the turn of the week",
        ),
        pytest.param(
            Window(SUNDAY, 12 * HOUR, 36 * HOUR),
            Window(MONDAY, 0, DAY),
            id="a whole day across the turn of the week",
        ),
    ],
)
@pytest.mark.parametrize("others", [(), weekly([WEDNESDAY, THURSDAY])])
def test_overlapping_windows_are_refused_and_both_named(one, other, others):
    with pytest.raises(OverlappingWindows) as refusal:
        Calendar("UTC", (one, *others, other))
    assert refusal.value.field == "support_windows"
    assert str(one) in str(refusal.value)
    assert str(other) in str(refusal.value)


@pytest.mark.parametrize(
    "windows",
    [
        (Window(MONDAY, 9 * HOUR, 12 * HOUR), Window(MONDAY, 12 * HOUR, 18 * HOUR)),
        (Window(MONDAY, 22 * HOUR, 30 * HOUR), Window(TUESDAY, 6 * HOUR, 9 * HOUR)),
        (Window(SUNDAY, 22 * HOUR, 30 * HOUR), Window(MONDAY, 6 * HOUR, 9 * HOUR)),
        (Window(SUNDAY, 0, DAY),),
        (Window(SUNDAY, 12 * HOUR, 36 * HOUR),),
    ],
)
def test_windows_may_touch(windows):
    week = sum(window.end - window.start for window in windows)
    start = at("2026-11-23T00:00+00:00")
    calendar = Calendar("UTC", windows)
    assert calendar.between(start, start + timedelta(days=7)) == timedelta(seconds=week)


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


@pytest.mark.parametrize(
    ("start", "end"), [(0, 0), (12 * HOUR, 9 * HOUR), (0, DAY + 1), (-1, DAY)]
)
def test_a_holiday_that_is_no_part_of_a_day_is_refused(start, end):
    with pytest.raises(InvalidHoliday) as refusal:
        Holiday(date(2026, 12, 31), "Early closing", start, end)
    assert refusal.value.field == "holidays"
    assert "2026-12-31" in str(refusal.value)


@pytest.mark.parametrize(("month", "day"), [(2, 30), (13, 1), (0, 1), (4, 31)])
def test_a_yearly_holiday_on_no_date_is_refused(month, day):
    with pytest.raises(InvalidHoliday) as refusal:
        YearlyHoliday(month, day)
    assert refusal.value.field == "yearly_holidays"
    assert f"{month:02}-{day:02}" in str(refusal.value)


def test_a_yearly_holiday_may_be_29_february():
    calendar = Calendar("UTC", AROUND_THE_CLOCK, (), (YearlyHoliday(2, 29, "Leap"),))
    assert not calendar.is_open(at("2028-02-29T12:00+00:00"))
    assert calendar.is_open(at("2027-03-01T00:00+00:00"))
    assert calendar.is_open(at("2027-02-28T23:59+00:00"))


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


def test_every_refusal_is_a_policy_error_with_a_sentence_to_translate():
    with pytest.raises(PolicyError) as refusal:
        Calendar("Europe", OFFICE_HOURS)
    assert isinstance(refusal.value, ValueError)
    template, context = refusal.value.sentence
    assert str(refusal.value) == template.format(**context)


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
    assert calendar.explain(at("2026-11-23T12:00+00:00"), hours(0)) == ()
    assert reasons(calendar, "2026-11-23T18:00+00:00", 0) == [
        ("Mon 18:00", "Tue 09:00", "night", "")
    ]


# Words


@pytest.mark.parametrize(
    ("windows", "text"),
    [
        (AROUND_THE_CLOCK, "24/7"),
        (AROUND_THE_CLOCK[::-1], "24/7"),
        (OFFICE_HOURS, "Mon-Fri 09:00-18:00"),
        (weekly(range(7)), "Mon-Sun 09:00-18:00"),
        (weekly([SUNDAY]), "Sun 09:00-18:00"),
        (
            OFFICE_HOURS + weekly([SATURDAY], 10, 14),
            "Mon-Fri 09:00-18:00, Sat 10:00-14:00",
        ),
        (
            weekly([MONDAY, WEDNESDAY, THURSDAY]),
            "Mon 09:00-18:00, Wed-Thu 09:00-18:00",
        ),
        (
            weekly([MONDAY], 14, 18) + weekly([MONDAY], 9, 13),
            "Mon 09:00-13:00 and 14:00-18:00",
        ),
        ((Window(FRIDAY, 22 * HOUR, 30 * HOUR),), "Fri 22:00-30:00"),
        ((Window(SUNDAY, 18 * HOUR, DAY),), "Sun 18:00-24:00"),
    ],
)
def test_a_week_in_one_line(windows, text):
    assert describe_windows(windows) == text


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00", 0),
        ("9:00", 9 * HOUR),
        ("09:00", 9 * HOUR),
        (" 09:30 ", 9 * HOUR + 30 * MINUTE),
        ("23:59:59", DAY - 1),
        ("24:00", DAY),
        ("24:00:00", DAY),
    ],
)
def test_a_time_of_day_is_read(text, seconds):
    assert clock_seconds(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "9", "24:01", "25:00", "12:60", "12:00:60", "-1:00", "9am", "09:00Z"]
)
def test_what_is_no_time_of_day_is_refused(text):
    with pytest.raises(ValueError, match="not a time of day") as refusal:
        clock_seconds(text)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00"),
        (9 * HOUR, "09:00"),
        (DAY, "24:00"),
        (30 * HOUR, "30:00"),
        (9 * HOUR + 30, "09:00:30"),
    ],
)
def test_a_time_of_day_is_written(seconds, text):
    assert clock_text(seconds) == text


def test_holidays_and_windows_are_written_as_people_say_them():
    assert str(Holiday(date(2026, 12, 31))) == "2026-12-31"
    early = Holiday(date(2026, 12, 31), "", 14 * HOUR, DAY)
    assert str(early) == "2026-12-31 14:00-24:00"
    assert str(YearlyHoliday(1, 7)) == "01-07"
    assert str(Window(MONDAY, 9 * HOUR, 18 * HOUR)) == "Monday 09:00-18:00"
