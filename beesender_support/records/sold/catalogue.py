"""What is on offer: tiers, categories and priorities, read once and cached until one of them changes."""

from contextlib import suppress

import frappe

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sold import channels as sold_channels
from beesender_support.policy.sold.categories import Category
from beesender_support.policy.sold.channels import SHIPPED, Known
from beesender_support.policy.sold.entitlements import SoldEntitlement
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.cache import cached, stamp_of_offer
from beesender_support.records.settings import current, stored_shares
from beesender_support.records.sold.policy_values import (
    category_of,
    channel_of,
    tier_of,
)
from beesender_support.records.tables import with_rows


def category_for(ticket_type: str | None) -> Category | None:
    """The category of a ticket type; for a type that has none, the default category.

    None on a site without categories.
    """
    by_type = _categories()
    return by_type.get(ticket_type or "") or by_type.get(
        current().default_category or ""
    )


@cached(stamp_of_offer)
def _categories() -> dict[str, Category]:
    """By ticket type: one that is renamed leaves its category with the old name."""
    return {
        doc.ticket_type: category_of(doc) for doc in with_rows("Beesender Category")
    }


def categories() -> list[Category]:
    """All categories, by name."""
    return [category for _name, category in sorted(_categories().items())]


def category_names() -> list[str]:
    return sorted(_categories())


def priority_codes() -> list[str]:
    return sorted(_ticket_priorities())


def priority_code_of(ticket_priority: str | None) -> str | None:
    """The P-code of a Helpdesk priority; None for one that has none."""
    if not ticket_priority:
        return None
    by_code = _ticket_priorities()
    return next(
        (code for code, name in by_code.items() if name == ticket_priority), None
    )


def unmapped_priorities() -> list[str]:
    """The P-codes that stand for no Helpdesk priority yet."""
    return sorted(code for code, name in _ticket_priorities().items() if not name)


def ticket_priority_of(priority_code: str | None) -> str | None:
    """The Helpdesk priority of a P-code."""
    return _ticket_priorities().get(priority_code or "")


@cached(stamp_of_offer)
def _ticket_priorities() -> dict[str, str]:
    return dict(
        frappe.get_all(
            "Beesender Priority", fields=["name", "ticket_priority"], as_list=True
        )
    )


@cached(stamp_of_offer)
def priority_meanings() -> dict[str, str]:
    """What each P-code means, the most urgent first."""
    return dict(
        frappe.get_all(
            "Beesender Priority",
            fields=["name", "meaning"],
            order_by="name",
            as_list=True,
        )
    )


@cached(stamp_of_offer)
def entitlements() -> dict[str, SoldEntitlement]:
    """What tiers may include, by code, in the order in which it was added."""
    stored = frappe.get_all(
        "Beesender Entitlement",
        fields=["name", "title", "unit", "enabled"],
        order_by="creation, name",
    )
    return {
        row.name: SoldEntitlement(
            row.name, row.title or row.name, row.unit, bool(row.enabled)
        )
        for row in stored
    }


@cached(stamp_of_offer)
def tier_titles() -> dict[str, str]:
    """What people read for the names of tiers, where that is something else."""
    stored = frappe.get_all(
        "Beesender Tier", {"title": ("is", "set")}, ["name", "title"], as_list=True
    )
    return dict(stored)


def tier_title(name: str) -> str:
    """What people read for a tier, to be translated; its name for one that is gone."""
    return tier_titles().get(name, name)


@cached(stamp_of_offer)
def tiers() -> tuple[Tier, ...]:
    """All tiers on offer, the lowest first."""
    known = channels()
    offered = [tier_of(doc, known) for doc in with_rows("Beesender Tier")]
    return tuple(sorted(offered, key=lambda tier: (tier.rank, tier.name)))


@cached(stamp_of_offer)
def tier_named(name: str) -> Tier:
    """One tier, whatever the others are like."""
    return tier_of(frappe.get_doc("Beesender Tier", name), channels())


@cached(stamp_of_offer)
def channels() -> Known:
    """All channels by code, in the order in which they are offered: the vendor's own,
    then those of the site by title."""
    order = {each.code: place for place, each in enumerate(SHIPPED)}
    found = []
    for doc in with_rows("Beesender Channel"):
        with suppress(PolicyError):
            found.append(channel_of(doc))
    found.sort(key=lambda each: (order.get(each.code, len(order)), each.title))
    return sold_channels.by_code(found)


def unpromised_categories() -> list[str]:
    """The categories for which no response time is promised, by name."""
    return sorted(
        name for name, each in _categories().items() if not each.promises_response
    )


def warning_shares_of(tier: str | None) -> tuple[int, ...]:
    """The shares of a promise at which support is warned: those of its tier, else the
    site's."""
    return _warning_shares().get(tier or "") or current().warning_shares


@cached(stamp_of_offer)
def _warning_shares() -> dict[str, tuple[int, ...]]:
    """Of the tiers that have some of their own."""
    stored = frappe.get_all(
        "Beesender Tier",
        {"warning_percents": ("is", "set")},
        ["name", "warning_percents"],
        as_list=True,
    )
    return {name: stored_shares(percents) for name, percents in stored}
