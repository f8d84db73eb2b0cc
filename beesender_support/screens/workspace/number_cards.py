"""Figures in the form in which Frappe's number cards take them."""

from typing import Any, TypedDict

from beesender_support.enforcement.held import taken_now
from beesender_support.enforcement.held.several_held import MOST
from beesender_support.screens.workspace import statistics

REPORT = "Plans in force"


class NumberCard(TypedDict):
    """As Frappe takes it; ``route_options`` are the filters of what ``route`` opens."""

    value: int
    fieldtype: str
    route: list[str]
    route_options: dict[str, Any]


def plans_in_force(show: str | None = None) -> NumberCard:
    """How many, and the report that lists the same ones."""
    return {
        "value": len(statistics.plans_in_force(show, with_seats=False)),
        "fieldtype": "Int",
        "route": ["query-report", REPORT],
        # Without it, the report would use the filters chosen there last.
        "route_options": {"show": show or ""},
    }


def held_and_taken() -> NumberCard:
    """How many held requests would be accepted now, and the list of those to decide
    first."""
    taken = taken_now.taken_of_all()
    names = [row.name for row in taken[:MOST]]
    return {
        "value": len(taken),
        "fieldtype": "Int",
        "route": ["List", "HD Ticket", "List"],
        "route_options": {"name": ["in", names or [""]]},
    }
