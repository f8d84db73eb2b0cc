"""The plans that the first steps are decided by: of a site with ten thousand of them those
of which a statement cannot say that all is well, and no more than people read of."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

import frappe

from beesender_support.policy.plans.plan_state import ACTIVE
from beesender_support.policy.plans.plans import Plan
from beesender_support.records.lint import people
from beesender_support.screens.workspace import statistics
from beesender_support.screens.workspace.statistics import PLAN

# Somebody who has to look at so many does not need to know how many more there are.
MOST_LOOKED_AT = 500
# The dates of a plan are those of its zone: a day more or less than that of UTC.
_A_DAY = timedelta(days=1)


class InQuestion(NamedTuple):
    """Those by which the step of plans is decided, without seats, and those of the step
    of contacts, of which there may be more. With the facts of the latter: who can log in,
    and the contacts of each customer."""

    sold: list[Plan]
    seated: list[Plan]
    is_cut: bool
    with_access: set[str]
    members: dict[str, set[str]]


def plans_of_steps(at: datetime, without: Collection[str] = ()) -> InQuestion:
    """Where none is surely in force, all of them; those ``without`` are left out."""
    with_access, members = people.contacts_with_access(), people.members_by_customer()
    active = frappe.get_list(
        PLAN,
        {"status": ACTIVE, **_but(without)},
        ["name", "customer", "starts_on", "ends_on"],
        order_by="customer, starts_on, name",
        limit=0,
    )
    today = at.date()
    in_force = next((row.name for row in active if _is_surely_in(row, today)), None)
    if in_force is None:
        plans = statistics.plans(**_but(without))
        return InQuestion(plans, plans, False, with_access, members)
    sold = statistics.plans(
        with_seats=False, name=("in", [in_force, *_names_that_overlap(active, today)])
    )
    seats = people.seated()
    doubted = sorted(
        {
            *people.plans_without_seats(today),
            *people.plans_with_contacts_twice(seats),
            *people.plans_with_strangers(seats, members),
            *people.plans_without_access(seats, with_access),
        }
        - {*without}
    )
    looked_at = [in_force, *doubted[:MOST_LOOKED_AT]]
    return InQuestion(
        sold,
        statistics.plans(name=("in", looked_at)),
        len(doubted) > MOST_LOOKED_AT,
        with_access,
        members,
    )


def tiers_of_plans(without: Collection[str] = ()) -> set[str]:
    return set(
        frappe.get_list(PLAN, _but(without), pluck="tier", distinct=True, limit=0)
    )


def _but(names: Collection[str]) -> dict[str, Any]:
    return {"name": ("not in", list(names))} if names else {}


def _is_surely_in(row: frappe._dict, today: date) -> bool:
    return row.starts_on < today and (row.ends_on is None or row.ends_on > today)


def _names_that_overlap(active: Iterable[frappe._dict], today: date) -> list[str]:
    """Of customers of whom two plans share a day, all that may not be over yet."""
    found: list[str] = []
    for _customer, rows in groupby(active, lambda row: row.customer):
        theirs = [row for row in rows if (row.ends_on or date.max) >= today - _A_DAY]
        last = date.min
        meets = False
        for row in theirs:
            meets = meets or row.starts_on <= last
            last = max(last, row.ends_on or date.max)
        if meets:
            found += [row.name for row in theirs]
    return found
