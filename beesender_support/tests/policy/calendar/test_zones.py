"""Time zones by name: offsets, and what is no zone."""

from datetime import datetime, timezone

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.calendar.zones import (
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
