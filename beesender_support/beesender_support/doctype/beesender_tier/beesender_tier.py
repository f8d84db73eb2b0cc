from frappe.model.document import Document

from beesender_support.enforcement import agreement, seats, tier
from beesender_support.enforcement.remembered import forget
from beesender_support.enforcement.wording import refusals_in_words


class BeesenderTier(Document):
    """A level of support as sold; what it may be is decided by ``policy.plans.tiers.Tier``."""

    def validate(self) -> None:
        with refusals_in_words(self):
            tier.check(self)

    def on_update(self) -> None:
        forget()
        agreement.write_agreement(self)
        seats.follow_limit(self)

    def after_rename(self, old: str, new: str, merge: bool = False) -> None:
        forget()
        agreement.follow_renamed_tier(old, new)

    def on_trash(self) -> None:
        forget()

    def after_delete(self) -> None:
        """Once nothing held the tier; a refused deletion leaves the agreement alone."""
        agreement.remove_agreement(self.name)
