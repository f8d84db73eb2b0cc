from frappe.model.document import Document

from beesender_support.enforcement.remembered import forget


class BeesenderPriority(Document):
    """A promise level, P1 to P4, and the Helpdesk priority it maps to."""

    def on_update(self) -> None:
        forget()

    def on_trash(self) -> None:
        forget()
