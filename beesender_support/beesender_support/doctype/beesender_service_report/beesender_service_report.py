from frappe.model.document import Document

from beesender_support.enforcement.plans import service_reports
from beesender_support.wording.renderer import refusals_in_words
from beesender_support.wording.service_report_words import ReportInWords


class BeesenderServiceReport(Document):
    """A customer's month as it was reported; the figures are frozen with it."""

    def validate(self) -> None:
        with refusals_in_words(self):
            service_reports.check(self)

    def after_insert(self) -> None:
        service_reports.refuse_second(self)

    def on_trash(self) -> None:
        service_reports.refuse_removal(self)

    def in_words(self) -> ReportInWords:
        """What the print format shows."""
        return service_reports.in_words(self)
