"""Channels: the ways by which requests come and support answers, as a site has them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from beesender_support.policy.errors import (
    ChannelNotLogged,
    ChannelNotOffered,
    InvalidCode,
)
from beesender_support.policy.sentences import Channel, Channels
from beesender_support.policy.sentences import marked as _

PORTAL, EMAIL, CHATBOT, WIDGET, PHONE, AGENT = (
    "portal",
    "email",
    "chatbot",
    "widget",
    "phone",
    "agent",
)
# Requests by these come through Helpdesk itself, and so do answers.
OF_HELPDESK = frozenset({PORTAL, EMAIL})
# No channel that is sold: an agent registered the request.
RESERVED = frozenset({AGENT})
MAX_CODE_LENGTH = 60
_CODE = re.compile(r"\w+(?:[ .-]\w+)*")


@dataclass(frozen=True, slots=True)
class SoldChannel:
    """A way to ask or to answer that tiers may include, named by its ``code``.

    ``counts_as_answer`` says whether logging an answer by it stops the clock; what is
    written in the portal or by mail does in any case. One that is not ``enabled`` is
    retired: tiers that have it keep it, new ones are not offered it, and no request is
    taken by it any more.
    """

    code: str
    title: str
    takes_requests: bool = False
    answers: bool = False
    counts_as_answer: bool = True
    enabled: bool = True
    icon: str = ""

    def __post_init__(self) -> None:
        if (
            len(self.code) > MAX_CODE_LENGTH
            or not _CODE.fullmatch(self.code)
            or self.code.casefold() in RESERVED
        ):
            raise InvalidCode("name", self.code, most=MAX_CODE_LENGTH)

    @property
    def takes_requests_now(self) -> bool:
        return self.enabled and self.takes_requests

    @property
    def is_offered_for_answers(self) -> bool:
        return self.enabled and self.answers

    @property
    def may_be_claimed(self) -> bool:
        """Whether a program may say that a request came by it: not by one of which
        Helpdesk itself knows who asked."""
        return self.takes_requests_now and self.code not in OF_HELPDESK

    @property
    def is_logged(self) -> bool:
        """Whether agents log answers by it: those by Helpdesk's own are there."""
        return self.answers and self.code not in OF_HELPDESK


# The vendor's, in the order in which they are offered. Skype was closed in May 2025.
SHIPPED = (
    SoldChannel(PORTAL, _("portal"), takes_requests=True, answers=True, icon="globe"),
    SoldChannel(EMAIL, _("e-mail"), takes_requests=True, answers=True, icon="mail"),
    SoldChannel(CHATBOT, _("chatbot"), takes_requests=True, icon="bot"),
    SoldChannel(WIDGET, _("site widget"), takes_requests=True, icon="app-window"),
    SoldChannel(PHONE, _("phone"), answers=True, icon="phone"),
    SoldChannel("skype", _("Skype"), answers=True, enabled=False, icon="video"),
    *(
        SoldChannel(code, title, takes_requests=True, answers=True, icon=icon)
        for code, title, icon in (
            ("teams", _("Microsoft Teams"), "users"),
            ("whatsapp", _("WhatsApp"), "message-circle"),
            ("telegram", _("Telegram"), "send"),
            ("viber", _("Viber"), "phone-call"),
        )
    ),
)
# How requests may have come, on a site with the shipped channels only; messengers last.
_OLDER = (PORTAL, EMAIL, CHATBOT, WIDGET, AGENT)
CHANNELS = (
    *_OLDER,
    *(each.code for each in SHIPPED if each.takes_requests and each.code not in _OLDER),
)
ANSWER_CHANNELS = tuple(each.code for each in SHIPPED if each.answers)

Known = Mapping[str, SoldChannel]


def by_code(channels: Iterable[SoldChannel]) -> Known:
    return {each.code: each for each in channels}


def taken(codes: Iterable[str], known: Known) -> frozenset[str]:
    """Of the channels of a tier those by which requests are taken now."""
    return frozenset(
        code for code in codes if code not in known or known[code].takes_requests_now
    )


def answered(codes: Iterable[str], known: Known) -> frozenset[str]:
    """Of the channels of a tier those by which support answers: a promise that was sold
    by a channel stays when that is retired."""
    return frozenset(code for code in codes if code not in known or known[code].answers)


def claimable(known: Known) -> tuple[str, ...]:
    """The channels that a program may name as that of a request."""
    return tuple(code for code, each in known.items() if each.may_be_claimed)


def check_offered(
    field: str,
    codes: Iterable[str],
    offered: Collection[str],
    before: Collection[str] = (),
) -> None:
    """Raise ChannelNotOffered for a channel that a tier may not be given.

    ``before`` are those that it had: they stay, offered or not.
    """
    for code in sorted(set(codes) - set(before)):
        if code not in offered:
            raise ChannelNotOffered(
                field, Channel(code), allowed=Channels(frozenset(offered))
            )


def check_logged(code: str, known: Known) -> SoldChannel:
    """The channel by which an answer is logged; raises ChannelNotLogged for one by which
    none is."""
    channel = known.get(code)
    if channel is None or not channel.is_logged:
        logged = frozenset(each.code for each in known.values() if each.is_logged)
        raise ChannelNotLogged("channel", Channel(code), allowed=Channels(logged))
    return channel
