from frappe.model.document import Document

from beesender_support.enforcement.imports import import_runs
from beesender_support.wording.renderer import refusals_in_words


class BeesenderImport(Document):
    """Exports of another system, checked or taken over; what came of it stays with it."""

    def validate(self) -> None:
        with refusals_in_words(self):
            import_runs.check(self)
