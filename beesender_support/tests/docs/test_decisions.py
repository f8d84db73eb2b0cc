"""``docs/decisions.md`` explains every code of a decision record, and no other."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from beesender_support.policy.audit.codes import INCOMPLETE_CODES, TIMELINE_CODES
from beesender_support.policy.audit.facts import WAYS
from beesender_support.policy.audit.record import RECORD, STORED_STATES, schema
from beesender_support.policy.calendar.holidays import Holiday, WorkingDay
from beesender_support.policy.notices.kinds import KINDS
from beesender_support.policy.requests.admission import REASONS
from beesender_support.policy.response import rerating
from beesender_support.policy.response.response_state import WITHDRAWN
from beesender_support.policy.sold.targets import TARGETS
from beesender_support.tests.policy.audit.records import (
    make_record,
    on_paper,
    whole_life,
)
from beesender_support.tests.policy.factories import (
    FRIDAY_EVENING,
    NIGHTS,
    TODAY,
    make_terms,
)
from beesender_support.wording.audit.decision_words import MISSING, NAMES

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "decisions.md").read_text(encoding="utf-8")
CHANGES = {
    *(code for pair in rerating.TIMES_OF_TARGET.values() for code in pair),
    rerating.TIER,
    rerating.TIME_ZONE,
    rerating.SUPPORT_HOURS,
    rerating.HOLIDAYS,
    rerating.WORKING_DAYS,
    rerating.TIME_ZONE_RULES,
}


def codes_below(heading: str) -> list[str]:
    section = PAGE.split(f"### {heading}\n")[1].split("\n### ")[0]
    cells = re.findall(r"^\| (`.+?) \|", section, re.M)
    return [code for cell in cells for code in re.findall("`([^`]+)`", cell)]


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("Reasons of admission", REASONS),
        ("Ways of a decision", WAYS),
        ("What happened", TIMELINE_CODES),
        ("States of a promise", {*STORED_STATES, WITHDRAWN}),
        ("Targets", TARGETS),
        ("What a re-rating changed", CHANGES),
        ("Kinds of notices", {each.code for each in KINDS}),
        ("What a record may lack", INCOMPLETE_CODES),
    ],
)
def test_every_code_is_explained_once_and_no_other(heading, codes):
    listed = codes_below(heading)
    assert set(listed) == set(codes)
    assert len(listed) == len(set(listed))


def test_every_part_of_a_record_is_named():
    section = PAGE.split("## What a record holds")[1].split("## Codes")[0]
    named = set(re.findall("`([a-z_]+)`", section))
    plain = {"format", "made_by", "exported_at", "at_risk_percent"}
    assert set(RECORD.fields) - plain <= named | {"time_zone_database"}


def test_every_change_that_a_rerating_can_make_is_known():
    """So that a new one is not left out above."""
    times = {"P1": timedelta(hours=5), "P2": timedelta(hours=6)}
    before = make_terms(FRIDAY_EVENING)
    after = replace(
        before,
        tier="Another",
        time_zone="GMT+1",
        windows=NIGHTS,
        response_targets=times,
        further_targets={"next_answer": times, "solution": times},
        holidays=(Holiday(TODAY),),
        working_days=(WorkingDay(TODAY),),
        time_zone_database="1999a",
    )
    assert {each.what for each in rerating.compare(before, after, "P1")} == CHANGES


def test_every_code_has_words():
    assert set(NAMES) == set(TIMELINE_CODES)
    assert set(MISSING) == set(INCOMPLETE_CODES)


def test_the_schema_is_that_of_the_values():
    stored = json.loads((DOCS / "decisions.schema.json").read_text(encoding="utf-8"))
    assert stored == schema()


@pytest.mark.parametrize("record", [make_record(), whole_life()])
def test_a_record_is_of_the_schema_for_any_reader_of_schemas(record):
    stored = json.loads((DOCS / "decisions.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(stored)
    validator = Draft202012Validator(stored)
    plain = on_paper(record)
    validator.validate(plain)
    for spoilt in (
        {**plain, "format": 2},
        {**plain, "another": 1},
        {name: each for name, each in plain.items() if name != "terms"},
        {**plain, "ticket": {**plain["ticket"], "is_merged": "no"}},
    ):
        assert not validator.is_valid(spoilt)
