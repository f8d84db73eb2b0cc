"""Why a request was held, what still prevents it today, and who is notified.

The first two may differ: a plan is suspended when a request arrives, and active when an
agent looks at it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from beesender_support.policy.mail.addresses import normalize_address
from beesender_support.policy.requests.admission import ACCEPTED, REASONS, Admission
from beesender_support.policy.sentences import marked as _
from beesender_support.policy.sold.channels import EMAIL

WAS_HELD = {
    "unknown_sender": _("It was held because we did not know the sender."),
    "no_plan": _("It was held because {customer} had no Beesender support plan."),
    "plan_not_started": _(
        "It was held because the support plan of {customer} had not started."
    ),
    "plan_expired": _("It was held because the support plan of {customer} had ended."),
    "plan_suspended": _(
        "It was held because the support plan of {customer} was suspended."
    ),
    "contact_not_authorized": _(
        "It was held because {contact} was not an authorized contact of {customer}."
    ),
    "seat_expired": _(
        "It was held because the seat of {contact} on the support plan of {customer} had ended."
    ),
    "channel_not_in_plan": _(
        "It was held because the plan of {customer} took no requests by {channel}."
    ),
    "unverified_sender": _(
        "It was held because we could not verify that it comes from {customer}."
    ),
}
WOULD_BE_TAKEN = _(
    "Today it would be accepted under the {tier} plan; it waits until an agent admits it."
)


def why_held(reason: str, today: Admission | None) -> tuple[str, ...]:
    """Templates that are true today of a request held for ``reason``.

    ``today`` is the decision on the same request now; None where only the sender could
    say more, such as who a stranger is.
    """
    if today is None or today.reason == reason:
        return (REASONS[reason],)
    if today.is_outside_policy:
        return WAS_HELD[reason], REASONS["no_plan"]
    if today.reason is None:
        return WAS_HELD[reason], WOULD_BE_TAKEN
    return WAS_HELD[reason], REASONS[today.reason]


def is_taken(today: Admission | None) -> bool:
    """Whether a held request would be accepted under a plan today."""
    return bool(today and today.verdict == ACCEPTED and today.plan)


def why_was_held(reason: str) -> str:
    """The template for a request that no longer waits, whatever prevents it today."""
    return WAS_HELD[reason]


# One notice a day to one address ends every loop of two machines answering each other.
QUIET = timedelta(hours=24)
NOBODY_READS = ("mailer-daemon@", "postmaster@", "noreply@", "no-reply@", "donotreply@")


class Notice(NamedTuple):
    """A notice to somebody that a request of theirs is held."""

    address: str
    sent_at: datetime


def is_read_by_a_person(address: str | None) -> bool:
    """Whether a notice to ``address`` would reach anybody."""
    normal = normalize_address(address or "")
    return bool(normal) and not normal.startswith(NOBODY_READS)


def may_be_notified(
    address: str | None,
    *,
    channel: str,
    waits_for_answer: bool,
    notices: Iterable[Notice],
    now: datetime,
) -> bool:
    """Whether the sender of a held request by ``channel`` is notified by mail.

    Only people who wrote the mail themselves and wait for an answer are: on other
    channels they see the answer at once, and no machine answers a machine's mail.
    ``notices`` are those sent lately, also to other addresses.
    """
    if channel != EMAIL or not waits_for_answer or not is_read_by_a_person(address):
        return False
    normal = normalize_address(address or "")
    return not any(
        normalize_address(notice.address) == normal and now - notice.sent_at < QUIET
        for notice in notices
    )
