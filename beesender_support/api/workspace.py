"""What the Beesender Support workspace in Desk requests."""

import frappe

from beesender_support.enforcement.readiness import agent_form, unused_tiers
from beesender_support.screens.workspace import first_steps as steps
from beesender_support.screens.workspace import number_cards, statistics
from beesender_support.screens.workspace.first_steps import FirstSteps
from beesender_support.screens.workspace.number_cards import NumberCard
from beesender_support.screens.workspace.statistics import ENDS_SOON, NEAR_LIMIT, PLAN

WORK_WITH_REPORTS = ("System Manager", "Agent Manager", "Agent")
Filters = str | list | dict | None


@frappe.whitelist()
def first_steps() -> FirstSteps:
    """The first steps on a site, which of them are done, and what the others lack."""
    frappe.only_for(("System Manager", "Agent Manager"))
    return steps.in_order()


@frappe.whitelist(methods=["POST"])
def show_fields_to_agents() -> None:
    """Show agents this app's fields beside a ticket again."""
    frappe.only_for(("System Manager", "Agent Manager"))
    agent_form.add_sidebar_fields()


@frappe.whitelist(methods=["POST"])
def sell_no_longer(record: str) -> None:
    """Take a tier out of every choice; plans that have it keep it."""
    frappe.has_permission("Beesender Tier", "write", throw=True)
    unused_tiers.sell_no_longer(record)


@frappe.whitelist()
def is_more_promised() -> bool:
    """Whether reports have anything to say of more than first answers."""
    frappe.only_for(WORK_WITH_REPORTS)
    return statistics.is_more_promised()


@frappe.whitelist()
def plans_in_force(filters: Filters = None) -> NumberCard:
    frappe.has_permission(PLAN, "read", throw=True)
    return number_cards.plans_in_force()


@frappe.whitelist()
def plans_near_limit(filters: Filters = None) -> NumberCard:
    frappe.has_permission(PLAN, "read", throw=True)
    return number_cards.plans_in_force(show=NEAR_LIMIT)


@frappe.whitelist()
def plans_ending_soon(filters: Filters = None) -> NumberCard:
    frappe.has_permission(PLAN, "read", throw=True)
    return number_cards.plans_in_force(show=ENDS_SOON)


@frappe.whitelist()
def held_and_taken(filters: Filters = None) -> NumberCard:
    """Held requests that a plan would accept now."""
    frappe.only_for(WORK_WITH_REPORTS)
    return number_cards.held_and_taken()
