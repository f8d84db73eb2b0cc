"""Dates of other systems are read as they were meant, or not at all."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.errors import (
    AmbiguousDate,
    InvalidValue,
    NaiveInstant,
    OutOfReach,
)
from beesender_support.policy.imports.dates import DateOrder, read_day, read_instant

MOSCOW = time_zone("GMT+3")
DAY_FIRST, MONTH_FIRST = DateOrder
HALF_PAST_FIVE = datetime(2026, 11, 20, 17, 30, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T17:30:00+03:00",
        "2026-11-20 14:30:00 Z",
        "2026-11-20 17:30",
        "20.11.2026 17:30",
        "20.11.26 17:30:00",
        "20/11/2026 17:30",
        "11/20/2026 5:30 PM",
        "20/Nov/26 5:30 PM",
        "20/ноя/26 5:30 PM",
        "20-November-2026, 17:30",
        " 20 11 2026 17:30".replace(" 11 ", ".11.").strip(),
    ],
)
def test_an_instant_in_each_form(text):
    assert read_instant("opened_at", text, MOSCOW) == HALF_PAST_FIVE


@pytest.mark.parametrize(
    ("text", "hour"),
    [("12:00 AM", 0), ("12:00 pm", 12), ("1:00 a.m.", 1), ("11:00PM", 23)],
)
def test_hours_of_half_a_day(text, hour):
    read = read_instant("opened_at", f"20.11.2026 {text}", MOSCOW)
    assert (read.hour, read.minute) == (hour, 0)


def test_fractions_of_a_second_are_cut_off():
    assert read_instant("at", "2026-11-20T17:30:00.9+03:00", None) == HALF_PAST_FIVE


def test_a_date_alone_is_its_first_moment():
    assert read_instant("at", "20.11.2026", MOSCOW) == datetime(
        2026, 11, 20, tzinfo=MOSCOW
    )


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("3/4/2026", DAY_FIRST, date(2026, 4, 3)),
        ("3/4/2026", MONTH_FIRST, date(2026, 3, 4)),
        ("3.4.2026", MONTH_FIRST, date(2026, 4, 3)),
        ("13/4/2026", MONTH_FIRST, date(2026, 4, 13)),
        ("4/13/2026", DAY_FIRST, date(2026, 4, 13)),
        ("4/4/2026", None, date(2026, 4, 4)),
        ("2026-11-20", None, date(2026, 11, 20)),
        ("1-мая-2026", None, date(2026, 5, 1)),
    ],
)
def test_the_order_of_day_and_month(text, order, day):
    assert read_day("starts_on", text, order) == day


def test_a_date_that_could_be_two_days_is_neither():
    with pytest.raises(AmbiguousDate, match="starts_on"):
        read_day("starts_on", "3/4/2026")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "31.02.2026",
        "20/Foo/2026",
        "20.13.2026",
        "20.11.2026 25:00",
        "20.11.2026 13:00 PM",
        "20.11.2026 0:30 AM",
        "20.11-2026",
        "2026-11-31",
    ],
)
def test_what_is_no_date(text):
    with pytest.raises(InvalidValue, match="starts_on"):
        read_day("starts_on", text)


def test_a_year_that_no_calendar_knows():
    with pytest.raises(OutOfReach):
        read_day("starts_on", "20.11.0026")


def test_an_instant_without_an_offset_needs_a_zone():
    with pytest.raises(NaiveInstant):
        read_instant("opened_at", "20.11.2026 17:30", None)


@given(
    st.datetimes(datetime(1970, 1, 1), datetime(2099, 12, 31)),
    st.sampled_from(list(DateOrder)),
)
def test_what_is_written_in_an_order_is_read_in_it(moment, order):
    moment = moment.replace(microsecond=0)
    form = "%d/%m/%Y" if order is DAY_FIRST else "%m/%d/%Y"
    text = moment.strftime(f"{form} %H:%M:%S")
    zone = timezone(timedelta(hours=3))
    day_and_month_are_clear = moment.day > 12 or moment.day == moment.month
    assert read_instant("at", text, zone, order) == moment.replace(tzinfo=zone)
    if day_and_month_are_clear:
        assert read_instant("at", text, zone) == moment.replace(tzinfo=zone)
