"""Figures in the form in which Frappe's number cards take them."""

from beesender_support.screens.workspace import statistics

REPORT = "Plans in force"


def plans_in_force(show: str | None = None) -> dict:
    """How many, and the report that lists the same ones."""
    return {
        "value": len(statistics.plans_in_force(show, with_seats=False)),
        "fieldtype": "Int",
        "route": ["query-report", REPORT],
        # Without it, the report would show what was chosen there last.
        "route_options": {"show": show or ""},
    }
