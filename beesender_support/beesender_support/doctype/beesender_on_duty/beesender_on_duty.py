from frappe.model.document import Document


class BeesenderOnDuty(Document):
    pass
