from frappe.model.document import Document

from beesender_support.records.rows_with_times import RowWithTimes


class BeesenderCalendarDay(RowWithTimes, Document):
    """A date on which the plans of a calendar are closed, or work."""
