"""Time zones by name: offsets, and what is no zone."""

from datetime import datetime, timezone

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.zones import (
    offsets_of,
    time_zone,
    time_zone_database_version,
)
from beesender_support.policy.errors import UnknownTimeZone
from beesender_support.tests.policy.factories import OFFICE_HOURS, hours


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


def test_the_offsets_of_two_years_are_those_at_their_start_and_each_change():
    spring, autumn = (
        datetime(2026, *day, 1, tzinfo=timezone.utc).timestamp()
        for day in ((3, 29), (10, 25))
    )
    first, second, third, *next_year = offsets_of("Europe/Berlin", 2026)
    assert first == (datetime(2026, 1, 1, tzinfo=timezone.utc).timestamp(), 3_600)
    assert (second, third) == ((spring, 7_200), (autumn, 3_600))
    assert len(next_year) == 2


def test_a_zone_without_changes_has_one_offset():
    assert [offset for _since, offset in offsets_of("Asia/Tokyo", 2026)] == [32_400]


def test_no_release_changes_a_form_such_as_gmt_and_nothing_is_counted_in_year_1():
    assert offsets_of("GMT+3", 2026) == offsets_of("Europe/Berlin", 1) == ()
