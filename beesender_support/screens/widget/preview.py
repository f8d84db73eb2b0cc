"""A widget as it is typed in its form, saved or not."""

import frappe
from frappe.model.document import Document
from typing_extensions import TypedDict

from beesender_support.enforcement.widget import widget_validation
from beesender_support.records.widget.widgets import widget_of
from beesender_support.screens.desk.form_values import refusal_of
from beesender_support.screens.widget.page import Page, page_of
from beesender_support.wording.language import speaking


class WidgetPreview(TypedDict):
    """``page`` is None where ``refusal`` says what is wrong."""

    page: Page | None
    refusal: str | None
    warnings: list[str]


def preview_of(doc: Document, language: str) -> WidgetPreview:
    if doc.tier and not frappe.db.exists("Beesender Tier", doc.tier):
        # Half a name: nobody has chosen one yet.
        doc.tier = None
    refusal = refusal_of(doc, lambda: widget_validation.check_looks(doc))
    if refusal:
        return {"page": None, "refusal": refusal, "warnings": []}
    warnings = widget_validation.warnings_about(doc)
    # Origins are said at their field when it is saved; here they show nothing.
    doc.allowed_origins = ""
    with speaking(language):
        page = page_of(widget_of(doc), language)
    return {"page": page, "refusal": None, "warnings": warnings}
