"""The JSON Schema of what programs send and are answered, as ``docs/`` publishes it.

Printed by ``python -m beesender_support.enforcement.conversation.schema`` on a bench.
"""

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from typing_extensions import TypedDict

from beesender_support.enforcement.chat.payloads import Message, Question, Registration
from beesender_support.enforcement.chat.replies import Standing
from beesender_support.enforcement.chat.requests import (
    MessageAnswer,
    RegistrationAnswer,
)
from beesender_support.enforcement.conversation.payloads import Spoken
from beesender_support.enforcement.conversation.replies import TurnAnswer
from beesender_support.enforcement.safety.rate_limit import Fault

DIALECT = "https://json-schema.org/draft/2020-12/schema"
IN_FILE = "#/$defs/{model}"


class Refusal(TypedDict):
    """The body of an answer of 404, 422 or 429. ``exc_type`` names the kind of fault."""

    errors: list[Fault]
    exc_type: str


class _WithoutTitles(GenerateJsonSchema):
    """A field is called as it is."""

    def field_title_should_be_set(self, schema: object) -> bool:
        return False


SENT = (Registration, Message, Question, Spoken)
ANSWERED = (RegistrationAnswer, MessageAnswer, Standing, TurnAnswer, Refusal)


def schema() -> dict[str, Any]:
    """All of them by name, under ``$defs``.

    What a site alone knows, such as its categories, and the sizes of files are not in it.
    """
    return {
        "$schema": DIALECT,
        "$defs": definitions(IN_FILE),
        "title": "What the chatbot and the site widget send and are answered",
    }


def definitions(reference: str) -> dict[str, Any]:
    """Each by its name, and what they are made of; ``reference`` says how one refers to
    another."""
    adapters = [
        *((each.__name__, "validation", TypeAdapter(each)) for each in SENT),
        *((each.__name__, "serialization", TypeAdapter(each)) for each in ANSWERED),
    ]
    _references, made = TypeAdapter.json_schemas(
        adapters, schema_generator=_WithoutTitles, ref_template=reference
    )
    return made["$defs"]


def as_text() -> str:
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_text(), end="")
