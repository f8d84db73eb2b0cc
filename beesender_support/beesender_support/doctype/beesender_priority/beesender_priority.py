from frappe.model.document import Document

from beesender_support.records.cache import invalidate


class BeesenderPriority(Document):
    """A promise level, P1 to P4, and the Helpdesk priority it maps to."""

    def on_update(self) -> None:
        invalidate()

    def on_trash(self) -> None:
        invalidate()
