"""A decision record is the same value after a trip over paper, or refused with all faults."""

import json

import pytest

from beesender_support.policy.audit.codes import EVENTS_NOT_KEPT
from beesender_support.policy.audit.record import (
    DecisionRecord,
    Missing,
    read_record,
    schema,
)
from beesender_support.tests.policy.audit.records import (
    NOW,
    make_record,
    on_paper,
    read_back,
    whole_life,
)


@pytest.mark.parametrize(
    "record",
    [
        make_record(),
        whole_life(),
        DecisionRecord("7", NOW, NOW, incomplete=(Missing(EVENTS_NOT_KEPT, "why"),)),
    ],
)
def test_a_record_comes_back_from_its_json(record):
    plain = on_paper(record)
    assert on_paper(read_back(plain)) == plain


def test_all_its_instants_are_in_utc_and_the_zone_is_named():
    plain = on_paper(whole_life())
    assert plain["time_zone"] == "GMT+3"
    assert "+00:00" not in json.dumps(plain)
    assert plain["terms"]["started_at"] == "2026-11-20T14:30:00Z"


def test_what_it_lacks_is_said():
    record = DecisionRecord("7", NOW, NOW, incomplete=(Missing(EVENTS_NOT_KEPT),))
    assert record.lacks(EVENTS_NOT_KEPT)
    assert not record.lacks("more_plans")


def faults_of(plain):
    record, faults = read_record(plain)
    assert record is None
    return [fault.field for fault in faults]


def test_all_faults_are_named_with_their_places():
    plain = on_paper(whole_life())
    plain["stored"]["solution"]["state"] = "Met"
    plain["terms"]["windows"][0] = [0, 1]
    plain["happenings"][1]["at"] = "2026-11-23T11:00:00+03:00"
    del plain["ticket"]["priority"]
    plain["hint"] = "?"
    assert faults_of(plain) == [
        "ticket.priority",
        "terms.windows[0]",
        "happenings[1].at",
        "stored.solution.state",
        "hint",
    ]


@pytest.mark.parametrize("plain", [None, [], "text", 5])
def test_what_is_no_object_is_no_record(plain):
    assert faults_of(plain) == ["-"]


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("time_zone", "Mars/Olympus", "time_zone"),
        ("windows", [[0, 5, 5]], "windows"),
        ("windows", [], "windows"),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(name, value, field):
    plain = on_paper(make_record())
    plain["terms"][name] = value
    (fault,) = faults_of(plain)
    assert field.rstrip("s") in fault


def test_a_later_format_is_refused():
    assert faults_of({**on_paper(make_record()), "format": 2}) == ["format"]


def test_the_schema_defines_terms_that_hold_former_ones():
    said = schema()
    assert said["properties"]["format"] == {"const": 1}
    former = said["$defs"]["terms"]["properties"]["former"]["items"]["prefixItems"]
    assert former[1] == {"$ref": "#/$defs/terms"}
