"""A replay in Desk and in print: what was asked, and what would have been."""

from typing import TypedDict

import frappe
from babel.numbers import get_decimal_symbol, get_group_symbol
from frappe import _
from frappe.model.document import Document
from frappe.utils import format_date

from beesender_support.enforcement.replay import replay_runs
from beesender_support.files import replay_report
from beesender_support.policy.sold.exceptions import RESPONSE_TARGET
from beesender_support.records.site_time import from_column
from beesender_support.wording import renderer
from beesender_support.wording.renderer import tier_title


class ShownReplay(TypedDict):
    """``html`` is a part of a page, empty before there is a result."""

    state: str
    html: str


def shown(doc: Document) -> ShownReplay:
    return {"state": doc.state, "html": html_of(doc)}


def html_of(doc: Document) -> str:
    """The figures in the reader's language; empty before a run is done."""
    summary, counted = replay_runs.summary_of(doc), from_column(doc.counted_at)
    if summary is None or counted is None:
        return ""
    reader = _reader()
    report = replay_report.report_of(
        summary,
        time_zone=doc.time_zone,
        now=counted,
        about=about(doc),
        reader=reader,
        title_of_tier=tier_title,
        title=doc.title,
    )
    return replay_report.figures_of(report, reader)


def about(doc: Document) -> list[tuple[str, str]]:
    """What was asked, as pairs of label and value."""
    said = [
        (
            _("Period"),
            f"{format_date(doc.from_date)} - {format_date(doc.to_date)} ({doc.time_zone})",
        ),
        (_("Tiers"), ", ".join(tier_title(row.tier) for row in doc.tiers) or _("All")),
        (_("Customers"), ", ".join(row.customer for row in doc.customers) or _("All")),
        (_("Tier instead"), tier_title(doc.draft_tier) if doc.draft_tier else ""),
        (_("Plan instead"), doc.draft_plan or ""),
        (
            _("Dates as well") if doc.add_days else _("Dates instead"),
            doc.holiday_calendar or "",
        ),
        (_("Changes"), "; ".join(map(_change, doc.changes))),
    ]
    return [pair for pair in said if pair[1]]


def _change(row: Document) -> str:
    if row.kind == RESPONSE_TARGET:
        return f"{_(row.target)}, {row.priority}: {row.hours:g} {_('h')}"
    if row.around_the_clock:
        return _("Around the clock")
    clock = [str(each or "0:00:00").rsplit(":", 1)[0] for each in _times_of(row)]
    return f"{_(row.weekday)} {'-'.join(clock)}"


def _times_of(row: Document) -> tuple[object, object]:
    return row.start_time, row.end_time


def _reader() -> replay_report.Reader:
    language, locale = frappe.local.lang or "en", renderer.reader().locale
    return replay_report.Reader(
        language, _, get_decimal_symbol(locale), get_group_symbol(locale)
    )
