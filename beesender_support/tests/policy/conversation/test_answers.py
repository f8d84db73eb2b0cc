"""A conversation is stored and read again without a loss."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.conversation.answers import (
    ASKING,
    CANCELLED,
    DONE,
    SENT,
    Conversation,
    Described,
    FileGiven,
)
from beesender_support.policy.errors import UnknownFormat

TEXTS = st.text(max_size=20)
MAYBE = st.none() | TEXTS
CONVERSATIONS = st.builds(
    Conversation,
    category=MAYBE,
    priority=MAYBE,
    affected=MAYBE,
    way_round=MAYBE,
    subject=MAYBE,
    described=st.lists(st.builds(Described, TEXTS, TEXTS), max_size=3).map(tuple),
    files=st.lists(
        st.builds(FileGiven, TEXTS, TEXTS, st.integers(0, 99)), max_size=3
    ).map(tuple),
    has_said_files=st.booleans(),
    has_access=st.none() | st.booleans(),
    opening=TEXTS,
    at=MAYBE,
    stage=st.sampled_from([ASKING, CANCELLED, SENT, DONE]),
)


@given(CONVERSATIONS)
def test_what_is_stored_is_what_is_read(conversation):
    stored = json.loads(json.dumps(conversation.as_dict()))
    assert Conversation.from_dict(stored) == conversation


@pytest.mark.parametrize("stored", [{"format": 2}, {}])
def test_what_a_newer_version_has_stored_is_refused(stored):
    with pytest.raises(UnknownFormat):
        Conversation.from_dict(stored)


def test_an_answer_takes_the_place_of_an_earlier_one_to_the_same_question():
    said = Conversation().describing("What?", "a").describing("When?", "b")
    assert said.describing("What?", "c").described == (
        Described("What?", "c"),
        Described("When?", "b"),
    )
    assert said.answer_to("When?") == "b"
    assert said.answer_to("Who?") is None
