from datetime import date, datetime, timezone

import pytest

from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.plans.seat_notices import (
    NEWS_DAYS,
    SEAT_ENDED,
    SEAT_GIVEN,
    changed_by_date,
)
from beesender_support.tests.policy.factories import make_plan

LONG_AGO, TODAY = date(2026, 1, 15), date(2026, 11, 25)


def day(number: int) -> date:
    return date(2026, 11, number)


def changes(*seats: Seat, entered: date = LONG_AGO, today: date = TODAY, **plan):
    value = make_plan(seats=seats, **{"starts_on": date(2026, 1, 1), **plan})
    return list(changed_by_date(value, entered, today))


@pytest.mark.parametrize("since", range(NEWS_DAYS))
def test_a_seat_that_has_begun_is_news_for_some_days(since):
    begins = day(25 - since)
    assert changes(Seat("a", begins)) == [(SEAT_GIVEN, "a", begins)]


def test_before_its_first_day_and_long_after_it_is_none():
    assert not changes(Seat("a", day(26)))
    assert not changes(Seat("a", day(25 - NEWS_DAYS)))


@pytest.mark.parametrize("entered", [day(25), day(26)])
def test_a_seat_that_came_with_its_plan_is_no_news(entered):
    assert not changes(Seat("a", day(25)), entered=entered)


def test_a_seat_that_begins_with_its_plan_is_no_news_of_its_own():
    assert not changes(Seat("a", day(25)), starts_on=day(25))
    assert not changes(Seat("a", None))


def test_a_suspended_seat_has_not_begun():
    assert not changes(Seat("a", day(25), is_suspended=True))


def test_a_seat_that_goes_on_where_another_ended_is_no_news():
    assert not changes(Seat("a", None, day(24)), Seat("a", day(25)))
    assert changes(Seat("a", None, day(20)), Seat("a", day(25))) == [
        (SEAT_GIVEN, "a", day(25))
    ]


def test_a_seat_that_was_ended_by_hand_and_begins_again_is_news():
    ended = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)
    earlier = Seat("a", None, day(24), ended_at=ended)
    assert changes(earlier, Seat("a", day(25))) == [(SEAT_GIVEN, "a", day(25))]


@pytest.mark.parametrize("since", range(NEWS_DAYS))
def test_a_seat_has_ended_on_the_day_after_its_last(since):
    last = day(24 - since)
    assert changes(Seat("a", None, last)) == [(SEAT_ENDED, "a", day(25 - since))]


def test_its_last_day_is_not_over():
    assert not changes(Seat("a", None, day(25)))


def test_one_that_somebody_ended_was_announced():
    ended = datetime(2026, 11, 24, 9, tzinfo=timezone.utc)
    assert not changes(Seat("a", None, day(24), ended_at=ended))


def test_one_that_was_over_when_its_plan_came_never_was():
    assert not changes(Seat("a", None, day(24)), entered=day(25))


def test_one_that_ends_with_its_plan_is_no_news_of_its_own():
    assert not changes(Seat("a", None, day(24)), ends_on=day(24))


def test_a_seat_of_one_day_is_both():
    assert changes(Seat("a", day(24), day(24))) == [(SEAT_ENDED, "a", day(25))]
    assert changes(Seat("a", day(25), day(25))) == [(SEAT_GIVEN, "a", day(25))]
