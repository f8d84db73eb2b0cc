"""Beesender Support Settings as a value."""

from datetime import datetime
from typing import NamedTuple

import frappe

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.mail.authentication import server_names
from beesender_support.policy.notices.digest import DEFAULT_HOUR, LAST_HOUR
from beesender_support.policy.notices.warnings import DEFAULT_SHARES, shares_of
from beesender_support.policy.plans import limits
from beesender_support.policy.requests.customers import (
    HOLD,
    LIKE_UNPLANNED,
    REFUSE,
    STRANGERS,
)
from beesender_support.policy.response.response_state import at_risk_share
from beesender_support.records.cache import cached, in_this_snapshot, stamp_of_settings
from beesender_support.records.site_time import from_column

# Requests a minute of one API key.
DEFAULT_INTAKE_LIMIT = 60
# For which a conversation is kept in which nothing is said.
DEFAULT_CONVERSATION_DAYS = 7


class Settings(NamedTuple):
    """Beesender Support Settings; ``at_risk_share`` is a fraction of the target, and
    ``default_category`` a ticket type,
    ``strangers`` one of ``policy.requests.customers.STRANGERS``."""

    default_category: str | None
    hold_unplanned: bool
    strangers: str
    at_risk_share: float
    over_quota_grace_days: int
    customer_managers_may_swap_seats: bool
    intake_limit: int
    conversation_days: int
    access_details_days: int
    trusted_authentication_servers: tuple[str, ...]
    clock_from_arrival: bool
    digest_hour: int
    notices_since: datetime | None
    warning_shares: tuple[int, ...]


@cached(stamp_of_settings)
def current() -> Settings:
    doc = frappe.get_doc("Beesender Support Settings")
    return Settings(
        default_category=_ticket_type_of(doc.default_category),
        hold_unplanned=bool(doc.hold_unplanned),
        strangers=_strangers(doc.get("strangers")),
        at_risk_share=at_risk_share(doc.at_risk_percent),
        over_quota_grace_days=min(doc.over_quota_grace_days or 0, limits.MAX_DAYS),
        customer_managers_may_swap_seats=bool(doc.customer_managers_may_swap_seats),
        intake_limit=doc.intake_limit or DEFAULT_INTAKE_LIMIT,
        conversation_days=doc.get("conversation_days") or DEFAULT_CONVERSATION_DAYS,
        access_details_days=doc.access_details_days or 0,
        trusted_authentication_servers=server_names(
            doc.get("trusted_authentication_servers")
        ),
        clock_from_arrival=bool(doc.get("clock_from_arrival")),
        digest_hour=_hour(doc.get("digest_hour")),
        notices_since=from_column(doc.get("notices_since")),
        warning_shares=stored_shares(doc.get("warning_percents")) or DEFAULT_SHARES,
    )


def stored_shares(stored: object) -> tuple[int, ...]:
    """Shares of which warnings are given; none where nothing sensible is stored."""
    try:
        return shares_of("warning_percents", stored)
    except PolicyError:
        return ()


def _strangers(value: str | None) -> str:
    return value if value in STRANGERS else LIKE_UNPLANNED


def _hour(value: int | None) -> int:
    return DEFAULT_HOUR if value is None else min(max(int(value), 0), LAST_HOUR)


def notices_since() -> datetime | None:
    """What was owed before this instant counts as told; None if nothing does."""
    return current().notices_since


def is_in_use() -> bool:
    """Whether any plan was ever sold here, or requests without one are held."""
    sold = {"status": ("!=", "Draft")}
    is_held = current().hold_unplanned or current().strangers in (HOLD, REFUSE)
    return is_held or in_this_snapshot(
        "is in use",
        lambda: bool(frappe.db.exists("Beesender Support Plan", sold)),
    )


def _ticket_type_of(category: str | None) -> str | None:
    return category and frappe.db.get_value(
        "Beesender Category", category, "ticket_type"
    )
