from frappe.model.document import Document

from beesender_support.records.rows_with_times import RowWithTimes


class BeesenderSupportWindow(RowWithTimes, Document):
    pass
