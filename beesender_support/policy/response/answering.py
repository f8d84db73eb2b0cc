"""By which channel support answers, and what counts as an answer.

An answer is words that a human agent addressed to the customer, nothing else.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from beesender_support.policy.sentences import Channel, Channels, Sentence, TierName
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.tiers import Tier

CHANNEL_NOT_INCLUDED = _(
    "The {tier} plan does not include answers by {channel}. It includes: {allowed}. An"
    " agent manager may allow it for one ticket, with a reason."
)


def refuse_answer_by(tier: Tier, channel: str) -> Sentence | None:
    """Why support does not answer by ``channel`` under this tier; None where it does."""
    if channel in tier.answer_channels:
        return None
    return Sentence(
        CHANNEL_NOT_INCLUDED,
        {
            "tier": TierName(tier.name),
            "channel": Channel(channel),
            "allowed": Channels(tier.answer_channels),
        },
    )


@dataclass(frozen=True, slots=True)
class Message:
    """A message on a request, as far as it may answer it.

    ``by_agent``: a person who answers for support wrote it. ``is_automatic``: a program
    sent it, such as a job, a notification or a bot. ``is_housekeeping``: the helpdesk's
    own sentence about a request that was split or merged. ``recipients`` are normal
    addresses; none where it is only shown in the portal.
    """

    by_agent: bool
    is_automatic: bool = False
    is_housekeeping: bool = False
    recipients: frozenset[str] = frozenset()


def is_answer(
    message: Message, *, client: Collection[str], support: Collection[str]
) -> bool:
    """Whether ``message`` answers the request.

    ``client`` are the addresses of the person who asked and of their colleagues,
    ``support`` those of agents and mailboxes. A message that goes to nobody at the
    client does not answer them; where no address of the client is known, any recipient
    outside support counts.
    """
    if not message.by_agent or message.is_automatic or message.is_housekeeping:
        return False
    if not message.recipients:
        return True
    outside = message.recipients - set(support)
    return bool(outside & set(client) if client else outside)


def first_answer(
    known: datetime | None, given: datetime, started_at: datetime
) -> datetime | None:
    """The instant of the first answer after the clock started at ``started_at``.

    ``known`` is the first answer so far. An answer may come to light later than another
    that it preceded, such as a call that is logged afterwards; what was said before the
    clock started answers something else.
    """
    if given < started_at:
        return known
    return given if known is None else min(known, given)


def answered_by_mail(
    sent_at: datetime | None, received_at: datetime, started_at: datetime
) -> datetime:
    """When a mail from an agent's own program answered: when it was sent, as it says,
    unless that is before the clock started or after it was received."""
    if sent_at and started_at <= sent_at <= received_at:
        return sent_at
    return received_at


def answered_by_call(
    began_at: datetime, ended_at: datetime, started_at: datetime
) -> datetime:
    """When a call answered: a request registered during a call is answered at once."""
    return started_at if began_at < started_at <= ended_at else began_at
