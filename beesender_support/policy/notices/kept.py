"""When agent managers are told that requests were kept and not registered."""

from datetime import datetime, timedelta

# However many mails fail, nobody is told more often.
QUIET = timedelta(hours=1)


def is_owed(*, has_new: bool, told_at: datetime | None, now: datetime) -> bool:
    """Whether they are told now; ``has_new`` is whether anything that waits was kept
    since they were told last, at ``told_at``.

    What waits on without anything new is said once, and then by the digest.
    """
    return has_new and (told_at is None or now - told_at >= QUIET)
