"""What a report returns, in the form that Frappe expects."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypedDict

import frappe
from frappe.utils import escape_html, formatdate

from beesender_support.wording.renderer import tier_title


class _Column(TypedDict):
    fieldname: str
    label: str
    fieldtype: str
    width: int


class Column(_Column, total=False):
    """``width`` in pixels. ``options`` is the DocType of a link, ``precision`` how many
    decimals a number has. ``listed`` are the filters of the list of tickets that a figure
    of the column opens, beside those of its row, which has them by the same name."""

    options: str | None
    precision: str | None
    listed: dict[str, list[Any]] | None


def column(
    fieldname: str, label: str, fieldtype: str, options: str | None, width: int
) -> Column:
    """A column by position, so that a report's columns read as a table."""
    return {
        "fieldname": fieldname,
        "label": label,
        "fieldtype": fieldtype,
        "options": options,
        "width": width,
    }


class Dataset(TypedDict):
    """A line or a colour of bars: a value for each label of the chart."""

    name: str
    values: "Values"


class ChartData(TypedDict):
    labels: list[str]
    datasets: list[Dataset]


class _Chart(TypedDict):
    data: ChartData
    type: str
    fieldtype: str


class Chart(_Chart, total=False):
    """The options are those of Frappe Charts."""

    barOptions: dict[str, Any]
    axisOptions: dict[str, Any]
    colors: list[str]


# A row by the fieldnames of the report's columns.
Row = Mapping[str, object]


class Figure(TypedDict, total=False):
    """One of the figures above the chart; ``indicator`` is its colour."""

    label: str
    value: object
    datatype: str
    indicator: str


def figure(
    label: str, value: object, datatype: str = "Int", indicator: str = ""
) -> Figure:
    return {
        "label": label,
        "value": value,
        "datatype": datatype,
        "indicator": indicator,
    }


def as_hours(seconds: float | None) -> float | None:
    """Support time as a number of hours: a day of it is not a day of a clock."""
    return None if seconds is None else round(seconds / 3_600, 2)


def chart_label(text: object) -> str:
    """Frappe Charts writes labels as HTML, and names may be anybody's text."""
    return escape_html(str(text))


def month_label(day: date | str) -> str:
    return formatdate(day, "LLL yyyy")


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


Values = list[int] | list[int | None] | list[float]


def bars(
    labels: list[str],
    sets: Mapping[str, Values],
    *,
    space: float | None = None,
    fieldtype: str = "Int",
    is_series: bool = False,
    colours: Sequence[str] = (),
) -> Chart:
    """Bars of one colour for each of ``sets``, by its name: on each other, with that share
    of ``space`` between, or side by side. Labels that are a series, such as months, are
    written as often as there is room; others are each cut to it."""
    chart: Chart = {
        "data": {
            "labels": labels,
            "datasets": [
                {"name": name, "values": values} for name, values in sets.items()
            ],
        },
        "type": "bar",
        "fieldtype": fieldtype,
    }
    if space is not None:
        chart["barOptions"] = {"stacked": True, "spaceRatio": space}
    if is_series:
        chart["axisOptions"] = {"xIsSeries": True}
    if colours:
        chart["colors"] = list(colours)
    return chart


def names_of_users(users: Iterable[str | None]) -> dict[str, str]:
    """What people call them."""
    rows = frappe.get_all(
        "User", {"name": ("in", [*filter(None, users), ""])}, ["name", "full_name"]
    )
    return {row.name: row.full_name or row.name for row in rows}


class TitlesOfTiers(dict[str, str]):
    """What people read for tiers, each looked up once for all rows of a report."""

    def __missing__(self, tier: str) -> str:
        self[tier] = title = tier_title(tier)
        return title


class Report(NamedTuple):
    """In the order in which Frappe takes it; ``message`` stands above the table, figures
    of ``summary`` above that."""

    columns: list[Column]
    rows: Sequence[Row]
    message: str
    chart: Chart | None
    summary: list[Figure] | None = None
