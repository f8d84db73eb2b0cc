from frappe.model.document import Document

from beesender_support.enforcement.widget import sessions, widget_validation
from beesender_support.wording.renderer import refusals_in_words


class BeesenderWidget(Document):
    """The widget of some pages; what it may be is decided by ``policy.widget``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            widget_validation.check(self)
        widget_validation.warn(self)

    def on_update(self) -> None:
        sessions.end_where_not_allowed(self)

    def on_trash(self) -> None:
        sessions.end_all_of(self.name)
