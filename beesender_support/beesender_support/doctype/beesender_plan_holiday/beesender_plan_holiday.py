from frappe.model.document import Document

from beesender_support.records.rows_with_times import RowWithTimes


class BeesenderPlanHoliday(RowWithTimes, Document):
    pass
