"""The next plan of a customer: its days, its seats, its holidays, and why there is none."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.holidays import Holiday
from beesender_support.policy.plans.plan_state import (
    ACTIVE,
    DRAFT,
    EXPIRED,
    SUSPENDED,
)
from beesender_support.policy.plans.plans import Seat
from beesender_support.policy.plans.renewals import (
    ENDS_BEFORE,
    IS_SUSPENDED,
    NO_END,
    NOT_SOLD,
    OVER_LIMIT,
    Period,
    holds,
    in_months,
    left_out_in_words,
    next_period,
    renewal_of,
    whole_months,
    why_not_in_words,
    why_not_renew,
)
from beesender_support.tests.policy.factories import (
    ALICE,
    BOB,
    TODAY,
    YESTERDAY,
    make_plan,
    make_tier,
    plan_of_2026,
)

CAROL = "carol@example.com"
DAY = timedelta(days=1)
NEXT_YEAR = Period(date(2027, 1, 1), date(2027, 12, 31))
dates = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "first", "last"),
    [
        ("2026-01-01", "2026-12-31", "2027-01-01", "2027-12-31"),
        # A year stays a year over 29 February, and so does one from that day.
        ("2027-03-01", "2028-02-29", "2028-03-01", "2029-02-28"),
        ("2023-03-01", "2024-02-29", "2024-03-01", "2025-02-28"),
        ("2024-02-29", "2025-02-27", "2025-02-28", "2026-02-27"),
        ("2024-02-29", "2025-02-28", "2025-03-01", "2026-02-28"),
        ("2027-02-28", "2028-02-27", "2028-02-28", "2029-02-27"),
        # Months are as long as they are.
        ("2026-02-01", "2026-02-28", "2026-03-01", "2026-03-31"),
        ("2026-11-01", "2027-01-31", "2027-02-01", "2027-04-30"),
        ("2026-01-31", "2026-02-27", "2026-02-28", "2026-03-27"),
        ("2026-01-31", "2026-02-28", "2026-03-01", "2026-03-31"),
        ("2026-12-15", "2027-06-14", "2027-06-15", "2027-12-14"),
        ("2026-01-01", "2028-12-31", "2029-01-01", "2031-12-31"),
        # Any other period has as many days again.
        ("2026-11-23", "2026-11-23", "2026-11-24", "2026-11-24"),
        ("2026-01-01", "2026-01-10", "2026-01-11", "2026-01-20"),
        ("2023-03-01", "2024-02-28", "2024-02-29", "2025-02-27"),
        ("2026-01-01", "2026-12-30", "2026-12-31", "2027-12-29"),
    ],
)
def test_the_next_period_lasts_as_long(starts_on, ends_on, first, last):
    days = map(date.fromisoformat, (starts_on, ends_on))
    assert next_period(*days) == (date.fromisoformat(first), date.fromisoformat(last))


@given(dates, st.integers(0, 2_000))
def test_a_next_period_follows_at_once_and_is_no_more_than_days_of_months_longer(
    starts_on, days
):
    ends_on = starts_on + days * DAY
    first, last = next_period(starts_on, ends_on)
    assert first == ends_on + DAY
    assert last >= first
    # Each month may differ by three days, but a year by one.
    assert abs((last - first) - (ends_on - starts_on)) <= 4 * DAY


@given(dates, st.integers(1, 60))
def test_whole_months_are_found_as_they_were_sold(starts_on, months):
    ends_on = in_months(starts_on, months) - DAY
    assert whole_months(starts_on, ends_on) == months


def test_a_plan_is_renewed_as_it_is():
    seats = (Seat(ALICE), Seat(BOB, date(2026, 5, 1), date(2027, 3, 31)))
    holidays = (Holiday(date(2026, 12, 31)), Holiday(date(2027, 1, 1), "New Year"))
    renewal = renewal_of(plan_of_2026(seats=seats, holidays=holidays), TODAY)
    assert renewal.period == NEXT_YEAR
    assert renewal.seats == seats
    assert renewal.left_out == ()
    assert renewal.holidays == holidays[1:]
    assert left_out_in_words(renewal, make_tier()) == ()


def test_another_period_may_be_given():
    period = Period(date(2027, 2, 1), date(2027, 6, 30))
    holidays = (Holiday(date(2027, 1, 1)), Holiday(date(2027, 2, 23)))
    renewal = renewal_of(plan_of_2026(holidays=holidays), TODAY, period=period)
    assert renewal.period == period
    assert renewal.holidays == holidays[1:]


@pytest.mark.parametrize(
    ("seat", "why"),
    [
        (Seat(ALICE), None),
        (Seat(ALICE, from_date=date(2026, 12, 1)), None),
        (Seat(ALICE, from_date=date(2027, 2, 1)), None),
        (Seat(ALICE, to_date=date(2027, 1, 1)), None),
        (Seat(ALICE, to_date=date(2026, 12, 31)), ENDS_BEFORE),
        (Seat(ALICE, is_suspended=True), IS_SUSPENDED),
    ],
)
def test_living_seats_are_renewed_and_the_rest_is_named(seat, why):
    renewal = renewal_of(plan_of_2026(seats=(seat,)), TODAY)
    assert renewal.seats == (() if why else (seat,))
    assert [each.why for each in renewal.left_out] == ([why] if why else [])


def test_nobody_is_told_of_a_seat_that_is_over():
    seats = (Seat(ALICE, to_date=YESTERDAY), Seat(BOB))
    renewal = renewal_of(plan_of_2026(seats=seats), TODAY)
    assert renewal.seats == seats[1:]
    assert renewal.left_out == ()


def test_merged_contacts_take_one_seat():
    seats = (Seat(ALICE), Seat(ALICE.upper()), Seat(BOB))
    renewal = renewal_of(plan_of_2026(seats=seats), TODAY)
    assert renewal.seats == (seats[0], seats[2])


def test_the_oldest_seats_stay_within_the_limit_of_the_new_tier():
    seats = (
        Seat(CAROL, date(2026, 6, 1)),
        Seat(ALICE, date(2026, 3, 1)),
        Seat(BOB),
    )
    business = plan_of_2026(tier=make_tier("Business"), seats=seats)
    basic = make_tier("Basic")
    renewal = renewal_of(business, TODAY, basic)
    assert basic.authorized_contact_limit == 2
    assert renewal.seats == seats[1:]
    assert [(each.seat.contact, each.why) for each in renewal.left_out] == [
        (CAROL, OVER_LIMIT)
    ]
    (sentence,) = left_out_in_words(renewal, basic)
    assert str(sentence) == f"{CAROL}: more than Basic includes."


def test_seats_that_follow_each_other_take_one_place():
    seats = (
        Seat(ALICE, to_date=date(2027, 3, 31)),
        Seat(BOB),
        Seat(CAROL, date(2027, 4, 1)),
    )
    assert renewal_of(plan_of_2026(seats=seats), TODAY).seats == seats


def test_each_reason_names_its_people():
    seats = (
        Seat(ALICE, is_suspended=True),
        Seat(BOB, to_date=date(2026, 12, 31)),
        Seat(CAROL, is_suspended=True),
    )
    basic = make_tier()
    renewal = renewal_of(plan_of_2026(seats=seats), TODAY)
    assert [str(each) for each in left_out_in_words(renewal, basic)] == [
        f"{ALICE}, {CAROL}: suspended.",
        f"{BOB}: the seat ends before the renewal starts.",
    ]


@pytest.mark.parametrize("status", [ACTIVE, SUSPENDED, EXPIRED])
def test_what_was_sold_until_a_day_can_be_renewed(status):
    assert why_not_renew(plan_of_2026(status=status)) is None
    ended = plan_of_2026(
        status=status, starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31)
    )
    assert why_not_renew(ended) is None
    assert renewal_of(ended, TODAY).period == (date(2025, 1, 1), date(2025, 12, 31))


def test_drafts_and_open_ended_plans_cannot():
    draft, endless = plan_of_2026(status=DRAFT), make_plan()
    assert why_not_renew(draft) == NOT_SOLD
    assert why_not_renew(endless) == NO_END
    assert str(why_not_in_words(draft, NOT_SOLD)) == (
        "P-1 is a draft. Sell it before you renew it."
    )
    with pytest.raises(ValueError, match="open-ended"):
        renewal_of(endless, TODAY)


@pytest.mark.parametrize(
    ("status", "is_held"),
    [
        (None, False),
        (DRAFT, True),
        (ACTIVE, True),
        (SUSPENDED, True),
        (EXPIRED, False),
    ],
)
def test_there_is_one_renewal_at_a_time(status, is_held):
    assert holds(status) is is_held


def test_the_zone_does_not_matter_to_the_days():
    western = replace(plan_of_2026(), time_zone="GMT-2")
    assert renewal_of(western, TODAY).period == NEXT_YEAR
