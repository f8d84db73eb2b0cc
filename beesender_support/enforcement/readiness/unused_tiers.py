"""Tiers that are offered, and that no plan has."""

import frappe


def sell_no_longer(name: str) -> None:
    """Take a tier out of every choice; plans that have it keep it."""
    tier = frappe.get_doc("Beesender Tier", name)
    tier.no_longer_sold = 1
    tier.save()
