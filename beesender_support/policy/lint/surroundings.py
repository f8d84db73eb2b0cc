"""What promises rest on and others configure: agreements, mailboxes, mail servers."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from beesender_support.policy.lint.codes import (
    AGREEMENT_CHANGED,
    AGREEMENT_MISSING,
    AUTHENTICATION_SERVERS_UNSET,
    MAILBOX_POP3,
    MAILBOX_UNSEEN,
    NO_OUTGOING_MAIL,
    SETTINGS,
)
from beesender_support.policy.lint.findings import Finding, found
from beesender_support.policy.sentences import TierName

UNSEEN = "UNSEEN"
# How mail is fetched; services such as Frappe Mail have ways of their own.
POP3, IMAP, OTHER = "POP3", "IMAP", "other"


class Agreement(NamedTuple):
    """What the helpdesk has of a tier that needs the agreement ``name``."""

    tier: str
    name: str
    is_there: bool
    is_as_generated: bool = True


class Mailbox(NamedTuple):
    """An account that makes tickets; ``fetches`` says which mail of an IMAP folder."""

    name: str
    protocol: str
    fetches: str


def check_agreements(agreements: Iterable[Agreement]) -> Iterator[Finding]:
    for each in agreements:
        if each.is_there and each.is_as_generated:
            continue
        yield found(
            AGREEMENT_CHANGED if each.is_there else AGREEMENT_MISSING,
            each.tier,
            about=each.name,
            agreement=each.name,
            tier=TierName(each.tier),
        )


def check_mailboxes(mailboxes: Iterable[Mailbox]) -> Iterator[Finding]:
    """Mail that was fetched and not registered, since a worker was killed, is gone by
    POP3, and counts as read by ``UNSEEN``."""
    for each in mailboxes:
        if each.protocol == POP3:
            yield found(MAILBOX_POP3, each.name, account=each.name)
        elif each.protocol == IMAP and each.fetches == UNSEEN:
            yield found(MAILBOX_UNSEEN, each.name, account=each.name)


def check_mail(
    *, receives: bool, sends: bool, trusts_servers: bool
) -> Iterator[Finding]:
    """Whether any account makes tickets of mail, any sends it, and servers are trusted
    to say who wrote it."""
    if receives and not trusts_servers:
        yield found(AUTHENTICATION_SERVERS_UNSET, SETTINGS)
    if not sends:
        yield found(NO_OUTGOING_MAIL, SETTINGS)
