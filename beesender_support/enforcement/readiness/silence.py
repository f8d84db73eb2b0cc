"""Makes records of which nobody is told, on whatever site."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe

from beesender_support.records.people.session import acting_as

# Assignment rules, notifications and webhooks of a site, and Helpdesk's own mail.
_OF_TICKETS = ("in_patch", "initial_sync")
_OF_PLANS = ("in_import", "mute_emails")


@contextmanager
def silent_tickets() -> Iterator[None]:
    """As the system: neither assigned, nor acknowledged, nor notified of."""
    with _flagged(_OF_TICKETS), acting_as("Administrator"):
        yield


@contextmanager
def silent_plans() -> Iterator[None]:
    """As an import makes plans and people."""
    with _flagged(_OF_PLANS), acting_as("Administrator"):
        yield


@contextmanager
def _flagged(names: tuple[str, ...]) -> Iterator[None]:
    before = {name: frappe.flags.get(name) for name in names}
    frappe.flags.update(dict.fromkeys(names, True))
    try:
        yield
    finally:
        frappe.flags.update(before)
