"""A proof holds for one widget, on one origin, for one person, for some time."""

from datetime import datetime, timedelta, timezone

import pytest

from beesender_support.policy.widget.sessions import (
    LASTS,
    WidgetSession,
    still_holds,
)

NOW = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)
HERE = {
    "widget": "w1",
    "origin": "https://example.com",
    "contact": "Anna",
    "now": NOW,
}


def session(contact="Anna"):
    return WidgetSession(
        "anna@example.com", contact, "w1", "https://example.com", NOW + LASTS
    )


def test_it_holds_where_it_was_given():
    assert still_holds(session(), **HERE)


@pytest.mark.parametrize(
    "elsewhere",
    [
        {"widget": "w2"},
        {"origin": "https://www.example.com"},
        {"contact": "Boris"},
        {"contact": None},
        {"now": NOW + LASTS},
    ],
)
def test_nowhere_else_for_nobody_else_and_not_for_ever(elsewhere):
    assert not still_holds(session(), **{**HERE, **elsewhere})


def test_until_its_last_second():
    assert still_holds(session(), **{**HERE, "now": NOW + LASTS - timedelta(seconds=1)})


@pytest.mark.parametrize("contact", [None, "Anna"])
def test_a_stranger_may_have_become_a_contact(contact):
    assert still_holds(session(contact=None), **{**HERE, "contact": contact})
