"""The published JSON Schema is that of the code, and agrees with what is refused."""

import inspect
import json
from pathlib import Path

import frappe
import pytest
from pydantic import ValidationError

import beesender_support
from beesender_support.api import intake
from beesender_support.enforcement.chat.payloads import Registration
from beesender_support.enforcement.conversation import openapi, schema

DOCS = Path(beesender_support.__file__).parents[1] / "docs"
PUBLISHED = DOCS / "intake.schema.json"


def test_what_is_published_is_what_the_code_takes_and_answers():
    """Where it is not: ``make schema``."""
    assert PUBLISHED.read_text() == schema.as_text()
    assert (DOCS / "openapi.json").read_text() == openapi.as_text()


def test_every_method_of_the_intake_is_published_with_what_it_takes_and_answers():
    published = {each.name: each for each in openapi.METHODS}
    endpoints = {
        name: function
        for name, function in vars(intake).items()
        if getattr(function, "__module__", "") == intake.__name__
    }
    assert endpoints.keys() == published.keys()
    for name, function in endpoints.items():
        assert inspect.get_annotations(function)["return"] is published[name].answers
        methods = frappe.allowed_http_methods_for_whitelisted_func[function]
        assert methods == ["GET" if published[name].is_read else "POST"]


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
