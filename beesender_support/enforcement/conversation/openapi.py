"""The intake as OpenAPI 3.1, as ``docs/`` publishes it: for tools that make clients of it.

Printed by ``python -m beesender_support.enforcement.conversation.openapi`` on a bench.
"""

import inspect
import json
from typing import Any, NamedTuple

from pydantic import BaseModel

from beesender_support.enforcement.chat.payloads import Message, Question, Registration
from beesender_support.enforcement.chat.replies import Standing
from beesender_support.enforcement.chat.requests import (
    MessageAnswer,
    RegistrationAnswer,
)
from beesender_support.enforcement.conversation.payloads import Spoken
from beesender_support.enforcement.conversation.replies import TurnAnswer
from beesender_support.enforcement.conversation.schema import (
    DIALECT,
    Refusal,
    definitions,
)

VERSION = "3.1.0"
PATH = "/api/method/beesender_support.api.intake."
IN_FILE = "#/components/schemas/{model}"
_KEY = "key"


class Method(NamedTuple):
    """A method of the intake: what it takes and answers, and what it does."""

    name: str
    takes: type[BaseModel]
    answers: type
    summary: str
    is_read: bool = False


METHODS = (
    Method("register", Registration, RegistrationAnswer, "Register a request"),
    Method("append", Message, MessageAnswer, "Add a message to a request"),
    Method("status", Question, Standing, "How a request stands", is_read=True),
    Method("converse", Spoken, TurnAnswer, "Lead a conversation, message by message"),
)
# Of an answer that is not in the form of this API.
_FAULTS = {
    "401": "A wrong key.",
    "403": "No key, or a user without the role Beesender Channel.",
    "413": "More than the site takes in one request.",
    "417": "The body is not JSON.",
}
_REFUSALS = {
    "404": "A request that this user did not register.",
    "422": "An unknown field, a wrong type, a value that is not allowed, too much.",
    "429": "Too many requests this minute.",
}
_WITHOUT_404 = ("register", "converse")


def document() -> dict[str, Any]:
    """What a site alone knows, such as its categories, is not in it."""
    return {
        "openapi": VERSION,
        "jsonSchemaDialect": DIALECT,
        "info": {
            "title": "The intake API of Beesender Support",
            "description": "For chatbots and site widgets; docs/intake-api.md explains it.",
            "version": "1",
            "license": {"name": "AGPL-3.0-only", "identifier": "AGPL-3.0-only"},
        },
        "servers": [{"url": "https://support.example.com", "description": "Your site"}],
        "security": [{_KEY: []}],
        "paths": {f"{PATH}{each.name}": _path_of(each) for each in METHODS},
        "components": {
            "securitySchemes": {
                _KEY: {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token API_KEY:API_SECRET` of the program's user.",
                }
            },
            "schemas": definitions(IN_FILE),
        },
    }


def _path_of(method: Method) -> dict[str, Any]:
    operation = {
        "operationId": method.name,
        "summary": method.summary,
        "responses": _responses_of(method),
    }
    if method.is_read:
        return {"get": {**operation, "parameters": _parameters_of(method.takes)}}
    body = {"required": True, "content": _json(_reference(method.takes))}
    return {"post": {**operation, "requestBody": body}}


def _responses_of(method: Method) -> dict[str, Any]:
    answered = {
        "type": "object",
        "properties": {"message": _reference(method.answers)},
        "required": ["message"],
    }
    described = inspect.cleandoc(method.answers.__doc__ or "").split("\n\n")[0]
    refusals = {
        status: {"description": text, "content": _json(_reference(Refusal))}
        for status, text in _REFUSALS.items()
        if status != "404" or method.name not in _WITHOUT_404
    }
    faults = {status: {"description": text} for status, text in _FAULTS.items()}
    return {
        "200": {"description": " ".join(described.split()), "content": _json(answered)},
        **dict(sorted({**refusals, **faults}.items())),
    }


def _parameters_of(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = definitions(IN_FILE)[model.__name__]
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema["required"],
            "schema": described,
        }
        for name, described in schema["properties"].items()
    ]


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _reference(named: type) -> dict[str, str]:
    return {"$ref": IN_FILE.format(model=named.__name__)}


def as_text() -> str:
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(as_text(), end="")
