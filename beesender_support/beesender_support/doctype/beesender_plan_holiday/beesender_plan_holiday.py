from frappe.model.document import Document


class BeesenderPlanHoliday(Document):
    pass
