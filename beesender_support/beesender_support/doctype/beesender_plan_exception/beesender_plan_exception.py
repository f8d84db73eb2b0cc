from frappe.model.document import Document

from beesender_support.records.rows_with_times import RowWithTimes


class BeesenderPlanException(RowWithTimes, Document):
    """What a plan has instead of what its tier says."""
