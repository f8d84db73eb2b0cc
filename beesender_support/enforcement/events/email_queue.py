"""Email Queue: Helpdesk's acknowledgement stays back where this app confirms a request."""

from frappe.model.document import Document

from beesender_support.enforcement.mail import acknowledgements


def before_insert(doc: Document, method: str | None = None) -> None:
    acknowledgements.hold_back(doc, method)


def after_insert(doc: Document, method: str | None = None) -> None:
    acknowledgements.discard(doc, method)
