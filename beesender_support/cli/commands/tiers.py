"""``tiers``: what the vendor offers."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from beesender_support.policy.calendar.windows import describe_windows
from beesender_support.policy.sold.catalogue import CATALOGUE, OFFERED_TIME_ZONES
from beesender_support.policy.sold.categories import Category, Priority
from beesender_support.policy.sold.entitlements import UPDATES, SoldEntitlement
from beesender_support.policy.sold.targets import (
    FIRST_ANSWER,
    NEXT_ANSWER,
    NO_LENGTHS,
    SOLUTION,
    Lengths,
)
from beesender_support.policy.sold.tiers import Tier

# The service description lost its tick marks and says "up to" of the updates.
ASSUMED = ("updates_per_year", "entitlements")
_LABELS = {
    FIRST_ANSWER: "Response to {}, support hours",
    NEXT_ANSWER: "Next answer to {}, support hours",
    SOLUTION: "Solution of {}, support hours",
}
_NOTE = "* assumed: the service description leaves it open; edit it on the tier."


@click.command(short_help="Show the tiers, categories and priorities on offer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def tiers(as_json: bool) -> None:
    """Show the tiers on offer and which priorities each category of request allows."""
    if as_json:
        click.echo(json.dumps(_catalogue(), ensure_ascii=False, indent=2))
        return
    console = Console()
    for table in (_tier_table(), _category_table(), _priority_table()):
        console.print(table)
    console.print(_NOTE)


def _catalogue() -> dict[str, Any]:
    return {
        "tiers": [_plain_tier(each) for each in CATALOGUE.tiers],
        "categories": [_plain_category(each) for each in CATALOGUE.categories],
        "priorities": [_plain_priority(each) for each in CATALOGUE.priorities],
        "offered_time_zones": OFFERED_TIME_ZONES,
        "assumed": ASSUMED,
    }


def _plain_tier(tier: Tier) -> dict[str, Any]:
    return {
        "name": tier.name,
        "rank": tier.rank,
        "no_longer_sold": tier.no_longer_sold,
        "fee_percent": float(tier.fee_percent),
        "support_hours": describe_windows(tier.windows),
        "around_the_clock": tier.around_the_clock,
        "response_seconds": _in_seconds(tier.response_targets),
        **{
            f"{target}_seconds": _in_seconds(lengths)
            for target, lengths in tier.further_targets.items()
        },
        "authorized_contact_limit": tier.authorized_contact_limit,
        "updates_per_year": tier.updates_per_year,
        "registration_channels": sorted(tier.registration_channels),
        "answer_channels": sorted(tier.answer_channels),
        "entitlements": sorted(tier.entitlements),
        "entitlement_amounts": {
            code: float(amount) for code, amount in sorted(tier.entitlements.items())
        },
        "assumed": ASSUMED,
    }


def _in_seconds(lengths: Lengths) -> dict[str, int]:
    return {
        priority: int(length.total_seconds()) for priority, length in lengths.items()
    }


def _plain_category(category: Category) -> dict[str, Any]:
    return {
        "name": category.name,
        "promises_response": category.promises_response,
        "priorities": category.allowed_priorities,
        "default_priority": category.default_priority,
    }


def _plain_priority(priority: Priority) -> dict[str, Any]:
    return {
        "code": priority.code,
        "ticket_priority": priority.ticket_priority,
        "meaning": priority.meaning,
    }


def _tier_table() -> Table:
    sold = [tier for tier in CATALOGUE.tiers if not tier.no_longer_sold]
    table = Table("", *(tier.name for tier in sold))

    def add(label: str, value_of: Callable[[Tier], object]) -> None:
        table.add_row(label, *(str(value_of(tier)) for tier in sold))

    add("Fee, % of the licence price", lambda tier: tier.fee_percent)
    add(
        "Support hours, in the plan's zone", lambda tier: describe_windows(tier.windows)
    )
    for target, label in _LABELS.items():
        for code in (each.code for each in CATALOGUE.priorities):
            hours_for = _hours_for(target, code)
            # A row for what no tier sells would only raise the question.
            if any(map(hours_for, sold)):
                add(label.format(code), partial(_or_dash, hours_for))
    add("Authorized contacts", lambda tier: tier.authorized_contact_limit)
    add("Requests come by", lambda tier: _joined(tier.registration_channels))
    add("Answers go by", lambda tier: _joined(tier.answer_channels))
    add("Updates a year *", lambda tier: tier.updates_per_year)
    for each in CATALOGUE.entitlements:
        if each.code != UPDATES:
            add(f"{each.title} *", partial(_included, each))
    return table


def _hours_for(target: str, priority: str) -> Callable[[Tier], str | None]:
    """The hours that a tier promises, None where it promises none."""

    def hours_for(tier: Tier) -> str | None:
        length = tier.targets.get(target, NO_LENGTHS).get(priority)
        return f"{length / timedelta(hours=1):g}" if length else None

    return hours_for


def _or_dash(value_of: Callable[[Tier], str | None], tier: Tier) -> str:
    return value_of(tier) or "-"


def _included(entitlement: SoldEntitlement, tier: Tier) -> str:
    return str(entitlement.included(tier.entitlements))


def _joined(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _category_table() -> Table:
    table = Table("Category", "Priorities", "Default", "Response time")
    for category in CATALOGUE.categories:
        table.add_row(
            category.name,
            ", ".join(category.allowed_priorities),
            category.default_priority,
            "promised" if category.promises_response else "not promised",
        )
    return table


def _priority_table() -> Table:
    table = Table("Priority", "In Helpdesk", "Meaning")
    for priority in CATALOGUE.priorities:
        table.add_row(priority.code, priority.ticket_priority, priority.meaning)
    return table
