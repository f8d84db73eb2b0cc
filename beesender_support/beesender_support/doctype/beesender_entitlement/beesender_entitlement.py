from frappe.model.document import Document

from beesender_support.enforcement.allowances import asked_entitlements
from beesender_support.enforcement.plans import entitlement_validation
from beesender_support.records.cache import invalidate
from beesender_support.wording.renderer import refusals_in_words


class BeesenderEntitlement(Document):
    """Something that tiers may include; what it may be is decided by
    ``policy.sold.entitlements.SoldEntitlement``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            entitlement_validation.check(self)

    def on_update(self) -> None:
        invalidate()

    def after_delete(self) -> None:
        """Only a script's force deletes one that tickets ask for."""
        asked_entitlements.let_go_of(self.name)

    def on_trash(self) -> None:
        with refusals_in_words(self):
            entitlement_validation.refuse_removal(self)
        invalidate()
