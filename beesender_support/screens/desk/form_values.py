"""Unsaved forms to policy values, so that their effects are shown before saving."""

from collections.abc import Callable
from contextlib import suppress
from decimal import InvalidOperation
from typing import Any, TypeVar

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from beesender_support.policy.calendar.windows import AROUND_THE_CLOCK, WEEKDAYS, Window
from beesender_support.policy.errors import PolicyError
from beesender_support.policy.plans.plans import Plan
from beesender_support.policy.sold.targets import HOURS_OF_TARGET
from beesender_support.policy.sold.tiers import Tier
from beesender_support.records.sold import catalogue, plan_values, policy_values
from beesender_support.wording import renderer

Value = TypeVar("Value")
# Fields without which a plan cannot be checked.
NEEDED_OF_PLAN = ("customer", "tier", "time_zone", "starts_on")


def document_of(doctype: str, values: str | dict[str, Any]) -> Document:
    """A document with the values of a form, never to be saved.

    Rows that somebody has only begun are left out.
    """
    doc = frappe.get_doc({**_parsed(values), "doctype": doctype})
    for table in doc.meta.get_table_fields():
        rows = [row for row in doc.get(table.fieldname) or [] if _is_begun(row)]
        doc.set(table.fieldname, rows)
    for row in doc.get("response_targets") or []:
        for hours in HOURS_OF_TARGET.values():
            row.set(hours, flt(row.get(hours)))
    return doc


def tier_in(doc: Document) -> tuple[Tier | None, str | None]:
    """The tier of an unsaved form, or why the policy refuses it."""
    is_stored = doc.name and frappe.db.exists(doc.doctype, doc.name)
    before = frappe.get_doc(doc.doctype, doc.name) if is_stored else None
    return _checked(
        doc,
        lambda typed: policy_values.checked_tier_of(
            typed, before, catalogue.entitlements()
        ),
    )


def windows_in(doc: Document) -> tuple[Window, ...]:
    """The support windows of an unsaved form, also of a tier that is refused."""
    if doc.around_the_clock:
        return AROUND_THE_CLOCK
    windows = []
    for row in doc.support_windows:
        # The tier's refusal names a row that is not a window.
        with suppress(ValueError):
            windows.append(policy_values.window_of(row))
    return tuple(windows)


def plan_in(doc: Document) -> tuple[Plan | None, str | None]:
    """The plan of an unsaved form, or why the policy refuses it; neither while what it
    needs is still missing."""
    if not all(doc.get(fieldname) for fieldname in NEEDED_OF_PLAN):
        return None, None
    if not frappe.db.exists("Beesender Tier", doc.tier):
        return None, None
    return _checked(doc, plan_values.checked_plan_of)


def refusal_of(doc: Document, check: Callable[[], object]) -> str | None:
    """Why the policy refuses what ``check`` checks, in words; None where it does not."""
    try:
        check()
    except PolicyError as error:
        return renderer.refusal_in_words(doc, error)
    return None


def _checked(
    doc: Document, read: Callable[[Document], Value]
) -> tuple[Value | None, str | None]:
    try:
        return read(doc), None
    except PolicyError as error:
        return None, renderer.refusal_in_words(doc, error)
    except (ValueError, TypeError, InvalidOperation):
        return None, _("A date, time or number on the form is not valid.")


def _parsed(values: str | dict[str, Any]) -> dict[str, Any]:
    try:
        parsed = frappe.parse_json(values)
    except ValueError:
        parsed = None
    if not isinstance(parsed, dict):
        frappe.throw(_("These are not the values of a form."))
    return parsed


def _is_begun(row: Document) -> bool:
    """Whether a row has its main field filled in."""
    if row.doctype == "Beesender Support Window":
        return row.weekday in WEEKDAYS
    first = row.meta.fields[0].fieldname
    return bool(row.get(first))
