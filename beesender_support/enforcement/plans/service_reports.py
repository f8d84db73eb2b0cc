"""Service reports: made from what is true now, frozen once they are sent.

A report is sent once: by hand, or by itself in the first days of the next month where
the plan says so. The record, its status, the log and the mails are one transaction.
"""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import frappe
from frappe import _, attach_print
from frappe.model.document import Document
from frappe.utils import getdate, now_datetime
from frappe.utils.data import get_url
from frappe.www.printview import get_rendered_template

from beesender_support.enforcement.outgoing import mailer
from beesender_support.enforcement.plans.plan_lots import (
    in_a_savepoint,
    plans_that,
)
from beesender_support.enforcement.plans.seats import lock_customers
from beesender_support.enforcement.safety.fault_isolation import ends_the_transaction
from beesender_support.policy.plans.plan_state import DRAFT as DRAFT_PLAN
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.reports.months import Month, month_to_send, plans_in
from beesender_support.policy.reports.service_report import ServiceReport
from beesender_support.policy.sentences import marked
from beesender_support.policy.sold.exceptions import differences
from beesender_support.records.notices import notice_log
from beesender_support.records.notices.notice_kinds import settings_of
from beesender_support.records.people import readers
from beesender_support.records.people.readers import Recipient
from beesender_support.records.site_time import now
from beesender_support.records.sold import catalogue, plan_values, sold_plans
from beesender_support.records.tickets.month_of_customer import report_of
from beesender_support.wording import renderer, service_report_words
from beesender_support.wording.language import speaking
from beesender_support.wording.notice_texts import LANGUAGES
from beesender_support.wording.renderer import tier_title

REPORT, PLAN = "Beesender Service Report", "Beesender Support Plan"
MEMBER = "HD Customer Member"
PRINT_FORMAT = "Beesender Service Report"
KIND = "service_report"
DRAFT, SENT = "Draft", "Sent"
# What an account manager may write, until the report is sent; and what nobody may.
WRITTEN = ("report_language", "comment")
DECIDED = (
    "plan",
    "customer",
    "month",
    "status",
    "figures",
    "sent_at",
    "sent_by",
    "sent_to",
)
STAYS = marked("This report was sent. It stays as it is.")
NO_PDF = "No PDF: no program for it on this server worked. Sent as HTML."


# What a report says


def figures_of(doc: Document) -> ServiceReport:
    return ServiceReport.from_dict(json.loads(doc.figures))


def in_words(doc: Document) -> service_report_words.ReportInWords:
    """In the language of the report, whoever looks at it."""
    with speaking(doc.report_language):
        return service_report_words.in_words(figures_of(doc))


def html_of(doc: Document) -> str:
    """A page of its own with what is printed, in its language; the caller has checked
    who asks. Frappe's page for printing has buttons that lead into Desk."""
    printed = frappe.get_doc(REPORT, doc.name)
    body = _printed(
        lambda: get_rendered_template(
            printed, frappe.get_cached_doc("Print Format", PRINT_FORMAT)
        ),
        printed,
    )
    title = frappe.utils.escape_html(printed.in_words()["title"])
    language = frappe.utils.escape_html(printed.report_language)
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title></head><body>{body}</body></html>"
    )


# Writing one


def open_report(plan: str, day: date) -> Document:
    """The report of the plan's customer for the month of that day: a new one, or the one
    there is; a draft counts anew."""
    month = _month(frappe.get_doc(PLAN, plan), day)
    customer = frappe.db.get_value(PLAN, plan, "customer")
    existing = frappe.db.get_value(
        REPORT, {"customer": customer, "month": month.first}, "name", for_update=True
    )
    if existing:
        doc = frappe.get_doc(REPORT, existing, for_update=True)
        if doc.status == DRAFT:
            doc.plan = plan
            _count(doc)
            doc.save()
        return doc
    return frappe.get_doc(
        {"doctype": REPORT, "plan": plan, "month": month.first}
    ).insert()


def check(doc: Document) -> None:
    """Whatever was typed, posted or imported: figures are counted here and nowhere else,
    and nothing changes a report that was sent."""
    if doc.is_new():
        doc.update({"status": DRAFT, "sent_to": None, "sent_at": None, "sent_by": None})
        _count(doc)
        doc.flags.pop("beesender_decides")
        doc.report_language = doc.report_language or _language(doc)
        return
    # Once: the same document may be saved again by whoever holds it.
    if doc.flags.pop("beesender_decides", False):
        return
    before = doc.get_doc_before_save()
    if before.status == SENT and any(
        (doc.get(field) or "") != (before.get(field) or "") for field in WRITTEN
    ):
        frappe.throw(_(STAYS))
    for field in DECIDED:
        doc.set(field, before.get(field))


def refuse_second(doc: Document) -> None:
    """Of one customer's month there is one report. Read with a lock, since somebody may
    have made one meanwhile, and after this one was written: locks on what is not there
    let two customers' first reports wait for each other."""
    lock_customers(doc.customer)
    existing = frappe.db.get_value(
        REPORT,
        {"customer": doc.customer, "month": doc.month, "name": ("!=", doc.name)},
        "name",
        for_update=True,
    )
    if existing:
        frappe.throw(
            _("{0} is the report of {1} for that month.").format(
                existing, doc.customer
            ),
            frappe.DuplicateEntryError,
        )


def refuse_removal(doc: Document) -> None:
    if doc.status == SENT and frappe.session.user != "Administrator":
        frappe.only_for("System Manager")


def _count(doc: Document) -> None:
    """Give it the figures of this moment."""
    plan_doc = frappe.get_doc(PLAN, doc.plan)
    plan = plan_values.plan_of(plan_doc)
    month = _month(plan_doc, getdate(doc.month))
    if plan.status == DRAFT_PLAN or not plans_in(month, (plan,)):
        frappe.throw(_("The plan {0} was not in force in that month.").format(doc.plan))
    if not month.has_begun(now()):
        frappe.throw(_("That month has not begun yet."))
    doc.customer, doc.month = plan.customer, month.first
    report = _with_exceptions(report_of(plan, month))
    doc.figures = json.dumps(report.as_dict(), ensure_ascii=False)
    doc.flags.beesender_decides = True


def _with_exceptions(report: ServiceReport) -> ServiceReport:
    """With what was agreed for its plans alone, in each language that it may be in."""
    agreed = {
        each.name: each
        for each in sold_plans.named(
            sold.plan for sold in report.plans if sold.has_exceptions
        )
    }
    named = tuple(
        (
            each._replace(exceptions=_in_each_language(agreed[each.plan]))
            if each.plan in agreed
            else each
        )
        for each in report.plans
    )
    return replace(report, plans=named)


def _in_each_language(plan: Plan) -> tuple[tuple[str, tuple[str, ...]], ...]:
    tier, sold = catalogue.tier_named(plan.tier.name), catalogue.entitlements()
    found = []
    for language in LANGUAGES:
        with speaking(language):
            words = map(renderer.in_words, differences(plan.exceptions, tier, sold))
            found.append((language, tuple(words)))
    return tuple(found)


def _month(plan: Document, day: date) -> Month:
    return Month.of(day, str(plan.time_zone))


def _language(doc: Document) -> str:
    """That of the first of the client's people who gets it, else the plan's or the
    site's."""
    read = _clients(doc)
    return read[0].language if read else readers.language_of_plan(doc.plan)


# Sending it


def recipients_of(doc: Document) -> list[Recipient]:
    """The managers of the customer, and the customer-success manager of the plan."""
    manager = frappe.db.get_value(PLAN, doc.plan, "success_manager")
    return [*_clients(doc), *readers.users([manager] if manager else [], by_bell=False)]


def _clients(doc: Document) -> list[Recipient]:
    managers = frappe.get_all(
        MEMBER,
        {"parent": doc.customer, "parenttype": "HD Customer", "is_manager": 1},
        pluck="contact_name",
    )
    return readers.contacts(managers, doc.plan) if managers else []


def why_not_send(doc: Document) -> str | None:
    """Why it cannot be sent by hand, in words; None where it can."""
    if doc.status == SENT:
        return _(STAYS)
    if not _clients(doc):
        return _(
            "Nobody of {0} would get it: no manager of the customer has an address."
            " Tick Manager at a contact of the customer first."
        ).format(doc.customer)
    if not settings_of(KIND).sends(_tier(doc)):
        return _("The notice is switched off in its Beesender Notice.")
    return None


def send_by_hand(doc: Document) -> None:
    """Send it to its recipients; raises where nobody would get it, or somebody did."""
    doc = frappe.get_doc(REPORT, doc.name, for_update=True)
    if problem := why_not_send(doc):
        frappe.throw(problem)
    if not _send(doc, f"service_report/{doc.name}"):
        frappe.throw(_("No mail was sent: the site has no outgoing Email Account."))


def _send(doc: Document, key: str) -> bool:
    attachment, details = _attachment(doc)
    recipients = recipients_of(doc)
    is_said = mailer.send(
        mailer.Notice(
            kind=KIND,
            key=key,
            recipients=recipients,
            values=lambda: {
                "customer": doc.customer,
                "tier": tier_title(_tier(doc)),
                "month": service_report_words.month_name(figures_of(doc)),
                "comment": doc.comment or "",
                "plan_link": get_url("/support-plan"),
            },
            plan=doc.plan,
            customer=doc.customer,
            tier=_tier(doc),
            details=details,
            attachments=[attachment],
        )
    )
    if is_said:
        doc.flags.beesender_decides = True
        doc.update(
            {
                "status": SENT,
                "sent_at": now_datetime(),
                "sent_by": frappe.session.user,
                "sent_to": "\n".join(
                    sorted({each.address for each in recipients if each.address})
                ),
            }
        )
        doc.save(ignore_permissions=True)
    return is_said


def _tier(doc: Document) -> str:
    return figures_of(doc).plans[-1].tier


def _attachment(doc: Document) -> tuple[dict[str, Any], str]:
    """The report as a file for a mail, and what the log should say of it: a PDF, or HTML
    on a server that cannot print."""
    name = f"{doc.name}-{getdate(doc.month):%Y-%m}"
    try:
        file = _printed(
            lambda: attach_print(
                REPORT,
                doc.name,
                file_name=name,
                print_format=PRINT_FORMAT,
                lang=doc.report_language,
            ),
            doc,
        )
    except Exception as fault:
        if ends_the_transaction(fault):
            raise
        # Frappe raises what the program for PDFs raises, or what says it is missing.
        frappe.clear_last_message()
        return {"fname": f"{name}.html", "fcontent": html_of(doc).encode()}, NO_PDF
    return file, ""


def as_file(doc: Document) -> tuple[str, bytes]:
    """The name and content of a report as a mail has it; the caller has checked who
    asks."""
    attachment, _what_the_log_says = _attachment(doc)
    return attachment["fname"], attachment["fcontent"]


def _printed(print_it: Any, doc: Document) -> Any:
    """Printing asks for the permission of the session, which a job has not, and a client
    only for their own; Frappe leaves its flag set where it fails."""
    flags = frappe.flags
    before, flags.ignore_print_permissions = flags.ignore_print_permissions, True
    try:
        with speaking(doc.report_language):
            return print_it()
    finally:
        flags.ignore_print_permissions = before


# By itself


def send_due() -> None:
    """Send the reports of the last month that are due, each once. Looks at all plans in a
    handful of queries, and touches those that need it."""
    for plan in plans_to_report():
        in_a_savepoint(_send_of, plan)
        # One by one: mails wait for nothing but their own report.
        frappe.db.commit()
    frappe.db.commit()


def plans_to_report() -> list[Plan]:
    """Of each customer the last plan of last month that sends reports, unless its report
    was sent, or nobody was there to get it."""
    due: dict[str, list[Plan]] = {}
    for _row, plan in plans_that({"sends_service_report": 1}):
        if month_to_send(plan, now()):
            due.setdefault(plan.customer, []).append(plan)
    plans = [
        max(each, key=lambda one: (one.starts_on, one.name)) for each in due.values()
    ]
    if not plans:
        return []
    logged = notice_log.logged(map(key_of, plans))
    sent = {
        (row.customer, row.month)
        for row in frappe.get_all(
            REPORT,
            {"customer": ("in", list(due)), "status": SENT},
            ["customer", "month"],
        )
    }
    return [
        plan
        for plan in plans
        if key_of(plan) not in logged and (plan.customer, _last(plan)) not in sent
    ]


def key_of(plan: Plan) -> str:
    return f"service_report/{plan.name}/{_last(plan):%Y-%m}"


def _last(plan: Plan) -> date:
    return Month.of(plan.today(now()), plan.time_zone).before.first


def _send_of(plan: Plan) -> None:
    name = open_report(plan.name, _last(plan)).name
    doc = frappe.get_doc(REPORT, name, for_update=True)
    if doc.status != SENT:
        _send(doc, key_of(plan))
