from frappe.model.document import Document

from beesender_support.enforcement.notices import rule_validation
from beesender_support.wording.renderer import refusals_in_words


class BeesenderEscalationRule(Document):
    """Who is told of what happens to tickets, and what is done with them;
    ``policy.notices.escalation.Rule`` says what it may be."""

    def validate(self) -> None:
        with refusals_in_words(self):
            rule_validation.check(self)

    def on_update(self) -> None:
        rule_validation.follow(self)

    def on_trash(self) -> None:
        rule_validation.forget()
