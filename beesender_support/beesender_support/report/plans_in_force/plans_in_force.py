"""The plans in force today, with their seats and how long they last."""

from collections import Counter
from datetime import date, datetime
from typing import TypedDict

from frappe import _

from beesender_support.policy.plans.end_notices import days_until_end
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue
from beesender_support.screens.reports.asked import Filters
from beesender_support.screens.workspace import statistics
from beesender_support.screens.workspace.report_parts import (
    Chart,
    Column,
    Figure,
    Report,
    TitlesOfTiers,
    bars,
    chart_label,
    column,
    figure,
)
from beesender_support.wording.renderer import tier_title


class Row(TypedDict):
    """Days are those of the plan's zone, both inclusive; ``manager`` is a user, and
    ``next_plan`` the one that is sold for the time after."""

    plan: str
    customer: str
    tier: str
    time_zone: str
    starts_on: date
    ends_on: date | None
    days_left: int | None
    next_plan: str | None
    next_ends_on: date | None
    seats_used: int
    seats_included: int
    manager: str | None


def execute(filters: Filters | None = None) -> Report:
    filters = filters or {}
    chosen = {key: filters[key] for key in ("tier", "customer") if filters.get(key)}
    found = statistics.in_force_and_next(filters.get("show"), **chosen)
    plans = [plan for plan, _next in found]
    message = _("Days are those of each plan's time zone.")
    titles, at = TitlesOfTiers(), now()
    rows = [_row(plan, following, titles, at) for plan, following in found]
    return Report(_columns(), rows, message, _chart(plans), _summary(rows))


def _summary(rows: list[Row]) -> list[Figure] | None:
    if not rows:
        return None
    return [
        figure(_("Plans in force"), len(rows)),
        figure(_("Seats used"), sum(row["seats_used"] for row in rows)),
        figure(_("Seats included"), sum(row["seats_included"] for row in rows)),
        figure(
            _("Over the limit"),
            sum(row["seats_used"] > row["seats_included"] for row in rows),
            indicator="Red",
        ),
    ]


def _columns() -> list[Column]:
    return [
        column("plan", _("Plan"), "Link", "Beesender Support Plan", 110),
        column("customer", _("Customer"), "Link", "HD Customer", 200),
        # As a link, Frappe would translate the name as if it were a word.
        column("tier", _("Tier"), "Data", None, 110),
        column("time_zone", _("Time zone"), "Data", None, 110),
        column("starts_on", _("Starts on"), "Date", None, 110),
        column("ends_on", _("Ends on"), "Date", None, 110),
        column("days_left", _("Days left"), "Int", None, 100),
        column("next_plan", _("Next plan"), "Link", "Beesender Support Plan", 110),
        column("next_ends_on", _("Renewed until"), "Date", None, 110),
        column("seats_used", _("Seats used"), "Int", None, 110),
        column("seats_included", _("Seats included"), "Int", None, 120),
        column("manager", _("Customer-success manager"), "Link", "User", 220),
    ]


def _row(
    plan: Plan, following: Plan | None, titles: TitlesOfTiers, at: datetime
) -> Row:
    return {
        "plan": plan.name,
        "customer": plan.customer,
        "tier": titles[plan.tier.name],
        "time_zone": plan.time_zone,
        "starts_on": plan.starts_on,
        "ends_on": plan.ends_on,
        "days_left": days_until_end(plan, at),
        "next_plan": following.name if following else None,
        "next_ends_on": following.ends_on if following else None,
        "seats_used": len(plan.active_seats(plan.today(at))),
        "seats_included": plan.tier.authorized_contact_limit,
        "manager": plan.success_manager,
    }


def _chart(plans: list[Plan]) -> Chart:
    """Plans by tier, also of tiers that nobody has bought and still may."""
    counted = Counter(plan.tier.name for plan in plans)
    tiers = [
        tier.name
        for tier in catalogue.tiers()
        if counted[tier.name] or not tier.no_longer_sold
    ]
    return bars(
        [chart_label(tier_title(tier)) for tier in tiers],
        {_("Plans"): [counted[tier] for tier in tiers]},
    )
