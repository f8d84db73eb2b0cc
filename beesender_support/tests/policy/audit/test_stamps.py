"""Instants of a decision record are in UTC, with Z, and come back as they were."""

from beesender_support.policy.audit.stamps import (
    as_text,
    in_utc,
    instant,
    maybe_instant,
    maybe_length,
    maybe_seconds,
    maybe_text,
    with_offsets,
)
from beesender_support.tests.policy.factories import MICROSECOND, at


def test_an_instant_of_any_zone_is_written_in_utc():
    assert as_text(at("2026-11-20T17:30+03:00")) == "2026-11-20T14:30:00Z"


def test_an_instant_comes_back_to_the_microsecond():
    moment = at("2026-11-20T17:30+03:00") + MICROSECOND
    assert instant(as_text(moment)) == moment


def test_what_may_be_missing_comes_back_or_stays_missing():
    moment, length = at("2026-11-20T17:30+03:00"), 2 * MICROSECOND
    assert maybe_instant(maybe_text(moment)) == moment
    assert maybe_length(maybe_seconds(length)) == length
    assert maybe_length(maybe_seconds(0 * length)) == 0 * length
    for each in (maybe_text, maybe_instant, maybe_seconds, maybe_length):
        assert each(None) is None


def test_all_instants_among_plain_values_are_rewritten_and_nothing_else():
    stored = {
        "at": "2026-11-20T17:30:00+03:00",
        "former": [["2026-11-20T14:30:00+00:00", {"tier": "Basic"}]],
        "days": ("2026-11-20", "2026-11-20T17:30:00", 5, None),
    }
    assert in_utc(stored) == {
        "at": "2026-11-20T14:30:00Z",
        "former": [["2026-11-20T14:30:00Z", {"tier": "Basic"}]],
        "days": ["2026-11-20", "2026-11-20T17:30:00", 5, None],
    }


def test_the_rest_of_the_policy_gets_offsets():
    assert with_offsets(["2026-11-20T14:30:00Z"]) == ["2026-11-20T14:30:00+00:00"]
