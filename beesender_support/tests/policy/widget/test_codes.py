"""How many codes an address is sent, and how often one may be tried."""

from datetime import datetime, timedelta, timezone

import pytest

from beesender_support.policy.widget.codes import (
    MOST_A_DAY,
    MOST_AN_HOUR,
    MOST_TRIES,
    RESEND_AFTER,
    VALID_FOR,
    IssuedCode,
    may_be_sent,
    may_be_tried,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
VALID = IssuedCode(NOW + VALID_FOR)


def ago(*minutes):
    return [NOW - timedelta(minutes=each) for each in minutes]


def test_the_first_code_may_be_sent():
    assert may_be_sent([], NOW)


def test_the_next_one_after_half_a_minute():
    assert not may_be_sent([NOW - RESEND_AFTER + timedelta(seconds=1)], NOW)
    assert may_be_sent([NOW - RESEND_AFTER], NOW)


def test_so_many_an_hour():
    few = ago(*range(1, MOST_AN_HOUR))
    assert may_be_sent(few, NOW)
    assert not may_be_sent([*few, *ago(59)], NOW)
    assert may_be_sent([*few, *ago(60)], NOW)


def test_so_many_a_day():
    hours = ago(*(60 * each for each in range(2, 2 + MOST_A_DAY)))
    assert not may_be_sent(hours, NOW)
    assert may_be_sent([*hours[1:], *ago(24 * 60)], NOW)


@pytest.mark.parametrize(
    ("code", "at", "may"),
    [
        (VALID, NOW, True),
        (VALID, NOW + VALID_FOR - timedelta(seconds=1), True),
        (VALID, NOW + VALID_FOR, False),
        (IssuedCode(NOW + VALID_FOR, tries=MOST_TRIES - 1), NOW, True),
        (IssuedCode(NOW + VALID_FOR, tries=MOST_TRIES), NOW, False),
        (IssuedCode(NOW + VALID_FOR, is_used=True), NOW, False),
        (None, NOW, False),
    ],
)
def test_a_code_may_be_tried_while_it_is_valid_a_few_times_and_used_once(code, at, may):
    assert may_be_tried(code, at) is may
