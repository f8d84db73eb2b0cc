"""The published OpenAPI file is one, and the documented requests and answers are as it says.

That it is made of the code is checked on a bench.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

DOCS = Path(__file__).parents[3] / "docs"
PUBLISHED = json.loads((DOCS / "openapi.json").read_text())
PAGE = (DOCS / "intake-api.md").read_text()
PATH = "/api/method/beesender_support.api.intake."


def test_it_is_a_document_of_openapi():
    assert [
        str(each) for each in OpenAPIV31SpecValidator(PUBLISHED).iter_errors()
    ] == []


def validator(schema: dict) -> Draft202012Validator:
    return Draft202012Validator({**schema, "components": PUBLISHED["components"]})


def documented() -> Iterator[tuple[str, str, dict]]:
    """Method, command and answer of each example."""
    blocks = re.findall(r"```(sh|json)\n(.*?)```", PAGE, re.DOTALL)
    for (_sh, command), (_json, answer) in zip(blocks[::2], blocks[1::2], strict=True):
        yield re.search(r"intake\.(\w+)", command)[1], command, json.loads(answer)


@pytest.mark.parametrize(("method", "command", "answer"), list(documented()))
def test_the_documented_examples_are_as_it_says(method, command, answer):
    [operation] = PUBLISHED["paths"][PATH + method].values()
    status = "422" if "errors" in answer else "200"
    described = operation["responses"][status]["content"]["application/json"]["schema"]
    assert list(validator(described).iter_errors(answer)) == []
    body = re.search(r"-d '({.*})'", command, re.DOTALL)
    if body and status == "200":
        taken = operation["requestBody"]["content"]["application/json"]["schema"]
        assert list(validator(taken).iter_errors(json.loads(body[1]))) == []


def test_every_method_of_the_page_is_in_it():
    named = {method for method, _command, _answer in documented()}
    assert {PATH + each for each in named} == set(PUBLISHED["paths"])
