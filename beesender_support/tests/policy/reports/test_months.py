"""Months in a plan's zone, and whose report is due."""

from datetime import date

import pytest

from beesender_support.policy.reports.months import Month, month_to_send, plans_in
from beesender_support.tests.policy.factories import at, make_plan

NOVEMBER = Month(date(2026, 11, 1), "GMT+3")


@pytest.mark.parametrize(
    ("day", "first", "last", "before"),
    [
        ("2026-11-28", "2026-11-01", "2026-11-30", "2026-10-01"),
        ("2026-12-01", "2026-12-01", "2026-12-31", "2026-11-01"),
        ("2027-01-31", "2027-01-01", "2027-01-31", "2026-12-01"),
        ("2028-02-29", "2028-02-01", "2028-02-29", "2028-01-01"),
        ("2027-02-05", "2027-02-01", "2027-02-28", "2027-01-01"),
    ],
)
def test_a_month_has_its_days(day, first, last, before):
    month = Month.of(date.fromisoformat(day), "GMT+3")
    assert (month.first, month.last) == (
        date.fromisoformat(first),
        date.fromisoformat(last),
    )
    assert month.before == Month(date.fromisoformat(before), "GMT+3")


@pytest.mark.parametrize(
    ("zone", "start", "end"),
    [
        ("GMT+3", "2026-11-01T00:00+03:00", "2026-12-01T00:00+03:00"),
        ("GMT-2", "2026-11-01T00:00-02:00", "2026-12-01T00:00-02:00"),
        # Berlin leaves daylight saving in October.
        ("Europe/Berlin", "2026-11-01T00:00+01:00", "2026-12-01T00:00+01:00"),
    ],
)
def test_a_month_goes_from_midnight_to_midnight_of_the_plans_zone(zone, start, end):
    month = Month(date(2026, 11, 1), zone)
    assert (month.start, month.end) == (at(start), at(end))
    assert month.contains(at(start))
    assert not month.contains(at(end))


def test_an_hour_longer_where_the_clocks_are_put_back():
    october = Month(date(2026, 10, 1), "Europe/Berlin")
    length = at("2026-11-01T00:00+01:00") - at("2026-10-01T00:00+02:00")
    assert october.end.astimezone(at("2026-01-01T00:00+00:00").tzinfo) == at(
        "2026-10-31T23:00+00:00"
    )
    assert length.total_seconds() == (31 * 24 + 1) * 3600


@pytest.mark.parametrize(
    ("now", "has_begun", "is_over"),
    [
        ("2026-10-31T23:59:59+03:00", False, False),
        ("2026-11-01T00:00+03:00", True, False),
        ("2026-11-30T23:59:59+03:00", True, False),
        ("2026-12-01T00:00+03:00", True, True),
    ],
)
def test_a_month_begins_and_is_over(now, has_begun, is_over):
    assert NOVEMBER.has_begun(at(now)) is has_begun
    assert NOVEMBER.is_over(at(now)) is is_over


@pytest.mark.parametrize(
    ("ends_on", "now", "day"),
    [
        (None, "2026-12-05T12:00+03:00", "2026-11-30"),
        (None, "2026-11-23T12:00+03:00", "2026-11-23"),
        ("2026-11-20", "2026-11-23T12:00+03:00", "2026-11-20"),
        ("2026-12-20", "2026-12-05T12:00+03:00", "2026-11-30"),
    ],
)
def test_seats_are_counted_on_the_last_day_that_there_was(ends_on, now, day):
    plan = make_plan(ends_on=ends_on and date.fromisoformat(ends_on))
    assert NOVEMBER.day_of_seats(plan, at(now)) == date.fromisoformat(day)


def test_the_plans_of_a_month_are_those_whose_dates_meet_it():
    def plan(name, first, last):
        return make_plan(
            name=name,
            starts_on=date.fromisoformat(first),
            ends_on=last and date.fromisoformat(last),
        )

    plans = (
        plan("C", "2026-11-30", None),
        plan("A", "2026-01-01", "2026-11-01"),
        plan("B", "2026-11-02", "2026-11-29"),
        plan("before", "2026-01-01", "2026-10-31"),
        plan("after", "2026-12-01", None),
    )
    assert [each.name for each in plans_in(NOVEMBER, plans)] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("now", "plan", "month"),
    [
        ("2026-12-01T00:00+03:00", {}, "2026-11-01"),
        ("2026-11-30T23:59:59+03:00", {}, None),
        ("2026-12-10T23:59:59+03:00", {}, "2026-11-01"),
        ("2026-12-11T00:00+03:00", {}, None),
        ("2027-01-02T12:00+03:00", {}, "2026-12-01"),
        # The first has come to Sydney and not to Greenwich.
        ("2026-11-30T22:00+00:00", {"time_zone": "GMT+10"}, "2026-11-01"),
        ("2026-12-01T01:00+00:00", {"time_zone": "GMT-2"}, None),
        ("2026-12-05T12:00+03:00", {"status": "Suspended"}, None),
        ("2026-12-05T12:00+03:00", {"status": "Draft"}, None),
        (
            "2026-12-05T12:00+03:00",
            {"status": "Expired", "ends_on": date(2026, 11, 20)},
            "2026-11-01",
        ),
        ("2026-12-05T12:00+03:00", {"ends_on": date(2026, 10, 31)}, None),
        ("2026-12-05T12:00+03:00", {"starts_on": date(2026, 12, 1)}, None),
    ],
)
def test_the_last_month_is_sent_in_the_first_days_of_the_next(now, plan, month):
    due = month_to_send(make_plan(**plan), at(now))
    assert (due and due.first) == (month and date.fromisoformat(month))
