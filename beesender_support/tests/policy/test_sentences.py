"""Sentences read well whatever fills them."""

from datetime import datetime, timedelta, timezone

import pytest

from beesender_support.policy.sentences import ENGLISH, Sentence


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("We asked {0}.", ["Acme"], "We asked Acme."),
        ("We asked {0}.", ["Acme Inc."], "We asked Acme Inc."),
        ("We asked {0}. They know.", ["Acme Inc."], "We asked Acme Inc. They know."),
        ("{0}, {1}.", ["Acme Inc.", "Init Tech."], "Acme Inc., Init Tech."),
        ("{} and {}.", ["one.", "two."], "one. and two."),
        ("{0} ({1}).", ["Acme Inc.", "Ltd."], "Acme Inc. (Ltd.)."),
        ("{0}: {0}.", ["C."], "C.: C."),
        ("From {0}.", ["23 ноября 2026 г."], "From 23 ноября 2026 г."),
        ("{0}.", ["."], ".."),
        ("{0}.", [5], "5."),
        ("Never {{0}}.", [], "Never {0}."),
    ],
)
def test_a_sentence_ends_in_one_full_stop(template, values, text):
    assert ENGLISH.fill(template, *values) == text


def test_names_are_filled_in_as_they_are():
    assert ENGLISH.fill("{a} and {b}.", a="{b}", b="{0}") == "{b} and {0}."


def test_a_name_that_ends_in_a_stop_ends_the_sentence_for_the_command_too():
    sentence = Sentence(
        "The plan of {customer} is {what}.", {"customer": "A.", "what": "B."}
    )
    assert str(sentence) == "The plan of A. is B."


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(hours=4), "4 h"),
        (timedelta(hours=0.25), "15 min"),
        (timedelta(hours=1.5), "1 h 30 min"),
        (timedelta(hours=0.333), "19 min 59 s"),
        (timedelta(hours=63), "63 h"),
        (timedelta(seconds=36), "36 s"),
        (timedelta(), "0 min"),
    ],
)
def test_a_length_is_said_in_hours_and_minutes(length, text):
    assert str(Sentence("within {length}", {"length": length})) == f"within {text}"


def test_an_instant_is_said_with_its_weekday_and_seconds_where_there_are_any():
    at = datetime(2026, 11, 23, 12, 30, tzinfo=timezone.utc)
    assert str(Sentence("by {due}.", {"due": at})) == "by Mon 2026-11-23 12:30."
    later = at.replace(second=20)
    assert str(Sentence("by {due}.", {"due": later})) == "by Mon 2026-11-23 12:30:20."
