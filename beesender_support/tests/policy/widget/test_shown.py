"""What a person is shown of a request, and of whose."""

import pytest

from beesender_support.policy.widget.shown import Message, is_shown, is_theirs

ANNA, BORIS, AGENT = "anna@example.com", "boris@example.com", "agent@support.example"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (Message(True, False, ANNA, ()), True),
        (Message(True, False, BORIS, {ANNA}), False),
        (Message(True, True, AGENT, {ANNA}), True),
        (Message(True, True, AGENT, {BORIS, ANNA}), True),
        (Message(True, True, AGENT, {BORIS}), False),
        # A blind copy, or a note without recipients.
        (Message(True, True, AGENT, ()), False),
        (Message(False, True, AGENT, {ANNA}), False),
        (Message(False, False, ANNA, ()), False),
        # What claims to be sent by support counts by whom it was sent to.
        (Message(True, True, ANNA, {BORIS}), False),
    ],
)
def test_a_person_is_shown_what_they_wrote_and_what_was_openly_sent_to_them(
    message, shown
):
    assert is_shown(message, ANNA) is shown


def test_a_request_is_of_who_raised_it():
    assert is_theirs(ANNA, ANNA)
    assert not is_theirs(BORIS, ANNA)
    assert not is_theirs("", "")
