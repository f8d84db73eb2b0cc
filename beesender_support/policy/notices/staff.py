"""People of support: who can be told something, and what they are also mailed."""

from collections.abc import Collection, Iterable

from beesender_support.policy.errors import NotOfSupport

# A choice of each agent, of what reaches them beside the bell in Helpdesk.
NEVER = "Never"
BREACHES_AND_ESCALATIONS = "Breaches and escalations"
EVERYTHING = "Everything"
CHOICES = (NEVER, BREACHES_AND_ESCALATIONS, EVERYTHING)

# Who is away from Helpdesk must still hear of what is broken or asked of them; of what
# merely draws near the bell is enough, and a mail besides would teach people to ignore it.
DEFAULT = BREACHES_AND_ESCALATIONS
_CANNOT_WAIT = frozenset({"promise_breached", "urgent_request", "escalated"})


def is_mailed(choice: str | None, kind: str) -> bool:
    """Whether somebody with ``choice`` is mailed a notice of this kind.

    Without a choice, or with one that is not known, the default counts.
    """
    if choice not in CHOICES:
        choice = DEFAULT
    return choice == EVERYTHING or (
        choice == BREACHES_AND_ESCALATIONS and kind in _CANNOT_WAIT
    )


def check_of_support(
    field: str, users: Iterable[str | None], working: Collection[str]
) -> None:
    """Raise NotOfSupport for a user who is not among those ``working`` here."""
    for user in users:
        if user and user not in working:
            raise NotOfSupport(field, user)
