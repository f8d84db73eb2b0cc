from frappe.model.document import Document

from beesender_support.enforcement.plans import settings_validation
from beesender_support.enforcement.response import waking
from beesender_support.records.cache import invalidate
from beesender_support.wording.renderer import refusals_in_words


class BeesenderSupportSettings(Document):
    """Numbers and switches of the whole site; ``policy.plans.limits`` says what they may be."""

    def validate(self) -> None:
        with refusals_in_words(self):
            settings_validation.check(self)

    def on_update(self) -> None:
        invalidate()
        waking.follow_shares(self)
