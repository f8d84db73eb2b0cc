"""Everything that is promised of a request, and how it stands as a whole."""

from beesender_support.policy.response.promises import NOTHING_PROMISED
from beesender_support.policy.response.response_state import NO_PROMISE, NONE


def test_of_nothing_promised_nothing_is_said():
    assert NOTHING_PROMISED.overall == NONE
    assert NOTHING_PROMISED.each() == ()
    assert NOTHING_PROMISED.of("solution") is NO_PROMISE
    assert NOTHING_PROMISED.run_of("solution") is None
