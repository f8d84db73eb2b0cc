"""What the forms in Desk query, and the actions they have: re-rating open tickets, and
what is done about what could not be registered.

Queries about a form take its values as typed, saved or not, and write nothing.
"""

from typing import Literal

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement.calendars import calendar_use
from beesender_support.enforcement.held import several_held
from beesender_support.enforcement.imports import data_import_check, import_runs
from beesender_support.enforcement.kept import queue
from beesender_support.enforcement.plans import service_reports
from beesender_support.enforcement.replay import replay_runs
from beesender_support.enforcement.rerating import rerating_job
from beesender_support.enforcement.rerating.rerating_job import Started
from beesender_support.enforcement.widget.visits import LANGUAGES
from beesender_support.records.sold import calendars
from beesender_support.screens.archives import command_files
from beesender_support.screens.calendars import calendar_form, public_holidays
from beesender_support.screens.calendars.public_holidays import Country, Holiday
from beesender_support.screens.desk import (
    form_values,
    plan_form,
    rerating_table,
    service_report_form,
)
from beesender_support.screens.desk.notice_preview import (
    NoticePreview,
)
from beesender_support.screens.desk.notice_preview import (
    notice_preview as preview_of_notice,
)
from beesender_support.screens.desk.plan_form import (
    CompletePlan,
    Concern,
    IncompletePlan,
)
from beesender_support.screens.desk.service_report_form import ShownReport
from beesender_support.screens.desk.tier_preview import TierPreview
from beesender_support.screens.desk.tier_preview import tier_preview as preview_of_tier
from beesender_support.screens.replay import replay_form
from beesender_support.screens.replay.replay_form import ShownReplay
from beesender_support.screens.ticket.held_offer import HeldOffer
from beesender_support.screens.ticket.held_offer import held_offer as offer_of
from beesender_support.screens.widget.preview import WidgetPreview
from beesender_support.screens.widget.preview import preview_of as preview_of_widget
from beesender_support.wording.renderer import refusals_in_words


@frappe.whitelist()
def time_zones() -> list[str]:
    """Zones for a plan: the offered ones first, then every IANA name."""
    frappe.has_permission("Beesender Support Plan", "read", throw=True)
    return plan_form.time_zones()


@frappe.whitelist()
def tier_concern(tier: str) -> Concern:
    """Which plans in force and how many open tickets a tier concerns."""
    frappe.has_permission("Beesender Tier", "read", throw=True)
    frappe.get_doc("Beesender Tier", tier).check_permission("read")
    return plan_form.tier_concern(tier)


@frappe.whitelist()
def tier_preview(
    values: str | dict, time_zone: str | None = None, starts_at: str | None = None
) -> TierPreview:
    """The week of a tier as typed, what is wrong with it, and when requests would be
    due."""
    doc = _typed("Beesender Tier", values)
    return preview_of_tier(doc, time_zone, starts_at)


@frappe.whitelist()
def widget_preview(values: str | dict, language: str = "en") -> WidgetPreview:
    """A widget as typed, in a language of its pages."""
    language = language if language in LANGUAGES else "en"
    return preview_of_widget(_typed("Beesender Widget", values), language)


@frappe.whitelist()
def notice_preview(kind: str) -> NoticePreview:
    """The texts of a kind of notice as their readers see them, and what they may use."""
    doc = frappe.get_doc("Beesender Notice", kind)
    doc.check_permission("read")
    return preview_of_notice(doc)


@frappe.whitelist()
def plan_overview(values: str | dict) -> IncompletePlan | CompletePlan:
    """Fee, seats, timeline and next opening of a plan as typed, with warnings."""
    return plan_form.plan_overview(_typed("Beesender Support Plan", values))


@frappe.whitelist()
def holiday_countries() -> list[Country]:
    """Countries whose public holidays are known."""
    _check_may_import()
    return public_holidays.countries()


@frappe.whitelist()
def holidays_of(
    country: str,
    first_year: int,
    last_year: int,
    subdivision: str | None = None,
    language: str | None = None,
    present: str | list | None = None,
) -> list[Holiday]:
    """Public holidays to choose from; ``present`` are dates that the plan or calendar has
    already."""
    _check_may_import()
    dates = frozenset(map(getdate, frappe.parse_json(present) or []))
    years = (first_year, last_year)
    return public_holidays.public_holidays(country, years, subdivision, language, dates)


def _check_may_import() -> None:
    if not frappe.has_permission(calendars.CALENDAR, "write"):
        frappe.has_permission("Beesender Support Plan", "write", throw=True)


@frappe.whitelist()
def holidays_of_list(
    holiday_list: str, present: str | list | None = None
) -> list[Holiday]:
    """Those of Helpdesk's *HD Service Holiday List*, to choose from."""
    frappe.has_permission(calendars.CALENDAR, "write", throw=True)
    doc = frappe.get_doc("HD Service Holiday List", holiday_list)
    doc.check_permission("read")
    dates = frozenset(map(getdate, frappe.parse_json(present) or []))
    return public_holidays.holidays_of_list(doc, dates)


@frappe.whitelist()
def calendar_concern(values: str | dict) -> calendar_form.CalendarConcern:
    """Which plans and how many open tickets a holiday calendar concerns, and which year
    it lacks."""
    return calendar_form.concern(_typed(calendars.CALENDAR, values))


@frappe.whitelist()
def calendar_uses(calendar: str, plans: str | list) -> calendar_form.Uses:
    """What would change if these plans took a holiday calendar."""
    return calendar_form.uses(_given(calendar), _may_change(plans))


@frappe.whitelist(methods=["POST"])
def use_calendar(calendar: str, plans: str | list) -> int:
    """Let these plans take a holiday calendar, and move the dates that it has from their
    own; how many changed."""
    doc = _given(calendar)
    with refusals_in_words(doc):
        return calendar_use.use(doc.name, _may_change(plans))


@frappe.whitelist()
def plans_without_year() -> calendar_form.WithoutYear:
    """The plans that lack the holidays of a year in which they will be in force."""
    frappe.has_permission("Beesender Support Plan", "read", throw=True)
    return calendar_form.without_year()


def _given(calendar: str) -> Document:
    doc = frappe.get_doc(calendars.CALENDAR, calendar)
    doc.check_permission("read")
    return doc


def _may_change(plans: str | list) -> list[str]:
    """The named plans; each is one that the session's user may write."""
    chosen = frappe.parse_json(plans)
    if not (isinstance(chosen, list) and chosen):
        frappe.throw(_("Choose at least one plan."))
    frappe.has_permission("Beesender Support Plan", "write", throw=True)
    names = [str(each) for each in chosen]
    filters = {"name": ("in", names)}
    allowed = frappe.get_list("Beesender Support Plan", filters, pluck="name", limit=0)
    for each in set(names) - set(allowed):
        frappe.get_doc("Beesender Support Plan", each).check_permission("write")
    return sorted(allowed)


Scope = Literal[
    "Beesender Tier", "Beesender Support Plan", "Beesender Holiday Calendar"
]


@frappe.whitelist()
def rerating_preview(doctype: Scope, name: str) -> rerating_table.Preview:
    """Open tickets that a saved tier, plan or calendar would change, before and after."""
    return rerating_table.preview(_rerated(doctype, name))


@frappe.whitelist(methods=["POST"])
def rerate(
    doctype: Scope, name: str, tickets: str | list, why: str, basis: str
) -> Started:
    """Give the chosen tickets the terms of their plan as it is now."""
    chosen = [str(each) for each in frappe.parse_json(tickets)]
    return rerating_job.start(_rerated(doctype, name), chosen, why, basis)


@frappe.whitelist()
def held_offer(customer: str) -> HeldOffer:
    """Held requests of a customer that a plan would accept now."""
    frappe.only_for(several_held.MAY_DECIDE)
    frappe.has_permission("Beesender Support Plan", "read", throw=True)
    return offer_of(customer)


@frappe.whitelist(methods=["POST"])
def admit_held(tickets: str | list, why: str = "") -> list[several_held.Outcome]:
    """Admit those of the requests that a plan would accept today; what became of each."""
    frappe.only_for(several_held.MAY_DECIDE)
    return several_held.admit_what_is_taken(_listed(tickets), why)


@frappe.whitelist()
def kept_overview(row: str) -> queue.Overview:
    """What can be done about a row of the log that could not be registered."""
    _check_may_decide_on_kept()
    return queue.overview(row)


@frappe.whitelist(methods=["POST"])
def make_ticket_of_kept(row: str, account: str | None = None) -> queue.Made:
    """Register what was kept in a row of the log; twice makes one ticket."""
    _check_may_decide_on_kept()
    return queue.make_ticket(row, account)


@frappe.whitelist(methods=["POST"])
def dismiss_kept(row: str, why: str) -> None:
    """Nothing has to be done about a row of the log; it stays with all it holds."""
    _check_may_decide_on_kept()
    queue.dismiss(row, why)


def _listed(tickets: str | list) -> list[str]:
    """Desk sends a list as text."""
    chosen = frappe.parse_json(tickets)
    if not isinstance(chosen, list):
        frappe.throw(_("The list of tickets cannot be read. Reload the page."))
    return [str(each) for each in chosen]


def _check_may_decide_on_kept() -> None:
    frappe.only_for(queue.MAY_DECIDE)
    frappe.has_permission(queue.LOG, "read", throw=True)


SERVICE_REPORT = service_reports.REPORT


@frappe.whitelist(methods=["POST"])
def make_service_report(plan: str, month: str) -> ShownReport:
    """The service report of a plan's customer for the month of a day: a new draft, the
    draft counted anew, or the one that was sent."""
    frappe.has_permission(SERVICE_REPORT, "create", throw=True)
    frappe.get_doc("Beesender Support Plan", plan).check_permission("read")
    return service_report_form.opened(plan, month)


@frappe.whitelist()
def service_report(name: str) -> ShownReport:
    """A service report as it is printed, and whether it can be sent."""
    return service_report_form.shown(_report(name, "read"))


@frappe.whitelist(methods=["POST"])
def send_service_report(name: str) -> ShownReport:
    """Mail it to the client; from then on it stays as it is."""
    doc = _report(name, "write")
    service_reports.send_by_hand(doc)
    return service_report_form.shown(doc.reload())


def _report(name: str, permission: str) -> Document:
    frappe.has_permission(SERVICE_REPORT, permission, throw=True)
    doc = frappe.get_doc(SERVICE_REPORT, name)
    doc.check_permission(permission)
    return doc


@frappe.whitelist(methods=["POST"])
def start_import(name: str, only_check: bool = False) -> None:
    """Take over the files of an import in the background, or only check them."""
    frappe.only_for(import_runs.MAY_IMPORT)
    doc = frappe.get_doc(import_runs.IMPORT, name)
    doc.check_permission("write")
    doc.run_method("validate")
    import_runs.start(name, only_check)


@frappe.whitelist(methods=["POST"])
def start_replay(name: str) -> None:
    """Try the draft of a replay on past tickets, in the background."""
    doc = _replay_to_run(name)
    with refusals_in_words(doc):
        replay_runs.start(doc.name)


@frappe.whitelist(methods=["POST"])
def stop_replay(name: str) -> None:
    """End the run of a replay; nothing of it is kept."""
    replay_runs.stop(_replay_to_run(name).name)


@frappe.whitelist()
def replay_result(name: str) -> ShownReplay:
    """What a replay found, in the language of the session."""
    doc = frappe.get_doc(replay_runs.REPLAY, name)
    doc.check_permission("read")
    return replay_form.shown(doc)


def _replay_to_run(name: str) -> Document:
    frappe.only_for(replay_runs.MAY_REPLAY)
    doc = frappe.get_doc(replay_runs.REPLAY, name)
    doc.check_permission("write")
    return doc


@frappe.whitelist(methods=["POST"])
def check_data_import(name: str) -> data_import_check.Checked:
    """What Data Import would refuse of a file of ours; nothing is kept."""
    doc = frappe.get_doc("Data Import", name)
    doc.check_permission("write")
    return data_import_check.check(doc)


@frappe.whitelist(methods=["GET"])
def export_for_command() -> None:
    """Plans and tickets as the command reads them: a zip of CSV files."""
    frappe.has_permission("Beesender Support Plan", "export", throw=True)
    frappe.response.filename = "beesender-support.zip"
    frappe.response.filecontent = command_files.archive()
    frappe.response.type = "download"


def _rerated(doctype: str, name: str) -> Document:
    frappe.only_for(rerating_job.MAY_RERATE)
    # Its tables are read only if they are asked for: the plan itself is cached.
    doc = frappe.get_lazy_doc(doctype, name)
    doc.check_permission("read")
    return doc


def _typed(doctype: str, values: str | dict) -> Document:
    doc = form_values.document_of(doctype, values)
    doc.check_permission("read")
    return doc
