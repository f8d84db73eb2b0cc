"""What people type is understood as what they mean, or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beesender_support.policy.conversation.choices import Choice
from beesender_support.policy.conversation.understanding import (
    as_compared,
    chosen,
    cleaned,
    named_as,
    one_line,
)
from beesender_support.policy.sentences import Name
from beesender_support.tests.policy.conversation.talk import READERS

CHOICES = (
    Choice("Incident", Name("Incident")),
    Choice("P1", Name("P1")),
    Choice("calls", Name("Yes")),
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Incident", "Incident"),
        ("  iNCIDENT. ", "Incident"),
        ("«Инцидент»", "Incident"),
        ("инцидент", "Incident"),
        ("p1", "P1"),
        ("Р1", "P1"),  # the letter of a Russian keyboard
        ("Да!", "calls"),
        ("/calls", "calls"),
        ("1", "Incident"),
        ("1.", "Incident"),
        ("№ 2", "P1"),
        ("#3", "calls"),
        ("02", "P1"),
        ("２", "P1"),
        ("3️⃣", "calls"),
        ("0", None),
        ("4", None),
        ("12345", None),
        ("", None),
        ("...", None),
        ("incidents", None),
        ("1 or 2", None),
    ],
)
def test_a_number_a_label_or_a_code_is_understood(text, code):
    choice = chosen(text, CHOICES, READERS)
    assert (choice and choice.code) == code


def test_a_label_of_several_choices_means_none_of_them():
    twins = (Choice("a", Name("Yes")), Choice("b", Name("Yes")))
    assert chosen("yes", twins, READERS) is None
    assert chosen("b", twins, READERS) == twins[1]


def test_the_own_language_tells_apart_what_another_does_not():
    choices = (Choice("a", Name("Да")), Choice("b", Name("Yes")))
    assert named_as("Да", choices, READERS) == choices[0]


def test_a_code_comes_before_a_label_and_a_label_before_a_number():
    choices = (
        Choice("2", Name("Yes")),
        Choice("b", Name("1")),
        Choice("1", Name("No")),
    )
    assert [chosen(each, choices, READERS) for each in ("1", "2", "3")] == [
        choices[2],
        choices[0],
        choices[2],
    ]


def test_codes_that_are_the_same_to_people_are_told_apart_by_their_labels():
    choices = (Choice("a", Name("Yes")), Choice("A", Name("No")))
    assert named_as("a", choices, READERS) is None
    assert named_as("No", choices, READERS) == choices[1]


@given(st.text())
def test_nothing_that_is_typed_breaks_anything(text):
    assert chosen(text, CHOICES, READERS) in (None, *CHOICES)
    assert as_compared(as_compared(text)) == as_compared(text)
    assert "\x00" not in cleaned(text)
    assert "\n" not in one_line(text)


def test_line_breaks_stay_and_what_no_field_can_hold_goes():
    assert cleaned(" a\r\n\tb\x00\ud800 ") == "a\n\tb"
    assert one_line(" a\n b ") == "a b"
