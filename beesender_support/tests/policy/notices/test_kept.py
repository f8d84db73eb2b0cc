"""Managers are told of what was kept once, and not more often than once an hour."""

from datetime import timedelta

import pytest

from beesender_support.policy.notices.kept import QUIET, is_owed
from beesender_support.tests.policy.factories import at

NOON = at("2026-11-23T12:00+03:00")


@pytest.mark.parametrize(
    ("has_new", "ago", "owed"),
    [
        (True, None, True),
        (False, None, False),
        (True, QUIET - timedelta(seconds=1), False),
        (True, QUIET, True),
        (False, QUIET * 3, False),
        # A clock that was set back.
        (True, -timedelta(hours=2), False),
    ],
)
def test_only_what_is_new_is_told_and_not_within_the_hour(has_new, ago, owed):
    told_at = None if ago is None else NOON - ago
    assert is_owed(has_new=has_new, told_at=told_at, now=NOON) is owed
