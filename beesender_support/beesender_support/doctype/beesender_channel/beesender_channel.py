from frappe.model.document import Document

from beesender_support.enforcement.plans import channel_validation
from beesender_support.records.cache import invalidate
from beesender_support.wording.renderer import refusals_in_words


class BeesenderChannel(Document):
    """A way to ask or to answer; what it may be is decided by
    ``policy.sold.channels.SoldChannel``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            channel_validation.check(self)

    def on_update(self) -> None:
        invalidate()

    def on_trash(self) -> None:
        with refusals_in_words(self):
            channel_validation.refuse_removal(self)
        invalidate()
