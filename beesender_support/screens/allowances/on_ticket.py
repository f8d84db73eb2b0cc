"""The allowances of a plan beside a ticket, and what an agent may do with them."""

from collections.abc import Collection
from datetime import date
from typing import TypedDict

from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.allowances import taking
from beesender_support.policy.allowances.ledger import RESERVE, Balance
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.entitlements import HOURS
from beesender_support.records.allowances import balances
from beesender_support.records.allowances.balances import Line
from beesender_support.records.site_time import now
from beesender_support.wording.allowances.balance_words import (
    amount_in_words,
    balance_in_words,
    title_of,
    unit_of,
)
from beesender_support.wording.renderer import fill


class Allowance(TypedDict):
    """``use`` and ``reserve`` are what an agent's actions are called; ``words`` say how
    much is left."""

    entitlement: str
    title: str
    words: str
    use: str
    reserve: str
    is_hours: bool


class Taken(TypedDict):
    """An entry that may be given back: ``value`` is its name."""

    value: str
    label: str


class AllowancesOfTicket(TypedDict):
    """``today`` is the date in the plan's zone. ``labels`` are words by name."""

    today: str
    allowances: list[Allowance]
    taken: list[Taken]
    labels: dict[str, str]


def of_plan(plan: Plan | None) -> list[Allowance]:
    """Those of the contract year of today: one query."""
    if plan is None:
        return []
    return [_shown(*each) for each in balances.balances_of(plan).items()]


def of_ticket(ticket: Document) -> AllowancesOfTicket:
    """What may be used, reserved and given back from a ticket."""
    plan = taking.plan_on(ticket, None)
    return {
        "today": plan.today(now()).isoformat(),
        "allowances": of_plan(plan),
        "taken": _taken(taking.lines_of_ticket(ticket)),
        "labels": _labels(),
    }


def _shown(entitlement: str, balance: Balance) -> Allowance:
    title, unit = title_of(entitlement), unit_of(entitlement)
    use = _("Note time: {0}") if unit == HOURS else _("Use one: {0}")
    return {
        "entitlement": entitlement,
        "title": title,
        "words": balance_in_words(balance, unit),
        "use": use.format(title),
        "reserve": _("Reserve: {0}").format(title),
        "is_hours": unit == HOURS,
    }


def _taken(lines: Collection[Line]) -> list[Taken]:
    return [
        {"value": each.entry.name, "label": _in_words(each)}
        for each in taking.not_given_back(lines)
    ]


def _in_words(line: Line) -> str:
    words = _("{0}, reserved for {1}: {2}")
    if line.entry.action != RESERVE:
        words = _("{0}, used on {1}: {2}")
    amount = amount_in_words(line.entry.amount, unit_of(line.entitlement))
    day: date = line.date
    return fill(words, title_of(line.entitlement), day, amount)


def _labels() -> dict[str, str]:
    return {
        "how_much": _("How much"),
        "hours": _("Hours"),
        "used_on": _("When, in the plan's time zone"),
        "reserved_for": _("For which day, in the plan's time zone"),
        "note": _("Note, for agents only"),
        "why": _("Why"),
        "save": _("Save"),
        "cancel": _("Cancel"),
        "give_back": _("Give back"),
        "what": _("What is given back"),
        "nothing_taken": _("Nothing was used or reserved from this ticket."),
        "beyond": _("What is beyond the allowance is noted as billable."),
    }
