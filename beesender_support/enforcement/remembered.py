"""Policy values kept in this process until a record they come from changes.

A ticket is saved far more often than a plan is edited. So what plans, tiers, categories,
priorities and settings say is read once and kept, under a version that all processes
share through Redis; saving one of those records gives a new version.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import frappe
from frappe.model.document import Document
from redis.exceptions import RedisError

VERSION = "beesender_support_records"
MOST_VALUES = 2_000

Arguments = ParamSpec("Arguments")
Value = TypeVar("Value")


def remembered(read: Callable[Arguments, Value]) -> Callable[Arguments, Value]:
    """Keep what ``read`` returns, per site and arguments, until ``forget``."""
    kept: dict[tuple, Value] = {}

    @wraps(read)
    def recall(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Value:
        key = (frappe.local.site, _version(), args, tuple(kwargs.items()))
        if key not in kept:
            if len(kept) >= MOST_VALUES:
                kept.clear()
            kept[key] = read(*args, **kwargs)
        return kept[key]

    return recall


def forget(doc: Document | None = None, method: str | None = None, *args) -> None:
    """A record changed: now for this transaction, and for all when it ends.

    Another process may read the old record until the commit, and keep it under the
    version given now.
    """
    _renew()
    frappe.db.after_commit.add(_renew)
    frappe.db.after_rollback.add(_renew)


def _version() -> str:
    """Without Redis every question has a version of its own: the records are read."""
    try:
        return frappe.cache.get_value(VERSION) or _renew()
    except RedisError:
        return frappe.generate_hash(length=12)


def _renew() -> str:
    version = frappe.generate_hash(length=12)
    frappe.cache.set_value(VERSION, version)
    return version
