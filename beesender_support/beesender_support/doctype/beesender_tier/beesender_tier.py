from frappe.model.document import Document

from beesender_support.enforcement.plans import seats, tier_validation
from beesender_support.enforcement.response import agreement, waking
from beesender_support.records.cache import invalidate
from beesender_support.wording.renderer import refusals_in_words


class BeesenderTier(Document):
    """A level of support as sold; what it may be is decided by ``policy.sold.tiers.Tier``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            tier_validation.check(self)

    def on_update(self) -> None:
        invalidate()
        agreement.write_agreement(self)
        seats.follow_limit(self)
        waking.follow_shares(self)

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        invalidate()
        agreement.follow_renamed_tier(old, new)

    def on_trash(self) -> None:
        with refusals_in_words(self):
            tier_validation.refuse_removal(self)
        invalidate()

    def after_delete(self) -> None:
        """Once nothing held the tier; a refused deletion leaves the agreement alone."""
        agreement.remove_agreement(self.name)
