"""What the widget sends. Unknown fields and wrong types are refused.

Who asks, and by which channel, is never among it.
"""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from beesender_support.enforcement.chat.payloads import (
    Attachments,
    Key,
    Language,
    Payload,
    Registration,
    Text,
    one_address,
    validated,
)
from beesender_support.enforcement.requests.access_details import MOST_CHARACTERS
from beesender_support.policy.sold.channels import WIDGET

Address = Annotated[
    str, Field(min_length=3, max_length=140), AfterValidator(one_address)
]


class Asked(Payload):
    """Whatever is asked: of which widget, and in which language."""

    widget: Annotated[str, Field(max_length=140)] = ""
    language: Language = "en"


class CodeWanted(Asked):
    email: Address


class CodeGiven(Asked):
    """``secret`` is the code; Frappe hides arguments of this name where it logs faults."""

    email: Address
    secret: Annotated[str, Field(min_length=1, max_length=20)]


class TicketAsked(Asked):
    ticket: Annotated[str, Field(min_length=1, max_length=140)]


class FileAsked(TicketAsked):
    file: Annotated[str, Field(min_length=1, max_length=140)]


class MessageWritten(TicketAsked):
    message_id: Key
    text: Text
    attachments: Attachments = []


class RequestWritten(Asked):
    """Checked as a registration of the intake is, once it is known whose it is;
    ``secret`` holds access details."""

    external_id: Key
    subject: Any
    description: Any
    category: str | None = None
    priority: str | None = None
    affected: str | None = None
    way_round: bool | None = None
    attachments: list[Any] = []
    secret: Annotated[str, Field(max_length=MOST_CHARACTERS)] | None = None

    def registration_by(self, address: str) -> Registration:
        """Raises BadPayload."""
        given = self.model_dump(exclude={"widget", "secret"}, exclude_none=True)
        return validated(
            Registration, {**given, "channel": WIDGET, "contact_email": address}
        )
