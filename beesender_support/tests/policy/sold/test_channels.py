"""Channels as a site has them: what they take, what is offered, what may be logged."""

from itertools import product

import pytest

from beesender_support.policy.errors import (
    ChannelNotLogged,
    ChannelNotOffered,
    InvalidCode,
)
from beesender_support.policy.sold.channels import (
    ANSWER_CHANNELS,
    CHANNELS,
    SHIPPED,
    SoldChannel,
    answered,
    by_code,
    check_logged,
    check_offered,
    claimable,
    taken,
)

KNOWN = by_code(SHIPPED)


@pytest.mark.parametrize(
    "code", ["", "agent", "Agent", " slack", "slack ", "a,b", "a\nb", "<b>", "x" * 61]
)
def test_what_is_no_code_is_refused(code):
    with pytest.raises(InvalidCode, match="cannot be a code"):
        SoldChannel(code, "Title")


@pytest.mark.parametrize("code", ["slack", "Slack", "MS Teams", "канал", "x" * 60])
def test_an_admin_names_a_channel_as_they_like(code):
    assert SoldChannel(code, "Title").code == code


# code, takes requests now, is offered for answers, may be claimed, is logged
OF_SHIPPED = [
    ("portal", True, True, False, False),
    ("email", True, True, False, False),
    ("chatbot", True, False, True, False),
    ("widget", True, False, True, False),
    ("phone", False, True, False, True),
    ("skype", False, False, False, True),
    ("teams", True, True, True, True),
    ("whatsapp", True, True, True, True),
    ("telegram", True, True, True, True),
    ("viber", True, True, True, True),
]


@pytest.mark.parametrize(("code", "takes", "offered", "claimed", "logged"), OF_SHIPPED)
def test_what_the_shipped_channels_are_for(code, takes, offered, claimed, logged):
    channel = KNOWN[code]
    assert channel.takes_requests_now == takes
    assert channel.is_offered_for_answers == offered
    assert channel.may_be_claimed == claimed
    assert channel.is_logged == logged


def test_every_shipped_channel_is_in_the_table():
    assert [code for code, *_rest in OF_SHIPPED] == [each.code for each in SHIPPED]
    assert set(CHANNELS) == {"agent", *(row[0] for row in OF_SHIPPED if row[1])}
    assert set(ANSWER_CHANNELS) == {
        "portal",
        "email",
        *(r[0] for r in OF_SHIPPED if r[4]),
    }


@pytest.mark.parametrize(
    ("enabled", "takes", "answers"), list(product((True, False), repeat=3))
)
def test_what_a_tier_has_of_a_channel(enabled, takes, answers):
    channel = SoldChannel(
        "slack", "Slack", takes_requests=takes, answers=answers, enabled=enabled
    )
    known = by_code([channel])
    sold = {"slack"}
    assert taken(sold, known) == (sold if enabled and takes else set())
    # What was sold stays when the channel is retired.
    assert answered(sold, known) == (sold if answers else set())
    assert claimable(known) == (("slack",) if enabled and takes else ())


def test_a_code_that_no_record_has_stays_with_the_tier():
    assert taken({"fax"}, KNOWN) == answered({"fax"}, KNOWN) == {"fax"}


def test_a_tier_is_given_what_is_offered_and_keeps_what_it_had():
    check_offered("answer_channels", {"phone", "skype"}, ["phone"], before={"skype"})
    with pytest.raises(ChannelNotOffered, match="skype is not offered here") as caught:
        check_offered("answer_channels", {"phone", "skype"}, ["phone", "email"])
    assert str(caught.value).endswith("Choose of: email, phone.")


@pytest.mark.parametrize("code", ["portal", "email", "chatbot", "fax"])
def test_no_answer_is_logged_by_what_has_it_already(code):
    with pytest.raises(ChannelNotLogged, match=f"No answer is logged by {code}"):
        check_logged(code, KNOWN)


def test_an_answer_by_a_messenger_is_logged():
    assert check_logged("telegram", KNOWN) is KNOWN["telegram"]
