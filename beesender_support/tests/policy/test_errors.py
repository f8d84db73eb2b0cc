"""What the policy refuses says so in a sentence that can be translated."""

import pytest

from beesender_support.policy.calendar.calendar import Calendar
from beesender_support.policy.errors import (
    HalfAHoliday,
    InvalidTarget,
    NoName,
    PolicyError,
    RepeatedRank,
)
from beesender_support.policy.sentences import Field, Given
from beesender_support.tests.policy.factories import (
    OFFICE_HOURS,
)


def test_every_refusal_is_a_policy_error_with_a_sentence_to_translate():
    with pytest.raises(PolicyError) as refusal:
        Calendar("Europe", OFFICE_HOURS)
    assert isinstance(refusal.value, ValueError)
    template, context = refusal.value.sentence
    assert context == {"field": Field("time_zone"), "value": Given("Europe")}
    assert str(refusal.value) == template.format(field="time_zone", value="Europe")


def test_every_refusal_is_a_policy_error():
    for error in (HalfAHoliday, InvalidTarget, NoName, RepeatedRank):
        assert issubclass(error, PolicyError)
