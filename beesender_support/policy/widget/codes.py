"""One-time codes by which somebody proves that they read the mail of an address.

The rules are the same for every address, known or not: nothing here is told whose it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 8
VALID_FOR = timedelta(minutes=10)
MOST_TRIES = 5
# Of one address, so that nobody's mailbox is filled. With the tries above somebody who
# guesses all day hits a given address once in two million days. Who does not care which
# address has as many tries as there are codes: with 600 codes an hour, all guessed at,
# it is one hit in four years.
MOST_AN_HOUR, MOST_A_DAY = 5, 10
RESEND_AFTER = timedelta(seconds=30)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A code that was sent: until when it is valid, how often somebody gave a wrong one,
    and whether it was used."""

    expires_at: datetime
    tries: int = 0
    is_used: bool = False


def may_be_sent(sent_at: Sequence[datetime], now: datetime) -> bool:
    """Whether an address may be sent one more code after those."""
    within_hour = sum(now - each < HOUR for each in sent_at)
    within_day = sum(now - each < DAY for each in sent_at)
    is_too_soon = any(now - each < RESEND_AFTER for each in sent_at)
    return within_hour < MOST_AN_HOUR and within_day < MOST_A_DAY and not is_too_soon


def may_be_tried(code: IssuedCode | None, now: datetime) -> bool:
    """Whether it still proves anything; each try counts, and a right one uses it up."""
    return (
        code is not None
        and not code.is_used
        and code.tries < MOST_TRIES
        and now < code.expires_at
    )
