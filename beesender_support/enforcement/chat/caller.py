"""The door of programs that speak for customers: the chatbot and the site widget.

They sign in with the API key of a user who has the role below. It grants no permission on
any record; what a program may do is what ``chat.py`` does for it.
"""

import time
from contextlib import AbstractContextManager
from typing import NoReturn

import frappe
from frappe import _
from redis.exceptions import RedisError

from beesender_support.records import settings
from beesender_support.records.session import acting_as

CHANNEL_ROLE = "Beesender Channel"
SECONDS_PER_WINDOW = 60


class BadPayload(frappe.ValidationError):
    http_status_code = 422


class UnknownRequest(frappe.ValidationError):
    http_status_code = 404


class TooManyRequests(frappe.ValidationError):
    http_status_code = 429


def refuse(error: type[Exception], *faults: dict[str, str]) -> NoReturn:
    """End the request; ``faults`` name field, rule and message in the answer's body."""
    frappe.local.flags.disable_traceback = True
    frappe.local.response["errors"] = list(faults)
    raise error("; ".join(fault["message"] for fault in faults))


def only_for_channels() -> None:
    """Raise PermissionError, or TooManyRequests for a key beyond its limit."""
    frappe.only_for(CHANNEL_ROLE)
    limit = settings.current().intake_limit
    if requests_of(frappe.session.user) > limit:
        message = _("At most {0} requests a minute. Try again in a minute.")
        refuse(
            TooManyRequests,
            {"field": "", "rule": "rate_limit", "message": message.format(limit)},
        )


def requests_of(user: str) -> int:
    """How many a user made in this minute, this one included."""
    window = int(time.time()) // SECONDS_PER_WINDOW
    key = frappe.cache.make_key(f"beesender_intake:{user}:{window}")
    try:
        count = frappe.cache.incrby(key, 1)
        frappe.cache.expire(key, SECONDS_PER_WINDOW)
    except RedisError:
        # Without Redis nobody is counted, but nothing is lost either.
        return 0
    return count


def acting_as_intake() -> AbstractContextManager[None]:
    """Act as Administrator, as mail intake does."""
    return acting_as("Administrator")
