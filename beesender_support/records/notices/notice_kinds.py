"""Kinds of notices as an admin set them."""

from typing import NamedTuple

import frappe

from beesender_support.policy.notices.kinds import is_sent, kind_of

KIND, TEXT, TIER = "Beesender Notice", "Beesender Notice Text", "Beesender Notice Tier"


class KindSettings(NamedTuple):
    """``templates`` are the names of Email Templates by language."""

    is_on: bool
    only_for_tiers: tuple[str, ...]
    templates: dict[str, str]

    def sends(self, tier: str | None) -> bool:
        return is_sent(is_on=self.is_on, only_for_tiers=self.only_for_tiers, tier=tier)


def settings_of(kind: str) -> KindSettings:
    """As shipped where the record is missing."""
    # What Frappe caches may be older than this transaction.
    if not frappe.db.exists(KIND, kind):
        return KindSettings(kind_of(kind).is_on, (), {})
    doc = frappe.get_doc(KIND, kind)
    return KindSettings(
        bool(doc.enabled),
        tuple(row.tier for row in doc.only_for_tiers),
        {row.language: row.email_template for row in doc.texts},
    )
