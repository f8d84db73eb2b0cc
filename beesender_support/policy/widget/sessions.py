"""What a proof of an address is good for: one widget, on one origin, for some time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LASTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WidgetSession:
    """``address`` was proved. ``contact`` is whose it was then, None if nobody's."""

    address: str
    contact: str | None
    widget: str
    origin: str
    expires_at: datetime


def still_holds(
    session: WidgetSession,
    *,
    widget: str,
    origin: str,
    contact: str | None,
    now: datetime,
) -> bool:
    """Whether the proof holds here and now; ``contact`` is whose the address is today.

    An address that became another contact's, or whose contact is gone, is proved anew.
    A stranger may have become a contact meanwhile: a first request makes one.
    """
    is_of_same = session.contact is None or session.contact == contact
    return (
        session.widget == widget
        and session.origin == origin
        and is_of_same
        and now < session.expires_at
    )
