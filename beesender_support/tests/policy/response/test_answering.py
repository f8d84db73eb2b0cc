"""What stops the clock, and when it did."""

import pytest

from beesender_support.policy.response.answering import (
    Message,
    answered_by_call,
    answered_by_mail,
    first_answer,
    is_answer,
    refuse_answer_by,
)
from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.channels import ANSWER_CHANNELS
from beesender_support.tests.policy.factories import at

ANNA, BORIS = "anna@acme.example", "boris@acme.example"
AGENT, MAILBOX = "agent@vendor.example", "support@vendor.example"
PARTNER = "dev@partner.example"
CLIENT, SUPPORT = {ANNA, BORIS}, {AGENT, MAILBOX}
OPENED, LATER, LATEST = map(
    at, ("2026-11-23T10:00Z", "2026-11-23T11:00Z", "2026-11-23T12:00Z")
)


def message(*recipients, by_agent=True, **facts):
    return Message(by_agent=by_agent, recipients=frozenset(recipients), **facts)


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        (message(), True),
        (message(ANNA), True),
        (message(BORIS, MAILBOX), True),
        (message(PARTNER, ANNA), True),
        (message(AGENT), False),
        (message(MAILBOX), False),
        (message(PARTNER), False),
        (message(AGENT, PARTNER), False),
        (message(by_agent=False), False),
        (message(ANNA, by_agent=False), False),
        (message(ANNA, is_automatic=True), False),
        (message(is_automatic=True), False),
        (message(is_housekeeping=True), False),
        (message(ANNA, is_housekeeping=True), False),
    ],
)
def test_only_an_agents_words_to_the_client_are_an_answer(given, answers):
    assert is_answer(given, client=CLIENT, support=SUPPORT) is answers


@pytest.mark.parametrize(
    ("given", "answers"),
    [
        (message(PARTNER), True),
        (message(AGENT), False),
        (message(MAILBOX, AGENT), False),
    ],
)
def test_where_nobody_of_the_client_is_known_anybody_outside_is(given, answers):
    assert is_answer(given, client=(), support=SUPPORT) is answers


@pytest.mark.parametrize(
    ("known", "given", "first"),
    [
        (None, OPENED, OPENED),
        (None, LATER, LATER),
        (LATER, LATEST, LATER),
        (LATEST, LATER, LATER),
        (None, at("2026-11-23T09:59:59Z"), None),
        (LATER, at("2026-11-23T09:59:59Z"), LATER),
    ],
)
def test_the_first_answer_after_the_start_counts_whenever_it_comes_to_light(
    known, given, first
):
    assert first_answer(known, given, OPENED) == first


@pytest.mark.parametrize(
    ("sent", "received", "answered"),
    [
        (LATER, LATEST, LATER),
        (OPENED, LATEST, OPENED),
        (at("2026-11-23T09:00Z"), LATER, LATER),
        (LATEST, LATER, LATER),
        (None, LATER, LATER),
    ],
)
def test_a_mail_answers_when_it_was_sent_if_that_can_be(sent, received, answered):
    assert answered_by_mail(sent, received, OPENED) == answered


@pytest.mark.parametrize(
    ("began", "ended", "answered"),
    [
        (LATER, LATEST, LATER),
        (OPENED, LATER, OPENED),
        ("2026-11-23T09:50Z", LATER, OPENED),
        ("2026-11-23T09:50Z", "2026-11-23T09:55Z", "2026-11-23T09:50Z"),
    ],
)
def test_a_request_registered_during_a_call_is_answered_at_once(began, ended, answered):
    began, ended, answered = (
        at(each) if isinstance(each, str) else each for each in (began, ended, answered)
    )
    assert answered_by_call(began, ended, OPENED) == answered


# By which channel support answers


@pytest.mark.parametrize(
    ("tier", "portal", "email", "phone", "skype"),
    [
        ("Basic", True, True, False, False),
        ("Business", True, True, True, False),
        ("Premium", True, True, True, True),
    ],
)
def test_support_answers_by_the_channels_of_the_tier(tier, portal, email, phone, skype):
    answers = {"portal": portal, "email": email, "phone": phone, "skype": skype}
    assert set(answers) <= set(ANSWER_CHANNELS)
    # What is offered and no tier of the vendor has yet.
    for channel in set(ANSWER_CHANNELS) - set(answers):
        answers[channel] = False
    for channel, is_included in answers.items():
        refusal = refuse_answer_by(CATALOGUE.tier(tier), channel)
        assert (refusal is None) is is_included


def test_a_refusal_names_the_channel_and_those_that_are_included():
    refusal = refuse_answer_by(CATALOGUE.tier("Business"), "skype")
    assert str(refusal).startswith(
        "The Business plan does not include answers by skype. It includes: email, phone, portal."
    )


@pytest.mark.parametrize("channel", ["messenger", "chatbot", "widget"])
def test_a_channel_that_requests_come_by_is_none_that_support_answers_by(channel):
    assert refuse_answer_by(CATALOGUE.tier("Premium"), channel) is not None
