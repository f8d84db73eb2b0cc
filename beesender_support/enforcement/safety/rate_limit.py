"""How often somebody may do something, and how a request is refused."""

import time
from typing import NoReturn

import frappe
from redis.exceptions import RedisError
from typing_extensions import TypedDict

SECONDS_PER_WINDOW = 60


class TooManyRequests(frappe.ValidationError):
    http_status_code = 429


class Fault(TypedDict):
    """``field`` is empty where no field is at fault, ``rule`` a stable name; ``message``
    is for people."""

    field: str
    rule: str
    message: str


def refuse(error: type[Exception], *faults: Fault) -> NoReturn:
    """End the request; the answer's body holds the ``faults``."""
    frappe.local.flags.disable_traceback = True
    frappe.local.response["errors"] = list(faults)
    raise error("; ".join(fault["message"] for fault in faults))


def requests_of(user: str) -> int:
    """How many a user made in this minute, this one included."""
    return counted(f"beesender_intake:{user}", SECONDS_PER_WINDOW)


def counted(what: str, seconds: int, amount: int = 1) -> int:
    """How much of something happened in this window of so many seconds, this
    ``amount`` included; a negative one takes back what was counted."""
    window = int(time.time()) // seconds
    key = frappe.cache.make_key(f"{what}:{window}")
    try:
        count = frappe.cache.incrby(key, amount)
        frappe.cache.expire(key, seconds)
    except RedisError:
        # Without Redis nothing is counted, but nothing is lost either.
        return 0
    return count
