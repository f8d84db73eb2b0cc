from frappe.model.document import Document

from beesender_support.enforcement import loaders


class BeesenderPriority(Document):
    """A promise level, P1 to P4, and the Helpdesk priority it maps to."""

    def on_update(self) -> None:
        loaders.forget_cached_names()

    def on_trash(self) -> None:
        loaders.forget_cached_names()
