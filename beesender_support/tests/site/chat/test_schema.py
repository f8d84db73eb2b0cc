"""The published JSON Schema is that of the code, and agrees with what is refused."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

import beesender_support
from beesender_support.enforcement.chat import schema
from beesender_support.enforcement.chat.payloads import Registration

PUBLISHED = Path(beesender_support.__file__).parents[1] / "docs/intake.schema.json"


def test_what_is_published_is_what_the_code_takes_and_answers():
    """Where it is not: ``make schema``."""
    assert PUBLISHED.read_text() == schema.as_text()


def test_every_body_of_a_call_is_in_it():
    names = {each.__name__ for each in (*schema.SENT, *schema.ANSWERED)}
    assert names <= set(json.loads(PUBLISHED.read_text())["$defs"])


def test_required_fields_are_those_that_cannot_be_left_out():
    published = json.loads(PUBLISHED.read_text())["$defs"]
    for model in schema.SENT:
        with pytest.raises(ValidationError) as refused:
            model.model_validate({})
        missing = {each["loc"][0] for each in refused.value.errors()}
        of_either = {"contact_phone"} if model is Registration else set()
        assert missing == {*published[model.__name__]["required"], *of_either}
