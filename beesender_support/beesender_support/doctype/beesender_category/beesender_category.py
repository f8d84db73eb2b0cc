from frappe.model.document import Document

from beesender_support.records.cache import invalidate
from beesender_support.records.sold import policy_values
from beesender_support.wording.renderer import refusals_in_words


class BeesenderCategory(Document):
    """A kind of request; what it may be is decided by ``policy.sold.categories.Category``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            policy_values.checked_category_of(self)

    def on_update(self) -> None:
        invalidate()

    def on_trash(self) -> None:
        invalidate()
