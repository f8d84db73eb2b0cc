"""Which texts are dates and times, and which instants they mean."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.stamps import (
    is_usual_stamp,
    read_date,
    read_stamp,
)

MOSCOW = timezone(timedelta(hours=3))
EVENING = datetime(2026, 11, 20, 17, 30, tzinfo=MOSCOW)


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-20T17:30:00+03:00",
        "2026-11-20 17:30:00+03:00",
        "2026-11-20T17:30+03:00",
        "2026-11-20T17:30:00+0300",
        "2026-11-20T17:30:00+03",
        "2026-11-20 17:30 +03",
        "2026-11-20 17:30:00 +0300",
        "2026-11-20T17:30:00 +03:00",
        "2026-11-20T17:30:00.000+03:00",
        "2026-11-20T14:30:00Z",
        "2026-11-20T14:30Z",
        "2026-11-20T14:30:00z",
        "2026-11-20 14:30:00 Z",
        "2026-11-20T14:30:00.0Z",
        "2026-11-20T14:30:00+00:00",
        "2026-11-20T14:30:00-00:00",
        "2026-11-20T14:30:00+00",
        "2026-11-20T12:00:00-02:30",
        "2026-11-21T04:30:00+14:00",
    ],
)
def test_every_form_of_a_stamp_is_the_same_instant(text):
    assert read_stamp(text) == EVENING
    assert read_stamp(text).tzinfo is not None


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("2026-11-20T17:30:00.9", 900_000),
        ("2026-11-20T17:30:00.900", 900_000),
        ("2026-11-20T17:30:00.000001", 1),
        ("2026-11-20 17:30:00.1234567", 123_456),
        ("2026-11-20T17:30:00.999999999", 999_999),
        ("2026-11-20T17:30:00", 0),
        ("2026-11-20 17:30", 0),
    ],
)
def test_a_stamp_without_an_offset_is_wall_time(text, microseconds):
    assert read_stamp(text) == datetime(2026, 11, 20, 17, 30, 0, microseconds)


@pytest.mark.parametrize(
    "text",
    [
        # No time, or one that a separator or an offset only seems to give.
        "",
        "2026-11-20",
        "2026-11-20T",
        "2026-11-20T17",
        "2026-11-20T17+03:00",
        "2026-11-20+03:00",
        "2026-11-20-05:00",
        "2026-11-20Z",
        "17:30:00+03:00",
        # Without hyphens, as directories and databases write.
        "20261120120000Z",
        "20261120101500Z",
        "20261120120000+0300",
        "20261120T120000Z",
        "20261120 12:00:00",
        "2026-11-20T120000Z",
        "20261120",
        "1700500200",
        "1700500200000",
        # Weeks and days of the year.
        "2026-W47-5T17:30:00Z",
        "2026-W47-5",
        "2026-324T17:30:00Z",
        # Something else for the T, or around it.
        "2026-11-20t17:30:00+03:00",
        "2026-11-20x17:30:00+03:00",
        "2026-11-20_17:30:00+03:00",
        "2026-11-20  17:30:00+03:00",
        "2026-11-20\t17:30:00+03:00",
        "2026-11-20\xa017:30:00+03:00",
        "2026-11-20T 17:30:00+03:00",
        "2026-11-20T09:30:00x+03:00",
        "2026-11-20T17:30:00\n",
        " 2026-11-20T17:30:00",
        # Days and times that no calendar or clock has.
        "2026-11-31T10:00:00Z",
        "2026-02-29T10:00:00Z",
        "2026-13-01T10:00:00Z",
        "2026-00-10T10:00:00Z",
        "2026-11-00T10:00:00Z",
        "0000-01-01T10:00:00Z",
        "2026-11-20T24:00:00Z",
        "2026-11-20T24:00Z",
        "2026-11-20T25:00:00Z",
        "2026-11-20T17:60:00Z",
        "2026-11-20T23:59:60Z",
        "2026-11-20T-1:30:00Z",
        "+2026-11-20T17:30:00Z",
        "-2026-11-20T17:30:00Z",
        "12026-11-20T17:30:00Z",
        "26-11-20T17:30:00Z",
        "2026-1-2T17:30:00Z",
        "2026-11-20T7:30:00Z",
        "2026-11-20T17:3:00Z",
        # Fractions of what is no second, or by a comma.
        "2026-11-20T17:30:00,5Z",
        "2026-11-20T17:30:00.Z",
        "2026-11-20T17:30.5Z",
        "2026-11-20T17.5Z",
        # Offsets that are none.
        "2026-11-20T17:30:00+3",
        "2026-11-20T17:30:00+3:00",
        "2026-11-20T17:30:00+03:0",
        "2026-11-20T17:30:00+03:60",
        "2026-11-20T17:30:00+030",
        "2026-11-20T17:30:00+03:00:00",
        "2026-11-20T17:30:00+14:01",
        "2026-11-20T17:30:00-15:00",
        "2026-11-20T17:30:00+24:00",
        "2026-11-20T17:30:00+99:99",
        "2026-11-20T17:30:00  +03:00",
        "2026-11-20T17:30:00 UTC",
        "2026-11-20T17:30:00 GMT+3",
        "2026-11-20T17:30:00[Europe/Berlin]",
        "2026-11-20T17:30:00Z+03:00",
        "2026-11-20T17:30:00\u221203:00",
        # Digits that only look so.
        "٢٠٢٦-11-20T17:30:00Z",
        "2026-11-20T١٧:30:00Z",
        "2026-11-20T17:30:00+０３:00",
        "2026-11-20T17:30:00.٥Z",
        # As people write.
        "20.11.2026 17:30",
        "11/20/2026 17:30",
        "2026/11/20 17:30",
        "20 Nov 2026 17:30:00 +0300",
        "2026-11-20 05:30 PM",
        "yesterday",
    ],
    ids=ascii,
)
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"is not|offset|day|month|year"):
        read_stamp(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20261231",
        "2026-W53-4",
        "2026-365",
        "2026-12",
        "2026-12-31T00:00:00",
        "2026-12-31Z",
        "2026-12-32",
        "2026-02-29",
        "0000-01-01",
        "2026-1-1",
        "31.12.2026",
        "2026-12-٣١",
        "2026-12-31\n",
    ],
    ids=ascii,
)
def test_a_date_is_a_year_a_month_and_a_day(text):
    with pytest.raises(ValueError, match=r"is not|day|month|year"):
        read_date(text)


def test_a_date_is_read():
    assert read_date("2028-02-29") == date(2028, 2, 29)
    assert read_date("9999-12-31") == date.max


@given(
    st.datetimes(
        timezones=st.integers(-14 * 60, 14 * 60).map(
            lambda minutes: timezone(timedelta(minutes=minutes))
        )
    )
)
def test_what_python_writes_is_read_back(moment):
    assert read_stamp(moment.isoformat()) == moment
    assert read_stamp(moment.isoformat(" ")).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    ("text", "is_usual"),
    [
        ("2026-11-20T17:30:00+03:00", True),
        ("2026-11-20 17:30:00-13:59", True),
        ("2026-11-20T17:30:00", False),
        ("2026-11-20T17:30:00Z", False),
        ("2026-11-20T17:30+03:00", False),
        ("2026-11-20T17:30:00+14:00", False),
    ],
)
def test_the_form_that_programs_write(text, is_usual):
    assert is_usual_stamp(text) is is_usual
    if is_usual:
        assert read_stamp(text) == datetime.fromisoformat(text)
