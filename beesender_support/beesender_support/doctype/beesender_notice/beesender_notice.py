from frappe.model.document import Document

from beesender_support.records.cache import invalidate
from beesender_support.wording import notice_texts


class BeesenderNotice(Document):
    """A kind of notice: whether it is sent, and by which texts."""

    def validate(self) -> None:
        notice_texts.refuse_repeated_language(self)

    def on_update(self) -> None:
        invalidate()
