"""A form finds every fault of a text with its place, and says the same as a schema."""

import pytest

from beesender_support.policy.audit.form import (
    ANYTHING,
    DAY,
    FLAG,
    INSTANT,
    NUMBER,
    TEXT,
    WHOLE,
    ByName,
    ListOf,
    Maybe,
    Named,
    Record,
    Row,
    exactly,
    one_of,
    record,
)


def faults(form, value):
    return [fault.field for fault in form.faults(value, "here")]


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (TEXT, "any"),
        (FLAG, False),
        (NUMBER, -1.5),
        (WHOLE, 0),
        (WHOLE, 3.0),
        (INSTANT, "2026-11-20T14:30:00Z"),
        (INSTANT, "2026-11-20T14:30:00.25Z"),
        (DAY, "2026-11-20"),
        (ANYTHING, object()),
        (Maybe(TEXT), None),
        (ListOf(TEXT), []),
        (Row((TEXT, WHOLE)), ["a", 1]),
        (ByName(WHOLE), {"P1": 1}),
        (one_of("met", "due"), "due"),
        (exactly(1), 1),
        (Record({"a": TEXT}, {"b": TEXT}), {"a": "x"}),
        (Named("terms", lambda: TEXT), "x"),
    ],
)
def test_what_is_of_a_form_has_no_fault(form, value):
    assert faults(form, value) == []


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (TEXT, 1),
        (FLAG, 1),
        (NUMBER, True),
        (NUMBER, "1"),
        (NUMBER, float("nan")),
        (NUMBER, 1e300),
        (WHOLE, -1),
        (WHOLE, 1.5),
        (INSTANT, "2026-11-20T17:30:00+03:00"),
        (INSTANT, "2026-11-20 14:30:00Z"),
        (INSTANT, "2026-13-20T14:30:00Z"),
        (INSTANT, "0999-11-20T14:30:00Z"),
        (INSTANT, 5),
        (DAY, "20.11.2026"),
        (DAY, None),
        (Maybe(TEXT), 1),
        (ListOf(TEXT), "text"),
        (Row((TEXT, WHOLE)), ["a"]),
        (Row((TEXT, WHOLE)), "ab"),
        (ByName(WHOLE), []),
        (one_of("met", "due"), "Due"),
        (exactly(1), True),
        (record(a=TEXT), []),
    ],
)
def test_what_is_not_has_one_at_its_place(form, value):
    assert faults(form, value) == ["here"]


def test_all_faults_are_found_each_at_its_place():
    form = record(
        name=TEXT, rows=ListOf(Row((TEXT, WHOLE))), lengths=ByName(NUMBER), seen=FLAG
    )
    value = {
        "name": None,
        "rows": [["a", -1], "b"],
        "lengths": {"P1": "x"},
        "more": 1,
    }
    assert [fault.field for fault in form.faults(value, "")] == [
        "name",
        "rows[0][1]",
        "rows[1]",
        "lengths.P1",
        "seen",
        "more",
    ]
    assert faults(form, {**value, "rows": []}) == [
        "here.name",
        "here.lengths.P1",
        "here.seen",
        "here.more",
    ]


def test_a_fault_says_what_is_allowed():
    (fault,) = one_of("met", "due").faults("Due", "stored.state")
    assert str(fault) == "stored.state: Due is not valid. Allowed: met, due."


def test_the_same_as_a_schema():
    form = Record(
        {"at": INSTANT, "rows": ListOf(Row((TEXT, Maybe(WHOLE)))), "v": exactly(1)},
        {"by": ByName(one_of("a")), "any": Named("terms", lambda: ANYTHING)},
    )
    said = form.schema()
    assert said["required"] == ["at", "rows", "v"]
    assert said["additionalProperties"] is False
    assert said["properties"]["rows"]["items"] == {
        "type": "array",
        "prefixItems": [
            {"type": "string"},
            {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]},
        ],
        "minItems": 2,
        "maxItems": 2,
    }
    assert said["properties"]["v"] == {"const": 1}
    assert said["properties"]["by"]["additionalProperties"] == {"enum": ["a"]}
    assert said["properties"]["any"] == {"$ref": "#/$defs/terms"}
