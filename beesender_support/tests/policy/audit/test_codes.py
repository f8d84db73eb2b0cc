"""Every code of a timeline is one word a thing, and those of the clocks are theirs."""

from beesender_support.policy.audit.codes import (
    CLOCK_CODES,
    INCOMPLETE_CODES,
    TIMELINE_CODES,
)
from beesender_support.policy.response.clocks import Event


def test_no_two_things_have_one_code():
    assert len(set(TIMELINE_CODES)) == len(TIMELINE_CODES)
    assert len(set(INCOMPLETE_CODES)) == len(INCOMPLETE_CODES)


def test_what_moves_a_clock_is_called_as_the_clocks_call_it():
    assert {*CLOCK_CODES, "registered"} == {each.value for each in Event}
