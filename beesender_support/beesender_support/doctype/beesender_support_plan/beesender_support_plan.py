from frappe.model.document import Document

from beesender_support.enforcement.plans import plan_validation
from beesender_support.enforcement.renewals import renewing
from beesender_support.records.cache import invalidate
from beesender_support.wording.renderer import refusals_in_words


class BeesenderSupportPlan(Document):
    """A tier sold to a customer; what it may be is decided by ``policy.plans.plans.Plan``."""

    def load_doc_before_save(self, *args: object, **kwargs: object) -> None:
        """Frappe locks the plan here; a save of a plan locks its customer first."""
        plan_validation.lock_customers_of(self)
        super().load_doc_before_save(*args, **kwargs)

    def validate(self) -> None:
        with refusals_in_words(self):
            plan_validation.check(self)

    def on_update(self) -> None:
        invalidate()
        with refusals_in_words(self):
            plan_validation.check_against_others(self)
        plan_validation.follow(self)
        plan_validation.hand_over(self)
        renewing.follow(self)

    def on_trash(self) -> None:
        plan_validation.refuse_removal(self)
        invalidate()
        renewing.forget(self)
