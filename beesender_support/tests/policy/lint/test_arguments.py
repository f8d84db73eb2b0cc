"""The values of a sentence survive being stored as JSON."""

import json
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.calendar.windows import HOUR, Window
from beesender_support.policy.lint.arguments import as_plain, from_plain
from beesender_support.policy.sentences import (
    Contact,
    Elapsed,
    Field,
    Given,
    Name,
    Sentence,
    TierName,
)

VALUES = {
    "text": "P-1",
    "number": 3,
    "nothing": None,
    "tier": TierName("Basic"),
    "category": Name("Incident"),
    "contact": Contact("alice@example.com"),
    "day": date(2026, 12, 31),
    "at": datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=3))),
    "length": Elapsed(minutes=1),
    "window": Window(0, 9 * HOUR, 18 * HOUR),
    "others": (Contact("bob@example.com"), "x", ("y", 1)),
    "field": Field("hours", "P1"),
    "given": Given(date(2026, 1, 1)),
    "why": Sentence("{name} is missing", {"name": Given("zone")}),
}


def stored(values):
    return from_plain(json.loads(json.dumps(as_plain(values))))


def test_every_kind_of_value_comes_back_as_it_was():
    again = stored(VALUES)
    assert again == VALUES
    assert {name: type(value) for name, value in again.items()} == {
        name: type(value) for name, value in VALUES.items()
    }
    assert (again["field"].name, again["field"].row) == ("hours", "P1")


def test_a_value_of_another_type_is_written_as_its_text():
    assert stored({"fee": Decimal("2.5")}) == {"fee": "2.5"}


@given(st.dictionaries(st.text(), st.text() | st.integers() | st.dates()))
def test_whatever_is_stored_is_read_again(values):
    assert stored(values) == values


@pytest.mark.parametrize(
    "damaged",
    [
        {"a": ["Nothing", 1]},
        {"a": ["date"]},
        {"a": ["date", "soon"]},
        {"a": [["x"], 1]},
    ],
)
def test_damaged_data_is_refused(damaged):
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_plain(damaged)
