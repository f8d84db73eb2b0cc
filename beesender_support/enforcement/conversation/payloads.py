"""What a program sends of a conversation that it leads with one of its users."""

from typing import Annotated

from pydantic import Field

from beesender_support.enforcement.chat.payloads import (
    KEPT,
    Attachments,
    Key,
    Language,
    Payload,
    Registration,
    validated,
)

# With room for the number of a further request of the same conversation.
MOST_OF_ID = 190
MOST_OF_ANSWER = 200_000


class Spoken(Payload):
    """What the user said, one message after the other. ``channel`` and the sender are
    needed with the first one, and stay: the program vouches for them."""

    external_id: Annotated[str, Field(min_length=1, max_length=MOST_OF_ID)]
    message_id: Key
    channel: Annotated[str, Field(max_length=140)] | None = None
    contact_email: Annotated[str, Field(max_length=140)] | None = None
    contact_phone: Annotated[str, Field(max_length=140)] | None = None
    language: Language | None = None
    # In no traceback: it may be a secret.
    answer: Annotated[str, Field(max_length=MOST_OF_ANSWER, repr=False)] = ""
    attachments: Attachments = []


def sender_of(spoken: Spoken, channel: str | None = None) -> Registration:
    """Who asks and by which channel, by the rules by which requests are registered;
    raises BadPayload. ``channel`` is that of a conversation that has begun, whatever has
    become of it since."""
    given = {
        "channel": channel or spoken.channel,
        "external_id": spoken.external_id,
        "contact_email": spoken.contact_email,
        "contact_phone": spoken.contact_phone,
        # What is asked is said later.
        "subject": "-",
        "description": "-",
    }
    return validated(
        Registration,
        {name: value for name, value in given.items() if value},
        context=KEPT if channel else None,
    )
