"""What the rule book says of the site widget is what the policy does."""

from datetime import datetime, timedelta, timezone

from beesender_support.policy.widget.codes import VALID_FOR, IssuedCode, may_be_tried
from beesender_support.policy.widget.shown import Message, is_shown
from beesender_support.tests.docs.rule_book import (
    PROOFS,
    SHOWN_IN_WIDGET,
    examples,
    is_yes,
    yes,
)

SENT = datetime(2026, 11, 23, 9, tzinfo=timezone.utc)


@examples(PROOFS)
def test_a_code_proves_an_address_as_told(example):
    code = IssuedCode(
        SENT + VALID_FOR,
        tries=int(example["wrong tries"]),
        is_used=is_yes(example["was used"]),
    )
    later = timedelta(minutes=int(example["minutes after it was sent"]))
    assert yes(may_be_tried(code, SENT + later)) == example["proves the address"]


@examples(SHOWN_IN_WIDGET)
def test_messages_are_shown_as_told(example):
    message = Message(
        is_conversation=example["what it is"] == "message",
        is_from_support=example["written by"] == "agent",
        sender=example["written by"],
        openly_to=frozenset({example["in To or Cc"]} - {"none"}),
    )
    assert yes(is_shown(message, "customer")) == example["is shown"]
