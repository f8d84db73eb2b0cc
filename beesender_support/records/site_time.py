"""Site time and instants, converted in this one place.

Helpdesk stores naive datetimes in the site's zone; the policy knows only instants.
Promises are exact to the second, so fractions of a second are dropped here. This app's
own columns hold naive UTC: in the hour that daylight saving repeats, and after the site
moves to another zone, site time no longer says which instant was meant.
"""

from datetime import date, datetime, timezone

import frappe
from frappe import _
from frappe.utils import get_datetime, get_system_timezone

from beesender_support.policy.calendar.stamps import read_stamp
from beesender_support.policy.calendar.zones import time_zone


def now() -> datetime:
    """This second, in UTC."""
    return datetime.now(timezone.utc).replace(microsecond=0)


def today() -> date:
    """The day that people at the site have now."""
    return to_site_time(now()).date()


def instant_of(text: str) -> datetime:
    """The instant of a stamp with an offset, as a browser sends it."""
    try:
        instant = read_stamp(text.strip())
        if instant.tzinfo is None:
            raise ValueError("no offset")
        return instant.astimezone(timezone.utc).replace(microsecond=0)
    except (ValueError, OverflowError):
        frappe.throw(_("{0} is not a time. Give a date and a time.").format(text))


def iso_text(instant: datetime | None) -> str | None:
    """An instant as a browser or a program is given it: ISO text with its offset."""
    return None if instant is None else instant.isoformat()


def to_instant(site_time: datetime | str, near: datetime | None = None) -> datetime:
    """The instant of a naive site time.

    Where daylight saving ends, one hour of site time happens twice: of the two instants
    the one closer to ``near`` is meant, without it the first.
    """
    local = get_datetime(site_time).replace(
        microsecond=0, tzinfo=time_zone(get_system_timezone())
    )
    first = local.astimezone(timezone.utc)
    if near is None:
        return first
    second = local.replace(fold=1).astimezone(timezone.utc)
    return min(first, second, key=lambda instant: abs(instant - near))


def to_column(instant: datetime | None) -> datetime | None:
    """An instant as a column of this app stores it: naive, in UTC."""
    return instant and instant.astimezone(timezone.utc).replace(tzinfo=None)


def from_column(value: datetime | str | None) -> datetime | None:
    """The instant that a column of this app stores."""
    return get_datetime(value).replace(tzinfo=timezone.utc) if value else None


def to_site_time(instant: datetime) -> datetime:
    """The naive site time of an instant, as Helpdesk stores it."""
    local = instant.astimezone(time_zone(get_system_timezone()))
    return local.replace(tzinfo=None, fold=0)
