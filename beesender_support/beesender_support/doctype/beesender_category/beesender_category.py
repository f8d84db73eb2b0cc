from frappe.model.document import Document

from beesender_support.enforcement import loaders
from beesender_support.enforcement.remembered import forget
from beesender_support.enforcement.wording import refusals_in_words


class BeesenderCategory(Document):
    """A kind of request; what it may be is decided by ``policy.plans.categories.Category``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            loaders.category_of(self)

    def on_update(self) -> None:
        forget()

    def on_trash(self) -> None:
        forget()
