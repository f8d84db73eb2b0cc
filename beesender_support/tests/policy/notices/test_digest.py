"""The digest comes once each local morning, and speaks of what a team has to know."""

from datetime import date, timedelta

import pytest

from beesender_support.policy.calendar.zones import time_zone
from beesender_support.policy.notices.digest import (
    DEFAULT_HOUR,
    Entry,
    Morning,
    PromiseFact,
    RequestFact,
    bounds_of,
    digest_day,
    morning_of,
)
from beesender_support.policy.response.response_state import (
    AT_RISK,
    BREACHED,
    DUE,
    MET,
    PAUSED,
)
from beesender_support.tests.policy.factories import at

MOSCOW, BERLIN = time_zone("Europe/Moscow"), time_zone("Europe/Berlin")
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("stamp", "zone", "expected"),
    [
        ("2026-11-23T07:59:59+03:00", MOSCOW, None),
        ("2026-11-23T08:00:00+03:00", MOSCOW, MONDAY),
        ("2026-11-23T08:00:00+03:00", BERLIN, None),
        ("2026-11-23T23:59:59+03:00", MOSCOW, MONDAY),
        ("2026-11-24T00:00:00+03:00", MOSCOW, None),
        # Late on Sunday in UTC it is Monday morning in the far east.
        ("2026-11-22T22:00:00+00:00", time_zone("GMT+10"), MONDAY),
    ],
)
def test_it_is_due_from_the_hour_on_the_clock_of_its_zone(stamp, zone, expected):
    assert digest_day(at(stamp), zone, DEFAULT_HOUR) == expected


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_it_is_due_once_a_day_where_the_clock_changes(day):
    start, end = bounds_of(day, BERLIN)
    instants = [
        start + timedelta(minutes=15) * count
        for count in range(int((end - start) / timedelta(minutes=15)))
    ]
    due = {digest_day(each, BERLIN, 2) for each in instants} - {None}
    assert due == {day}


def test_after_days_of_downtime_only_the_last_is_due():
    assert digest_day(at("2026-11-26T09:00+03:00"), MOSCOW, 8) == date(2026, 11, 26)


def test_a_day_lasts_as_long_as_the_clock_says():
    start, end = bounds_of(date(2026, 10, 25), BERLIN)
    assert start == at("2026-10-25T00:00+02:00")
    assert end == at("2026-10-26T00:00+01:00")


def request(ticket, *promises, is_open=True, is_held=False):
    facts = tuple(PromiseFact(state, at(due)) for state, due in promises)
    return RequestFact(ticket, is_open, is_held, facts)


YESTERDAY, TODAY = "2026-11-22T15:00+03:00", "2026-11-23T15:00+03:00"
TOMORROW = "2026-11-24T00:00+03:00"


@pytest.mark.parametrize(
    ("given", "section"),
    [
        (request("1", (DUE, TODAY)), "due_today"),
        (request("1", (DUE, "2026-11-23T00:00+03:00")), "due_today"),
        (request("1", (DUE, TOMORROW)), None),
        (request("1", (DUE, TODAY), is_open=False), None),
        (request("1", (MET, TODAY)), None),
        (request("1", (PAUSED, TODAY)), None),
        (request("1", (AT_RISK, TODAY)), "at_risk"),
        (request("1", (AT_RISK, TOMORROW)), "at_risk"),
        (request("1", (AT_RISK, TODAY), is_open=False), None),
        (request("1", (BREACHED, YESTERDAY)), "breached"),
        (request("1", (BREACHED, YESTERDAY), is_open=False), "breached"),
        (request("1", (BREACHED, TODAY)), None),
        (request("1", (BREACHED, "2026-11-21T23:59:59+03:00")), None),
        (request("1", (MET, YESTERDAY)), None),
    ],
)
def test_a_promise_is_spoken_of_in_its_place(given, section):
    said = {
        name
        for name in Morning._fields
        if getattr(morning_of([given], MONDAY, MOSCOW), name)
    }
    assert said == ({section} if section else set())


def test_a_request_is_at_risk_or_due_today_and_not_both():
    both = request("1", (AT_RISK, TOMORROW), (DUE, TODAY))
    morning = morning_of([both], MONDAY, MOSCOW)
    assert morning.at_risk == (Entry("1", at(TOMORROW)),)
    assert morning.due_today == ()


def test_the_soonest_comes_first_and_counts_for_its_request():
    later = request("1", (DUE, "2026-11-23T18:00+03:00"))
    sooner = request("2", (DUE, TODAY), (DUE, "2026-11-23T09:00+03:00"))
    morning = morning_of([later, sooner], MONDAY, MOSCOW)
    assert [each.ticket for each in morning.due_today] == ["2", "1"]
    assert morning.due_today[0].due == at("2026-11-23T09:00+03:00")


def test_held_requests_that_are_open_are_told():
    held, closed = (
        request(name, is_held=True, is_open=name == "1") for name in ("1", "2")
    )
    assert morning_of([held, closed], MONDAY, MOSCOW) == Morning(held=(Entry("1"),))
