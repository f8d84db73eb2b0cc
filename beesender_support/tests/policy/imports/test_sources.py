"""What is known of each source fits what is made of it."""

import pytest

from beesender_support.policy.imports.sources import (
    FIELDS,
    GONE,
    KINDS,
    NEEDED,
    PLANS,
    SOURCES,
    STAFF,
    WORDED,
)
from beesender_support.policy.plans.plan_state import PLAN_STATUSES
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import CHANNELS

MEANINGS = {
    "tier": {each.name for each in CATALOGUE.tiers},
    "category": {each.name for each in CATALOGUE.categories},
    "priority": {each.code for each in CATALOGUE.priorities},
    "channel": set(CHANNELS),
    "status": {*PLAN_STATUSES, GONE},
    "role": {STAFF},
}


@pytest.mark.parametrize("code", SOURCES)
def test_columns_are_of_known_fields_and_in_lower_case(code):
    source = SOURCES[code]
    assert source.code == code
    assert tuple(source.columns) == KINDS
    for kind, fields in source.columns.items():
        assert set(fields) <= set(FIELDS[kind])
        for names in fields.values():
            assert names == tuple(map(str.casefold, names))


@pytest.mark.parametrize("code", SOURCES)
def test_what_a_row_needs_has_a_column(code):
    for kind, fields in SOURCES[code].columns.items():
        # Plans are those of a CRM; of another system a mapping has to name them.
        if fields or kind != PLANS:
            assert set(NEEDED[kind]) <= set(fields)


@pytest.mark.parametrize("code", SOURCES)
def test_words_mean_what_a_site_starts_with(code):
    for field, words in SOURCES[code].words.items():
        assert field in WORDED
        assert set(words.values()) <= MEANINGS[field]
        assert all(word == word.casefold() for word in words)
