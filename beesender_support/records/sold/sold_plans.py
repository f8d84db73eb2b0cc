"""The plans that were sold, that is, all but drafts: read once and cached until one of them changes."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

import frappe

from beesender_support.policy.errors import PolicyError, UnknownName
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sentences import Name
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.cache import (
    PLAN,
    get_or_make,
    in_this_snapshot,
    stamp_of_offer,
    stamps_of_plans,
)
from beesender_support.records.sold.calendars import days_of_calendars, names_in
from beesender_support.records.sold.catalogue import tier_named
from beesender_support.records.sold.plan_values import plan_of
from beesender_support.records.tables import with_rows


def of_customer(customer: str) -> tuple[Plan, ...]:
    """All plans that were ever sold to a customer, that is, all but drafts."""
    return where("plan.customer = %(customer)s", customer=customer)


def of_tier(tier: str) -> tuple[Plan, ...]:
    """All plans of a tier, but drafts."""
    return where("plan.tier = %(tier)s", tier=tier)


def named(names: Iterable[str]) -> tuple[Plan, ...]:
    """Of the named plans all but drafts."""
    names = tuple(sorted(set(names)))
    return where("plan.name in %(names)s", names=names) if names else ()


def with_seat(contact: str) -> tuple[Plan, ...]:
    """All plans, but drafts, that list a contact, whether the seat is active or not."""
    return where(
        """plan.name in (
            select parent from `tabBeesender Authorized Contact`
            where contact = %(contact)s and parenttype = 'Beesender Support Plan'
        )""",
        contact=contact,
    )


class Unreadable(NamedTuple):
    """A plan that is stored as no plan can be, and why."""

    name: str
    customer: str
    fault: PolicyError


def readable(
    names: Collection[str] | None = None,
) -> tuple[list[Plan], list[Unreadable]]:
    """All plans but drafts, or of the named ones, by name; and those that cannot be read.

    One query for each of their tables, whatever a plan is like. Not cached: whoever looks
    at all of them would drop what saves of tickets need.
    """
    if names is not None and not names:
        return [], []
    docs = with_rows(PLAN, None if names is None else {"name": ("in", list(names))})
    docs = [doc for doc in docs if doc.status != "Draft"]
    dates = days_of_calendars(each for doc in docs for each in names_in(doc))
    tiers = {tier: _tier_or_fault(tier) for tier in {doc.tier for doc in docs}}
    plans: list[Plan] = []
    unreadable = []
    for doc in docs:
        tier = tiers[doc.tier]
        try:
            if isinstance(tier, PolicyError):
                raise tier
            plans.append(plan_of(doc, tier, dates))
        except PolicyError as fault:
            unreadable.append(Unreadable(doc.name, doc.customer or "", fault))
    return plans, unreadable


def _tier_or_fault(name: str) -> Tier | PolicyError:
    try:
        return tier_named(name)
    except PolicyError as fault:
        return fault
    except frappe.DoesNotExistError:
        frappe.clear_last_message()
        there = frappe.get_all("Beesender Tier", pluck="name", order_by="name")
        return UnknownName("tier", name, allowed=tuple(map(Name, there)))


def where(where: str, **values: object) -> tuple[Plan, ...]:
    """All plans but drafts that meet a condition on the table ``plan``, by name.

    One query says whether they are cached; one more for each of their tables, and two for calendars,
    read all that are not.
    """
    question = ("plans", where, *values.values())
    return in_this_snapshot(question, lambda: _recall_plans(where, values))


def _recall_plans(where: str, values: dict[str, Any]) -> tuple[Plan, ...]:
    stamps = stamps_of_plans(f"plan.status != 'Draft' and {where}", values)
    offer = stamp_of_offer() if stamps else ""
    keys = [("plan", name, stamp, offer) for name, stamp in stamps.items()]
    return tuple(get_or_make(keys, lambda keys: _read_plans([key[1] for key in keys])))


def _read_plans(names: list[str]) -> list[Plan]:
    by_name = {doc.name: doc for doc in with_rows(PLAN, {"name": ("in", names)})}
    docs = [by_name[name] for name in names]
    dates = days_of_calendars(each for doc in docs for each in names_in(doc))
    return [plan_of(doc, tier_named(doc.tier), dates) for doc in docs]
