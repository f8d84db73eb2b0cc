from frappe.model.document import Document

from beesender_support.enforcement.allowances import entries
from beesender_support.wording.renderer import refusals_in_words


class BeesenderAllowanceEntry(Document):
    """What was reserved, used or given back of an allowance. Written, never edited."""

    def validate(self) -> None:
        with refusals_in_words(self):
            entries.check(self)

    def after_insert(self) -> None:
        with refusals_in_words(self):
            entries.settle(self)

    def on_trash(self) -> None:
        entries.refuse_removal(self)
