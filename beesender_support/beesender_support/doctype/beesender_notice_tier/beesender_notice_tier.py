from frappe.model.document import Document


class BeesenderNoticeTier(Document):
    pass
