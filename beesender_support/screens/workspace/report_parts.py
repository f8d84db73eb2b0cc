"""What a report returns, in the form that Frappe expects."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypedDict


class _Column(TypedDict):
    fieldname: str
    label: str
    fieldtype: str
    width: int


class Column(_Column, total=False):
    """``width`` in pixels. ``options`` is the DocType of a link, ``precision`` how many
    decimals a number has."""

    options: str | None
    precision: str | None


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
    values: list[int] | list[int | None]


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


# A row by the fieldnames of the report's columns.
Row = Mapping[str, object]


class Report(NamedTuple):
    """In the order in which Frappe takes it; ``message`` stands above the table."""

    columns: list[Column]
    rows: Sequence[Row]
    message: str
    chart: Chart | None
