"""The share of promises met, by tier and month: of first answers unless another target is
chosen."""

from typing import NamedTuple

from frappe import _, _lt
from frappe.utils import formatdate

from beesender_support.policy.response.response_state import compliance
from beesender_support.policy.sold.targets import FIRST_ANSWER, NEXT_ANSWER, SOLUTION
from beesender_support.screens.workspace import statistics
from beesender_support.screens.workspace.report_parts import Chart, Column, Report
from beesender_support.screens.workspace.statistics import Filters, MonthOfTier
from beesender_support.wording.renderer import tier_title


class Words(NamedTuple):
    """What is said of a target: above the table, and at the head of what was kept."""

    what_counts: str
    met: str


WORDS = {
    FIRST_ANSWER: Words(
        _lt(
            "A request counts in the month in which its clock started. Compliance is what was"
            " answered in time, of all requests with a promise whose outcome is known; overdue"
            " ones count as broken."
        ),
        _lt("Answered in time"),
    ),
    NEXT_ANSWER: Words(
        _lt(
            "Each further answer to a request counts, in the month in which the request's"
            " clock started. Compliance is what was answered in time, of all such answers"
            " with a promise whose outcome is known; overdue ones count as broken."
        ),
        _lt("Answered in time"),
    ),
    SOLUTION: Words(
        _lt(
            "A request counts in the month in which its clock started, unless it was closed"
            " without a solution. Compliance is what was solved in time, of all requests"
            " with a promise whose outcome is known; overdue ones count as broken."
        ),
        _lt("Solved in time"),
    ),
}


class Row(MonthOfTier):
    """``compliance`` is in percent; None where no outcome is known."""

    compliance: float | None


def execute(filters: Filters | None = None) -> Report:
    asked, rows = statistics.compliance_by_month(filters)
    words = WORDS[statistics.target_of(filters)]
    data: list[Row] = [
        {**row, "tier": tier_title(row["tier"]), "compliance": _percent(row)}
        for row in rows
    ]
    message = f"{statistics.period_in_words(asked)} {words.what_counts}"
    return Report(_columns(words), data, message, _chart(data))


def _percent(row: MonthOfTier) -> float | None:
    """To a tenth; anything less than 100 is never rounded up to it."""
    share = compliance(row["met"], row["breached"])
    if share is None or share == 1:
        return share and 100.0
    return min(round(share * 100, 1), 99.9)


def _columns(words: Words) -> list[Column]:
    return [
        # Frappe shows a percentage with three decimals by default.
        {
            "fieldname": name,
            "label": label,
            "fieldtype": kind,
            "width": 150,
            "precision": "1" if kind == "Percent" else None,
        }
        for name, label, kind in (
            ("month", _("Month from"), "Date"),
            # As a link, Frappe would translate the name as if it were a word.
            ("tier", _("Tier"), "Data"),
            ("met", str(words.met), "Int"),
            ("breached", _("Late or overdue"), "Int"),
            ("open", _("Not yet known"), "Int"),
            ("compliance", _("Compliance"), "Percent"),
        )
    ]


def _chart(data: list[Row]) -> Chart | None:
    """A column for each month and tier; none where no outcome is known."""
    data = [row for row in data if row["compliance"] is not None]
    if not data:
        return None
    months = sorted({row["month"] for row in data})
    tiers = list(dict.fromkeys(row["tier"] for row in data))
    percents = {(row["month"], row["tier"]): row["compliance"] for row in data}
    return {
        "data": {
            "labels": [formatdate(month, "LLL yyyy") for month in months],
            "datasets": [
                {
                    "name": tier,
                    "values": [_whole(percents.get((month, tier))) for month in months],
                }
                for tier in tiers
            ],
        },
        "type": "bar",
        "fieldtype": "Int",
    }


def _whole(percent: float | None) -> int | None:
    """A chart takes no number of decimals. Rounded down: 99.9 is not all."""
    return None if percent is None else int(percent)
